"""Citations of regulations: one reference read into its parts, and the places where a new one begins.

Grammar: kind and issuer or region, number, year, title, then amendments and gazette. Each part may be missing;
what is missing is None and an issue, and nothing is taken from another regulation named inside the title.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sopparse import vocab
from sopparse.evidence import Issue, Reading, issue
from sopparse.normalize.citation_heads import HEAD_REACH, ISSUED, CitationHead, clean_reference, patterns, read_head
from sopparse.normalize.citation_numbers import find_about, find_year
from sopparse.normalize.citation_starts import citation_likeness, citation_starts
from sopparse.normalize.citation_types import Kind, kind_at, starts_kind, tokenize
from sopparse.normalize.regions import CODED, Region, find_regions, region_named
from sopparse.normalize.regulations import status_of, title_belongs_to, year_with_title
from sopparse.standing import State

__all__ = ["Citation", "citation_likeness", "citation_starts", "clean_reference", "identify", "read_citation"]


@dataclass(frozen=True, slots=True)
class Citation:
    """One reference, as `legal_basis` of the result means it. `status_as_of` is an ISO date."""

    text: str
    type: str
    issuer: str | None = None
    region: str | None = None
    number: str | None = None
    year: int | None = None
    about: str | None = None
    id: str | None = None
    status_state: State = "unknown"
    status_by: tuple[str, ...] = ()
    status_as_of: str = ""


@lru_cache(maxsize=2048)
def read_citation(text: str, home: Region | None = None) -> Reading[Citation]:
    """One reference; `home` is the region of the agency, which a bare "Peraturan Bupati Nomor 5" means."""
    shown = clean_reference(text)
    head = read_head(shown[:HEAD_REACH])
    if head is None:
        as_of = status_of(None).as_of
        return Reading(Citation(shown, "other", status_as_of=as_of), 0.4, (), (issue("legal.type-unknown"),))
    issues: list[Issue] = []
    fixes: list[str] = []
    region, place, parse = _read_region(shown, head, home)
    about = _read_about(shown, head)
    number = head.numbered.number if head.numbered is not None else None
    year = _read_year(shown, head, place, about, issues)
    parse *= head.parse
    if not head.kind.unnumbered:
        if number is None:
            issues.append(issue("legal.number-missing"))
            parse *= 0.8
        if year is None and not any(one.code.startswith("legal.year") for one in issues):
            issues.append(issue("legal.year-missing"))
        parse *= 1.0 if year is not None else 0.8
    if head.numbered is not None and head.numbered.repaired:
        fixes.append("ocr-digits")
        parse *= 0.9
    if head.kind.type == "other" and not head.kind.unnumbered and head.kind.open:
        issues.append(issue("legal.type-unknown"))
    id_ = identify(head.kind, head.issuer, place, number, year)
    if id_ is not None and about is not None and (belongs := title_belongs_to(id_, about)) is not None:
        issues.append(issue("legal.title-mismatch", cited=id_, belongs=belongs))
    status = status_of(id_)
    citation = Citation(
        shown, head.kind.type, head.issuer, region, number, year, about, id_, status.state, status.by, status.as_of
    )
    return Reading(citation, round(parse, 4), tuple(fixes), tuple(issues))


def _read_region(text: str, head: CitationHead, home: Region | None) -> tuple[str | None, Region | None, float]:
    """The printed region, the region for the id, and how surely it was read."""
    level = head.kind.level
    stop = head.numbered.start if head.numbered is not None and head.numbered.start else head.title
    between = text[head.kind_end : stop if stop is not None else head.end].strip(" .,:-–")
    between = between if head.kind_end < (stop or 0) else ""
    if level is None and head.kind.type not in ("keputusan-lembaga", "peraturan-lembaga", "se"):
        return None, None, 1.0
    named = [reading.value for reading in find_regions(between) if reading.value is not None]
    coded = next((one.region for one in named if one.region.level in CODED), None)
    if coded is not None and (level in (None, "any") or coded.level == level):
        return coded.name, coded, 1.0
    if level is None:
        return None, None, 1.0
    if between and (title := find_about(between, 0)) is None and not any(c.isdigit() for c in between):
        wanted = None if level == "any" else level
        read = region_named(between, wanted)
        if read.value is not None:
            return read.value.name, read.value, read.parse
        if len(between.split()) <= 4 and title is None and between[0].isupper():
            return between.title() if between.isupper() else between, None, 0.7
    return None, home_of(level, home), 0.95


def home_of(level: str, home: Region | None) -> Region | None:
    """The home region as the maker of a regulation of that level: a regency's province for a governor."""
    if home is None or home.code is None:
        return None
    if level in ("any", home.level):
        return home
    return Region("provinsi", "", home.code[:2]) if level == "provinsi" else None


def identify(kind: Kind, issuer: str | None, region: Region | None, number: str | None, year: int | None) -> str | None:
    """`type[-issuer]/[region code/]year/number`; None where a part that the kind needs is unknown."""
    if kind.type in ("other", "putusan") or number is None or year is None:
        return None
    serial = number.lstrip("0") or number
    if kind.level is not None:
        return f"{kind.type}/{region.code}/{year}/{serial}" if region is not None and region.code else None
    if kind.type in ISSUED:
        return f"{kind.type}-{issuer}/{year}/{serial}" if issuer is not None else None
    return f"{kind.type}/{year}/{serial}"


def _read_year(
    text: str, head: CitationHead, place: Region | None, about: str | None, issues: list[Issue]
) -> int | None:
    numbered = head.numbered
    if numbered is None:
        return None
    if numbered.bad_year is not None:
        issues.append(issue("legal.year-impossible", year=numbered.bad_year))
    if not numbered.years:
        return numbered.year
    gazette = patterns()["gazette"].search(text, head.end)
    if gazette is not None:
        printed = find_year(text, gazette.end(), len(text)).year
        if printed in numbered.years:
            return printed
    ids = {y: identify(head.kind, head.issuer, place, numbered.number, y) or "" for y in numbered.years}
    year = year_with_title(ids, about) if about is not None else None
    if year is None:
        issues.append(issue("legal.year-ambiguous", years=", ".join(map(str, numbered.years))))
    return year


def _read_about(text: str, head: CitationHead) -> str | None:
    """The title: after its own "tentang", or after the year where the word was left out."""
    if head.title is None:
        return _title_without_word(text, head)
    start = head.title
    chain = patterns()["chain"].search(text, head.end, start)
    start = _after_repeated_issuer(text, head, start)
    about = _cut_end(text[start:])
    if (
        chain is not None
        and about is not None
        and about.split()[0].casefold() in vocab.load("citations")["words"]["change"]
    ):
        return None  # the title of the amendment, not of the regulation
    return about


def _title_without_word(text: str, head: CitationHead) -> str | None:
    rest = text[head.end :].lstrip(" .,:;-–")
    if head.numbered is None or head.numbered.number is None or not rest:
        return None
    if rest.startswith("(") and rest.endswith(")"):
        rest = rest[1:-1]
    about = _cut_end(rest)
    # One word, or a number, is a remnant; a date was read with the number.
    if about is None or len(about.split()) < 2 or not about[0].isalpha() or patterns()["skip"].match(about):
        return None
    return about


def _after_repeated_issuer(text: str, head: CitationHead, start: int) -> int:
    """ "... tentang Peraturan Menteri X tentang Pedoman": the kind itself, said again without a number."""
    window = text[start : start + HEAD_REACH]
    tokens = tokenize(window)
    if not tokens or not starts_kind(tokens[0]):
        return start
    found = kind_at(window, tokens, 0)
    if found is None or found.kind.type != head.kind.type or found.kind.issuer not in (None, head.issuer):
        return start
    again = find_about(window, found.end)
    return start + again[1] if again is not None and not window[found.end : again[0]].strip(" .,:") else start


def _cut_end(about: str) -> str | None:
    for name in ("gazette", "amended", "chain"):
        match = patterns()[name].search(about)
        if match is not None:
            about = about[: match.start()]
    about = about.strip().rstrip(" ;.,:-–(").lstrip(" .,:;-–")
    return about or None
