"""Who approved: the cell of the form that says so, or the signature below the table, whichever can be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import zip_longest
from typing import NamedTuple

import regex
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from sopparse.evidence import Issue
from sopparse.extract.legible import UNSURE, figures_legible, illegible, lost_between, surely_read, words_legible
from sopparse.extract.parts import Notes, Part, absent, printed
from sopparse.layout.sections import FieldText, Sections
from sopparse.model import Approver
from sopparse.normalize.approvers import Token, approver_words
from sopparse.normalize.match import allowed_edits
from sopparse.normalize.officials import Official, Span, read_official
from sopparse.normalize.text import fold
from sopparse.page import Word, Words, slice_words, text_of

# A value in a signature block is certain, but whether it approves the SOP is not said.
_SIGNATURE_PLACE = 0.9

# From this likeness on (of 100) two readings are of one thing.
_SAME = 70
# Shorter words have too many neighbours to be told from each other.
_LEAST_LETTERS = 5
_LETTERS = regex.compile(r"\p{L}+")


class _Source(NamedTuple):
    official: Official
    words: Words
    place: float


class _Told(NamedTuple):
    """One part of the approver as one source has it."""

    source: _Source
    span: Span
    value: str | None
    parse: float
    fixes: tuple[str, ...]
    issues: tuple[Issue, ...]
    words: Words
    legible: bool


def extract_approver(sections: Sections, field: FieldText | None) -> Part[Approver | None]:
    """`field`: the cell behind "disahkan oleh", if the form has one."""
    notes = Notes()
    lines = field.lines if field is not None else ()
    letterhead = frozenset(fold(word.text) for line in sections.agency for word in line)
    known = surely_read(sections.agency)
    sources = (
        _Source(*_official(lines, letterhead), 1.0),
        _Source(*_official(sections.signature, letterhead), _SIGNATURE_PLACE),
    )
    values: dict[str, str | None] = {}
    used: list[tuple[Words, Span]] = []
    for name in ("position", "name", "rank", "nip"):
        told = [one for source in sources if (one := _told(source, name, known)) is not None]
        if not told:
            continue
        chosen = _surer(told)
        sure = chosen.legible and not (name == "nip" and _differ(told))
        if sure:
            notes.fields[f"/{name}"] = printed(
                chosen.value, chosen.words, place=chosen.source.place, parse=chosen.parse, fixes=chosen.fixes,
                issues=chosen.issues,
            )  # fmt: skip
        else:
            notes.fields[f"/{name}"] = illegible(chosen.words, chosen.source.place)
        values[name] = chosen.value if sure else None
        used.append((chosen.source.words, chosen.span))
    cell, signature = sources
    issues = (*cell.official.issues, *(signature.official.issues if not values.get("name") else ()))
    notes.issues.extend(("", one) for one in issues)
    unread = not values and bool(cell.words) and not figures_legible(cell.words)
    if unread:
        notes.fields[""] = illegible(cell.words, cell.place)
    else:
        _rest(cell.words, used, notes)
    _rest(signature.words, used, notes)
    if not any(values.values()):
        if values and not unread:
            # Each part that was seen says for itself why it is not known.
            notes.fields[""] = absent("illegible")
        elif not unread:
            notes.fields[""] = absent("blank" if field is not None else "no-label")
        return notes.part(None)
    return notes.part(Approver.model_validate(values))


def _told(source: _Source, name: str, letterhead: AbstractSet[str]) -> _Told | None:
    """`letterhead`: its words, folded, that were read surely."""
    span: Span | None = getattr(source.official, name)
    if span is None:
        return None
    words = slice_words(source.words, *span)
    official = source.official
    if name == "name":
        if not _names_person(words):
            return None
        legible = words_legible(words) and not _lost_words(words, source.words)
        return _Told(source, span, text_of(words), official.parse, (), (), words, legible)
    if name == "nip":
        reading = official.nip_value
        found = tuple(reading.issues)
        return _Told(source, span, reading.value, reading.parse, (), found, words, figures_legible(words))
    if name == "rank":
        # Ranks are known words: what is not one of them is none.
        value = text_of(words).replace("|", "I")
        return _Told(source, span, value, 1.0, ("bar-for-figure",) * ("|" in text_of(words)), (), words, True)
    value, fixes = _mended(words, official.acting, letterhead)
    sure = sum(word.read >= UNSURE for word in words)
    legible = all(_is_sure(word, letterhead) for word in words) and not _lost_words(words, source.words)
    # Known words confirm others; where most were not read, some may be missing.
    legible = legible and sure >= len(words) / 2 and not lost_between(words)
    return _Told(source, span, value, official.parse, fixes, (), words, legible)


def _lost_words(words: Words, block: Words) -> bool:
    """Whether a bar stands on a line of the words: there a stroke of the pen or a stamp hid a part of it."""
    lines = {word.line for word in words}
    return any(word.line in lines and word.read < 1.0 and not word.text.strip("|¦!") for word in block)


def _surer(told: Sequence[_Told]) -> _Told:
    """Of two readings of one thing the one that can be read; of two of these the one that has lost no words, or was
    read more surely. Different things stay what the cell of the form says."""
    legible = [one for one in told if one.legible]
    if len(legible) < 2 or any(all(word.read == 1.0 for word in one.words) for one in legible):
        return legible[0] if legible else told[0]
    cell, signature = legible
    short, long = fold(cell.value or "").split(), fold(signature.value or "").split()
    if _begins_alike(short, long) and len(short) < len(long) and _within(short, long):
        return signature
    alike = fuzz.ratio(" ".join(short), " ".join(long)) >= _SAME
    return signature if alike and not _within(long, short) and _least(signature) > _least(cell) else cell


def _begins_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    return bool(one and other) and one[0] == other[0]


def _within(short: Sequence[str], long: Iterable[str]) -> bool:
    """Whether the words stand in the longer text in the same order."""
    rest = iter(long)
    return all(word in rest for word in short)


def _least(told: _Told) -> float:
    return min((word.read for word in told.words), default=0.0)


# -- positions ------------------------------------------------------------------------------------------------------


def _mended(words: Words, acting: str | None, letterhead: AbstractSet[str]) -> tuple[str, tuple[str, ...]]:
    """A position as it must have been printed, and what was mended: its words are those of the letterhead, and those
    for acting officials are few. Only what a machine read unsurely is mended."""
    texts = [(word.text if word.read == 1.0 else _from_letterhead(word, letterhead)) for word in words]
    fixes = ("read-from-letterhead",) if texts != [word.text for word in words] else ()
    first = _LETTERS.match(texts[0])
    if acting and first is not None and words[0].read < 1.0 and len(first.group()) == len(acting) != 0:
        printed_as = acting.upper() if first.group().isupper() else acting.capitalize()
        if first.group().casefold() != acting:
            texts[0] = printed_as + texts[0][first.end() :]
            fixes = (*fixes, "acting-misread")
    if not fixes:
        return text_of(words), ()
    return " ".join(texts), fixes


def _from_letterhead(word: Word, letterhead: AbstractSet[str]) -> str:
    """The word of the letterhead that an unsurely read word must be; the word itself where there is none."""
    key = fold(word.text)
    if word.read >= UNSURE or key in letterhead or len(key) < _LEAST_LETTERS:
        return word.text
    near = [known for known in letterhead if Levenshtein.distance(key, known) <= allowed_edits(len(known))]
    if len(near) != 1:
        return word.text
    return near[0].upper() if word.text.isupper() else near[0].capitalize()


def _is_sure(word: Word, letterhead: AbstractSet[str]) -> bool:
    """Whether a word of a position is what was printed: read surely, or a word that positions are made of."""
    known = approver_words()
    pieces = [piece.casefold() for piece in _LETTERS.findall(word.text)]
    if word.read >= UNSURE or not pieces:
        return True
    return all(
        piece in letterhead
        or piece in known.openers
        or piece in known.acting
        or any(
            Levenshtein.distance(piece, one) <= allowed_edits(len(one))
            for one in letterhead
            if len(piece) >= _LEAST_LETTERS
        )
        for piece in pieces
    )


# -- the parts of a block --------------------------------------------------------------------------------------------


def _differ(told: Sequence[_Told]) -> bool:
    """Whether the cell and the signature were read as different numbers: one of them was misread."""
    return len({one.value for one in told if one.value is not None}) > 1


def _official(lines: Sequence[Words], letterhead: frozenset[str]) -> tuple[Official, Words]:
    """The official named in some lines; offsets are those of `text_of` over all the words."""
    words = tuple(word for line in lines for word in line)
    text = list(text_of(words))
    position = 0
    for line, following in zip_longest(lines, lines[1:], fillvalue=()):
        end = position + len(text_of(line))
        position += _position_end(line, letterhead)
        # A line that ends with a comma goes on where a degree follows: "…, S.Kom.," / "M.Kom.".
        goes_on = line and line[-1].text.endswith(",") and following and _is_degree(following[0])
        ends = (position,) if goes_on else (position, end)
        for at in ends:
            if at < len(text) and text[at] == " ":
                text[at] = "\n"
        position = end + 1
    return read_official("".join(text)), words


def _position_end(line: Words, letterhead: frozenset[str]) -> int:
    """Where the position ends in a line that goes on with a name: behind the words that the letterhead has too.

    0 where the letterhead does not tell.
    """
    agencies = approver_words().agencies | approver_words().region_types
    count = 1
    while count < len(line) and fold(line[count].text) in letterhead:
        count += 1
    if count == 1 or count >= len(line) or fold(line[count].text) in agencies or not line[count].text[:1].isupper():
        return 0
    return len(text_of(line[:count]))


def _names_person(words: Words) -> bool:
    """Degrees alone are what is left of a name that could not be read; figures are those of a number,
    and a stroke parts things."""
    if any(c.isdigit() or c == "/" for w in words for c in w.text):
        return False
    return any(len(w.text) > 1 and not _is_degree(w) for w in words)


def _is_degree(word: Word) -> bool:
    return approver_words().is_degree(Token(0, len(word.text), word.text))


def _rest(words: Words, used: Sequence[tuple[Words, Span]], notes: Notes) -> None:
    """Labels such as NIP and Pangkat inside the block, and punctuation, are labels; other words stay unplaced."""
    spans = sorted(span for these, span in used if these is words)
    position = 0
    for low, high in [*spans, (len(text_of(words)), 0)]:
        for word in slice_words(words, position, low) if low > position else ():
            (notes.labels if spans and _is_label(word.text) else notes.stray).append(word)
        position = max(position, high)


def _is_label(text: str) -> bool:
    letters = sum(c.isalpha() for c in text)
    return letters <= 3 or text.rstrip(" :.").casefold() in _official_labels()


def _official_labels() -> frozenset[str]:
    from sopparse import vocab

    return frozenset(vocab.load("labels")["inside"]["official"]["forms"])
