"""Who performs each step, where no symbols tell: marks in the actor cells first, then the wording of the whole table.

The table is read as a chain: each step has one performer (or several, where the sentence says so), the sentence speaks
for or against each column, and hands the matter on to the next performer. The chain is solved exactly (forward and
backward sums); that every column acts somewhere is added by repeating this with a bonus for columns not yet used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import exp
from typing import Literal, NamedTuple

from sopparse import vocab
from sopparse.extract.actors import ColumnMatch
from sopparse.extract.clues import Clues, Part, read_clues
from sopparse.normalize.text import fold
from sopparse.normalize.titles import read_title, roles

State = tuple[int, ...]

# Weights are natural logarithms of odds, set by hand from how such sentences are built and not fitted: there are too
# few real tables. With them 65 of 65 steps of the invented tables are right; of 83 steps of twelve real documents 53
# are right, 9 wrong (none above 0.75) and 21 unknown.
SPEAKS: dict[Part, float] = {
    "subject": 6.0,
    "agent": 3.5,
    "owner": 2.2,
    "late-subject": 1.0,
    "next-agent": -1.5,
    "past-agent": -1.5,
    "addressee": -2.5,
    "relayed": -2.0,
    "later-addressee": -0.7,
    "returned": -1.5,
    "source": -2.0,
    "topic": 0.0,
}
HANDS_ON: dict[Part, float] = {
    "addressee": 2.4,
    "next-agent": 2.2,
    "late-subject": 1.2,
    "relayed": 2.2,
    "later-addressee": 0.8,
    "returned": 0.3,
}
PASSES_ON = 1.0  # less for an addressee who only passes the matter on to another named one
COMES_FROM: dict[Part, float] = {"source": 1.2, "past-agent": 1.2}
PROCESS_MARK = 9.0
BRANCH_MARK = 3.0
SEVERAL_GAIN = 1.3
FIRST_COLUMN = 1.3  # columns are ordered by first appearance, so the leftmost begins
RIGHT_NEIGHBOUR = 0.5
STAYS = 0.3
HANDED_AWAY = -0.8  # handing over, to someone not named, and staying
RECEIVES = -1.0  # "Menerima ..." by the one who had it before
LADDER = 1.4  # for the whole length of the ladder between the act and the column
KIND = 1.3
SUPERIOR = 0.9  # orders go down the ladder, and what is checked goes back down
COVERAGE = 1.4
COVERAGE_ROUNDS = 2
# Evidence is not independent: the odds of the chain are flattened before they are reported.
TEMPER = 0.85
# Nothing but a mark or a subject is reported above the last of these.
SUBJECT_PLACE = 0.93
MARK_PLACE = 0.96
SEVERAL_PLACE = 0.82
BRANCH_PLACE = 0.7
CHAIN_PLACE = 0.75
# A subject that fits its column less than this is no better than the chain.
CLEAR_MATCH = 0.7
# Below this, or with a runner-up nearly as good, nobody is named.
LEAST = 0.4
LEAD = 1.35
MAX_COLUMNS = 30


@dataclass(frozen=True, slots=True)
class Performance:
    """`actors`: 0-based columns in flow order, empty where it cannot be told; then `candidates` are the best guesses,
    best first. `place` is the probability that `actors` is right. `spans`: the characters of the activity that speak
    for the answer."""

    actors: tuple[int, ...]
    basis: Literal["mark", "inferred"]
    place: float
    spans: tuple[tuple[int, int], ...] = ()
    candidates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Step:
    clues: Clues
    marked: State
    branch: State
    several: State  # two or more columns named together as the subject


@dataclass(frozen=True, slots=True)
class _Column:
    place: float | None  # on the ladder of ranks of this table, 1 = highest
    kinds: frozenset[str]


class _Move(NamedTuple):
    """Odds between two steps, as factors: leaving a state, entering one, staying with the same column; and the last
    column of each state left, the first of each state entered."""

    came: tuple[float, ...]
    to: tuple[float, ...]
    stays: float
    lasts: tuple[int, ...]
    firsts: tuple[int, ...]


_NEIGHBOUR_GAIN = exp(RIGHT_NEIGHBOUR * TEMPER) - 1.0


def decode_performers(
    activities: Sequence[str], actors: Sequence[str], marks: Sequence[Sequence[str]]
) -> tuple[Performance, ...]:
    """One performance for each step; `marks` holds the text of each actor cell of each step, "" where blank."""
    labels = tuple(actors)
    if not labels or len(labels) > MAX_COLUMNS:
        return tuple(Performance((), "inferred", 0.0) for _ in activities)
    steps = [_step(text, labels, marks[i] if i < len(marks) else ()) for i, text in enumerate(activities)]
    columns = _ladder(labels)
    states: list[list[State]] = [_states(step, len(labels)) for step in steps]
    speaks = [_speaks(step, row, columns) for step, row in zip(steps, states, strict=True)]
    if steps:
        for k, state in enumerate(states[0]):
            speaks[0][k] += FIRST_COLUMN if 0 in state else 0.0
    moves = [_move(steps[t], steps[t + 1], states[t], states[t + 1]) for t in range(len(steps) - 1)]
    shares = _shares(speaks, moves, len(labels))
    for _ in range(COVERAGE_ROUNDS):
        shares = _shares(_with_coverage(speaks, states, shares, len(labels)), moves, len(labels))
    return tuple(_performance(*found) for found in zip(steps, states, shares, strict=True))


def _step(activity: str, labels: tuple[str, ...], cells: Sequence[str]) -> _Step:
    clues = read_clues(activity, labels)
    kinds = [mark_kind(cell) for cell in cells[: len(labels)]]
    marked = tuple(i for i, kind in enumerate(kinds) if kind == "process")
    branch = tuple(i for i, kind in enumerate(kinds) if kind == "branch")
    named = [role.matches[0].column for role in clues.of("subject") if _clear(role.matches)]
    # Two sentences with two subjects are one step of two actors: "PPID meminta ... . OPD memberikan ...".
    named += [role.matches[0].column for role in clues.of("late-subject") if named and _clear(role.matches)]
    several = tuple(dict.fromkeys(named))
    return _Step(clues, marked, branch, several if len(several) > 1 else ())


@lru_cache(maxsize=4096)
def mark_kind(cell: str) -> Literal["process", "branch"] | None:
    """Whether the text of an actor cell shows that the actor acts here, or only labels the exit of a decision."""
    text = cell.strip()
    if not text:
        return None
    known = _marks()
    for key in (text.casefold(), fold(text)):
        if key in known:
            return "process" if known[key] == "process" else "branch"
    if text.rstrip(".").isdecimal() and len(text) <= 3:
        return "process"
    return "process" if any(known.get(word) == "process" for word in fold(text).split()[:3] if len(word) > 1) else None


@cache
def _marks() -> dict[str, str]:
    return {word: entry["kind"] for entry in vocab.load("wording")["mark"] for word in entry["words"]}


def _clear(matches: Sequence[ColumnMatch]) -> bool:
    if not matches or matches[0].score < CLEAR_MATCH:
        return False
    return len(matches) == 1 or matches[1].score < matches[0].score - 0.05


@lru_cache(maxsize=512)
def _ladder(labels: tuple[str, ...]) -> tuple[_Column, ...]:
    found: list[tuple[float | None, frozenset[str]]] = []
    for label in labels:
        title = read_title(label).value
        entries = [roles()[role] for role in title.roles] if title is not None else []
        found.append((entries[0].rank if entries else None, frozenset(entry.kind for entry in entries[:1])))
    ranks = [rank for rank, _ in found if rank is not None]
    low, high = (max(ranks), min(ranks)) if ranks else (0.0, 0.0)
    return tuple(
        _Column((low - rank) / (low - high) if rank is not None and low > high else None, kinds)
        for rank, kinds in found
    )


def _states(step: _Step, count: int) -> list[State]:
    states: list[State] = [(i,) for i in range(count)]
    if len(step.marked) > 1:
        states.append(step.marked)
    if step.several and step.several != step.marked:
        states.append(step.several)
    return states


def _speaks(step: _Step, states: Sequence[State], columns: Sequence[_Column]) -> list[float]:
    """How strongly the row itself speaks for each performer."""
    total = _fits(step.clues, columns)
    subjects = {role.matches[0].column for role in step.clues.of("subject") if role.matches}
    for role in step.clues.roles:
        weight = SPEAKS[role.part]
        for match in role.matches:
            if (weight < 0 and match.column in subjects) or (role.part == "agent" and subjects):
                continue
            total[match.column] += weight * _weight(role.matches, match.column)
    _above(step.clues, columns, total)
    for column in step.marked:
        total[column] += PROCESS_MARK
    for column in step.branch:
        total[column] += BRANCH_MARK / len(step.branch)
    for state in states[len(columns) :]:
        # Stronger than any of its members alone, so that the set wins over them.
        strength = PROCESS_MARK if state == step.marked else 0.0
        strength += SPEAKS["subject"] if state == step.several else 0.0
        total.append(strength * SEVERAL_GAIN)
    return total


def _above(clues: Clues, columns: Sequence[_Column], total: list[float]) -> None:
    """Who gives an order, or returns what he checked, stands above the one who gets it."""
    ordered = clues.of("addressee") if clues.acts and clues.acts[0].id == "order" else ()
    below = {role.matches[0].column for role in (*ordered, *clues.of("returned")) if role.matches}
    places = [place for column in below if (place := columns[column].place) is not None]
    if not places:
        return
    for column, one in enumerate(columns):
        if one.place is not None and one.place != max(places):
            total[column] += SUPERIOR if one.place > max(places) else -SUPERIOR


def _weight(matches: Sequence[ColumnMatch], column: int) -> float:
    """The score of the column among the matches; less the further behind the best it stands."""
    for match in matches:
        if match.column == column:
            return match.score * max(0.0, 1.0 - 2.0 * (matches[0].score - match.score))
    return 0.0


def _fits(clues: Clues, columns: Sequence[_Column]) -> list[float]:
    """High posts order and sign, low ones draft and file, those outside apply."""
    ladder = clues.ladder
    kind = clues.acts[0].kind if clues.acts else None
    if ladder is None and kind is None:
        return [0.0] * len(columns)
    found = []
    for column in columns:
        total = 0.0
        if ladder is not None and column.place is not None:
            total -= LADDER * abs(ladder - column.place)
        if ladder is not None and "external" in column.kinds:
            total -= KIND
        found.append(total + KIND if kind is not None and kind in column.kinds else total)
    return found


def _move(step: _Step, following: _Step, states: list[State], next_states: list[State]) -> _Move:
    """How likely the matter goes from each performer of a step to each performer of the next."""
    to: dict[int, float] = {}
    relayed = bool(step.clues.of("relayed"))
    for part, weight in HANDS_ON.items():
        for role in step.clues.of(part):
            for match in role.matches:
                passed_on = PASSES_ON if relayed and part == "addressee" else 0.0
                gain = (weight - passed_on) * _weight(role.matches, match.column)
                to[match.column] = max(to.get(match.column, 0.0), gain)
    came: dict[int, float] = {}
    for part, weight in COMES_FROM.items():
        for role in following.clues.of(part):
            for match in role.matches:
                came[match.column] = max(came.get(match.column, 0.0), weight * _weight(role.matches, match.column))
    stays = STAYS
    if step.clues.acts and any(act.hands_over for act in step.clues.acts) and not to:
        stays += HANDED_AWAY
    if following.clues.acts and following.clues.acts[0].id == "receive":
        stays += RECEIVES
    return _Move(
        tuple(exp(came.get(state[-1], 0.0) * TEMPER) for state in states),
        tuple(exp(max(to.get(column, 0.0) for column in state) * TEMPER) for state in next_states),
        exp(stays * TEMPER),
        tuple(state[-1] for state in states),
        tuple(state[0] for state in next_states),
    )


def _forward(shares: Sequence[float], move: _Move, count: int) -> list[float]:
    """What reaches each state of the next step. One pass over the columns: only staying and the neighbour differ."""
    leaving = [p * c for p, c in zip(shares, move.came, strict=True)]
    total = sum(leaving)
    # One place more, so that the neighbour left of the first column is an empty one.
    at = [0.0] * (count + 1)
    for last, mass in zip(move.lasts, leaving, strict=True):
        at[last] += mass
    return [
        w * (total - at[first] + _NEIGHBOUR_GAIN * at[first - 1]) + move.stays * at[first]
        for w, first in zip(move.to, move.firsts, strict=True)
    ]


def _backward(ahead: Sequence[float], move: _Move, count: int) -> list[float]:
    """The mirror of `_forward`: what the next step says for each state of this one."""
    entered = [w * v for w, v in zip(move.to, ahead, strict=True)]
    total = sum(entered)
    moved, stayed = [0.0] * (count + 1), [0.0] * (count + 1)
    for first, w, v in zip(move.firsts, entered, ahead, strict=True):
        moved[first] += w
        stayed[first] += v
    return [
        c * (total - moved[last] + _NEIGHBOUR_GAIN * moved[last + 1] + move.stays * stayed[last])
        for c, last in zip(move.came, move.lasts, strict=True)
    ]


def _shares(speaks: Sequence[Sequence[float]], moves: Sequence[_Move], count: int) -> list[list[float]]:
    """The probability of each state of each step, all ways through the table together (forward-backward)."""
    if not speaks:
        return []
    local = []
    for row in speaks:
        highest = max(row)
        local.append([exp((value - highest) * TEMPER) for value in row])
    forward = [_unit(local[0])]
    for move, row in zip(moves, local[1:], strict=True):
        reached = _forward(forward[-1], move, count)
        forward.append(_unit([a * b for a, b in zip(reached, row, strict=True)]))
    backward = [[1.0] * len(local[-1])]
    for move, row in zip(reversed(moves), reversed(local[1:]), strict=True):
        ahead = [a * b for a, b in zip(row, backward[-1], strict=True)]
        backward.append(_unit(_backward(ahead, move, count)))
    return [
        _unit([a * b for a, b in zip(f, b_row, strict=True)])
        for f, b_row in zip(forward, reversed(backward), strict=True)
    ]


def _unit(row: list[float]) -> list[float]:
    total = sum(row)
    return [value / total for value in row] if total > 0 else [1.0 / len(row)] * len(row)


def _with_coverage(
    speaks: Sequence[Sequence[float]],
    states: Sequence[Sequence[State]],
    shares: Sequence[Sequence[float]],
    count: int,
) -> list[list[float]]:
    """A bonus for a column in a step by how likely it acts in no other step."""
    idle = [1.0] * count
    chances: list[list[float]] = []
    for row, share in zip(states, shares, strict=True):
        chance = [0.0] * count
        for state, p in zip(row, share, strict=True):
            for column in state:
                chance[column] = min(0.999, chance[column] + p)
        chances.append(chance)
        idle = [a * (1.0 - b) for a, b in zip(idle, chance, strict=True)]
    return [
        [
            value + COVERAGE * max(idle[column] / (1.0 - chance[column]) for column in state)
            for value, state in zip(row, options, strict=True)
        ]
        for row, options, chance in zip(speaks, states, chances, strict=True)
    ]


def _performance(step: _Step, states: Sequence[State], shares: Sequence[float]) -> Performance:
    order = sorted(range(len(states)), key=lambda k: -shares[k])
    best, top = states[order[0]], shares[order[0]]
    second = shares[order[1]] if len(order) > 1 else 0.0
    candidates = tuple(states[k][0] for k in order[:3] if shares[k] >= 0.1)
    if top < LEAST or top < LEAD * second:
        return Performance((), "inferred", 0.0, candidates=candidates)
    if step.marked and set(best) == set(step.marked):
        return Performance(best, "mark", MARK_PLACE * top if len(best) == 1 else SEVERAL_PLACE * top)
    if step.branch and best[0] in step.branch:
        return Performance(best, "mark", min(BRANCH_PLACE, top))
    subjects = step.clues.of("subject")
    spans = tuple((role.start, role.end) for role in subjects if any(m.column in best for m in role.matches[:1]))
    if spans and not step.marked:
        clear = all(_clear(role.matches) for role in subjects)
        plain = len(best) == 1 and len(subjects) == 1 and not step.several
        limit = SUBJECT_PLACE if plain else SEVERAL_PLACE if best == step.several else CHAIN_PLACE
        return Performance(best, "inferred", top * (limit if clear else CHAIN_PLACE), spans)
    agents = step.clues.of("agent", "owner")
    spans = tuple((role.start, role.end) for role in agents if any(m.column in best for m in role.matches[:1]))
    return Performance(best, "inferred", min(CHAIN_PLACE, top), spans)
