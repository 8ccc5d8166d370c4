"""What speaks for and against putting two pieces of text into one cell: wording, paper width, repetition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import pairwise
from math import log

from sopparse import vocab
from sopparse.normalize.text import fold
from sopparse.page import Words

ACTIVITY, REQUIREMENTS, OUTPUT, NOTE = range(4)

# Shorter words that begin like a predicate mostly are none.
_SHORTEST_PREDICATE = 5

# Widths of printed characters relative to a small letter of a proportional face: the faces in use differ by less.
_NARROW, _WIDE, _CAPITAL = 0.52, 1.5, 1.25
SPACE = 0.52


@dataclass(frozen=True, slots=True)
class Weights:
    """Log-odds of the evidence, in nats by and large.

    First set by hand, then improved by coordinate ascent on tables that no test uses: 60 to 90 of `tests/weaving.py`,
    four of the development documents woven at several widths, the one scanned development document, and at last on 191
    scans of `tests/generator` (seeds below 2200) together with 60 of `tests/weaving.py`: from 0.759 and 0.944 of the
    cells to 0.809 and 0.954.
    """

    loose: float = 0.04  # the share of its width by which a line may fall short
    wide: float = 0.028  # the share of its width by which a line may stand out
    excess: float = 0.39  # for each character that a line is wider than its column
    slack: float = 0.68  # for each character by which the next word would still have fitted on the line
    slack_cap: float = 3.15
    repeated: float = 1.26  # for each other place where two words stand side by side
    compound: float = 2.8  # two words that belong together in the language of offices
    dangling: float = 2.73  # a cell ends with a word that demands another
    comma: float = 3.2
    follower: float = 4.0  # a cell begins with a word that demands one before it
    small: float = 4.2  # a cell begins with a small letter where cells use to begin with a capital
    thing: float = 0.96  # a requirement or output begins with a thing
    verb: float = 1.23  # an active verb outside the activity
    actor: float = 0.2  # a person outside the activity
    doing: float = 2.7  # a condition, aim or addressee outside the activity
    rather: float = 1.12
    supply: float = 1.92  # a supply in the activity
    case: float = 2.8  # words are written with or without capitals as in that column in other rows
    full: float = 0.7  # a line that ends where its column ends: by chance it would seldom be so long
    remark: float = 1.75  # a word of remarks in a requirement or output
    known: float = 1.99  # the same requirement or output stands elsewhere in the table
    joined: float = 1.1  # a joiner before, or a follower after the line break of a continued cell
    missing: float = 3.58  # a row without requirement or output
    no_activity: float = 4.0
    late: float = 3.5  # a cell that begins below the first line of its row
    gap: float = 4.8  # a cell that goes on after lines on which it did not stand
    note: float = 1.06  # a note in a row
    chain: float = 7.7  # the output of a step is the requirement of the next
    wanted: float = 2.0  # a word that demands a predicate is followed by one, or by a thing
    match: float = 1.19  # a word is the one that the neighbouring step promises
    more: float = 2.24  # an activity goes on below its first line
    more_beside: float = 0.84  # another cell does
    start: float = 1.5  # an activity begins with a verb or a person
    home: float = 0.35  # the words of a span stand in that column in other rows


WEIGHTS = Weights()


@dataclass(frozen=True, slots=True)
class Trait:
    """What the wording of one word says."""

    key: str
    width: float
    joiner: bool
    follower: bool
    capital: bool
    small: bool
    comma: bool
    thing: bool
    supply: bool
    note: bool
    plain: bool  # no function word: its capital letter says something
    wants: bool  # a predicate must follow
    predicate: bool
    outside: tuple[bool, bool, bool, bool]  # verb, actor, doing, rather doing


@cache
def lexicon(name: str) -> frozenset[str]:
    return frozenset(vocab.load("unweave")[name]["words"])


@cache
def compounds() -> frozenset[tuple[str, str]]:
    pairs = (pair.split() for pair in vocab.load("unweave")["compounds"]["pairs"])
    return frozenset((left, right) for left, right in pairs)


def _is_predicate(key: str) -> bool:
    known = vocab.load("unweave")["predicates"]
    return key in lexicon("predicates") or (len(key) > _SHORTEST_PREDICATE and key.startswith(tuple(known["prefixes"])))


@cache
def _verb_forms() -> tuple[tuple[str, ...], frozenset[str]]:
    table = vocab.load("unweave")["verbs"]
    return tuple(table["prefixes"]), frozenset(table["exceptions"])


def is_verb(key: str) -> bool:
    prefixes, exceptions = _verb_forms()
    return len(key) > 5 and key.startswith(prefixes) and key not in exceptions


def advance(text: str) -> float:
    """The printed width, in small letters."""
    total = 0.0
    for c in text:
        if c in "iljtfI.,:;'|()[]/-!":
            total += _NARROW
        elif c in "mwMW":
            total += _WIDE
        elif c.isupper():
            total += _CAPITAL
        else:
            total += 1.0
    return total


@lru_cache(maxsize=16384)
def trait(text: str) -> Trait:
    key = fold(text)
    first = next((c for c in text if c.isalnum()), "")
    return Trait(
        key=key,
        width=advance(text),
        joiner=key in lexicon("joiners"),
        follower=key in lexicon("followers"),
        capital=first.isupper(),
        small=first.islower(),
        comma=text.endswith((",", ";", "/", "-", "(", "&")),
        thing=key in lexicon("things"),
        supply=key in lexicon("supplies"),
        note=key in lexicon("notes"),
        plain=bool(first) and first.isalpha() and key not in lexicon("joiners") and key not in lexicon("followers"),
        wants=key in lexicon("wanting"),
        predicate=_is_predicate(key),
        outside=(is_verb(key), key in lexicon("actors"), key in lexicon("doing"), key in lexicon("rather_doing")),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """The words of a physical line that belong into cells, without number and duration.

    `at` is the place among them where the duration stood, None where the line has none; `spaced` says whether an
    empty line precedes. `edges[i]` is the printed width of the first i words, spaces included; `outside[i]` the cost
    of having them in another column than the activity. `borders`, where known, are all places where a column begins.
    """

    words: Words
    traits: tuple[Trait, ...]
    edges: tuple[float, ...]
    outside: tuple[float, ...]
    at: int | None = None
    spaced: bool = False
    borders: frozenset[int] | None = None

    def width(self, start: int, end: int) -> float:
        return self.edges[end] - self.edges[start] - SPACE


def line_of(words: Words, weights: Weights, at: int | None = None, spaced: bool = False) -> Line:
    traits = tuple(trait(word.text) for word in words)
    edges, outside = [0.0], [0.0]
    for t in traits:
        edges.append(edges[-1] + t.width + SPACE)
        verb, actor, doing, rather = t.outside
        cost = weights.verb * verb + weights.actor * actor + weights.doing * doing + weights.rather * rather
        outside.append(outside[-1] + cost)
    return Line(words, traits, tuple(edges), tuple(outside), at, spaced)


Pairs = dict[tuple[str, str], int]
# How often a word stands in each of the four columns.
Homes = dict[str, list[int]]


Keys = tuple[str, ...]
# What a neighbouring step promises: the first word and the pairs of neighbouring words.
Target = tuple[str, frozenset[tuple[str, str]]]
Targets = tuple[Target | None, Target | None, Target | None, Target | None]


def target_of(keys: Keys) -> Target | None:
    return (keys[0], frozenset(pairwise(keys))) if keys else None


_NOWHERE = [0, 0, 0, 0]


@lru_cache(maxsize=4096)
def _leaning(a: int, r: int, o: int, n: int) -> tuple[float, float, float, float]:
    """Log of the smoothed share of each column, relative to an even one."""
    total = a + r + o + n
    if not total:
        return 0.0, 0.0, 0.0, 0.0
    x, y, z, u = (log(4 * (count + 0.5) / (total + 2.0)) for count in (a, r, o, n))
    return x, y, z, u


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the table as a whole while its rows are cut."""

    weights: Weights
    widths: tuple[float, float, float, float]  # printed widths of the columns
    beside: Pairs  # how often two words stand side by side on a line
    joined: Pairs = field(default_factory=dict)  # how often the first ends, the second begins a line of one cell
    capitals: float = 1.0  # the share of cells that begin with a capital
    notes: bool = False  # whether notes are looked for
    noted: bool = False  # whether the heading has a column of notes, or there is no heading
    homes: Homes = field(default_factory=dict)
    cases: tuple[tuple[float, float], ...] = ((0.0, 0.0),) * 4  # log share of small and of capital words by column

    def border(self, left: Trait, right: Trait) -> float:
        """A border between two words of one line: what their company elsewhere says against it."""
        pair = (left.key, right.key)
        elsewhere = self.beside.get(pair, 1) - 1 + self.joined.get(pair, 0)
        score = -self.weights.repeated * min(elsewhere, 3)
        return score - self.weights.compound if pair in compounds() else score

    def opening(self, column: int, first: Trait, row_line: int) -> float:
        w = self.weights
        score = -w.late if row_line else 0.0
        if first.follower:
            score -= w.follower
        elif first.small:
            score -= w.small * self.capitals
        if first.thing and column in (REQUIREMENTS, OUTPUT):
            score += w.thing
        if column == NOTE:
            score -= 0.0 if first.note else w.note
        return score

    def continuing(self, column: int, width: float, last: Trait, following: Trait, target: Target | None) -> float:
        """A line of that width, ending with `last`, goes on with `following` on the next line of the cell."""
        w = self.weights
        slack = self.widths[column] - width - SPACE - following.width
        tolerance = w.loose * self.widths[column]
        if slack > tolerance:
            score = -min(w.slack * (slack - tolerance), w.slack_cap)
        elif self.widths[column] > 0.0:
            score = w.full * log(max(self.widths[column] / (SPACE + following.width), 1.0))
        else:
            score = 0.0
        score -= w.more if column == ACTIVITY else w.more_beside
        pair = (last.key, following.key)
        if target is not None and pair in target[1]:
            score += w.match
        known = self.beside.get(pair, 0) + self.joined.get(pair, 0)
        score += w.repeated * min(known, 2)
        if pair in compounds():
            score += 0.5 * w.compound
        if last.wants and (following.predicate or following.thing):
            score += w.wanted if following.predicate else -w.wanted
            score += w.doing if following.outside[2] and column != ACTIVITY else 0.0
        if last.joiner or last.comma:
            score += w.joined
        elif following.follower or following.small:
            score += 0.5 * w.joined
        return score

    def closing(self, last: Trait) -> float:
        return -self.weights.dangling if last.joiner else -self.weights.comma if last.comma else 0.0

    def sums(self, line: Line, own: Homes, targets: Targets) -> list[list[float]]:
        """For each column the running sum of what the words of the line are worth there: their kind, where they stand
        in other rows, whether the neighbouring step promises them."""
        sums: list[list[float]] = [[0.0], [0.0], [0.0], [0.0]]
        w = self.weights
        previous = ""
        for i, t in enumerate(line.traits):
            everywhere, here = self.homes.get(t.key), own.get(t.key)
            if everywhere is None:
                counts = _NOWHERE
            elif here is None:
                counts = everywhere
            else:
                counts = [max(a - b, 0) for a, b in zip(everywhere, here, strict=True)]
            values = _leaning(counts[0], counts[1], counts[2], counts[3])
            outside = 0.0 if i and line.traits[i - 1].wants else line.outside[i + 1] - line.outside[i]
            for column in range(4):
                value = w.home * values[column]
                if column:
                    value -= outside
                elif t.supply:
                    value -= w.supply
                if t.note and column in (REQUIREMENTS, OUTPUT) and self.noted:
                    value -= w.remark
                if t.plain:
                    value += w.case * self.cases[column][t.capital]
                target = targets[column]
                if target is not None and (previous, t.key) in target[1]:
                    value += w.match
                sums[column].append(sums[column][-1] + value)
            previous = t.key
        return sums

    def fit(self, column: int, width: float) -> float:
        if self.widths[column] <= 0.0:
            return 0.0
        excess = width - self.widths[column] * (1.0 + self.weights.wide)
        return -self.weights.excess * excess if excess > 0 else 0.0


def count_beside(lines: Iterable[Line]) -> Pairs:
    """Neighbours on a line; not across a duration, where a column border is certain."""
    counts: Pairs = {}
    for line in lines:
        for i in range(1, len(line.traits)):
            if i != line.at:
                pair = (line.traits[i - 1].key, line.traits[i].key)
                counts[pair] = counts.get(pair, 0) + 1
    return counts


# A width that has less than this share of the best one's support is not tried.
_LOW_PEAK = 0.6


def likely_widths(bounds: Sequence[tuple[float, float, float]], fallback: float, count: int = 1) -> list[float]:
    """The widths that lie in most intervals (low, high, weight), best first, each a sixth away from the others.

    A continued line is not wider than its column, and with the next word it would be: every one gives an interval.
    """
    events = sorted([(low, 0, weight) for low, _, weight in bounds] + [(high, 1, weight) for _, high, weight in bounds])
    here = 0.0
    peaks: list[tuple[float, float]] = []
    for i, (at, is_end, weight) in enumerate(events):
        here += -weight if is_end else weight
        if not is_end:
            peaks.append((here, (at + events[i + 1][0]) / 2))
    found: list[float] = []
    peaks.sort(reverse=True)
    for height, width in peaks:
        if height < _LOW_PEAK * peaks[0][0]:
            break
        if all(abs(width - other) > other / 6 for other in found):
            found.append(width)
            if len(found) == count:
                break
    return found or [fallback]


def likely_width(bounds: Sequence[tuple[float, float, float]], fallback: float) -> float:
    return likely_widths(bounds, fallback)[0]
