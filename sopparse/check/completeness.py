"""How complete a result is."""

from __future__ import annotations

from collections.abc import Sequence

from sopparse.evidence import Finding
from sopparse.model import Sop, Status


def status(findings: Sequence[Finding], severities: Sequence[str], sops: Sequence[Sop]) -> Status:
    """Never complete beside an error; failed where nothing of a procedure was found."""
    if not any(sop.procedures or sop.header.title or sop.header.number for sop in sops):
        return "failed"
    return "partial" if "error" in severities else "complete"
