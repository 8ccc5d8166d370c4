"""Connectors to links between placed symbols: over page breaks, without heads, with loose ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sopparse.extract.charts import LINKS, Chart, Place, says_end
from sopparse.normalize.text import squeeze
from sopparse.page import Connector, Points

# Lines on both sides of a page break: how far apart they may stand sideways (points), beyond which the column decides.
SIDEWAYS = 12.0
# How many rows from the break the loose end of a line may lie.
ROWS_FROM_BREAK = 2


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow from one place to another (positions in the list of places).

    `points` is the drawn line as far as it stands on the page of the source, empty where nothing is drawn.
    """

    source: int
    target: int
    points: Points = ()
    read: float = 1.0
    guess: str | None = None  # why it is not simply what is drawn: the code of the finding


@dataclass(slots=True)
class _Loose:
    """A line with one end in the air: `known` is the place at its other end (None: it only passes through the page)."""

    chart: int
    known: int | None
    outgoing: bool | None  # None: without a head it may be either
    at: tuple[float, float]
    line: Connector


def find_links(charts: Sequence[Chart], places: Sequence[Place]) -> tuple[list[Link], list[int]]:
    """The links, and the places that a line with an unexplained loose end leads from or to."""
    where = {(place.chart, place.index): n for n, place in enumerate(places)}
    links: list[Link] = []
    headless: list[Link] = []
    loose: list[_Loose] = []
    for c, chart in enumerate(charts):
        for line in chart.drawing.connectors:
            source = where.get((c, line.source)) if line.source is not None else None
            target = where.get((c, line.target)) if line.target is not None else None
            if source is not None and target is not None:
                if _overlap(places[source], places[target]):
                    continue
                (links if line.headed else headless).append(Link(source, target, line.points, line.read))
            elif line.source is None or line.target is None:
                loose.extend(_loose(c, source, target, line))
    found, rest = _over_breaks(charts, places, loose)
    links += found
    links += _directed(headless, links, places)
    found, rest = _within_cells(charts, places, rest, links)
    links += found
    links += _paired(charts, places, links)
    links = _distinct(links)
    return links, [one.known for one in rest if one.known is not None]


def _overlap(one: Place, other: Place) -> bool:
    """Whether one symbol stands partly behind the other: what is seen between them is an outline and no arrow."""
    a, b = one.symbol.box, other.symbol.box
    return one is not other and min(a.x1, b.x1) > max(a.x0, b.x0) and min(a.bottom, b.bottom) > max(a.top, b.top)


def _loose(chart: int, source: int | None, target: int | None, line: Connector) -> Iterator[_Loose]:
    if source is not None:
        yield _Loose(chart, source, True if line.headed else None, line.points[-1], line)
    elif target is not None:
        yield _Loose(chart, target, False if line.headed else None, line.points[0], line)


def _directed(headless: Sequence[Link], links: Sequence[Link], places: Sequence[Place]) -> list[Link]:
    """Lines without a head lead to the later step. Within a row they lead on from where something arrives; where that
    does not tell, downwards or to the right. The surest lines are settled first, because they tell about others."""
    arrivals = Counter(link.target for link in links)
    pending = list(headless)
    out: list[Link] = []

    def doubt(link: Link) -> tuple[int, int, int]:
        one, other = places[link.source], places[link.target]
        if one.step != other.step:
            rank = 0
        elif (arrivals[link.source] > 0) != (arrivals[link.target] > 0):
            rank = 1
        else:
            rank = 2 if _stacked(one, other) else 3
        return rank, min(link.source, link.target), max(link.source, link.target)

    while pending:
        link = min(pending, key=doubt)
        pending.remove(link)
        one, other = link.source, link.target
        rank = doubt(link)[0]
        if rank == 0:
            turn = places[one].step > places[other].step
        elif rank == 1:
            turn = arrivals[other] > 0
        else:
            turn = _before(places[other], places[one])
        if turn:
            link = replace(link, source=other, target=one, points=link.points[::-1])
        arrivals[link.target] += 1
        out.append(link)
    return out


def _stacked(one: Place, other: Place) -> bool:
    a, b = one.symbol.box, other.symbol.box
    return a.bottom <= b.top or b.bottom <= a.top


def _before(one: Place, other: Place) -> bool:
    """Whether one comes first in a row: above the other, or to the left where they stand side by side."""
    a, b = one.symbol.box, other.symbol.box
    return a.top < b.top if _stacked(one, other) else a.x0 < b.x0


def _distinct(links: Sequence[Link]) -> list[Link]:
    seen: dict[tuple[int, int], Link] = {}
    for link in links:
        key = (link.source, link.target)
        if key not in seen or (seen[key].guess is not None and link.guess is None):
            seen[key] = link
    return list(seen.values())


# -- page breaks ----------------------------------------------------------------------------------------------------


def _over_breaks(
    charts: Sequence[Chart], places: Sequence[Place], loose: Sequence[_Loose]
) -> tuple[list[Link], list[_Loose]]:
    """Lines that leave one page at the bottom and come in at the top of the next, nearest pairs first."""
    links: list[Link] = []
    used: set[int] = set()
    for c in range(len(charts) - 1):
        above = [k for k, one in enumerate(loose) if one.chart == c and _near_break(charts[c], one, bottom=True)]
        below = [
            k for k, one in enumerate(loose) if one.chart == c + 1 and _near_break(charts[c + 1], one, bottom=False)
        ]
        offers = sorted(
            (cost, a, b) for a in above for b in below if (cost := _sideways(charts, loose[a], loose[b])) is not None
        )
        for _, a, b in offers:
            if a in used or b in used:
                continue
            up, down = loose[a], loose[b]
            forward = up.outgoing is not False and down.outgoing is not True
            backward = up.outgoing is not True and down.outgoing is not False
            if not (forward or backward):
                continue
            source, target = (up, down) if forward else (down, up)
            assert source.known is not None
            assert target.known is not None
            points = source.line.points if source.line.source is not None else source.line.points[::-1]
            links.append(Link(source.known, target.known, points, 0.9 * up.line.read * down.line.read))
            used |= {a, b}
    return links, [one for k, one in enumerate(loose) if k not in used]


def _near_break(chart: Chart, one: _Loose, bottom: bool) -> bool:
    bands = chart.bands[-ROWS_FROM_BREAK:] if bottom else chart.bands[:ROWS_FROM_BREAK]
    return (
        any(band.top - 4 <= one.at[1] <= band.bottom + 20 for band in bands)
        if bottom
        else any(band.top - 20 <= one.at[1] <= band.bottom + 4 for band in bands)
    )


def _sideways(charts: Sequence[Chart], up: _Loose, down: _Loose) -> float | None:
    """How badly two ends fit over a break; None where they stand in different columns and far apart."""
    distance = abs(up.at[0] - down.at[0])
    one, other = charts[up.chart].lane_at(up.at[0]), charts[down.chart].lane_at(down.at[0])
    same = one is not None and other is not None and one.actor == other.actor
    if not same and distance > SIDEWAYS:
        return None
    return distance + (0.0 if same else SIDEWAYS)


def _paired(charts: Sequence[Chart], places: Sequence[Place], links: Sequence[Link]) -> Iterator[Link]:
    """Page connectors: one that something leads into, with the one of the next page that leads on."""
    arrivals = Counter(link.target for link in links)
    departures = Counter(link.source for link in links)
    ends = [n for n, p in enumerate(places) if p.kind in LINKS and arrivals[n] and not departures[n]]
    starts = [n for n, p in enumerate(places) if p.kind in LINKS and departures[n] and not arrivals[n]]
    offers = []
    for a in ends:
        for b in starts:
            one, other = places[a], places[b]
            apart = other.chart - one.chart
            label = squeeze(one.text or "")
            same = bool(label) and label == squeeze(other.text or "")
            if one.kind != other.kind or (label and other.text and not same):
                continue
            if not same and (abs(apart) != 1 or one.kind == "on-page"):
                continue
            sideways = abs(one.symbol.box.x0 + one.symbol.box.x1 - other.symbol.box.x0 - other.symbol.box.x1) / 2
            offers.append(
                (apart != 1, not same, apart < 0, abs(apart), one.actors[0] != other.actors[0], sideways, a, b)
            )
    used: set[int] = set()
    for *_, a, b in sorted(offers):
        if a not in used and b not in used:
            used |= {a, b}
            yield Link(a, b, (), 0.95)


# -- what is missing ------------------------------------------------------------------------------------------------


def _within_cells(
    charts: Sequence[Chart], places: Sequence[Place], loose: Sequence[_Loose], links: Sequence[Link]
) -> tuple[list[Link], list[_Loose]]:
    """A line that ends in the cell of a symbol without touching it is meant for it."""
    arrivals = {link.target for link in links}
    departures = {link.source for link in links}
    found, rest = [], []
    for one in loose:
        chart = charts[one.chart]
        lane, band = chart.lane_at(one.at[0]), chart.band_at(one.at[1])
        here = [
            n
            for n, place in enumerate(places)
            if lane is not None
            and band is not None
            and n != one.known
            and place.chart == one.chart
            and place.step == band.step
            and place.actors[0] == lane.actor
        ]
        wanted = [n for n in here if n not in (arrivals if one.outgoing is not False else departures)]
        if one.known is None or len(here) != 1 or not wanted:
            rest.append(one)
            continue
        source, target = (wanted[0], one.known) if one.outgoing is False else (one.known, wanted[0])
        found.append(Link(source, target, one.line.points, 0.6, "flow.end-guessed"))
    return found, rest


def missing_links(places: Sequence[Place], links: Sequence[Link]) -> Iterator[Link]:
    """From a step that nothing leaves to the next step, if nothing leads there: nothing is drawn, it is inferred."""
    arrivals = {link.target for link in links}
    departures = {link.source for link in links}
    steps: dict[int, list[int]] = {}
    for n, place in enumerate(places):
        steps.setdefault(place.step, []).append(n)
    for step in sorted(steps):
        ends = [n for n in steps[step] if n not in departures]
        starts = [n for n in steps.get(step + 1, ()) if n not in arrivals]
        if len(ends) != 1 or len(starts) != 1:
            continue
        place = places[ends[0]]
        ended = says_end(place.text) or (place.kind == "terminator" and ends[0] in arrivals)
        if not ended:
            yield Link(ends[0], starts[0], (), 0.5, "flow.link-inferred")
