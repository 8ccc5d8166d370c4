"""Tables to procedures: actors, steps with their needs, time and outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

import regex

from sopparse.evidence import Field, Issue, Signals, issue
from sopparse.extract.drawn import Sheet, charts_of
from sopparse.extract.flow import Performers, extract_flow
from sopparse.extract.numbering import misread_numbers
from sopparse.extract.parts import Notes, Part, Worded, printed, worded
from sopparse.extract.performers import decode_performers
from sopparse.extract.recovery import recover_actors
from sopparse.layout.tables import Role, Table, TableRow
from sopparse.model import Actor, Duration, DurationPart, Flow, Procedure, Step
from sopparse.normalize.dates import stated_none
from sopparse.normalize.durations import read_duration
from sopparse.normalize.titles import read_title
from sopparse.page import Word, Words, origins_of, slice_words, text_of

# Things in a cell: parted by commas, semicolons, line numbers or bullets outside brackets.
_SEPARATOR = regex.compile(
    r"\s*[,;]\s*(?![^()]{0,200}\))|(?:^|(?<=\s))(?:\(?\d{1,2}[.)]|[-•●▪\uf000-\uf0ff])\s+(?=\p{L})"
)
# The number before a thing; its point may be lost before a capital, and is often read as a comma.
_THING_NUMBER = regex.compile(r"\(?(\d{1,2})(?:([.,)])(?=$|\p{L})|(?=\p{Lu}))")
# So many numbers in a row may be misread.
_MOST_LOST = 2
_TITLE_EDGE = regex.compile(r"^[\s:.\-–|]+|[\s:|]+$")

# Stands for a drawn symbol among the marks of a row.
_SYMBOL = "■"

_MISREAD = "number-by-order"
_NO_UNIT = "step.duration.no-unit"

# Below this sureness two readings of who acts are too close to call.
_MIN_PERFORMER = 0.3
# An actor label read out of the steps because the heading was unreadable.
_RECOVERED = 0.75


def extract_procedure(table: Table, minutes_per_day: float, sheets: Mapping[int, Sheet]) -> Part[Procedure]:
    named = {word for column in table.columns if column.role == "actor" for word in (*column.label, *column.group)}
    notes = Notes(labels=[word for word in table.labels if word not in named], stray=list(table.stray))
    heading = worded(table.title)
    title = _trimmed(heading.text) or None
    if title is not None:
        notes.fields["/title"] = heading.printed(title, table.title, place=0.95)
    footnotes = []
    for i, words in enumerate(table.footnotes):
        note = worded(words)
        footnotes.append(note.text)
        notes.fields[f"/footnotes/{i}"] = note.printed(note.text, words, place=0.95)
    actors = _actors(table, notes)
    misread = misread_numbers(table)
    steps = [
        notes.add(f"/steps/{i}", _step(table, row, i + 1, minutes_per_day, misread.get(i)))
        for i, row in enumerate(table.rows)
    ]
    charts = charts_of(table, sheets) if actors and not table.unwoven else ()
    notes.charts.extend(charts)
    charted = extract_flow(charts, steps, actors) if charts else None
    drawn = charted is not None and bool(charted.flow.value.nodes)
    steps = _performed(table, steps, actors, charted.performers if charted is not None else (), notes)
    flow = Flow()
    if charted is not None and drawn:
        flow = notes.add("/flow", charted.flow)
    elif steps:
        notes.issues.append(("/flow", issue("flow.not-drawn" if charts else "flow.not-in-text")))
    return notes.part(Procedure(title=title, footnotes=tuple(footnotes), actors=actors, steps=tuple(steps), flow=flow))


def _trimmed(text: str) -> str:
    return _TITLE_EDGE.sub("", text).strip()


# -- actors ---------------------------------------------------------------------------------------------------------


def _actors(table: Table, notes: Notes) -> tuple[Actor, ...]:
    columns = [(j, c) for j, c in enumerate(table.columns) if c.role == "actor"]
    if not columns or not any(c.label for _, c in columns):
        return _recovered(table, notes)
    actors = []
    for k, (_, column) in enumerate(columns):
        said, over = worded(column.label), worded(column.group)
        label, group = said.text or None, over.text or None
        title = read_title(label or "")
        read = title.value
        actors.append(
            Actor(
                id=f"a{k + 1}",
                label=label,
                group=group,
                role=read.role if read else None,
                unit=read.unit if read else None,
            )
        )
        issues: tuple[Issue, ...] = () if label else (issue("actor.label-missing", column=k + 1),)
        place = column.place if label else column.place * 0.5
        notes.fields[f"/actors/{k}/label"] = said.printed(label, column.label, place=place, issues=issues)
        if group:
            notes.fields[f"/actors/{k}/group"] = over.printed(group, column.group, place=0.85 * column.place)
        if read is not None and read.role:
            notes.fields[f"/actors/{k}/role"] = printed(
                read.role, column.label, place=place, parse=title.parse, fixes=title.fixes
            )
    return tuple(actors)


def _recovered(table: Table, notes: Notes) -> tuple[Actor, ...]:
    """Actors whose heading could not be read, as the sentences of the steps name them."""
    activities = [table.cell(row, "activity") for row in table.rows]
    found = recover_actors([text_of(words) for words in activities], text_of(table.labels))
    actors = []
    for k, one in enumerate(found):
        title = read_title(one.label).value
        actors.append(
            Actor(
                id=f"a{k + 1}", label=one.label, role=title.role if title else None, unit=title.unit if title else None
            )
        )
        first = one.evidence[0]
        words = slice_words(activities[first.step], first.start, first.end)
        notes.fields[f"/actors/{k}/label"] = Field(
            value=one.label,
            raw=text_of(words) or None,
            # The words belong to the step's sentence; they are only quoted here.
            origins=origins_of(words),
            signals=Signals(1.0, min(one.place, _RECOVERED), 1.0),
            issues=(issue("actor.recovered", label=one.label),),
            basis="inferred",
        )
    return tuple(actors)


def _performed(
    table: Table, steps: list[Step], actors: tuple[Actor, ...], drawn: Sequence[Performers], notes: Notes
) -> list[Step]:
    """The steps with their performers: by the symbols of the row, else decoded over the whole table."""
    columns = [j for j, c in enumerate(table.columns) if c.role == "actor"]
    marks = [[text_of(row.cells[j]) for j in columns] for row in table.rows]
    if len(columns) != len(actors):
        marks = [[""] * len(actors) for _ in table.rows]
    ids = {actor.id: a for a, actor in enumerate(actors)}
    for symbols, cells in zip(drawn, marks, strict=False):
        # A symbol marks its cell; so the rows without one are decoded with those that have one.
        for actor_id in symbols.actors:
            cells[ids[actor_id]] = cells[ids[actor_id]] or _SYMBOL
    found = decode_performers([s.activity or "" for s in steps], [a.label or "" for a in actors], marks)
    out = []
    for i, (step, one, row) in enumerate(zip(steps, found, table.rows, strict=True)):
        marked = tuple(word for j in columns for word in row.cells[j])
        if i < len(drawn) and drawn[i].actors:
            notes.fields[f"/steps/{i}/actors"] = Field(
                value=drawn[i].actors,
                raw=text_of(marked) or None,
                origins=(*drawn[i].origins, *origins_of(marked)),
                signals=Signals(1.0, drawn[i].place, 1.0),
                basis="symbol",
            )
            out.append(step.model_copy(update={"actors": drawn[i].actors}))
            continue
        known = one.actors if one.place >= _MIN_PERFORMER else ()
        # Nobody is surer than the heading that names him.
        named = min((notes.fields[f"/actors/{a}/label"].signals.place for a in known), default=1.0)
        issues = () if known else (issue("step.actor-unknown", step=step.number),)
        notes.fields[f"/steps/{i}/actors"] = printed(
            known,
            marked,
            place=min(one.place, named) if known else 0.0,
            issues=issues,
            basis=one.basis,
            absence=None if known else "blank",
        )
        out.append(step.model_copy(update={"actors": tuple(actors[a].id for a in known)}))
    return out


# -- steps ----------------------------------------------------------------------------------------------------------


def _step(table: Table, row: TableRow, number: int, minutes_per_day: float, printed_as: str | None) -> Part[Step]:
    """`printed_as`: what the number must have been, where a machine misread it."""
    notes = Notes(issues=[("", found) for found in row.issues])

    def cell(role: Role) -> tuple[Words, float]:
        at = table.index(role)
        return (row.cells[at], row.place[at]) if at is not None else ((), 0.0)

    values: dict[str, object] = {"number": number}
    for name, role in (("printed_number", "number"), ("activity", "activity"), ("note", "note")):
        words, place = cell(role)  # type: ignore[arg-type]
        text = text_of(words)
        if role == "note" and stated_none(text):
            notes.labels.extend(words)
            text, words = "", ()
        said = Worded(words) if role == "number" else worded(words)
        mended = role == "number" and printed_as is not None
        text = printed_as or text if role == "number" else said.text
        values[name] = text or None
        if text:
            found = said.printed(text, words, place=place)
            notes.fields[f"/{name}"] = replace(found, basis="inferred", fixes=(_MISREAD,)) if mended else found
    if not values["activity"]:
        notes.issues.append(("/activity", issue("step.activity-missing", step=number)))
    for name, role in (("requirements", "requirements"), ("outputs", "output")):
        words, place = cell(role)  # type: ignore[arg-type]
        said = worded(words)
        values[name] = _things(words, said.words, notes)
        if values[name]:
            notes.fields[f"/{name}"] = said.printed(values[name], words, place=place)
    words, place = cell("duration")
    values["duration"] = notes.add("/duration", _duration(words, place, _heading_unit(table), minutes_per_day))
    return notes.part(Step.model_validate(values))


def _heading_unit(table: Table) -> str | None:
    """The unit that the heading of the time column states for all its figures: "Waktu (menit)"."""
    at = table.index("duration")
    if at is None or not 2 <= len(table.columns[at].label) <= 4:
        return None
    for word in table.columns[at].label[1:]:
        unit = word.text.strip("().,:")
        reading = read_duration(f"1 {unit}") if unit.isalpha() else None
        if reading is not None and reading.value is not None and len(reading.value.parts) == 1 and not reading.fixes:
            return unit
    return None


def _things(words: Words, meant: Words, notes: Notes) -> tuple[str, ...]:
    if stated_none(text_of(words)):
        notes.labels.extend(words)
        return ()
    return tuple(
        thing for part in _numbered(meant) or _SEPARATOR.split(text_of(meant)) if (thing := part.strip(" .;,:-–•"))
    )


def _numbered(words: Words) -> list[str]:
    """The things of a cell whose lines begin with 1, 2, ...: the numbers part them, no commas. None without."""
    things: list[list[Word]] = []
    last = 0
    for k, word in enumerate(words):
        number = _THING_NUMBER.match(word.text) if k == 0 or word.line != words[k - 1].line else None
        value = int(number.group(1)) if number is not None and (things or number.group(2)) else 0
        if number is not None and last < value <= last + (1 if last == 0 else _MOST_LOST + 1):
            last = value
            rest = word.cut(number.end())[1:] if number.end() < len(word.text) else ()
            things.append([*rest])
        elif not things:
            return []
        else:
            things[-1].append(word)
    return [text_of(thing) for thing in things] if len(things) > 1 else []


def _duration(words: Words, place: float, unit: str | None, minutes_per_day: float) -> Part[Duration | None]:
    notes = Notes()
    if not words:
        return notes.part(None)
    text = text_of(words)
    if stated_none(text):
        notes.fields[""] = printed(None, words, place=place, absence="stated-none")
        return notes.part(None)
    reading = read_duration(text, minutes_per_day)
    fixes = reading.fixes
    if unit is not None and any(one.code == _NO_UNIT for one in reading.issues):
        reading = read_duration(f"{text} {unit}", minutes_per_day)
        fixes = (*reading.fixes, "unit-from-heading")
    value = reading.value
    if value is None:
        notes.fields[""] = printed(
            None, words, place=place, parse=reading.parse, issues=reading.issues, absence="blank"
        )
        return notes.part(None)
    duration = Duration(
        text=value.text if "unit-from-heading" not in fixes else text,
        parts=tuple(DurationPart(**asdict(part)) for part in value.parts),
        minutes=value.minutes,
        iso8601=value.iso8601,
    )
    notes.fields[""] = printed(duration, words, place=place, parse=reading.parse, fixes=fixes, issues=reading.issues)
    return notes.part(duration)
