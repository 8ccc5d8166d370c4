"""Borders between cells in lines of text: tabs, pipes, semicolons and commas of exports."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

import regex

from sopparse.readers.markup import BREAK, CELL, NOTHING

_RULE = regex.compile(r"[\s\x00|:+=_-]*+")
_PIPE = regex.compile(r"(?<!\\)\|")
# A separator belongs to the format, and not to the sentences, if nearly all records have the same number of it.
_CSV_FIELDS = 3
_CSV_SHARE = 0.8
_CSV_RECORDS = 4


def mark_separators(text: str) -> str:
    """The text, as long as before, with the borders between cells replaced by CELL."""
    delimiter = _csv_delimiter(text)
    if delimiter is not None:
        return _mark_csv(text, delimiter)
    if "|" in text:
        text = _mark_pipes(text)
    return text.replace("\t", CELL)


def _csv_delimiter(text: str) -> str | None:
    if "\t" in text or CELL in text:
        return None
    best = None
    for delimiter in ";,":
        if text.count(delimiter) < _CSV_FIELDS * _CSV_RECORDS:
            continue
        records = [record for record in _mark_csv(text, delimiter).split("\n") if record.strip(" " + NOTHING)]
        counts = [record.count(CELL) for record in records]
        # A file may hold two tables of different width: the form and the procedure.
        widths = Counter(counts).most_common(2)
        usual = widths[0][0] if widths else 0
        share = sum(times for count, times in widths if count >= _CSV_FIELDS) / max(len(counts), 1)
        if (
            usual >= _CSV_FIELDS
            and len(records) >= _CSV_RECORDS
            and share >= _CSV_SHARE
            and (best is None or share > best[0])
        ):
            best = (share, delimiter)
    return best[1] if best else None


def _mark_csv(text: str, delimiter: str) -> str:
    """RFC 4180 with any delimiter: quotes protect delimiters and line ends, a doubled quote is one."""
    out = list(text)
    quoted = False
    at_start = True
    i = 0
    while i < len(text):
        character = text[i]
        if quoted:
            if character == '"':
                if text[i + 1 : i + 2] == '"':
                    out[i] = NOTHING
                    i += 1
                else:
                    quoted, out[i] = False, NOTHING
            elif character == "\n":
                out[i] = BREAK
        elif character == '"' and at_start:
            quoted, out[i] = True, NOTHING
        elif character == delimiter:
            out[i] = CELL
        at_start = not quoted and (character in (delimiter, "\n") or (at_start and character in " \x00"))
        i += 1
    return "".join(out)


def _mark_pipes(text: str) -> str:
    lines = text.split("\n")
    counts = [len(_PIPE.findall(line)) if "|" in line else 0 for line in lines]
    # A line of dashes and pipes says that the author of the text parts cells by pipes, also where there are only two.
    ruled = any(count and "--" in line and _is_rule(line) for line, count in zip(lines, counts, strict=True))
    least = 1 if ruled else 2
    out: list[str] = []
    for in_table, numbers in groupby(range(len(lines)), key=lambda i: counts[i] >= least):
        block = list(numbers)
        if not in_table or not (least == 1 or _is_pipe_table([lines[i] for i in block], [counts[i] for i in block])):
            out.extend(lines[i] for i in block)
            continue
        out.extend(_mark_pipe_row(lines[i]) for i in block)
    return "\n".join(out)


def _is_rule(line: str) -> bool:
    """A line drawn between rows, and nothing else."""
    return ("|" in line or "+" in line) and _RULE.fullmatch(line) is not None


def _is_pipe_table(lines: list[str], counts: list[int]) -> bool:
    """Pipes are borders where a line is framed by them, or where neighbouring lines have the same number."""
    framed = sum(line.lstrip(" \x00").startswith("|") for line in lines)
    usual = Counter(counts).most_common(1)[0][1]
    return framed >= 0.5 * len(lines) or (len(lines) >= 2 and usual >= 0.7 * len(lines))


def _mark_pipe_row(line: str) -> str:
    if _is_rule(line):
        return " " * len(line)
    line = _PIPE.sub(CELL, line).replace("\\|", NOTHING + "|").replace("\t", " ")
    body = line.strip(" \x00")
    start = line.index(body) if body else 0
    # The outer borders frame the row; they part no cells.
    if body.startswith(CELL):
        line = line[:start] + " " + line[start + 1 :]
    if body.endswith(CELL) and len(body) > 1:
        end = start + len(body) - 1
        line = line[:end] + " " + line[end + 1 :]
    return line
