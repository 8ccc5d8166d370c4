"""HTML and Markdown in a text, whole or remains: replaced in place by characters that say what they meant."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field

import regex

# Stand-ins, all of them control characters that the reader has taken out of the input before.
NOTHING = "\x00"  # no character at all: markup inside a word does not part it
BREAK = "\x1d"  # a new line inside a cell
ROW = "\n"  # the end of a row
CELL = "\x1f"  # the border between two cells

_TAG = regex.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]{0,9})(?P<attributes>(?:\s[^<>]{0,2000})?)/?>")
# What is not shown: comments, and elements with all that stands in them. Each opening with its end.
_HIDDEN = (
    (regex.compile(r"<!--"), regex.compile(r"-->")),
    *(
        (
            regex.compile(rf"<{name}\b[^<>]{{0,500}}>", regex.IGNORECASE),
            regex.compile(rf"</{name}\s{{0,20}}>", regex.IGNORECASE),
        )
        for name in ("style", "script", "head")
    ),
)
ENTITY = regex.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_SPAN = regex.compile(r"\b(col|row)span\s*=\s*[\"']?\s*(\d{1,3})", regex.IGNORECASE)
_EMPHASIS = regex.compile(r"\*\*|__(?=\S)|(?<=\S)__|(?m:^\s{0,3}#{1,6}(?=\s))|`{1,3}|(?m:^\s{0,3}>(?=\s))")

_INLINE = frozenset(
    [
        "b",
        "strong",
        "i",
        "em",
        "u",
        "span",
        "font",
        "a",
        "sup",
        "sub",
        "small",
        "big",
        "s",
        "strike",
        "del",
        "ins",
        "mark",
        "abbr",
        "code",
        "label",
        "center",
    ]
)
_LINES = frozenset(
    [
        "br",
        "li",
        "ol",
        "ul",
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "hr",
        "section",
        "article",
        "header",
        "footer",
        "img",
        "caption",
    ]
)
_ITEMS = frozenset(["li", "ol", "ul", "br"])
_TABLE = frozenset(
    [
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "colgroup",
        "col",
        "html",
        "body",
        "head",
        "meta",
        "link",
        "title",
        "style",
        "script",
    ]
)
_KNOWN = _INLINE | _LINES | _TABLE

# A span as wide as this is an error of the exporter, not a table.
_MAX_SPAN = 60


@dataclass(frozen=True, slots=True)
class Markup:
    """The text with its markup replaced, as long as before; `spans` gives (columns, rows) of the merged cells by the
    position at which their content starts, `rows` where the rows of HTML tables start."""

    text: str
    spans: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    rows: frozenset[int] = frozenset()


def blank_markup(text: str) -> Markup:
    """The same text with tags, entities and emphasis marks replaced by stand-ins of the same length."""
    text = text.replace("\r\n", NOTHING + "\n").replace("\r", "\n").replace("\v", "\n")
    if "&" in text:
        text = ENTITY.sub(_entity, text)
    spans: dict[int, tuple[int, int]] = {}
    rows: set[int] = set()
    if "<" in text:
        text = _blank_tags(_without_hidden(text), spans, rows)
    text = _EMPHASIS.sub(lambda m: NOTHING * (m.end() - m.start()), text)
    return Markup(text, spans, frozenset(rows))


def _without_hidden(text: str) -> str:
    for opening, closing in _HIDDEN:
        parts: list[str] = []
        position = 0
        while (start := opening.search(text, position)) is not None:
            end = closing.search(text, start.end())
            if end is None:
                break  # Never closed: then it hides nothing, nor does any later one.
            parts += (text[position : start.start()], NOTHING * (end.end() - start.start()))
            position = end.end()
        if parts:
            text = "".join((*parts, text[position:]))
    return text


def _entity(match: regex.Match[str]) -> str:
    source = match.group()
    shown = html.unescape(source)
    if shown == source or len(shown) > len(source):
        return str(source)
    if shown.isspace() or not shown.isprintable():
        shown = " "
    # Brackets from entities are text, never tags.
    shown = {"<": "\u2039", ">": "\u203a"}.get(shown, shown)
    return shown + NOTHING * (len(source) - len(shown))


def _pad(mark: str, length: int) -> str:
    return mark + NOTHING * (length - 1)


def _blank_tags(text: str, spans: dict[int, tuple[int, int]], rows: set[int]) -> str:
    """The text without tags; adds what is found to the spans of cells and the starts of rows."""
    parts: list[str] = []
    position = 0
    in_row = False
    cells = start = 0
    lines = _TabLines(text)
    for match in _TAG.finditer(text):
        name = match.group("name").lower()
        if name not in _KNOWN:
            continue
        between = text[position : match.start()]
        parts.append(_one_line(between) if in_row else between)
        position = match.end()
        length = match.end() - match.start()
        closing = bool(match.group("close"))
        mark = " "
        if name == "tr":
            mark, in_row, cells = ROW, not closing, 0
            start = match.start() + 1
            if not closing:
                rows.add(start)
        elif name in ("td", "th") and not closing:
            mark = CELL if cells else " "
            if not in_row:
                mark, in_row = ROW, True
            if mark != " ":
                start = match.start() + 1
            cells += 1
            if sizes := _span_sizes(match.group("attributes")):
                spans[start] = sizes
        elif name in ("table", "tbody", "thead", "tfoot"):
            mark, in_row, cells = ROW, False, 0
        elif name in _LINES:
            mark = BREAK if in_row or name in _ITEMS or lines.at(match.start()) else ROW
        elif name in _INLINE:
            mark = NOTHING
        parts.append(_pad(mark, length))
    parts.append(text[position:])
    return "".join(parts)


class _TabLines:
    """Whether there is a tab in the line of a position; positions are asked in ascending order. In remains of HTML a
    tag of lines may not end the line of a tab table."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.end = -1
        self.tab = False

    def at(self, position: int) -> bool:
        if position > self.end:
            start = self.text.rfind("\n", max(self.end, 0), position) + 1 or self.end + 1
            end = self.text.find("\n", position)
            self.end = end if end >= 0 else len(self.text)
            self.tab = self.text.find("\t", start, self.end) >= 0
        return self.tab


def _one_line(text: str) -> str:
    return text.replace("\n", " ").replace("\t", " ").replace("\f", " ")


def _span_sizes(attributes: str) -> tuple[int, int] | None:
    sizes = {kind.lower(): min(int(number), _MAX_SPAN) for kind, number in _SPAN.findall(attributes)}
    if not sizes:
        return None
    return max(sizes.get("col", 1), 1), max(sizes.get("row", 1), 1)
