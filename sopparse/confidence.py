"""The probability that a value is right: what its three signals come to, as measured on documents with known truth.

`read × place × parse` only orders the values of one kind. The table `vocab/calibration.toml`, fitted by
`make calibrate`, says for each kind of value and each medium which share of the values with such a product was right;
and for each finding, how much less often the values were right that it points at. A kind that was never measured gets
the cautious line `[default]`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Literal

from sopparse import vocab
from sopparse.evidence import Absence, Basis

Medium = Literal["text", "drawn", "scan"]
Knots = tuple[tuple[float, float], ...]

MEDIA: tuple[Medium, ...] = ("text", "drawn", "scan")
ANY = "any"

# Kinds of values by the beginning of their place in a document, without indexes; the first that fits counts.
_PLACES = (
    ("header/approver", "official"),
    ("header/agency", "agency"),
    ("header/created", "date"),
    ("header/revised", "date"),
    ("header/effective", "date"),
    ("header/approved", "date"),
    ("header/title", "title"),
    ("header", "number"),
    ("legal_basis", "citation"),
    ("procedures/title", "caption"),
    ("procedures/footnotes", "caption"),
    ("procedures/actors", "actor"),
    ("procedures/steps/activity", "activity"),
    ("procedures/steps/printed_number", "step-number"),
    ("procedures/steps/requirements", "things"),
    ("procedures/steps/outputs", "things"),
    ("procedures/steps/duration", "duration"),
    ("procedures/steps/note", "note"),
    ("procedures/steps/actors", "performer"),
    ("procedures/flow/nodes", "symbol"),
    ("procedures/flow/edges", "arrow"),
)
_LISTS = ("qualifications", "related_sops", "equipment", "warnings", "records")
# Performers that were concluded, not seen; performers that could not be told; values that are said to be absent.
INFERRED, UNKNOWN, ABSENT = "performer-inferred", "performer-unknown", "absent"
KINDS = tuple(dict.fromkeys((*(kind for _, kind in _PLACES), "list", INFERRED, UNKNOWN, ABSENT)))

_INDEX = re.compile(r"/\d+")


def kind_of(path: str, basis: Basis = "printed", absence: Absence | None = None) -> str | None:
    """The kind of the value at a pointer into a result; None where such a value was never thought of."""
    place = _INDEX.sub("", path).removeprefix("/sops").lstrip("/")
    kind = next((kind for begin, kind in _PLACES if place == begin or place.startswith(begin + "/")), None)
    if absence is not None:
        return UNKNOWN if kind == "performer" else ABSENT
    if place.split("/")[0] in _LISTS:
        return "list"
    return INFERRED if kind == "performer" and basis == "inferred" else kind


def medium_of(reading: str, read: float) -> Medium:
    """How the characters of a value came to us. Of a mixed document only what was recognised is less than certain."""
    if reading == "text":
        return "text"
    return "scan" if reading == "ocr" or (reading == "mixed" and read < 1.0) else "drawn"


def calibrated(kind: str | None, medium: Medium, raw: float, codes: Iterable[str] = ()) -> float:
    """`raw`: read × place × parse. `codes`: of the findings that point at the value, or at what it is part of."""
    found = interpolate(_curve(kind, medium), raw)
    trusts = _trusts()
    return found * min((trusts[code] for code in codes if code in trusts), default=1.0)


def pointing_at(path: str, pointed: Mapping[str, Collection[str]]) -> frozenset[str]:
    """The codes of the findings, by their own pointers, that point at a value or at what it is part of."""
    parts = path.split("/")
    return frozenset(code for k in range(2, len(parts) + 1) for code in pointed.get("/".join(parts[:k]), ()))


def interpolate(knots: Knots, raw: float) -> float:
    """On the line through the knots; below the first one in proportion, behind the last one level."""
    at = bisect_right([x for x, _ in knots], raw)
    if at == len(knots):
        return knots[-1][1]
    (x0, y0), (x1, y1) = knots[at - 1] if at else (0.0, 0.0), knots[at]
    return y0 + (y1 - y0) * (raw - x0) / (x1 - x0)


@cache
def _curve(kind: str | None, medium: Medium) -> Knots:
    table = vocab.load("calibration")
    known = table["curves"].get(kind, {})
    knots = known.get(medium) or known.get(ANY) or table["default"]["knots"]
    return tuple((x, y) for x, y in knots)


@cache
def _trusts() -> dict[str, float]:
    return {code: entry["trust"] for code, entry in vocab.load("calibration")["findings"].items()}


def flaws() -> Iterable[str]:
    """What is wrong with the shipped table, in words."""
    table = vocab.load("calibration")
    for kind, curves in table["curves"].items():
        if kind not in KINDS:
            yield f"{kind} is no kind of value"
        for medium, knots in curves.items():
            if medium not in (*MEDIA, ANY):
                yield f"{kind}: {medium} is no medium"
            yield from (f"{kind}.{medium}: {flaw}" for flaw in _flaws_of(knots))
    yield from (f"default: {flaw}" for flaw in _flaws_of(table["default"]["knots"]))
    known = vocab.load("findings")
    for code, entry in table["findings"].items():
        if code not in known:
            yield f"{code} is no finding"
        if not 0.0 <= entry["trust"] <= 1.0:
            yield f"{code}: trust {entry['trust']} is no share"


def _flaws_of(knots: Sequence[Sequence[float]]) -> Iterable[str]:
    if not knots:
        yield "no knots"
    if any(not 0.0 <= value <= 1.0 for knot in knots for value in knot):
        yield "out of range"
    if any(right[0] <= left[0] for left, right in pairwise(knots)):
        yield "knots are not in order"
    if any(right[1] < left[1] for left, right in pairwise(knots)):
        yield "not monotone"
