"""The lines of a list to its items: numbering removed, glued items parted, wrapped lines joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

import regex

from sopparse.evidence import Issue, issue
from sopparse.normalize.citations import citation_starts
from sopparse.normalize.items import (
    begins_item,
    brands,
    figure_words,
    last_joints,
    nouns,
    open_words,
    strong_starts,
)  # fmt: skip
from sopparse.normalize.text import fold
from sopparse.page import Sliced, Words, glued, text_of

_NUMBER = regex.compile(r"\(?(?P<number>\d{1,2})\s?[.,)](?=\s|\p{Lu}|$)")
# Inside a line so many items may be missing; more, and the figure is no number of the list.
_MAX_SKIPPED = 2
# A figure alone numbers items only where it begins the lines of the list, one after the other.
_BARE_NUMBER = regex.compile(r"(?P<number>\d{1,2})(?=\s+\p{L}|\s*$)")
_POINTLESS = regex.compile(r"(?P<number>\d{1,2})(?=\s\p{Lu}\p{L}{2})")
_LETTER = regex.compile(r"\(?(?P<letter>[a-z])[.)](?=\s|\p{Lu}|$)")
_BULLET = regex.compile(r"[-–—•●▪■◦○*·►➢✓❖\uf000-\uf0ff]+(?=\s|\p{L})")
_SEAM = regex.compile(r"(?<=\p{L}\p{Ll}{2}|\p{Ll}[.)\]]|\)|\d{4})(?=\p{Lu})")
_COMMA = regex.compile(r",\s+(?=(?P<word>\S+))")
_TRAILING = regex.compile(r"(?:[\s;,.:|_]|\s[-–—&]+(?=\s*$))+$")
_NOTHING = regex.compile(r"[\s\-–—.:;…_/|]*")

Match = regex.Match[str]

# A line at least this share of the longest one was broken for lack of room, and may go on in the next line.
_FULL_LINE = 0.72
# Capital words that begin no item, for each that does, up to which capitals are taken to part items.
_MAX_OTHER_CAPITALS = 0.5
# No list has more items glued together than this.
_MAX_SEAMS = 2000
# What decides about a place in a list stands at most so many characters from it.
_NEAR = 80
# Items of that many characters are suspected to be several that could not be told apart.
_LONG_ITEM = 220


@dataclass(frozen=True, slots=True)
class Item:
    words: Words
    place: float
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[Item, ...]
    labels: Words  # numbering and bullets
    stray: Words  # specks read as letters
    stated_none: bool  # the list holds only a dash


@dataclass(slots=True)
class _Cuts:
    """Where items begin (offset -> sureness) and which characters only number them."""

    at: dict[int, float] = field(default_factory=dict)
    numbering: list[tuple[int, int]] = field(default_factory=list)
    jumps: dict[int, Issue] = field(default_factory=dict)  # by the offset of the item behind the gap

    def add(self, offset: int, sure: float) -> None:
        self.at[offset] = max(self.at.get(offset, 0.0), sure)


def split_items(lines: Sequence[Words], section: str) -> Items:
    """The items of a list from its printed lines, in order."""
    words = tuple(word for line in lines for word in line)
    text = text_of(words)
    if not text or _NOTHING.fullmatch(text):
        return Items((), words, (), bool(text))
    starts = _line_starts(lines)
    cuts = _Cuts()
    cuts.add(0, 1.0)
    numbered = _numbering(text, starts, section, cuts)
    if section == "legal_basis":
        for offset in citation_starts(text):
            cuts.add(offset, 0.95)
    else:
        _starting_words(text, section, cuts, numbered)
    if section == "equipment" and not numbered:
        _commas(text, section, cuts)
    _seams(text, section, cuts, numbered)
    _lines(text, starts, section, cuts, numbered)
    return _items(words, text, cuts, section)


def _line_starts(lines: Sequence[Words]) -> list[int]:
    starts, position = [], 0
    previous = None
    for line in lines:
        if not line:
            continue
        if previous is not None:
            position += 0 if glued(previous, line[0]) else 1
        starts.append(position)
        position += len(text_of(line))
        previous = line[-1]
    return starts


def _numbering(text: str, starts: Sequence[int], section: str, cuts: _Cuts) -> bool:
    """Finds list numbers: ascending ones, at line starts or inside a line. Returns whether there are any."""
    begins = set(starts)
    found = False
    first = _pointless_first(text, starts)
    if first is not None:
        cuts.numbering.append(first.span())
    for pattern in (_NUMBER, _LETTER):
        expected = 2 if pattern is _NUMBER and first is not None else 1
        matches = pattern.finditer(text)
        for match in _with_pointless(text, starts, matches) if pattern is _NUMBER else matches:
            value = int(match["number"]) if pattern is _NUMBER else ord(match["letter"]) - ord("a") + 1
            at_line = match.start() in begins
            if match.re is _POINTLESS:
                if value != expected or expected == 1:
                    continue
            elif not _is_list_number(text, match, value, expected, at_line, section):
                continue
            if pattern is _LETTER and found:
                continue
            cuts.add(match.start(), 0.98 if value == expected else 0.9)
            cuts.numbering.append(match.span())
            if value not in (expected, 1):
                cuts.jumps[match.start()] = issue("list.number-skipped", before=expected - 1, after=value)
            expected = value + 1
        found = found or expected > 1
    found = found or _bare_numbers(text, starts, cuts)
    for match in _BULLET.finditer(text):
        if match.start() in begins or (
            text[match.start()] not in "-–—*" and text[match.start() - 1 : match.start()] == " "
        ):
            cuts.add(match.start(), 0.95)
            cuts.numbering.append(match.span())
            found = True
    return found


def _pointless_first(text: str, starts: Sequence[int]) -> Match | None:
    """The 1 without a point that begins the list, where a line below begins with "2."."""
    first = _BARE_NUMBER.match(text)
    if first is None or first["number"] != "1":
        return None
    numbers = [match["number"] for start in starts if (match := _NUMBER.match(text, start)) is not None]
    return first if numbers[:1] == ["2"] else None


def _with_pointless(text: str, starts: Sequence[int], matches: Iterable[Match]) -> list[Match]:
    """The numbers with a point, and those that begin a line without one: in scans points are lost."""
    found = list(matches)
    taken = {match.start() for match in found}
    bare = (_POINTLESS.match(text, start) for start in starts if start not in taken)
    return sorted([*found, *(match for match in bare if match is not None)], key=lambda match: match.start())


def _bare_numbers(text: str, starts: Sequence[int], cuts: _Cuts) -> bool:
    """Numbers without a point: 1 and 2 at least, and the list begins with the 1."""
    matches = [match for start in starts if (match := _BARE_NUMBER.match(text, start)) is not None]
    run: list[Match] = []
    for match in matches:
        if int(match["number"]) == len(run) + 1:
            run.append(match)
    if len(run) < 2 or run[0].start() != 0:
        return False
    for match in run:
        cuts.add(match.start(), 0.95)
        cuts.numbering.append(match.span())
    return True


def _is_list_number(text: str, match: regex.Match[str], value: int, expected: int, at_line: bool, section: str) -> bool:
    before = text[max(match.start() - _NEAR, 0) : match.start()]
    after = text[match.end() : match.end() + _NEAR].lstrip()
    if match.group().endswith(",") and not at_line:
        return False
    if at_line:
        # Numbers may be missing in between, or start anew; a line that only begins with a figure is another thing.
        return value == expected or value == 1 or (expected < value <= expected + 12 and after[:1].isupper())
    skipped = expected < value <= expected + _MAX_SKIPPED and expected > 1 and begins_item(after[:40], section)
    if value != expected and not skipped:
        return False
    if before[-1:].isdigit() or before[-1:] in "/-" or (before.split() and fold(before.split()[-1]) in figure_words()):
        return False
    if match.re is _LETTER and not before.endswith((" ", ".", ";")):
        return False
    return after[:1].isupper() or begins_item(after[:40], section) or not after


def _starting_words(text: str, section: str, cuts: _Cuts, numbered: bool) -> None:
    """Items that only their first words part: 'Mampu ... Memahami ...', 'SOP ... SOP ...', 'Laptop Amplop Meja'."""
    tokens = list(regex.finditer(r"\S+", text))
    capitals = sum(t.group()[:1].isupper() for t in tokens) > 0.75 * len(tokens)
    strong = strong_starts(section)
    for left, right, third in zip(tokens, tokens[1:], [*tokens[2:], None], strict=False):
        word = fold(right.group())
        pair = f"{word} {fold(third.group())}" if third is not None else word
        if not (word in strong or pair in strong) or not right.group()[:1].isupper():
            continue
        if capitals and section != "related_sops" and not _is_verb(word):
            continue
        if _ends_open(left.group()) or f"{fold(left.group())} {word}" in strong:
            continue
        cuts.add(right.start(), 0.9)
    if section == "equipment":
        _known_nouns(text, tokens, cuts)
    if not numbered:
        _sentence_case(text, tokens, section, cuts)


def _sentence_case(text: str, tokens: Sequence[regex.Match[str]], section: str, cuts: _Cuts) -> None:
    """'Map arsip Ruang pelayanan Komputer': only first words have capitals, and they begin items of this list."""
    firsts: list[int] = []
    others = 0
    begun = {0, *cuts.at}
    for left, right in pairwise(tokens):
        word = right.group()
        if right.start() in cuts.at or not word[:1].isupper() or _ends_open(left.group()):
            continue
        after_noun = (
            left.start() in {0, *cuts.at, *firsts}
            and _is_noun(left.group(), section)
            and _is_noun(" ".join(text[right.start() :].split()[:3]), section)
        )
        if (left.group()[:1].islower() or after_noun) and begins_item(
            text[right.start() : right.start() + 60], section
        ):
            firsts.append(right.start())
            begun.add(right.start())
        elif not word.isupper():
            others += 1
    if firsts and others <= _MAX_OTHER_CAPITALS * len(firsts):
        for start in firsts:
            cuts.add(start, 0.78)


def _is_noun(text: str, section: str) -> bool:
    """Whether the text begins with a thing that is an item by itself ("Laptop/PC": each of the two)."""
    known = nouns(section)
    words = text.split()
    if all(fold(part) in known for part in words[0].split("/")):
        return True
    return any(fold(" ".join(words[:size])) in known for size in (2, 3) if size <= len(words))


def _is_verb(word: str) -> bool:
    return len(word) > 4 and word.startswith(("me", "mampu", "ber", "di"))


def _known_nouns(text: str, tokens: Sequence[regex.Match[str]], cuts: _Cuts) -> None:
    """'Laptop Amplop Meja': the text is nothing but things known to be items, each with a capital."""
    known = nouns("equipment")
    starts: list[int] = []
    i = 0
    while i < len(tokens):
        for size in (3, 2, 1):
            phrase = " ".join(fold(t.group()) for t in tokens[i : i + size])
            if i + size <= len(tokens) and phrase in known and tokens[i].group()[:1].isupper():
                starts.append(tokens[i].start())
                i += size
                break
        else:
            return
    for start in starts:
        cuts.add(start, 0.85)


def _commas(text: str, section: str, cuts: _Cuts) -> None:
    """'Komputer, printer, dan kertas': one sentence that is nothing but things, each beginning as items do; where most
    do, a capital is enough for the others."""
    commas = _COMMA.finditer(text)
    found = [(c.end(), c.end("word") if fold(c["word"]) in last_joints() else c.end()) for c in commas]
    things = [text[thing : thing + _NEAR].lstrip() for thing in (0, *(thing for _, thing in found))]
    known = [begins_item(thing, section) for thing in things]
    seem = [told or thing[:1].isupper() for told, thing in zip(known, things, strict=True)]
    if sum(known) <= len(known) / 2 or not all(seem):
        return
    for start, thing in found:
        cuts.add(start, 0.85 if all(known) else 0.75)
        if thing > start:
            cuts.numbering.append((start, thing))


def _ends_open(word: str) -> bool:
    """Whether the sentence must go on after the word."""
    return fold(word) in open_words() or word.endswith((",", "/", "-", "(", ":"))


def _seams(text: str, section: str, cuts: _Cuts, numbered: bool) -> None:
    """Items glued without a space: a capital inside a word."""
    for match in islice(_SEAM.finditer(text), _MAX_SEAMS):
        at = match.start()
        token = text[max(at - _NEAR, 0) : at].rpartition(" ")[2] + text[at : at + _NEAR].partition(" ")[0]
        if any(brand in token for brand in brands()):
            continue
        if (numbered or section == "legal_basis") and not begins_item(text[at : at + 40], section):
            continue
        # A capital I inside a word is most often an l misread.
        if (text[at - 1] in ".)]" or text[at] == "I") and not begins_item(text[at : at + 40], section):
            continue
        cuts.add(at, 0.93)


def _lines(text: str, starts: Sequence[int], section: str, cuts: _Cuts, numbered: bool) -> None:
    """Line ends that are ends of items, where no number says so."""
    if len(starts) < 2:
        return
    ends = [*starts[1:], len(text) + 1]
    lines = [text[a:b].strip() for a, b in zip(starts, ends, strict=True)]
    longest = max(map(len, lines))
    for previous, line, start in zip(lines, lines[1:], starts[1:], strict=False):
        if start in cuts.at or not line:
            continue
        if numbered or section == "legal_basis":
            # Continuation lines of numbered items, unless the line before was closed and this one begins like an item.
            if previous.endswith(";") and begins_item(line, section):
                cuts.add(start, 0.85)
            continue
        if line[:1].islower() or _ends_open(previous.split()[-1]):
            continue
        short = len(previous) < _FULL_LINE * longest
        begins = begins_item(line, section)
        if begins or short or previous.endswith((";", ".")) or longest < 45:
            cuts.add(start, 0.95 if begins and short else 0.85)


def _items(words: Words, text: str, cuts: _Cuts, section: str) -> Items:
    offsets = sorted(cuts.at)
    numbering = dict(sorted(cuts.numbering))
    piece = Sliced(words).between
    labels: list = []  # type: ignore[type-arg]
    stray: list = []  # type: ignore[type-arg]
    items: list[Item] = []
    issues: tuple[Issue, ...] = ()
    for start, end in zip(offsets, [*offsets[1:], len(text)], strict=True):
        begin = start
        while begin in numbering:
            begin = numbering[begin]
        labels.extend(piece(start, begin))
        body = text[begin:end]
        stripped = _TRAILING.sub("", body)
        issues = (*issues, cuts.jumps[start]) if start in cuts.jumps else issues
        if not fold(stripped):
            labels.extend(piece(begin, end))
            continue
        if start == 0 and len(offsets) > 1 and stripped == "1":
            # The number of the only item, without a point.
            labels.extend(piece(begin, end))
            continue
        if _is_specks(stripped):
            stray.extend(piece(begin, end))
            continue
        lead = len(body) - len(body.lstrip())
        kept = stripped
        labels.extend(piece(begin + len(kept), end))
        place = cuts.at[start]
        if section != "legal_basis" and len(kept) > _LONG_ITEM:
            place, issues = place * 0.8, (*issues, issue("list.item-long"))
        items.append(Item(piece(begin + lead, begin + len(kept)), place, issues))
        issues = ()
    return Items(tuple(items), tuple(labels), tuple(stray), False)


def _is_specks(text: str) -> bool:
    """Dirt on a page read as a few short groups of characters: no word, and single characters among them."""
    groups = text.split()
    return len(groups) >= 2 and max(map(len, groups)) < 4 and any(len(group) == 1 for group in groups)
