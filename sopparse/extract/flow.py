"""What is drawn over the actor columns to the flow: nodes, edges with conditions, and who performs each step."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

from sopparse.evidence import Field, Origin, Piece, Signals, issue
from sopparse.extract.branches import Branch, find_branches
from sopparse.extract.charts import LINKS, Chart, Place, place_symbols, says_end, says_start
from sopparse.extract.links import Link, find_links, missing_links
from sopparse.extract.parts import Notes, Part
from sopparse.geometry import Box
from sopparse.model import Actor, Edge, Flow, Node, Step
from sopparse.model import Symbol as Kind
from sopparse.page import Words, origins_of, read_of

# Trust in a condition that only follows from the other exit's label.
_COMPLEMENT = 0.9


@dataclass(frozen=True, slots=True)
class Performers:
    """Who performs a step by the symbols of its row, in the order of the flow; empty where the row has no symbol."""

    actors: tuple[str, ...]
    origins: tuple[Origin, ...]
    place: float


@dataclass(frozen=True, slots=True)
class Charted:
    """The flow of a table and the performers of its steps, one entry for each step."""

    flow: Part[Flow]
    performers: tuple[Performers, ...]


def extract_flow(charts: Sequence[Chart], steps: Sequence[Step], actors: Sequence[Actor]) -> Charted:
    """The flow chart over one table, page by page in order.

    What is drawn wins. A link that is not drawn is added only where one step leads nowhere and the next comes from
    nowhere; it is marked as inferred and has a finding.
    """
    # A heading that could not be read leaves a lane without an actor.
    places = [place for place in place_symbols(charts) if max(place.actors) < len(actors)]
    links, loose = find_links(charts, places)
    links += list(missing_links(places, links))
    links.sort(key=lambda link: (link.source, link.target))
    branches = find_branches(charts, places, links)
    kinds = _meanings(places, links)
    notes = Notes()
    nodes = [
        Node(
            id=f"n{n + 1}",
            step=steps[place.step].number,
            actor=actors[place.actors[0]].id,
            symbol=kinds[n],
            text=place.text,
        )
        for n, place in enumerate(places)
    ]
    for n, place in enumerate(places):
        notes.fields[f"/nodes/{n}"] = _node_field(nodes[n], place, charts[place.chart].page, len(place.actors) == 1)
    edges = []
    for k, link in enumerate(links):
        edge = Edge(
            source=nodes[link.source].id,
            target=nodes[link.target].id,
            condition=branches[k].condition if k in branches else None,
        )
        edges.append(edge)
        notes.fields[f"/edges/{k}"] = _edge_field(edge, link, branches.get(k), charts[places[link.source].chart].page)
        _edge_issues(f"/edges/{k}", link, branches.get(k), nodes, notes)
    _node_issues(nodes, links, loose, notes)
    flow = notes.part(Flow(nodes=tuple(nodes), edges=tuple(edges)))
    return Charted(flow, _performers(charts, places, links, steps, actors))


# -- symbols --------------------------------------------------------------------------------------------------------


def _meanings(places: Sequence[Place], links: Sequence[Link]) -> list[Kind]:
    """What the symbols mean. Where every step is drawn with one round shape, the shape tells nothing: the first and
    last of a way are terminators, the others processes. A plain box says that it is a process."""
    arrivals = {link.target for link in links}
    departures = {link.source for link in links}
    shapes = {p.kind for p in places if p.kind not in (*LINKS, "decision")}
    decided = any(p.kind == "decision" for p in places)
    round_ones = sum(p.kind == "terminator" for p in places)
    one_shape = len(shapes) == 1 and (round_ones > 2 if decided else shapes <= {"terminator", "other"})
    out: list[Kind] = []
    first, last = min((p.step for p in places), default=0), max((p.step for p in places), default=0)
    for n, place in enumerate(places):
        kind: Kind = place.kind
        if kind == "on-page" and (n not in arrivals or n not in departures) and place.step in (first, last):
            # A circle that nothing leads to or from, in the first or last row, starts or ends the flow.
            kind = "terminator"
        elif kind not in (*LINKS, "decision"):
            if says_start(place.text) or says_end(place.text):
                kind = "terminator"
            elif one_shape:
                kind = "terminator" if n not in arrivals or n not in departures else "process"
        out.append(kind)
    return out


def _node_field(node: Node, place: Place, page: int, certain: bool) -> Field[Node]:
    words = place.symbol.words
    drawn = Origin(page=page, box=place.symbol.box, span=None, pieces=_pieces(words))
    return Field(
        value=node,
        raw=place.text,
        origins=(drawn,),
        signals=Signals(place.symbol.read * read_of(words), 0.98 if certain else 0.85, 1.0),
        basis="symbol",
    )


def _pieces(words: Words) -> tuple[Piece, ...]:
    return tuple(piece for origin in origins_of(words) for piece in origin.pieces)


# -- edges ----------------------------------------------------------------------------------------------------------


def _edge_field(edge: Edge, link: Link, branch: Branch | None, page: int) -> Field[Edge]:
    words = branch.words if branch is not None else ()
    origins = [*origins_of(words)]
    if link.points:
        xs, ys = [x for x, _ in link.points], [y for _, y in link.points]

        origins.insert(0, Origin(page, Box(min(xs), min(ys), max(xs), max(ys)), None, line=link.points))
    parse = _COMPLEMENT if branch is not None and not words else 1.0
    return Field(
        value=edge,
        raw=" ".join(word.text for word in words) or None,
        origins=tuple(origins),
        signals=Signals(read_of(words), link.read, parse),
        basis="inferred" if link.guess is not None else "symbol",
    )


def _edge_issues(pointer: str, link: Link, branch: Branch | None, nodes: Sequence[Node], notes: Notes) -> None:
    source, target = nodes[link.source], nodes[link.target]
    if link.guess is not None:
        notes.issues.append((pointer, issue(link.guess, source=source.step, target=target.step)))
    if branch is not None and not branch.words:
        notes.issues.append((pointer, issue("flow.condition-inferred", step=source.step)))


def _node_issues(nodes: Sequence[Node], links: Sequence[Link], loose: Sequence[int], notes: Notes) -> None:
    """Findings about nodes: lines that lead nowhere, symbols without a line, ways that no start leads to."""
    arrivals = Counter(link.target for link in links)
    departures = Counter(link.source for link in links)
    for n in sorted(set(loose)):
        notes.issues.append((f"/nodes/{n}", issue("flow.line-dangling", step=nodes[n].step)))
    apart = {n for n in range(len(nodes)) if not arrivals[n] and not departures[n]}
    if len(nodes) > 1:
        for n in sorted(apart):
            notes.issues.append((f"/nodes/{n}", issue("flow.node-isolated", step=nodes[n].step)))
    ahead: dict[int, list[int]] = {}
    for link in links:
        ahead.setdefault(link.source, []).append(link.target)
    reached = set(apart)
    todo = deque(n for n in range(len(nodes)) if n == 0 or not arrivals[n] or says_start(nodes[n].text))
    while todo:
        n = todo.popleft()
        if n not in reached:
            reached.add(n)
            todo.extend(ahead.get(n, ()))
    for n in range(len(nodes)):
        if n not in reached and nodes:
            notes.issues.append((f"/nodes/{n}", issue("flow.node-unreachable", step=nodes[n].step)))


# -- performers -----------------------------------------------------------------------------------------------------


def _performers(
    charts: Sequence[Chart],
    places: Sequence[Place],
    links: Sequence[Link],
    steps: Sequence[Step],
    actors: Sequence[Actor],
) -> tuple[Performers, ...]:
    order = _order(places, links)
    rows: list[list[int]] = [[] for _ in steps]
    for n, place in enumerate(places):
        if place.kind not in LINKS:
            rows[place.step].append(n)
    out = []
    for row in rows:
        row.sort(key=lambda n: order[n])
        ids = dict.fromkeys(actors[a].id for n in row for a in places[n].actors)
        origins = tuple(Origin(charts[places[n].chart].page, places[n].symbol.box, None) for n in row)
        out.append(Performers(tuple(ids), origins, min((places[n].symbol.read for n in row), default=0.0) * 0.98))
    return tuple(out)


def _order(places: Sequence[Place], links: Sequence[Link]) -> list[int]:
    """The position of each place when one walks the flow from its starts, earlier steps first."""
    ahead: dict[int, list[int]] = {}
    waiting = Counter[int]()
    entered = {link.target for link in links if places[link.source].step < places[link.target].step}
    for link in links:
        forward = places[link.target].step > places[link.source].step
        level = places[link.target].step == places[link.source].step and link.target != link.source
        # Of a row that is walked both ways, the symbol that an earlier step leads to comes first.
        back = link.target in entered and link.source not in entered
        if forward or (level and not back and link.source not in ahead.get(link.target, ())):
            ahead.setdefault(link.source, []).append(link.target)
            waiting[link.target] += 1
    order = [0] * len(places)
    left = set(range(len(places)))
    for position in range(len(places)):
        n = min(left, key=lambda k: (waiting[k] > 0, places[k].step, k))
        left.remove(n)
        order[n] = position
        for after in ahead.get(n, ()):
            waiting[after] -= 1
    return order
