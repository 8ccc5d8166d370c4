"""Flow charts over tables: which step and which actor each symbol belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sopparse import vocab
from sopparse.geometry import Box
from sopparse.model import Symbol as Kind
from sopparse.normalize.text import squeeze
from sopparse.page import Drawing, Symbol, Words, text_of

# A symbol whose middle lies this far outside the table still belongs to the nearest row and column (points).
OUTSIDE = 8.0
# A branch label may stand beside the actor columns, where a line leaves them (points).
LABEL_OUTSIDE = 12.0
# A symbol that covers this share of a column belongs to that actor, too.
COVERED = 0.5

# The kinds that only lead the flow on and are no step.
LINKS = ("off-page", "on-page")


@dataclass(frozen=True, slots=True)
class Lane:
    """The column of one actor (0-based) on a page."""

    actor: int
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class Band:
    """The row of one step (0-based) on a page; a step that goes on over the page has one on each."""

    step: int
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Chart:
    """The part of a table that stands on one page, with what is drawn over it."""

    page: int
    lanes: tuple[Lane, ...]
    bands: tuple[Band, ...]
    drawing: Drawing

    def lane_at(self, x: float) -> Lane | None:
        near = min(self.lanes, key=lambda lane: _outside(x, lane.x0, lane.x1), default=None)
        return near if near is not None and _outside(x, near.x0, near.x1) <= OUTSIDE else None

    def band_at(self, y: float) -> Band | None:
        near = min(self.bands, key=lambda band: _outside(y, band.top, band.bottom), default=None)
        return near if near is not None and _outside(y, near.top, near.bottom) <= OUTSIDE else None


def _outside(value: float, low: float, high: float) -> float:
    return max(low - value, value - high, 0.0)


@dataclass(frozen=True, slots=True)
class Place:
    """A symbol that is part of the flow: its chart and its position there, its step and actors (the main one first)."""

    chart: int
    index: int
    symbol: Symbol
    step: int
    actors: tuple[int, ...]

    @property
    def kind(self) -> Kind:
        return self.symbol.kind

    @property
    def text(self) -> str | None:
        return text_of(self.symbol.words) or None


def place_symbols(charts: Sequence[Chart]) -> list[Place]:
    """The symbols that stand in a row and a column, by step; frames around a branch label are no symbols."""
    places = []
    for c, chart in enumerate(charts):
        tied = {i for line in chart.drawing.connectors for i in (line.source, line.target)}
        for i, symbol in enumerate(chart.drawing.symbols):
            box = symbol.box
            band, lane = chart.band_at((box.top + box.bottom) / 2), chart.lane_at((box.x0 + box.x1) / 2)
            if band is None or lane is None:
                continue
            if i not in tied and symbol.kind != "decision" and read_branch(symbol.words) is not None:
                continue
            covered = [other.actor for other in chart.lanes if other is not lane and _covers(box, other)]
            places.append(Place(c, i, symbol, band.step, (lane.actor, *covered)))
    places.sort(key=lambda p: (p.step, p.chart, p.symbol.box.x0, p.symbol.box.top))
    return places


def _covers(box: Box, lane: Lane) -> bool:
    return min(box.x1, lane.x1) - max(box.x0, lane.x0) >= COVERED * (lane.x1 - lane.x0)


def branch_labels(chart: Chart) -> list[Words]:
    """The phrases over the actor columns that are no text of a symbol, and frames that hold only such a phrase."""
    if not chart.lanes:
        return []
    labels = [words for words in chart.drawing.labels if _beside(chart, words)]
    tied = {i for line in chart.drawing.connectors for i in (line.source, line.target)}
    for i, symbol in enumerate(chart.drawing.symbols):
        if i not in tied and symbol.kind != "decision" and symbol.words and read_branch(symbol.words) is not None:
            labels.append(symbol.words)
    return labels


def _beside(chart: Chart, words: Words) -> bool:
    """Whether some word stands over the actor columns or close beside them."""
    left, right = chart.lanes[0].x0 - LABEL_OUTSIDE, chart.lanes[-1].x1 + LABEL_OUTSIDE
    return any(
        box is not None and box.x1 >= left and box.x0 <= right and chart.band_at((box.top + box.bottom) / 2) is not None
        for box in (word.box for word in words)
    )


# -- words ----------------------------------------------------------------------------------------------------------


@cache
def _forms(name: str, key: str = "forms") -> frozenset[str]:
    return frozenset(squeeze(form) for form in vocab.load("flow")[name][key])


def read_branch(words: Words) -> str | None:
    """The exit that a label names: "yes", "no", or None where it is no such label."""
    text = squeeze(text_of(words))
    if not text or len(text) > 24:
        return None
    if text in _forms("no"):
        return "no"
    if text in _forms("yes"):
        return "yes"
    negated = any(text.startswith(no) and text[len(no) :] in _forms("yes") for no in _forms("no", "negations"))
    return "no" if negated else None


def says_start(text: str | None) -> bool:
    return text is not None and squeeze(text) in _forms("start")


def says_end(text: str | None) -> bool:
    return text is not None and squeeze(text) in _forms("end")
