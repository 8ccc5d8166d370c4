"""The head of a citation: kind, maker, number and year, up to where its title begins."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex

from sopparse import vocab
from sopparse.normalize.citation_numbers import Numbered, find_about, find_number, find_year
from sopparse.normalize.citation_types import FoundKind, Kind, code_kind, kind_at, starts_kind, tokenize

# Citations are seldom longer than 600 characters; the parts that identify one stand at its beginning.
HEAD_REACH = 600
# Words before the kind that are tolerated: "Mengacu pada ...", "Salinan ...".
_WORDS_BEFORE = 3
ISSUED = ("permen", "kepmen", "peraturan-lembaga", "keputusan-lembaga", "se")
# From the kind to its number: issuer and region, at most.
NUMBER_REACH = 170

_SPACE = regex.compile(r"\s+")
_MARKER = regex.compile(
    r"^(?:\(?\d{1,2}(?:[.)]\)?\s*(?=\D)|\s{1,3}(?=\p{Lu}))|\(?\p{Ll}[.)]\s+|[^\p{L}\p{N}(\"'“]+\s*)+"
)


@dataclass(frozen=True, slots=True)
class CitationHead:
    kind: Kind
    numbered: Numbered | None
    issuer: str | None
    title: int | None  # where the title begins
    end: int  # where kind, number and year end
    kind_end: int
    parse: float


def clean_reference(text: str) -> str:
    """One line, without the number before it and the punctuation of the list after it."""
    shown = _SPACE.sub(" ", text).strip()
    shown = _MARKER.sub("", shown, count=1)
    while True:
        cut = shown.rstrip(" ;.,:-–")
        word = cut.rpartition(" ")
        # "...; dan" closes the item before the last of a list.
        if word[2].casefold() in vocab.load("citations")["words"]["joint"] and word[0].rstrip().endswith((";", ",")):
            cut = word[0]
        if cut == shown:
            return shown
        shown = cut


def read_head(text: str) -> CitationHead | None:
    tokens = tokenize(text)
    for i, token in enumerate(tokens[: _WORDS_BEFORE + 1]):
        if not starts_kind(token):
            continue
        found = kind_at(text, tokens, i)
        if found is not None and not _in_code(text, found) and (i == 0 or numbered_soon(text, found)):
            return _complete(text, found, 1.0 if i == 0 else 0.8)
    numbered = find_number(text, 0, _title_start(text, 0)[0])
    kind = code_kind(numbered.parts) if numbered is not None else None
    if numbered is None or kind is None or numbered.start > 0:
        return None
    return CitationHead(kind, numbered, kind.issuer, _title_start(text, numbered.end)[1], numbered.end, 0, 0.9)


def _in_code(text: str, found: FoundKind) -> bool:
    """Letters between the slashes of a number: "60/PMK.02/2021", "KMA/032/SK"."""
    return text[found.end : found.end + 1] == "/" or text[max(found.start - 1, 0) : found.start] in ("/", "-")


def _title_start(text: str, start: int) -> tuple[int, int | None]:
    span = find_about(text, start)
    return (len(text), None) if span is None else span


def _complete(text: str, found: FoundKind, parse: float) -> CitationHead:
    stop, title = _title_start(text, found.end)
    gazette = patterns()["gazette"].search(text, found.end, stop)
    stop = gazette.start() if gazette is not None else stop
    numbered = find_number(text, found.end, stop)
    if numbered is None or numbered.number is None:
        alone = find_year(text, found.end, stop)
        if alone.year is not None or alone.bad_year is not None:
            numbered = alone
    kind = found.kind
    code = code_kind(numbered.parts) if numbered is not None and numbered.parts else None
    issuer = kind.issuer
    if code is not None and (kind.by_code or (kind.open and kind.issuer is None)):
        kind = code if code.type != "other" else kind
        issuer = code.issuer or issuer
    end = numbered.end if numbered is not None and numbered.end else found.end
    parse *= 0.95 if found.repaired else 1.0
    if issuer is None and kind.type in ISSUED and kind.level is None:
        parse *= 0.9
    return CitationHead(kind, numbered, issuer, title, max(end, found.end), found.end, parse)


# The usual case, told without reading it: "Nomor 5 Tahun", "No. 5/1990", "5 Thn".
_PLAIN_NUMBER = regex.compile(
    r"[\s.:]{0,3}(?:N\p{L}{1,4}[\s.:]{0,3})?\d{1,4}(?:\s{0,2}/\s?\p{N}{4}|\s{1,2}T(?:ahun|AHUN|hn))"
)


def numbered_soon(text: str, found: FoundKind) -> bool:
    if _PLAIN_NUMBER.match(text, found.end):
        return True
    reach = min(found.end + NUMBER_REACH, len(text))
    span = find_about(text, found.end, reach)
    numbered = find_number(text, found.end, reach if span is None else span[0])
    return numbered is not None and numbered.number is not None


@cache
def patterns() -> dict[str, regex.Pattern[str]]:
    words = vocab.load("citations")["words"]

    def phrases(listed: list[str]) -> str:
        forms = sorted((r"\s{1,3}".join(map(regex.escape, w.split())) for w in listed), key=len, reverse=True)
        return "|".join(forms)

    short = [w for w in words["gazette"] if " " not in w and len(w) <= 3]
    long = [w for w in words["gazette"] if w not in short]
    chained, amended = phrases(words["chained"]), phrases(words["amended"])
    lead = r"[(\[,\s]*(?<!\p{L})"
    flags = regex.IGNORECASE
    return {
        "gazette": regex.compile(
            rf"{lead}(?:(?:{phrases(long)})(?!\p{{Ll}})"
            rf"|(?:{phrases(short)})(?=[\s.]{{1,2}}(?:RI[\s.]{{1,2}})?(?:\d|No|Th|Tahun)))",
            flags,
        ),
        "amended": regex.compile(rf"{lead}(?:{amended})(?!\p{{Ll}})", flags),
        "chain": regex.compile(rf"{lead}(?i:{chained})(?=[\s.]{{1,3}}\p{{Lu}})|(?<!\p{{L}})(?i:{amended})(?!\p{{Ll}})"),
        "skip": regex.compile(rf"(?:{phrases(words['date'] + words['joint'])}|{chained})(?!\p{{L}})", flags),
        "marker": regex.compile(
            r"(?:(?<![\d/.\-])|(?<=(?:19|20)\d\d))\(?(?:\d{1,2}|\p{Ll})[.)]\)?\s*$"
            r"|[•▪➢\uf0b7*]\s*$|(?<=[\s;.])[\-–]\s*$"
        ),
        "label": regex.compile(rf"(?:{phrases(words['number'] + words['year'])})[\s.:]{{0,3}}$", flags),
    }
