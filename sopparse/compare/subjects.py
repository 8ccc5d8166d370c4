"""What comparison takes from a result: one light record for each procedure, with pointers back into the document."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sopparse.model import SOP_AP, Actor, FieldReport, Procedure, Result, Sop
from sopparse.model import Step as ModelStep
from sopparse.vocab import load

# Values below this confidence are shown, but nothing is computed from them. Of those reported at 0.5 every second is
# wrong (confidence is a measured probability): such a value would as often blur a likeness as show it.
MIN_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: `pointer` is a JSON Pointer into the result of that document; `page` counts from 1."""

    document: str
    sha256: str
    pointer: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Performer:
    """`rank_class`: the class in which actors of different agencies compare (vocab/comparison.toml)."""

    label: str | None
    role: str | None
    rank_class: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """`doubtful` names the attributes that are too unsure to be compared."""

    place: Place
    number: int
    activity: str | None
    performers: tuple[Performer, ...] = ()
    requirements: tuple[str, ...] = ()
    duration: str | None = None
    minutes: tuple[float | None, float | None] | None = None
    outputs: tuple[str, ...] = ()
    doubtful: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Subject:
    """One procedure of one SOP. `columns`: the headings of its actor columns."""

    place: Place
    title: str | None
    agency: str | None = None
    government: str | None = None
    region: str | None = None
    effective: str | None = None
    columns: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    doubtful: frozenset[str] = frozenset()


def subjects(result: Result, min_confidence: float = MIN_CONFIDENCE) -> tuple[Subject, ...]:
    """One for each table of each SOP AP; an SOP without a table gives one without steps. Foreign forms give none."""
    found: list[Subject] = []
    for index, sop in enumerate(result.sops):
        if sop.layout != SOP_AP:
            continue
        reader = _Reader(result, index, sop, min_confidence)
        tables = [(number, table) for number, table in enumerate(sop.procedures) if table.steps]
        found.extend(reader.subject(number, table, alone=len(tables) == 1) for number, table in tables)
        if not tables:
            found.append(reader.subject(None, Procedure(), alone=True))
    return tuple(found)


def rank_class(role: str | None, label: str | None) -> str | None:
    """The comparison class: by the wording of the label where that decides, otherwise by the role."""
    by_label, by_role = _classes()
    folded = (label or "").casefold()
    for form, name in by_label:
        if form in folded:
            return name
    return by_role.get(role) if role else None


def class_name(name: str) -> str:
    """The printed name of a comparison class; anything else as it is."""
    return next((str(one["name"]) for one in load("comparison")["class"] if one["id"] == name), name)


@cache
def _classes() -> tuple[tuple[tuple[str, str], ...], dict[str, str]]:
    entries = load("comparison")["class"]
    by_label = tuple((form, entry["id"]) for entry in entries for form in entry.get("labels", ()))
    return by_label, {role: entry["id"] for entry in entries for role in entry["roles"]}


@dataclass(frozen=True, slots=True)
class _Reader:
    """One SOP of a result."""

    result: Result
    index: int
    sop: Sop
    least: float

    def subject(self, number: int | None, table: Procedure, alone: bool) -> Subject:
        """`alone`: the only table of its SOP, which then has the SOP's title."""
        base = f"/sops/{self.index}"
        pointer = base if number is None else f"{base}/procedures/{number}"
        header = self.sop.header
        title, place = header.title, f"{base}/header/title"
        if title is None or not alone:
            title = " ".join(part for part in (header.title, table.title) if part) or None
            place = f"{pointer}/title" if table.title else place
        actors = {actor.id: actor for actor in table.actors}
        agency = header.agency
        return Subject(
            place=self._place(place, pointer),
            title=title,
            agency=agency.name,
            government=agency.government,
            region=agency.region.code if agency.region else None,
            effective=header.effective,
            columns=tuple(actor.label for actor in table.actors if actor.label),
            steps=tuple(self._step(f"{pointer}/steps/{i}", step, actors) for i, step in enumerate(table.steps)),
            doubtful=frozenset({"title"}) if self._is_doubtful(place) else frozenset(),
        )

    def _step(self, pointer: str, step: ModelStep, actors: dict[str, Actor]) -> Step:
        known = [actors[name] for name in step.actors if name in actors]
        names = ("activity", "actors", "requirements", "duration", "outputs")
        return Step(
            place=self._place(f"{pointer}/activity", pointer),
            number=step.number,
            activity=step.activity,
            performers=tuple(Performer(one.label, one.role, rank_class(one.role, one.label)) for one in known),
            requirements=step.requirements,
            duration=step.duration.text if step.duration else None,
            minutes=step.duration.minutes if step.duration else None,
            outputs=step.outputs,
            doubtful=frozenset(name for name in names if self._is_doubtful(f"{pointer}/{name}")),
        )

    def _place(self, field: str, pointer: str) -> Place:
        source = self.result.source
        report = self._report(field)
        page = report.origins[0].page if report and report.origins else None
        if page is None and len(self.sop.pages) == 1:
            page = self.sop.pages[0]
        return Place(source.name, source.sha256, pointer, page)

    def _report(self, pointer: str) -> FieldReport | None:
        return self.result.report.fields.get(pointer)

    def _is_doubtful(self, pointer: str) -> bool:
        report = self._report(pointer)
        return report is not None and report.confidence < self.least
