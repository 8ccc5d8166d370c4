"""The kinds of faults. Each changes what is printed and says whether it found something to spoil."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.generator import make_sop
from tests.generator.words import load

# Stands where an item was; taken out of the printed text together with its number.
LOST = "Qlostq"
GOODS = Path(__file__).parent / "goods.toml"

Labelled = tuple[str, list[str]]


@dataclass(slots=True)
class Printed:
    """What stands on the paper, in places that can be spoiled. `at`: the index of each column in a row."""

    fields: list[Labelled]
    lists: dict[str, Labelled]
    agency: list[str]
    rows: list[list[str]]
    at: dict[str, int]
    heads: list[list[str]]

    def line(self, name: str) -> int | None:
        """The index of the header field of that name, where it has a value."""
        known = {*load("printing")["labels"][name], *load("printing")["odd_labels"][name]}
        return next((i for i, (label, value) in enumerate(self.fields) if label in known and value), None)

    def set(self, index: int, value: list[str]) -> None:
        self.fields[index] = (self.fields[index][0], value)


Fault = Callable[[Random, Printed], bool]


# -- the table ------------------------------------------------------------------------------------------------------

_PAIRS = (
    ("requirements", "output"), ("activity", "requirements"), ("activity", "output"), ("requirements", "duration"),
    ("duration", "output"),
)  # fmt: skip


def swapped_columns(rng: Random, p: Printed) -> bool:
    left, right = rng.choice(_PAIRS)
    return _swap(p, p.rows, left, right)


def swapped_cells(rng: Random, p: Printed) -> bool:
    left, right = rng.choice(_PAIRS)
    return _swap(p, [rng.choice(_steps(p))], left, right)


def _swap(p: Printed, rows: list[list[str]], left: str, right: str) -> bool:
    i, j = p.at[left], p.at[right]
    before = [list(row) for row in rows]
    for row in rows:
        row[i], row[j] = row[j], row[i]
    return before != rows


def _steps(p: Printed) -> list[list[str]]:
    """The rows of steps: a row of sums under the table is none."""
    return [row for row in p.rows if row[p.at["requirements"]] or row[p.at["output"]]] or p.rows


def shifted_row(rng: Random, p: Printed) -> bool:
    """The cells of a row slip one column to the right."""
    row = rng.choice(_steps(p))
    places = [p.at[name] for name in ("requirements", "duration", "output", "note") if name in p.at]
    values = ["", *[row[i] for i in places[:-1]]]
    for i, value in zip(places, values, strict=True):
        row[i] = value
    return True


def cell_below(rng: Random, p: Printed) -> bool:
    """A cell slips into the next row."""
    rows, column = _steps(p), p.at[rng.choice(("requirements", "duration", "output"))]
    k = rng.randrange(len(rows) - 1)
    if not rows[k][column]:
        return False
    rows[k + 1][column] = f"{rows[k][column]}, {rows[k + 1][column]}".rstrip(", ")
    rows[k][column] = ""
    return True


def lost_row(rng: Random, p: Printed) -> bool:
    row = rng.choice(_steps(p))
    p.rows[:] = [other for other in p.rows if other is not row]
    return bool(p.rows)


def doubled_row(rng: Random, p: Printed) -> bool:
    row = rng.choice(_steps(p))
    at = next(i for i, other in enumerate(p.rows) if other is row)
    p.rows.insert(at + 1, list(row))
    return True


def cut_row(rng: Random, p: Printed) -> bool:
    """The sentence of a step ends at the edge of its cell."""
    row, column = rng.choice(_steps(p)), p.at["activity"]
    words = row[column].split()
    if len(words) < 4:
        return False
    row[column] = " ".join(words[: rng.randint(2, max(2, int(0.7 * len(words))))])
    return True


def foreign_table(rng: Random, p: Printed) -> bool:
    """The rows of another procedure."""
    for _ in range(20):
        other = make_sop(rng.randrange(10**6), tables=1)["sops"][0]["procedures"][0]["steps"]
        mine = {row[p.at["activity"]].split()[-1].casefold() for row in _steps(p) if row[p.at["activity"]]}
        if not mine & {step["activity"].split()[-1].casefold() for step in other}:
            break
    width = len(p.rows[0])
    rows = []
    for k, step in enumerate(other[: len(p.rows)], 1):
        row = [""] * width
        row[p.at["number"]], row[p.at["activity"]] = str(k), step["activity"]
        row[p.at["requirements"]] = ", ".join(step["requirements"])
        row[p.at["duration"]] = step["duration"]["text"] if step["duration"] else ""
        row[p.at["output"]] = ", ".join(step["outputs"])
        rows.append(row)
    # Drawn pages have a place for each row.
    p.rows[:] = rows + ([[""] * width for _ in p.rows[len(rows) :]] if not p.heads else [])
    return True


def foreign_columns(rng: Random, p: Printed) -> bool:
    """A table of another kind under the same form: a list of goods with prices."""
    if not p.heads:
        return False
    foreign = tomllib.loads(GOODS.read_text(encoding="utf-8"))
    width = len(p.rows[0])
    heads = foreign["heads"][:width]
    p.heads[0][:] = heads + [""] * (width - len(heads))
    p.heads[1][:] = [""] * width
    rows = []
    for k, line in enumerate(rng.sample(foreign["goods"], min(len(foreign["goods"]), len(p.rows))), 1):
        amount, price = rng.randrange(1, 20), 500 * rng.randrange(5, 900)
        name, unit = line.split(" | ")
        cells = [
            str(k),
            name,
            str(amount),
            unit,
            f"{price:,}".replace(",", "."),
            f"{amount * price:,}".replace(",", "."),
        ]
        rows.append((cells + [""] * width)[:width])
    p.rows[:] = rows
    return True


def wrong_unit(rng: Random, p: Printed) -> bool:
    """Minutes become days."""
    column = p.at["duration"]
    rows = [row for row in _steps(p) if re.fullmatch(r"\d+ menit", row[column], re.IGNORECASE)]
    if not rows:
        return False
    row = rng.choice(rows)
    row[column] = re.sub("menit", "hari", row[column], flags=re.IGNORECASE)
    return True


# -- the header -----------------------------------------------------------------------------------------------------


def _misread(rng: Random, text: str, places: list[int]) -> str:
    at = rng.choice(places)
    return text[:at] + rng.choice([d for d in "0123456789" if d != text[at]]) + text[at + 1 :]


def wrong_month(rng: Random, p: Printed) -> bool:
    index = p.line(rng.choice(("created", "effective", "approved")))
    if index is None:
        return False
    text, months = " ".join(p.fields[index][1]), load("printing")["pieces"]["months"]
    odd = {name: month for month, name in load("printing")["pieces"]["odd_months"].items()}
    for name in (*months, *odd):
        found = re.search(rf"\b{name}\b", text, re.IGNORECASE)
        if found is not None:
            other = rng.choice([month for month in months if month not in (name, odd.get(name))])
            other = other.upper() if found.group().isupper() else other
            p.set(index, [text[: found.start()] + other + text[found.end() :]])
            return True
    found = re.search(r"(?<=[-/])\d\d(?=[-/])", text)
    if found is None:
        return False
    other = rng.choice([f"{m:02}" for m in range(1, 13) if f"{m:02}" != found.group()])
    p.set(index, [text[: found.start()] + other + text[found.end() :]])
    return True


def wrong_date_year(rng: Random, p: Printed) -> bool:
    index = p.line(rng.choice(("created", "effective")))
    found = re.search(r"\b20\d\d\b", " ".join(p.fields[index][1])) if index is not None else None
    if index is None or found is None:
        return False
    text = " ".join(p.fields[index][1])
    p.set(index, [_misread(rng, text, [found.start() + 2, found.start() + 3])])
    return True


def swapped_dates(rng: Random, p: Printed) -> bool:
    i, j = p.line("created"), p.line("effective")
    if i is None or j is None or p.fields[i][1] == p.fields[j][1]:
        return False
    left, right = p.fields[i][1], p.fields[j][1]
    p.set(i, right)
    p.set(j, left)
    return True


def broken_nip(rng: Random, p: Printed) -> bool:
    """A digit lost, doubled, misread, or two that changed places."""
    index = p.line("approver")
    if index is None:
        return False
    lines = list(p.fields[index][1])
    last = lines[-1]
    places = [i for i, c in enumerate(last) if c.isdigit()]
    if len(places) != 18:
        return False
    way, at = rng.randrange(4), rng.choice(places)
    if way == 0:
        spoilt = last[:at] + last[at + 1 :]
    elif way == 1:
        spoilt = last[:at] + last[at] + last[at:]
    elif way == 2:
        spoilt = _misread(rng, last, places)
    else:
        k = rng.randrange(17)
        i, j = places[k], places[k + 1]
        spoilt = last[:i] + last[j] + last[i + 1 : j] + last[i] + last[j + 1 :]
    p.set(index, [*lines[:-1], spoilt])
    return spoilt != last


def wrong_region(rng: Random, p: Printed) -> bool:
    """The letterhead of another region."""
    names = [line.split("|")[1].strip() for line in load("agencies")["regions"]]
    for name in names:
        for k, line in enumerate(p.agency):
            found = re.search(rf"\b{re.escape(name)}\b", line, re.IGNORECASE)
            if found is not None:
                other = rng.choice([n for n in names if n != name])
                other = other.upper() if found.group().isupper() else other
                p.agency[:] = [re.sub(rf"\b{re.escape(name)}\b", other, one, flags=re.IGNORECASE) for one in p.agency]
                return p.agency[k] != line
    return False


# -- the lists ------------------------------------------------------------------------------------------------------


def wrong_year(rng: Random, p: Printed) -> bool:
    """A digit of the year of a citation misread."""
    _, items = p.lists["legal_basis"]
    k = rng.randrange(len(items))
    found = re.search(r"(?:tahun |/)((?:19|20)\d\d)\b", items[k], re.IGNORECASE)
    if found is None:
        return False
    at = found.start(1)
    items[k] = _misread(rng, items[k], [at + 1, at + 2, at + 3])
    return True


def cut_list(rng: Random, p: Printed) -> bool:
    """A list ends in the middle of an item, and what follows is lost."""
    name = rng.choice([name for name, (_, items) in p.lists.items() if any(len(i.split()) > 2 for i in items)])
    label, items = p.lists[name]
    k = rng.choice([k for k, item in enumerate(items) if len(item.split()) > 2])
    words = items[k].split()
    kept = [*items[:k], " ".join(words[: rng.randint(1, len(words) - 1)])]
    p.lists[name] = (label, kept)
    return True


def lost_item(rng: Random, p: Printed) -> bool:
    """An item inside a list is lost with its number."""
    names = [name for name, (_, items) in p.lists.items() if len(items) > 2]
    if not names:
        return False
    label, items = p.lists[name := rng.choice(names)]
    k = rng.randrange(len(items) - 1)
    p.lists[name] = (label, [*items[:k], LOST, *items[k + 1 :]])
    return True


def foreign_item(rng: Random, p: Printed) -> bool:
    """An item of one list stands in another."""
    full = [name for name, (_, items) in p.lists.items() if items and items != ["-"]]
    source, target = rng.sample(full, 2)
    item = rng.choice(p.lists[source][1])
    p.lists[source] = (p.lists[source][0], [one for one in p.lists[source][1] if one != item])
    label, items = p.lists[target]
    k = rng.randint(0, len(items))
    p.lists[target] = (label, [*items[:k], item, *items[k:]])
    return True


def swapped_lists(rng: Random, p: Printed) -> bool:
    """The contents of two lists change places."""
    full = [name for name, (_, items) in p.lists.items() if items and items != ["-"]]
    left, right = rng.sample(full, 2)
    (here, a), (there, b) = p.lists[left], p.lists[right]
    p.lists[left], p.lists[right] = (here, b), (there, a)
    return True


KINDS: dict[str, Fault] = {
    each.__name__.replace("_", "-"): each
    for each in (
        swapped_columns, swapped_cells, shifted_row, cell_below, lost_row, doubled_row, cut_row, foreign_table,
        foreign_columns, wrong_unit, wrong_month, wrong_date_year, swapped_dates, broken_nip, wrong_region, wrong_year,
        cut_list, lost_item, foreign_item, swapped_lists,
    )
}  # fmt: skip
# What readers of documents do wrong most often, and what does the most harm.
GRAVEST = ("swapped-columns", "wrong-year", "cut-list", "lost-item", "lost-row", "foreign-table", "foreign-columns")
