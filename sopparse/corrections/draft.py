"""A result while it is corrected: plain JSON, with reports and findings that follow every change of a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sopparse import vocab
from sopparse.corrections import places
from sopparse.corrections.derive import derive
from sopparse.corrections.patch import apply, exists, resolve, same, shifted
from sopparse.corrections.references import renumber
from sopparse.errors import CorrectionRefused
from sopparse.evidence import Issue, issue
from sopparse.model import Correction, FieldReport, Finding, Origin, Signals

_CORRECTABLE = re.compile(
    r"/sops/\d+/(?:header|legal_basis|qualifications|related_sops|equipment|warnings|records|procedures)(?:/|$)"
)
# A person who looked is sure; what the normalizers made of his words is not judged again.
_SURE = Signals(read=1.0, place=1.0, parse=1.0)


@dataclass(slots=True)
class Draft:
    document: dict[str, Any]
    reports: dict[str, FieldReport]
    findings: list[Finding]
    followed: list[Finding]  # all findings of before, where what they point at stands now
    flows: set[str] = field(default_factory=set)  # of which the edges changed

    def perform(self, one: Correction, minutes_per_day: float) -> None:
        """Changes document, reports and findings by one operation."""
        if one.op == "test":
            apply(self.document, one)
            return
        if not _CORRECTABLE.match(one.path) or places.is_own(one.path):
            raise CorrectionRefused(
                f"{one.path} cannot be corrected", "Correct values below /sops/N/header, its lists and procedures."
            )
        items = one.path.rpartition("/")[0]
        if "/flow/edges" in one.path:
            self.flows.add(items.partition("/flow/")[0])
        in_list = isinstance(resolve(self.document, items), list)
        confirms = (
            one.op == "replace"
            and exists(self.document, one.path)
            and same(resolve(self.document, one.path), one.value)
        )
        place = apply(self.document, one)
        if in_list and one.op != "replace":
            self._shift(items, int(place.rpartition("/")[2]), 1 if one.op == "add" else -1)
        if one.op == "remove" and in_list:
            self._emptied(items)
        elif one.op == "remove":
            self._report(place, None)
        else:
            touched, issues = (place, ()) if confirms else derive(self.document, place, minutes_per_day)
            self._report(touched, resolve(self.document, touched))
            at = places.whole_of(place) or place
            self.findings += [told(found, at, self._origins(at)) for found in issues]

    def _shift(self, items: str, index: int, by: int) -> None:
        moved = ((shifted(pointer, items, index, by), report) for pointer, report in self.reports.items())
        self.reports = {pointer: report for pointer, report in moved if pointer is not None}
        self.findings = list(_following(self.findings, items, index, by))
        self.followed = list(_following(self.followed, items, index, by))
        for pointer in renumber(self.document, f"{items}/{index}", by):
            node = resolve(self.document, pointer)["id"]
            self.findings.append(told(issue("correction.node-left", node=node), pointer, self._origins(pointer)))

    def _report(self, pointer: str, value: Any) -> None:
        """A person vouches for the value at `pointer` and for all that is below it."""
        now = list(places.reported(pointer, value))
        for gone in [old for old in self.reports if below(old, pointer) and old not in now]:
            del self.reports[gone]
        for at in now:
            self._vouch(at, resolve(self.document, at) if exists(self.document, at) else None)
        outer = places.container_of(pointer)
        if outer is not None and not places.is_empty(resolve(self.document, outer)):
            self.reports.pop(outer, None)

    def _emptied(self, items: str) -> None:
        """The report of a list from which an item was taken: of the list itself where that was the last."""
        whole = places.whole_of(items)
        if whole is not None or (places.is_container(items) and not resolve(self.document, items)):
            self._vouch(whole or items, resolve(self.document, whole or items))

    def _vouch(self, pointer: str, value: Any) -> None:
        old, empty = self.reports.get(pointer), places.is_empty(value)
        known = old if old is not None else FieldReport(confidence=1.0, signals=_SURE)
        absence = (known.absence or "blank") if empty else None
        sure = {"confidence": 1.0, "signals": _SURE, "basis": "corrected", "absence": absence, "fixes": ()}
        self.reports[pointer] = known.model_copy(update=sure)
        if not empty:
            # They were about what was read; that something is missing is still true of a value that is.
            self.findings = [one for one in self.findings if not below(one.path, pointer)]
        if "/header/agency/region/" in pointer:
            agency = pointer.partition("/region/")[0]
            self.findings = [
                one for one in self.findings if one.path != agency or not one.code.startswith("header.region.")
            ]

    def _origins(self, pointer: str) -> Sequence[Origin]:
        known = self.reports.get(pointer)
        return known.origins if known is not None else ()


def _following(findings: Iterable[Finding], items: str, index: int, by: int) -> Iterator[Finding]:
    for one in findings:
        path = shifted(one.path, items, index, by)
        if path is not None:
            yield one if path == one.path else one.model_copy(update={"path": path})


def below(pointer: str, top: str) -> bool:
    """Whether a pointer is `top` or stands below it."""
    return pointer == top or pointer.startswith(top + "/")


def told(found: Issue, path: str, origins: Iterable[Origin] = ()) -> Finding:
    """The finding as it is published."""
    entry, details = vocab.load("findings")[found.code], dict(found.details)
    return Finding(
        code=found.code,
        severity=entry["severity"],
        path=path,
        message=entry["id"].format(**details),
        message_en=entry["en"].format(**details),
        origins=tuple(origins),
    )
