"""What the sentence of a step says about who acts: parts played by the named, and what kind of act it is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

import regex

from sopparse import vocab
from sopparse.extract.actors import ColumnMatch, Named, named_columns
from sopparse.normalize.mentions import find_mentions
from sopparse.normalize.titles import Token, is_verb, tokens_of, word_set

Part = Literal[
    "subject",  # before the verb, at the beginning: acts
    "late-subject",  # before a verb in a later sentence
    "agent",  # "... oleh X" of the main act
    "owner",  # "Persetujuan X": no verb, the named one probably acts
    "next-agent",  # "dan diparaf oleh X": acts on it afterwards
    "past-agent",  # "yang telah diisi oleh X": acted on it before
    "addressee",  # gets the order or the matter
    "relayed",  # "kepada A untuk diteruskan kepada X": gets it through A
    "later-addressee",  # "memerintahkan A untuk membuat surat kepada X": at second hand
    "returned",  # "jika tidak, dikembalikan kepada X"
    "source",  # "dari X"
    "topic",  # named, but plays none of these parts
]

# Words between "yang" and the passive verb: "yang telah selesai diisi".
RELATIVE_REACH = 3
# The main act stands among the first words of the sentence (behind the subject).
ACT_REACH = 8
MAX_ACT_WORDS = 2
# No activity is longer (the longest seen has 556 characters), and a sentence is looked back upon no further.
MAX_READ = 8000
MAX_SENTENCE_WORDS = 150

_SENTENCE_END = regex.compile(r"[.;:!?\n]")


@dataclass(frozen=True, slots=True)
class Role:
    """One named actor and the part it plays."""

    part: Part
    start: int
    end: int
    matches: tuple[ColumnMatch, ...]


@dataclass(frozen=True, slots=True)
class Act:
    id: str
    ladder: float | None
    kind: str | None
    hands_over: bool


@dataclass(frozen=True, slots=True)
class Clues:
    roles: tuple[Role, ...]
    acts: tuple[Act, ...]

    def of(self, *parts: Part) -> tuple[Role, ...]:
        return tuple(role for role in self.roles if role.part in parts)

    @property
    def ladder(self) -> float | None:
        """Where on the ladder of ranks the main acts are done; the mean where there are several."""
        places = [act.ladder for act in self.acts if act.ladder is not None]
        return sum(places) / len(places) if places else None


@lru_cache(maxsize=4096)
def read_clues(activity: str, columns: tuple[str, ...]) -> Clues:
    activity = activity[:MAX_READ]
    tokens = tokens_of(activity)
    if not tokens:
        return Clues((), ())
    named = named_columns(find_mentions(activity), tokens, columns)
    sentence = _Sentence(activity, tokens, named)
    roles = sentence.roles()
    return Clues(roles, _acts(tokens, roles))


class _Sentence:
    """The tokens of an activity with the named actors in it; only lives while the parts are told apart."""

    def __init__(self, text: str, tokens: Sequence[Token], named: Sequence[Named]) -> None:
        self.text, self.tokens, self.named = text, tokens, named
        inside = {place for n in named for place in range(n.start + 1, n.end)}
        self.begins = [token.start for token in tokens]
        self.starts = [0]
        for i in range(1, len(tokens)):
            gap = text[tokens[i - 1].end : tokens[i].start]
            if _SENTENCE_END.search(gap) and tokens[i].start not in inside:
                self.starts.append(i)

    def roles(self) -> tuple[Role, ...]:
        found: list[Role] = []
        at = 0
        for named in self.named:
            while self.tokens[at].start < named.start:
                at += 1
            part = self._joined(found, at) or self._part(at, named, found)
            found.append(Role(part, named.start, named.end, named.matches))
        return tuple(found)

    def _joined(self, before: list[Role], at: int) -> Part | None:
        """ "A dan B": the second plays the part of the first."""
        if not before:
            return None
        between = [t.word for t in self.tokens[self._behind(before[-1].end) : at]]
        if len(between) > 3 or any(w not in word_set("part", "and") | word_set("part", "every") for w in between):
            return None
        gap = self.text[before[-1].end : self.tokens[at].start]
        if not between and gap.strip() not in (",", "/", "&", "+"):
            return None
        return before[-1].part

    def _part(self, at: int, named: Named, before: list[Role]) -> Part:
        start = max(self.starts[bisect_right(self.starts, at) - 1], at - MAX_SENTENCE_WORDS)
        words = [t.word for t in self.tokens[start:at]]
        every = word_set("part", "every")
        while words and words[-1] in every:
            words.pop()
        content = [w for w in words if w not in word_set("part", "then") and not w.isdigit()]
        if not content:
            return "subject" if start == 0 and not before else "late-subject"
        last = words[-1]
        if last in word_set("part", "addressee") or last in word_set("part", "ordered"):
            return self._addressee(words, start, before)
        if last in word_set("part", "source"):
            return "source" if any(is_verb(w) for w in words) else "owner"
        if last in word_set("part", "agent"):
            return self._agent(words[:-1])
        if _is_passive(last):
            return self._agent(words)
        if last in word_set("part", "then") and self._verb_follows(named.end):
            return "late-subject"
        if not any(is_verb(w) for w in words):
            return "owner"
        return "topic"

    def _verb_follows(self, end: int) -> bool:
        behind = self._behind(end)
        return any(is_verb(t.word) for t in self.tokens[behind : behind + 3])

    def _behind(self, end: int) -> int:
        """The index of the first token from character `end` on."""
        return bisect_left(self.begins, end)

    def _addressee(self, words: list[str], start: int, before: list[Role]) -> Part:
        condition = _last_of(words, word_set("part", "condition"))
        if condition is not None:
            rest = words[condition:]
            if any(w in word_set("part", "negative") or w in word_set("part", "returned") for w in rest):
                return "returned"
        purpose = _last_of(words, word_set("part", "future"))
        if purpose is not None:
            begin, end = self.tokens[start].start, self.tokens[start + purpose].start
            if any(r.part == "addressee" and begin <= r.start < end for r in before[-MAX_SENTENCE_WORDS:]):
                relay = any(w in word_set("part", "relay") for w in words[purpose:])
                return "relayed" if relay else "later-addressee"
        return "addressee"

    def _agent(self, words: list[str]) -> Part:
        verb = next((i for i in range(len(words) - 1, -1, -1) if is_verb(words[i])), None)
        if verb is None or not _is_passive(words[verb]):
            return "agent"
        reach = words[max(0, verb - RELATIVE_REACH) : verb]
        if any(w in word_set("part", "relative") for w in reach):
            return "next-agent" if any(w in word_set("part", "future") for w in reach) else "past-agent"
        if any(is_verb(w) and not _is_passive(w) for w in words[:verb]):
            return "next-agent"
        return "agent"


@cache
def _passive_prefix() -> str:
    prefix: str = vocab.load("wording")["morphology"]["passive_prefix"]
    return prefix


def _is_passive(word: str) -> bool:
    return word.startswith(_passive_prefix()) and is_verb(word)


def _last_of(words: Sequence[str], wanted: frozenset[str]) -> int | None:
    return next((i for i in range(len(words) - 1, -1, -1) if words[i] in wanted), None)


@cache
def _act_forms() -> dict[str, Act]:
    found = {}
    for entry in vocab.load("wording")["act"]:
        act = Act(entry["id"], entry.get("ladder"), entry.get("kind"), entry.get("hands_over", False))
        found.update(dict.fromkeys(entry["forms"], act))
    return found


def _acts(tokens: Sequence[Token], roles: Sequence[Role]) -> tuple[Act, ...]:
    """The kinds of the main acts: among the first words, up to a word of purpose or a relative clause."""
    begin = roles[0].end if roles and roles[0].part == "subject" else 0
    words = [t.word for t in tokens if t.start >= begin][:ACT_REACH]
    stop = word_set("part", "future") | word_set("part", "relative") | word_set("part", "condition")
    forms, found = _act_forms(), []
    for i, word in enumerate(words):
        if i > 1 and word in stop:
            break
        act = forms.get(" ".join(words[i : i + MAX_ACT_WORDS])) or forms.get(word)
        # A noun such as "laporan" only names the act where it begins the sentence or follows a verb of doing.
        if act is not None and act not in found and _names_act(words, i):
            found.append(act)
    return tuple(found)


def _names_act(words: Sequence[str], at: int) -> bool:
    return at == 0 or is_verb(words[at]) or words[at - 1] in word_set("part", "doing")
