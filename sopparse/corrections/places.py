"""Where in `report.fields` a value of the result is reported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

# These are reported as a whole, whatever part of them is meant; everything else leaf by leaf.
_WHOLE = re.compile(
    r"(/sops/\d+/(?:legal_basis/\d+|procedures/\d+/(?:steps/\d+/(?:actors|requirements|duration|outputs)"
    r"|flow/(?:nodes|edges)/\d+)))(?:/|$)"
)
# Numbers and names that the result itself gives: they are on no page.
_OWN = re.compile(r"/sops/\d+/(?:pages(?:/|$)|layout$|procedures/\d+/(?:actors/\d+/id|steps/\d+/number)$)")
# Lists and objects that have a report only while they are empty.
_CONTAINER = re.compile(
    r"/sops/\d+/(?:legal_basis|qualifications|related_sops|equipment|warnings|records|header/approver)$"
)


def whole_of(pointer: str) -> str | None:
    """The pointer of the report that covers this place; None where only what stands below it is reported."""
    found = _WHOLE.match(pointer)
    return found.group(1) if found else None


def is_own(pointer: str) -> bool:
    return _OWN.match(pointer) is not None


def is_container(pointer: str) -> bool:
    return _CONTAINER.match(pointer) is not None


def container_of(pointer: str) -> str | None:
    """The list or object that this value is part of, where it has a report of its own while it is empty."""
    parts = pointer.split("/")
    return next((p for n in range(len(parts), 2, -1) if is_container(p := "/".join(parts[:n]))), None)


def reported(pointer: str, value: Any) -> Iterator[str]:
    """The pointers under which this value, or each of its parts, is reported."""
    whole = whole_of(pointer)
    if whole is not None:
        yield whole
    elif is_own(pointer):
        return
    elif isinstance(value, dict) and value:
        for key, part in value.items():
            yield from reported(f"{pointer}/{key}", part)
    elif isinstance(value, list) and value:
        for index, part in enumerate(value):
            yield from reported(f"{pointer}/{index}", part)
    elif not isinstance(value, (dict, list)) or is_container(pointer):
        yield pointer


def is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})
