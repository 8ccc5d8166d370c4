"""One SOP of one result on its way through the questions, with what is known about each of its values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sopparse.compare.subjects import MIN_CONFIDENCE
from sopparse.model import SOP_AP, Actor, FieldReport, Procedure, Result, Sop, Step

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the questions are asked under: the day that counts as today, and the confidence from which values count."""

    today: date
    least: float = MIN_CONFIDENCE


class Entry(NamedTuple):
    """`key` is unique over all documents: `name#1`; `pointer` leads to the SOP in its result."""

    key: str
    result: Result
    sop: Sop
    pointer: str
    least: float

    def confidence(self, path: str) -> float | None:
        report = self._nearest(path)
        return None if report is None else report.confidence

    def sure(self, path: str) -> bool:
        confidence = self.confidence(path)
        return confidence is None or confidence >= self.least

    def absence(self, path: str) -> str | None:
        """Why there is no value; also where a part that would hold it is absent as a whole."""
        report = self._nearest(path)
        return None if report is None else report.absence

    def _nearest(self, path: str) -> FieldReport | None:
        """What is reported of the value, or of the nearest value around it."""
        while path:
            report = self.result.report.fields.get(self.pointer + path)
            if report is not None:
                return report
            path = path.rpartition("/")[0]
        return None

    def page(self, path: str = "") -> int | None:
        report = self.result.report.fields.get(self.pointer + path)
        if report is not None and report.origins:
            return report.origins[0].page
        return self.sop.pages[0] if self.sop.pages else None

    @property
    def agency(self) -> str | None:
        """The agency with its region: many regions have one of the same name."""
        agency = self.sop.header.agency
        name = agency.name if self.sure("/header/agency/name") else None
        region = agency.region if self.sure("/header/agency/region") else None
        home = None if region is None else f"{region.level} {region.name}"
        known = [part for part in (name or agency.government, home) if part]
        return ", ".join(known) or None

    def row(self, path: str = "") -> Row:
        """What every row says first: whose it is, and where it stands."""
        return {"sop": self.key, "agency": self.agency, "page": self.page(path), "pointer": self.pointer + path}

    def steps(self) -> Iterator[tuple[str, Procedure, Step]]:
        for p, procedure in enumerate(self.sop.procedures):
            for s, step in enumerate(procedure.steps):
                yield f"/procedures/{p}/steps/{s}", procedure, step


def actors_of(procedure: Procedure) -> dict[str, Actor]:
    return {actor.id: actor for actor in procedure.actors}


@dataclass(slots=True)
class Names:
    """Keys for documents as they come: two of one name are told apart by their digest."""

    taken: dict[str, str] = field(default_factory=dict)

    def key(self, result: Result) -> str:
        name, digest = result.source.name, result.source.sha256
        if self.taken.setdefault(name, digest) == digest:
            return name
        return f"{name}@{digest[:8]}"


def entries_of(result: Result, key: str, least: float = MIN_CONFIDENCE) -> tuple[Entry, ...]:
    """The SOPs in the official form; those in foreign forms have no steps that could be compared."""
    return tuple(
        Entry(f"{key}#{s + 1}", result, sop, f"/sops/{s}", least)
        for s, sop in enumerate(result.sops)
        if sop.layout == SOP_AP
    )
