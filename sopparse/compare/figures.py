"""Figures for the overview: the rows of the answers counted by agency, by procedure, by regulation.

Each says on how many documents it rests. What is doubtful or unknown is in no figure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sopparse.compare.entries import Row
from sopparse.compare.forms import PARTS
from sopparse.compare.questions import Comparison


@dataclass(frozen=True, slots=True)
class Figure:
    """A small table of one question; `basis` is the number of SOPs that it rests on."""

    code: str
    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    basis: int


def figures(comparison: Comparison) -> tuple[Figure, ...]:
    return tuple(_figure(comparison, code, name, list(make(comparison))) for code, name, make in FIGURES)


def _figure(comparison: Comparison, code: str, name: str, rows: Sequence[Row]) -> Figure:
    basis = len({row["sop"] for row in comparison.answers[code] if row.get(BASIS.get(code, "sop"))})
    columns = tuple(dict.fromkeys(key for row in rows for key in row))
    return Figure(code, name, columns, tuple(rows), basis)


def _by(rows: Iterable[Row], key: str) -> dict[Any, list[Row]]:
    parted: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        parted[row[key]].append(row)
    return dict(sorted(parted.items(), key=lambda pair: (-len(pair[1]), str(pair[0]))))


def _middle(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(median(known), 2) if known else None


def _known(rows: Sequence[Row], column: str) -> int:
    return sum(row[column] is not None for row in rows)


def overview(comparison: Comparison) -> Iterator[Row]:
    """One row for each agency."""
    answers = comparison.answers
    of = {code: _by(answers[code], "agency") for code in ("A1", "A2", "A3", "A5", "A6", "A7", "A13")}
    for agency, documents in _by(comparison.documents, "agency").items():
        forms, ages = of["A1"].get(agency, []), of["A2"].get(agency, [])
        times, sizes, hands = of["A3"].get(agency, []), of["A5"].get(agency, []), of["A6"].get(agency, [])
        cited = of["A7"].get(agency, [])
        yield {
            "agency": agency,
            "documents": len(documents),
            "completeness": _share(sum(row["filled"] for row in forms), sum(row["parts"] for row in forms)),
            "years": _middle(row["years"] for row in ages),
            "dated": _known(ages, "years"),
            "steps": _middle(row["steps"] for row in sizes),
            "actors": _middle(row["actors"] for row in sizes),
            "decisions": _middle(row["decisions"] for row in sizes),
            "returns": _middle(row["returns"] for row in sizes),
            "charts": _known(sizes, "decisions"),
            "hand_offs": _middle(row["hand_offs"] for row in hands),
            "counted": _known(hands, "hand_offs"),
            "minutes_low": _middle(row["low"] for row in times),
            "minutes_high": _middle(row["high"] for row in times),
            "timed": _known(times, "low"),
            "replaced_today": sum(row["state_today"] == "replaced" for row in cited),
            "citations": len(cited),
            "violations": len(of["A13"].get(agency, [])),
        }


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 3) if whole else None


def completeness(comparison: Comparison) -> Iterator[Row]:
    """Of each agency, the share of its SOPs in which each part of the form is filled."""
    for agency, rows in _by(comparison.answers["A1"], "agency").items():
        shares = {name: _share(sum(row[name] == "filled" for row in rows), len(rows)) for name in PARTS}
        yield {"agency": agency, "documents": len(rows), **shares}


def ages(comparison: Comparison) -> Iterator[Row]:
    """SOPs by full years since they came into force."""
    rows = comparison.answers["A2"]
    known = Counter(int(row["years"]) for row in rows if row["years"] is not None)
    for years, count in sorted(known.items()):
        yield {"full_years": years, "documents": count}
    unknown = sum(row["years"] is None for row in rows)
    if unknown:
        yield {"full_years": None, "documents": unknown}


def roles(comparison: Comparison) -> Iterator[Row]:
    """The names under which each role appears."""
    rows = [row for row in comparison.answers["A11"] if not row["doubtful"]]
    for role, named in _by(rows, "role").items():
        names = Counter(" ".join(row["label"].split()) for row in named)
        yield {
            "role": role,
            "names": len(names),
            "usual": "; ".join(name for name, _ in names.most_common(5)),
            "agencies": len({row["agency"] for row in named}),
            "documents": len({row["sop"] for row in named}),
        }


def regulations(comparison: Comparison) -> Iterator[Row]:
    """Each cited regulation: how often, and whether it is in force today."""
    rows = [row for row in comparison.answers["A7"] if row["id"] is not None and not row["doubtful"]]
    for regulation, cited in _by(rows, "id").items():
        first = cited[0]
        yield {
            "id": regulation,
            "about": Counter(row["about"] for row in cited).most_common(1)[0][0],
            "documents": len({row["sop"] for row in cited}),
            "state_today": first["state_today"],
            "by_today": first["by_today"],
            "replaced_at_signing": sum(row["state_at_signing"] == "replaced" for row in cited),
            "source": first["source"],
        }


def violations(comparison: Comparison) -> Iterator[Row]:
    """Each rule: how often it is broken, and in how many SOPs."""
    for rule, rows in _by(comparison.answers["A13"], "rule").items():
        yield {
            "rule": rule,
            "severity": rows[0]["severity"],
            "count": len(rows),
            "documents": len({row["sop"] for row in rows}),
            "agencies": len({row["agency"] for row in rows}),
        }


def services(comparison: Comparison) -> Iterator[Row]:
    names = ("legal_basis", "requirements", "procedure", "time", "product", "facilities", "competence")
    for agency, rows in _by(comparison.answers["A14"], "agency").items():
        shares = {name: _share(sum(row[name] for row in rows), len(rows)) for name in names}
        yield {"agency": agency, "documents": len(rows), **shares}


# The column that must be known for a row to count towards the basis of a figure.
BASIS = {"A2": "years", "A7": "id"}
FIGURES: tuple[tuple[str, str, Callable[[Comparison], Iterator[Row]]], ...] = (
    ("A5", "overview", overview),
    ("A1", "completeness", completeness),
    ("A2", "ages", ages),
    ("A7", "regulations", regulations),
    ("A11", "roles", roles),
    ("A13", "violations", violations),
    ("A14", "services", services),
)
