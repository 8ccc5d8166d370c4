"""The comparison as a report: one HTML file that opens from disk, a workbook of a sheet for each question, or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sopparse import vocab
from sopparse.compare.entries import Row
from sopparse.compare.figures import Figure, figures
from sopparse.compare.questions import ORDER, Comparison
from sopparse.compare.table import Alignment
from sopparse.privacy import Disclosure, shown

# A page with more rows than this is slow to open; all rows stand in the workbook and in the JSON.
MOST_ROWS = 500
MOST_GROUPS = 40
# More columns than this cannot be read side by side.
MOST_MEMBERS = 12
# A step with less in common with the rest of its row than this is beside it rather by its place; shown as unsure.
WEAK = 0.4
# Columns that lead back to the document, in every table.
TRACE = ("sop", "page", "pointer")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of the report in one language."""

    lang: str
    entries: Mapping[str, Any]

    @classmethod
    def of(cls, lang: str) -> Wording:
        return cls(lang, vocab.load("compare"))

    @property
    def other_message(self) -> str:
        """The column of the messages in the other language."""
        return "message" if self.lang == "en" else "message_en"

    def say(self, key: str, **details: object) -> str:
        entry: Any = self.entries
        for part in key.split(".", 1):
            entry = entry.get(part) if isinstance(entry, Mapping) else None
        return str(entry[self.lang]).format(**details) if entry is not None else key.rpartition(".")[2]

    def cell(self, column: str, value: Any) -> str:
        """A value as people read it."""
        if value is None or value == "":
            return "–"
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        form = self.entries["column"].get(column, {}).get("form")
        if form == "word" and isinstance(value, str):
            return self.say(f"word.{value}")
        if form == "word":
            form = "percent"  # the share of those that are filled
        if isinstance(value, (int, float)):
            text = f"{value:.0%}" if form == "percent" else f"{value:,.{0 if float(value).is_integer() else 2}f}"
            return text if self.lang == "en" else text.translate(str.maketrans(",.", ".,"))
        return str(value)


def as_json(comparison: Comparison, disclosure: Disclosure) -> str:
    """One row on each line: with many SOPs the whole is never held twice."""

    def told(value: Any) -> str:
        return json.dumps(shown(value, disclosure, comparison.names), ensure_ascii=False, default=sorted)

    def listed(rows: Iterable[Any]) -> str:
        return "[\n" + ",\n".join(map(told, rows)) + "\n]"

    parts = {
        "today": told(comparison.terms.today.isoformat()),
        "least_confidence": told(comparison.terms.least),
        "foreign": told(comparison.foreign),
        "documents": listed(comparison.documents),
        "figures": listed(map(asdict, figures(comparison))),
        "groups": listed(map(_told_group, comparison.groups)),
        "answers": "{" + ",".join(f'"{code}": {listed(comparison.answers[code])}' for code in ORDER) + "}",
    }
    return "{\n" + ",\n".join(f'"{name}": {text}' for name, text in parts.items()) + "\n}\n"


def _told_group(table: Alignment) -> Row:
    """The table of a procedure without its cells: those are the rows of A9."""
    spread = ("actors", "times", "requirements", "outputs")
    return {
        "procedure": table.label,
        "members": [{"agency": one.agency, **asdict(one.place)} for one in table.members],
        "rows": [
            {"step": row.label, "kind": row.kind, **{name: asdict(getattr(row, name)) for name in spread}}
            for row in table.rows
        ],
        "counts": asdict(table.counts),
    }


def as_xlsx(comparison: Comparison, disclosure: Disclosure, wording: Wording) -> bytes:
    """A sheet for each question, tidy, and one for each figure."""
    from pandas import DataFrame

    from sopparse.export.workbook import workbook

    tables: dict[str, Sequence[Row]] = {"documents": comparison.documents}
    tables |= {figure.name: figure.rows for figure in figures(comparison)}
    tables |= {code: comparison.answers[code] for code in ORDER}
    sheets = {}
    for name, rows in tables.items():
        frame = DataFrame([shown(row, disclosure, comparison.names) for row in rows], dtype=object)
        frame = frame.drop(columns=wording.other_message, errors="ignore")
        title = wording.say(f"sheet.{name}")
        sheets[f"{name} {title}" if name in ORDER else title] = frame.rename(
            columns={column: wording.say(f"column.{column}") for column in frame.columns}
        )
    return workbook(sheets)


def as_html(comparison: Comparison, disclosure: Disclosure, wording: Wording, version: str) -> str:
    """`version`: that of the program, for the foot of the page."""
    from base64 import b64encode
    from hashlib import sha256

    from jinja2 import Environment, PackageLoader
    from markupsafe import Markup

    from sopparse.compare.plots import plots
    from sopparse.standing import data_date

    made = figures(comparison)
    drawn = plots(comparison, made, wording.say)
    environment = Environment(loader=PackageLoader("sopparse.compare"), autoescape=True, trim_blocks=True)
    script = environment.loader.get_source(environment, "report.js")[0]  # type: ignore[union-attr]
    return environment.get_template("report.html.j2").render(
        say=wording.say,
        lang=wording.lang,
        version=version,
        comparison=comparison,
        agencies=len({row["agency"] for row in comparison.documents}),
        data_date=data_date(),
        questions=[_question(code, comparison, made, disclosure, wording) for code in ORDER],
        overview=_table(next(figure for figure in made if figure.name == "overview"), wording, comparison, disclosure),
        groups=[_group(table, wording, disclosure, comparison.names) for table in comparison.groups[:MOST_GROUPS]],
        more_groups=max(0, len(comparison.groups) - MOST_GROUPS),
        plots={name: Markup(svg) for name, svg in drawn.items()},
        script=Markup(script),
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
    )


def _question(
    code: str, comparison: Comparison, made: Sequence[Figure], disclosure: Disclosure, wording: Wording
) -> dict[str, Any]:
    rows = comparison.answers[code]
    return {
        "code": code,
        "rows": _lines(rows[:MOST_ROWS], disclosure, comparison.names, wording),
        "columns": _columns(rows, wording),
        "total": len(rows),
        "documents": len({row.get("sop", row.get("document")) for row in rows}),
        "figures": [
            _table(figure, wording, comparison, disclosure)
            for figure in made
            if figure.code == code and figure.name != "overview"
        ],
    }


def _columns(rows: Iterable[Row], wording: Wording) -> list[tuple[str, str]]:
    """The columns of a table, what leads back to the document last."""
    names = dict.fromkeys(
        key for row in rows for key in row if key != f"message_{'id' if wording.lang == 'en' else 'en'}"
    )
    ordered = [*(name for name in names if name not in TRACE), *(name for name in TRACE if name in names)]
    return [(name, wording.say(f"column.{name}")) for name in ordered]


def _table(figure: Figure, wording: Wording, comparison: Comparison, disclosure: Disclosure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "columns": [(name, wording.say(f"column.{name}")) for name in figure.columns],
        "rows": _lines(figure.rows[:MOST_ROWS], disclosure, comparison.names, wording),
        "total": len(figure.rows),
        "basis": figure.basis,
    }


def _lines(
    rows: Iterable[Row], disclosure: Disclosure, names: Iterable[str], wording: Wording
) -> list[dict[str, tuple[str, Any]]]:
    """Each cell as it is shown, and as it is sorted."""
    return [
        {name: (wording.cell(name, value), value) for name, value in shown(row, disclosure, names).items()}
        for row in rows
    ]


def _group(table: Alignment, wording: Wording, disclosure: Disclosure, names: Iterable[str]) -> dict[str, Any]:
    """One procedure with its agencies side by side."""
    return {
        "label": shown(table.label, disclosure, names),
        "members": [(one.agency or wording.say("unknown_agency"), one.place) for one in table.members[:MOST_MEMBERS]],
        "size": len(table.members),
        "rows": list(_side_by_side(table, wording, disclosure, names)),
        "counts": asdict(table.counts),
    }


def _side_by_side(
    table: Alignment, wording: Wording, disclosure: Disclosure, names: Iterable[str]
) -> Iterator[dict[str, Any]]:
    for row in table.rows:
        cells = [
            None
            if cell is None
            else {
                "moved": cell.moved,
                "shared": cell.shared,
                "weak": cell.similarity is not None and cell.similarity < WEAK,
                "steps": [
                    {
                        "number": step.number,
                        "activity": shown(step.activity, disclosure, names) or "–",
                        "activity_doubtful": "activity" in step.doubtful,
                        "actors": ", ".join(one.label for one in step.performers if one.label),
                        "actors_doubtful": "actors" in step.doubtful,
                        "duration": step.duration,
                        "duration_doubtful": "duration" in step.doubtful,
                        "page": step.place.page,
                    }
                    for step in cell.steps
                ],
            }
            for cell in row.cells[:MOST_MEMBERS]
        ]
        differs = [name for name in ("actors", "times", "requirements", "outputs") if getattr(row, name).differs]
        yield {
            "label": shown(row.label, disclosure, names),
            "kind": row.kind,
            "have": sum(cell is not None for cell in row.cells),
            "cells": cells,
            "differs": [wording.say(f"differs.{name}") for name in differs],
        }
