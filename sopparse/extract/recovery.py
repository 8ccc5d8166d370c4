"""The actors of a table whose actor headings are unreadable: those who act in the sentences of the steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from sopparse.extract.actors import UNIT_HALF, unit_affinity
from sopparse.extract.clues import Part, read_clues
from sopparse.normalize.mentions import find_mentions
from sopparse.normalize.text import fold, squeeze
from sopparse.normalize.titles import Title, roles, tokens_of, word_set

ACTS: tuple[Part, ...] = ("subject", "late-subject", "agent", "owner", "next-agent")
ADDRESSED: tuple[Part, ...] = ("addressee", "relayed")
# A garbled heading word is a trace of a word of the steps from this similarity on (two wrong letters of eight).
TRACE = 0.72
# Heading words are taken as the label itself only where nearly all letters agree ("Staf" for "staff").
PRINTED = 0.8
# More orders than those of six actors are not tried.
MAX_ORDERED = 6
SHORTEST_TRACE = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """Characters `start:end` of the activity with that 0-based index name the actor."""

    step: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RecoveredActor:
    """`heading`: characters of the heading text that carry the label, None where the label comes from the steps."""

    label: str
    evidence: tuple[Evidence, ...]
    heading: tuple[int, int] | None
    place: float


class _Naming(NamedTuple):
    evidence: Evidence
    text: str
    title: Title
    acts: bool


def recover_actors(activities: Sequence[str], heading_words: str) -> tuple[RecoveredActor, ...]:
    """The actors in the order of their columns as far as the heading still shows it, else of first appearance."""
    clusters = [c for c in _clusters(_namings(activities)) if any(naming.acts for naming in c)]
    traces = _traces(clusters, heading_words)
    order = _order(len(clusters), traces)
    seen = {cluster for line in traces for cluster in line}
    return tuple(_actor(clusters[i], heading_words, i in seen) for i in order)


def _namings(activities: Sequence[str]) -> list[_Naming]:
    found = []
    parts = [{(role.start, role.end): role.part for role in read_clues(text, ()).roles} for text in activities]
    for step, text in enumerate(activities):
        follows = step + 1 < len(activities) and not any(part in ACTS for part in parts[step + 1].values())
        for mention in find_mentions(text):
            part = parts[step].get((mention.start, mention.end))
            # One who is addressed acts in the next step, if nobody else is said to; a unit addressed only receives.
            called = part in ADDRESSED and follows and roles()[mention.title.roles[0]].kind != "unit"
            evidence = Evidence(step, mention.start, mention.end)
            found.append(_Naming(evidence, mention.text, mention.title, part in ACTS or called))
    return found


def _clusters(namings: Sequence[_Naming]) -> list[list[_Naming]]:
    """Namings of one actor together, in the order of first appearance; those without a unit join last."""
    clusters: list[list[_Naming]] = []
    for naming in sorted(namings, key=lambda n: (n.title.unit is None, n.evidence.step, n.evidence.start)):
        fitting = [c for c in clusters if _same(naming.title, c[0].title)]
        if len(fitting) == 1 or (fitting and naming.title.unit is None):
            fitting[0].append(naming)
        else:
            clusters.append([naming])
    for cluster in clusters:
        cluster.sort(key=lambda n: (n.evidence.step, n.evidence.start))
    return sorted(clusters, key=lambda c: min((n.evidence.step, n.evidence.start) for n in c))


def _same(one: Title, other: Title) -> bool:
    if one.role is None or other.role is None:
        return False
    same = one.role == other.role or set(one.roles) == set(other.roles)
    return same and unit_affinity(one.unit, other.unit) >= UNIT_HALF


def _traces(clusters: Sequence[Sequence[_Naming]], heading: str) -> list[list[int]]:
    """For each line of the heading the clusters whose words it shows, left to right."""
    words = [_words_of(cluster) for cluster in clusters]
    lines = []
    for line in heading.splitlines():
        found = []
        for token in tokens_of(line):
            near = [max((Levenshtein.normalized_similarity(token.word, w) for w in own), default=0.0) for own in words]
            best = max(near, default=0.0)
            if len(token.word) >= SHORTEST_TRACE and best >= TRACE and near.count(best) == 1:
                found.append(near.index(best))
        lines.append(found)
    return lines


def _words_of(cluster: Sequence[_Naming]) -> frozenset[str]:
    words: set[str] = set()
    for naming in cluster:
        words.update(fold(naming.text).split())
        words.update(part for role in naming.title.roles for part in role.split("-"))
    return frozenset(w for w in words if len(w) >= SHORTEST_TRACE)


def _order(count: int, traces: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """The order of columns that reads the heading with the fewest returns to the left; ties by first appearance.

    Headings of several lines are printed line by line across the columns, so in each line the columns come in order.
    """
    if count > MAX_ORDERED:
        return tuple(range(count))

    def returns(order: tuple[int, ...]) -> int:
        at = {cluster: place for place, cluster in enumerate(order)}
        return sum(at[b] < at[a] for line in traces for a, b in pairwise(line))

    return min(permutations(range(count)), key=lambda order: (returns(order), order))


def _actor(cluster: Sequence[_Naming], heading: str, traced: bool) -> RecoveredActor:
    label = _usual(naming.text for naming in cluster)
    printed = _printed(label, heading)
    evidence = tuple(naming.evidence for naming in cluster)
    acting = sum(naming.acts for naming in cluster)
    # Set by hand, not measured: printed in the heading, then acting twice and traced there, then one of the two.
    place = 0.9 if printed is not None else 0.8 if traced and acting > 1 else 0.7 if traced or acting > 1 else 0.5
    if printed is not None:
        return RecoveredActor(heading[printed[0] : printed[1]], evidence, printed, place)
    return RecoveredActor(_capitalised(label), evidence, None, place)


def _usual(texts: Iterable[str]) -> str:
    """The most frequent form, first by its letters and then by its capitals; the earliest of equals."""
    forms = list(texts)
    common = Counter(squeeze(text) for text in forms).most_common(1)[0][0]
    return Counter(text for text in forms if squeeze(text) == common).most_common(1)[0][0]


def _printed(label: str, heading: str) -> tuple[int, int] | None:
    tokens, wanted = tokens_of(heading), squeeze(label)
    length = len(tokens_of(label))
    best: tuple[float, int, int] | None = None
    for size in range(1, length + 2):
        for run in (tokens[i : i + size] for i in range(len(tokens) - size + 1)):
            near = Levenshtein.normalized_similarity("".join(t.word for t in run), wanted)
            if near >= PRINTED and (best is None or near > best[0]):
                best = (near, run[0].start, run[-1].end)
    return best[1:] if best is not None else None


def _capitalised(label: str) -> str:
    small = word_set("part", "and")
    letters = list(label)
    for token in tokens_of(label):
        word = label[token.start : token.end]
        if word.islower() and word not in small:
            letters[token.start] = letters[token.start].upper()
    return "".join(letters)
