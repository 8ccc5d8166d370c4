"""Corrections that people make, as JSON Patches, to results: applied once, and again after the source is parsed anew.

operations = read_patch(Path("sop.patch.json").read_bytes(), "sop.patch.json")
corrected = correct(result, operations)
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sopparse.corrections.draft import Draft, told
from sopparse.corrections.judging import checks, judged
from sopparse.corrections.patch import apply, exists, groups, operations_of, read_patch, resolve, same
from sopparse.corrections.references import broken, resolved_by_flow
from sopparse.errors import CorrectionRefused
from sopparse.evidence import issue
from sopparse.model import Correction, Finding, Result, Sop

__all__ = ["Reapplied", "correct", "operations_of", "read_patch", "reapply"]

# The convention of `minutes`: 7.5 hours.
MINUTES_PER_DAY = 450.0
# Of a value that could not be applied, as much is quoted.
_QUOTED = 80
_SOPS = TypeAdapter(tuple[Sop, ...])


@dataclass(frozen=True, slots=True)
class Reapplied:
    """`lost`: how many corrections no longer fit; each is a finding of the result."""

    result: Result
    applied: int
    lost: int


def correct(result: Result, operations: Sequence[Correction], minutes_per_day: float = MINUTES_PER_DAY) -> Result:
    """The result with all operations applied, or CorrectionRefused and none of them.

    What was touched is certain (`basis: corrected`); findings, status and grade are those of the new values.
    """
    document: dict[str, Any] = result.model_dump(mode="json", by_alias=True)
    faults = set(broken(document))
    checked = {(one.code, one.path) for one in checks(result.sops, result.report.fields)}
    kept = [one for one in result.report.findings if (one.code, one.path) not in checked]
    draft = Draft(document, dict(result.report.fields), kept, list(result.report.findings))
    for one in operations:
        try:
            draft.perform(one, minutes_per_day)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            # JSON of any shape can stand in a patch; that it has another shape shows only where it is used.
            raise _shapeless(one.path, "its form is that of no such value") from None
    sops = _validated(document["sops"])
    document["sops"] = _SOPS.dump_python(sops, mode="json", by_alias=True)
    for pointer, name in broken(document):
        if (pointer, name) not in faults:
            raise CorrectionRefused(
                f"{pointer} would name {name}, which would be there twice or not at all",
                "Correct what refers to it in the same patch, before it.",
            )
    corrections = (*result.report.corrections, *operations)
    return _reviewed(result, sops, draft, corrections)


def reapply(result: Result, operations: Sequence[Correction], minutes_per_day: float = MINUTES_PER_DAY) -> Reapplied:
    """A new result of the same source with the corrections of an older one, as far as they fit.

    A correction whose old value is no longer there is not applied; a finding says so. Raises CorrectionRefused where
    the operations are about another source.
    """
    document: dict[str, Any] = result.model_dump(mode="json", by_alias=True)
    changes = []
    for one in operations:
        if one.op != "test" or one.path.startswith("/sops"):
            changes.append(one)
        elif one.path != "/schema_version":
            apply(document, one)
    done, applied, lost = result, 0, list[Finding]()
    for group in groups(changes):
        if group[-1].op == "test":
            continue
        try:
            done = correct(done, _known_already(done, group), minutes_per_day)
            applied += 1
        except CorrectionRefused:
            lost.append(_not_applied(done, group[-1]))
    corrections = (*result.report.corrections, *operations)
    findings = [*done.report.findings, *lost]
    return Reapplied(judged(done, done.report.findings, findings, corrections), applied, len(lost))


def _known_already(result: Result, group: Sequence[Correction]) -> Sequence[Correction]:
    """Without its tests where the parser now reads what the person wrote."""
    change = group[-1]
    document = result.model_dump(mode="json", by_alias=True)
    read = change.op == "replace" and exists(document, change.path) and same(
        resolve(document, change.path), change.value
    )  # fmt: skip
    return [change] if read else group


def _not_applied(result: Result, one: Correction) -> Finding:
    value = "" if one.op == "remove" else f" {json.dumps(one.value, ensure_ascii=False)}"
    shown = f"{one.op} {one.path}{value}"
    shown = shown if len(shown) <= _QUOTED else shown[:_QUOTED] + "…"
    there = exists(result.model_dump(mode="json", by_alias=True), one.path)
    return told(issue("correction.not-applied", correction=shown), one.path if there else "")


def _validated(sops: Any) -> tuple[Sop, ...]:
    try:
        return _SOPS.validate_json(json.dumps(sops), strict=True)
    except (ValidationError, ValueError, RecursionError) as error:
        first = error.errors(include_url=False)[0] if isinstance(error, ValidationError) else None
        place = "/".join(map(str, ("sops", *first["loc"]))) if first else "sops"
        raise _shapeless(f"/{place}", first["msg"] if first else str(error)) from None


def _shapeless(pointer: str, reason: str) -> CorrectionRefused:
    return CorrectionRefused(
        f"{pointer} would not be valid: {reason}", "Look at the form of this value in `sopparse schema`."
    )


def _reviewed(result: Result, sops: tuple[Sop, ...], draft: Draft, corrections: tuple[Correction, ...]) -> Result:
    left = [
        one
        for one in draft.findings
        if not (one.path.partition("/flow/")[0] in draft.flows and resolved_by_flow(draft.document, one.code, one.path))
    ]
    findings = list(dict.fromkeys([*left, *checks(sops, draft.reports)]))
    report = result.report.model_copy(update={"fields": draft.reports})
    changed = result.model_copy(update={"sops": sops, "report": report})
    return judged(changed, draft.followed, findings, corrections)
