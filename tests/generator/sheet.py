"""A printed SOP before it gets its form: lines, labels, cells; and the truth that is left of what was known."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.generator.damage import blur
from tests.generator.words import load, piece

Truth = dict[str, Any]
LISTS = ("legal_basis", "qualifications", "related_sops", "equipment", "warnings", "records")
PAIRS = (("legal_basis", "qualifications"), ("related_sops", "equipment"), ("warnings", "records"))
# Share of long words with a misread letter at damage 1.
WORST_RATE = 0.08


@dataclass(frozen=True, slots=True)
class Needs:
    """What a form can carry: `ruled` cells may be blank or marked, elsewhere numbers must be printed."""

    ruled: bool = True
    captions: bool = False
    odd: float = 0.06  # share of labels that are misspelt
    signature: float = 0.15
    dropped: float = 0.0  # share of header labels and lists that are missing altogether


@dataclass(slots=True)
class Grid:
    """One table: two head rows and the data rows, all with the columns in the printed order."""

    caption: str | None
    first: list[str]
    second: list[str]
    rows: list[list[str]]
    actors: int
    noted: bool

    @property
    def width(self) -> int:
        return len(self.second)


@dataclass(slots=True)
class Sheet:
    agency: list[str]
    address: str | None
    fields: list[tuple[str, list[str]]]
    lists: dict[str, tuple[str, list[str]]]
    grids: list[Grid]
    signature: list[str]
    truth: Truth
    pairs: list[tuple[str, str]] = field(default_factory=lambda: list(PAIRS))


def lay_out(sop: Truth, rng: Random, damage: float, needs: Needs) -> Sheet:
    sop = deepcopy(sop)
    performers: list[list[list[str] | None]] = [
        [step.pop("actors", None) for step in table["steps"]] for table in sop["procedures"]
    ]
    for table, who in zip(sop["procedures"], performers, strict=True):
        _keep_stated(table, who)
    blur(rng, sop, WORST_RATE * damage)
    agency = _agency(rng, sop["header"]["agency"])
    fields, signature = _fields(rng, sop["header"], needs)
    lists = _lists(rng, sop, needs)
    grids = [
        _grid(rng, table, who, i, needs)
        for i, (table, who) in enumerate(zip(sop["procedures"], performers, strict=True))
    ]
    return Sheet(agency, sop["header"]["agency"].get("address"), fields, lists, grids, signature, sop)


def _keep_stated(table: Truth, performers: list[list[str] | None]) -> None:
    """Who acts stays known where the wording says it."""
    labels = {actor["id"]: actor["label"] for actor in table["actors"]}
    for step, who in zip(table["steps"], performers, strict=True):
        if not who:
            continue
        said, label = step["activity"], labels[who[0]]
        if said.startswith(f"{label} ") or said.endswith(f" oleh {label}"):
            step["actors"] = list(who)


def _agency(rng: Random, agency: Truth) -> list[str]:
    region = agency["region"]
    full = f"{load('printing')['words']['level'][region['level']]} {region['name']}"
    upper = rng.random() < 0.75
    lines = []
    named = agency["name"]
    if rng.random() < 0.6:
        lines.append(agency["government"])
        if rng.random() < 0.2:
            named = f"{named} {full}"
        lines.append(named)
    else:
        agency["government"] = None
        lines += [named, full] if rng.random() < 0.6 else [f"{named} {full}"]
    lines += agency["units"]
    return [line.upper() for line in lines] if upper else lines


def label_for(rng: Random, name: str, odd: float) -> str:
    found: list[str] = load("printing")["odd_labels" if rng.random() < odd else "labels"][name]
    return rng.choice(found)


def printed_date(rng: Random, value: str, style: int) -> str:
    months = load("printing")["pieces"]["months"]
    year, month, day = [*value.split("-"), "", ""][:3]
    name = months[int(month) - 1]
    if rng.random() < 0.3:
        name = load("printing")["pieces"]["odd_months"].get(name, name)
    if not day:
        return f"{name} {year}"
    plain = (
        f"{int(day)} {name} {year}",
        f"{day} {name} {year}",
        f"{int(day)} {name.upper()} {year}",
        f"{day}-{month}-{year}",
        f"{day}/{month}/{year}",
    )
    return plain[style]


def _fields(rng: Random, header: Truth, needs: Needs) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """The lines of the header block, and the signature block where the approver stands below the table."""
    style, colon = rng.choice((0, 0, 0, 1, 2, 3, 4)), rng.random() < 0.15
    case = rng.random() < 0.2
    signed = header["approver"] is not None and rng.random() < needs.signature
    fields: list[tuple[str, list[str]]] = []
    for name in ("number", "revision", "created", "revised", "effective", "approved", "approver", "title"):
        value = header[name]
        if name in ("approved", "revision") and value is None:
            continue
        if name == "effective" and value is None and header["approved"]:
            continue
        if name != "title" and rng.random() < needs.dropped:
            header[name] = None
            if name == "approver":
                signed = False
            continue
        if value is None and rng.random() < 0.15:
            continue
        lines = _value(rng, name, None if signed and name == "approver" else value, style)
        if name == "title" and case:
            lines = [line.upper() for line in lines]
        if colon and lines:
            lines = [f": {lines[0]}", *lines[1:]]
        fields.append((label_for(rng, name, needs.odd), lines))
    return fields, _approver(rng, header["approver"]) if signed and header["approver"] else []


def _value(rng: Random, name: str, value: Any, style: int) -> list[str]:
    if value is None:
        return ["-"] if name == "revised" and rng.random() < 0.5 else []
    if name in ("created", "revised", "effective", "approved"):
        return [printed_date(rng, value, style)]
    return _approver(rng, value) if name == "approver" else [value]


def _approver(rng: Random, approver: Truth) -> list[str]:
    lines = [approver["position"], approver["name"]]
    if approver["rank"]:
        lines.append(piece(rng, "rank", rank=approver["rank"]))
    if approver["nip"]:
        nip = approver["nip"]
        spaced = f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"
        lines.append(piece(rng, "nip", nip=rng.choice((nip, spaced, spaced, spaced.replace(" ", ".")))))
    return lines


def _lists(rng: Random, sop: Truth, needs: Needs) -> dict[str, tuple[str, list[str]]]:
    lists = {}
    for name in LISTS:
        if name != "legal_basis" and rng.random() < needs.dropped:
            sop[name] = []
            continue
        items = [item["text"] for item in sop[name]] if name == "legal_basis" else list(sop[name])
        if name == "legal_basis" and rng.random() < 0.2:
            items = [f"{item};" for item in items]
        lists[name] = (label_for(rng, name, needs.odd), items or (["-"] if rng.random() < 0.2 else []))
    return lists


def _grid(rng: Random, table: Truth, performers: list[list[str] | None], index: int, needs: Needs) -> Grid:
    columns, steps = load("printing")["columns"], table["steps"]
    noted = any(step["note"] for step in steps) or rng.random() < 0.55
    if noted and needs.ruled and rng.random() < 0.08:
        noted = False
        for step in steps:
            step["note"] = None
    marks = _marks(rng, table, performers) if needs.ruled else {}
    _number(rng, steps, needs)
    times = [step["duration"]["text"] for step in steps if step["duration"]]
    bare = bool(times) and all(text.isdigit() for text in times)
    upper = rng.random() < 0.15
    names = {name: rng.choice(found) for name, found in columns.items()}
    if bare:
        names["duration"] = names["minutes"]
    labels = [actor["label"].upper() if upper else actor["label"] for actor in table["actors"]]
    separator = rng.choice((", ", ", ", ", ", "; ", "\n"))
    rows = []
    for at, step in enumerate(steps):
        cells = [marks.get((at, actor["id"]), "") for actor in table["actors"]]
        row = [step["printed_number"] or "", step["activity"], *cells, separator.join(step["requirements"])]
        row += [step["duration"]["text"] if step["duration"] else "", separator.join(step["outputs"])]
        rows.append([*row, step["note"] or ""] if noted else row)
    blanks = [""] * (len(labels) - 1)
    end = [names["note"]] if noted else []
    first = [names["number"], names["activity"], names["actors"], *blanks, names["quality"], "", "", *end]
    second = ["", "", *labels, names["requirements"], names["duration"], names["output"], *([""] if noted else [])]
    caption = _caption(rng, table, index, needs)
    table["footnotes"] = []
    total = _total(steps)
    if total and needs.ruled and rng.random() < 0.5:
        table["footnotes"] = [total]
        rows.append(["", total, *[""] * (len(rows[0]) - 2)])
    return Grid(caption, first, second, rows, len(labels), noted)


def _total(steps: list[Truth]) -> str | None:
    """The sum under a table whose times are all plain minutes."""
    parts = [step["duration"]["parts"] if step["duration"] else [] for step in steps]
    if not all(len(part) == 1 and part[0]["unit"] == "minute" and part[0]["min"] == part[0]["max"] for part in parts):
        return None
    text: str = load("printing")["pieces"]["total"]
    return text.replace("{n}", str(sum(part[0]["max"] for part in parts)))


def _caption(rng: Random, table: Truth, index: int, needs: Needs) -> str | None:
    if needs.captions:
        table["title"] = load("printing")["pieces"]["part_captions"][index].replace("{title}", table["title"])
    elif rng.random() < 0.4 or index:
        table["title"] = piece(rng, "captions", title=table["title"])
        if rng.random() < 0.6:
            table["title"] = table["title"].upper()
    else:
        table["title"] = None
    caption: str | None = table["title"]
    return caption


def _number(rng: Random, steps: list[Truth], needs: Needs) -> None:
    style = rng.choices(("{i}", "{i}.", "lost", "none"), (55, 30, 10, 5) if needs.ruled else (60, 40, 0, 0))[0]
    lost_after = rng.randrange(2, len(steps)) if style == "lost" else len(steps)
    for step in steps:
        shown = style != "none" and step["number"] <= lost_after
        number = str(step["number"])
        step["printed_number"] = (f"{number}." if style == "{i}." else number) if shown else None


def _marks(rng: Random, table: Truth, performers: list[list[str] | None]) -> dict[tuple[int, str], str]:
    """Marks in the cells of the actors: they say who acts."""
    pieces = load("printing")["pieces"]
    style = rng.choices(("none", "ends", "all", "decisions"), (66, 12, 14, 8))[0]
    mark = rng.choice(pieces["marks"])
    marks: dict[tuple[int, str], str] = {}
    last = len(table["steps"]) - 1
    for at, (step, who) in enumerate(zip(table["steps"], performers, strict=True)):
        if not who or style == "none":
            continue
        text = {"ends": pieces["head_mark"] if at == 0 else pieces["end_mark"] if at == last else "", "all": mark}.get(
            style, ""
        )
        if style == "decisions" and re.search(pieces["decided"], step["activity"]):
            text = pieces["decision"]
        if text:
            marks[at, who[0]] = text
            step["actors"] = list(who)
    return marks
