"""The corrections in a result that is about to be made anew."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from sopparse.corrections.patch import operations_of
from sopparse.errors import CorrectionRefused, SopError
from sopparse.model import Correction

# A result that holds corrections; nearly none does.
_CORRECTED = re.compile(rb'"corrections":\s*\[\s*\{')


def corrections_in(content: bytes, name: str) -> tuple[str | None, Sequence[Correction]]:
    """The digest of the source and the corrections of a result; (None, ()) where it has none.

    They are read without the rest, so that those in a result of another version are not lost. Raises CorrectionRefused
    where they cannot be read.
    """
    if not _CORRECTED.search(content):
        return None, ()
    try:
        known = json.loads(content)
        return str(known["source"]["sha256"]), operations_of(known["report"]["corrections"], name)
    except (ValueError, KeyError, TypeError, SopError):
        raise CorrectionRefused(
            f"the corrections in {name} cannot be read", "Move that file away; parsing would write over them."
        ) from None
