"""One procedure as a Mermaid flow chart, which GitHub, GitLab and many wikis draw from the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sopparse.export.chart import CONNECTORS, Arrow, Chart, Place, Symbolized, Wording, chart_of

if TYPE_CHECKING:
    from sopparse.model import Result

SUFFIX = ".mmd"

# Mermaid draws no text of more than 50 000 characters (maxTextSize); of that, this much is for the labels.
LABELS = 30_000
LONGEST_LABEL, SHORTEST_LABEL = 300, 40
# Letters of any script and these characters mean nothing to Mermaid inside quotes; all others are written as numbers.
_SPECIAL = re.compile(r"[!-'*+:->@\[-`{-~]|[\u0000-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff]")
# Formulas ($$), line breaks (\\n) and icons (fa:fa-) are read even from escaped text: an invisible space parts them.
_MAGIC = re.compile(r"\$(?=\$)|\\(?=n)|:(?=fa-)")
# At its beginning, a label that looks like a list would be taken for one.
_LIST = re.compile(r"^(\d+)\.|^-")


def render(result: Result, place: Place, words: Wording) -> str:
    chart = chart_of(result, place, words)
    return "\n".join(_lines(chart, words)) + "\n"


def _lines(chart: Chart, words: Wording) -> Iterator[str]:
    if chart.title is not None:
        yield from ("---", f"title: {json.dumps(_printable(chart.title))}", "---")
    yield "flowchart TD"
    if chart.inferred:
        yield f"  %% {words.inferred}"
    limit = max(SHORTEST_LABEL, min(LONGEST_LABEL, LABELS // max(1, len(chart.nodes))))
    ids = {node.id: f"n{number}" for number, node in enumerate(chart.nodes, start=1)}
    for index, lane in enumerate(chart.lanes):
        nodes = [node for node in chart.nodes if node.lane == index]
        if nodes:
            yield f'  subgraph lane{index + 1}["{_quoted(lane.name, limit)}"]'
            yield from (f"    {ids[node.id]}{_shape(node, chart, limit)}" for node in nodes)
            yield "  end"
    conditions = {"yes": words.yes, "no": words.no}
    for arrow in chart.arrows:
        condition = None if arrow.condition is None else conditions[arrow.condition]
        yield f"  {ids[arrow.source]} {_line(arrow, condition)} {ids[arrow.target]}"


def _line(arrow: Arrow, condition: str | None) -> str:
    """Dotted where the document does not show the arrow."""
    line = "-.->" if arrow.inferred else "-->"
    return line if condition is None else f'{line}|"{_quoted(condition, LONGEST_LABEL)}"|'


def _shape(node: Symbolized, chart: Chart, limit: int) -> str:
    label = f'"{_label(node, chart, limit)}"'
    if node.symbol in CONNECTORS:
        return f"(({label}))"
    if node.symbol == "terminator":
        return f"([{label}])"
    return f"{{{label}}}" if node.symbol == "decision" else f"[{label}]"


def _label(node: Symbolized, chart: Chart, limit: int) -> str:
    """The activity where the symbol carries it, and the words inside the symbol; numbers in symbols say nothing new."""
    words = node.text if node.text is not None and any(char.isalpha() for char in node.text) else None
    if node.step is None or node.symbol in CONNECTORS:
        return _quoted(node.text or "", limit) or " "
    number = (node.step.printed_number or str(node.step.number)).rstrip(". ")
    shared = sum(other.step is node.step and other.symbol not in CONNECTORS for other in chart.nodes) > 1
    if shared and words is not None:
        return _quoted(f"{number}. {words}", limit)
    text = _quoted(f"{number}. {node.step.activity or ''}".rstrip(". "), limit)
    return text if words is None else f"{text}<br/>{_quoted(words, limit)}"


def _quoted(text: str, limit: int) -> str:
    flat = _MAGIC.sub("\\g<0>\u200b", " ".join(_printable(text).split()))
    if len(flat) > limit:
        flat = flat[: limit - 1].rstrip() + "…"
    start = _LIST.match(flat)
    if start is None:
        return _SPECIAL.sub(_number, flat)
    head = f"{start[1]}#46;" if start[1] else "#45;"
    return head + _SPECIAL.sub(_number, flat[start.end() :])


def _number(match: re.Match[str]) -> str:
    return f"#{ord(match[0])};"


def _printable(text: str) -> str:
    """Without what a page cannot show: control characters and halves of surrogate pairs."""
    return re.sub(r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff\ud800-\udfff]", "\ufffd", text)
