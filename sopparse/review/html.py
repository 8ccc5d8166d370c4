"""The page and the index as HTML files that load nothing, and in which no text of a document can become a script.

The templates escape every value; the styles and scripts are those of this package alone, named by their digest in the
Content-Security-Policy, so that a browser refuses any other.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sopparse import model, vocab
from sopparse.review.flowchart import Figure
from sopparse.review.pages import Piece, Sheet, spots_on
from sopparse.review.values import LISTS, Doubt, Value, judged

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

LANGUAGES = ("id", "en")
_STYLES, _SCRIPTS = ("page.css", "print.css"), ("view.js", "state.js", "edit.js")
# A file name has 255 bytes on most disks, a letter up to four.
LONGEST_NAME = 50
# What ends a script element, begins a comment in one, or ends a line of a script in older browsers.
_UNSAFE = {code: f"\\u{code:04x}" for code in (0x26, 0x3C, 0x3E, 0x2028, 0x2029)}


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in the index: `file` is its page, relative; `wrong` how many of its values may be expected wrong."""

    file: str
    name: str
    title: str | None
    grade: str
    confidence: float
    status: str
    doubts: int
    wrong: float
    errors: int
    warnings: int
    steps: int

    @property
    def doubt(self) -> tuple[float, int]:
        """What the index is sorted by: an open error weighs as much as a wrong value."""
        return self.wrong + self.errors, self.doubts


def page(
    result: model.Result,
    figures: Mapping[str, Figure],
    sheets: Sequence[Sheet],
    pieces: Sequence[Piece],
    version: str,
    index: str | None = None,
    lang: str = "id",
) -> str:
    """`figures` by the pointer of their procedure; a document has sheets or, if it is a text, pieces. `index` is the
    address of the page that lists all documents."""
    values, doubts = judged(result)
    by_path = {value.path: value for value in values}
    numbers = {doubt.value.field: doubt.number for doubt in doubts}
    order = list(dict.fromkeys(field for piece in pieces for field in piece.fields))
    return _render(
        "page.html.j2",
        result=result,
        values=by_path,
        doubts=doubts,
        numbers=numbers,
        figures=figures,
        sheets=[(sheet, spots_on(sheet, result.report.fields, numbers)) for sheet in sheets],
        pieces=pieces,
        places={field: place for place, field in enumerate(order)},
        lists=LISTS,
        version=version,
        index=index,
        lang=lang,
        patch=patch_name(result.source.name),
        data=_json(_data(result, values, doubts, order)),
    )


def index_page(entries: Sequence[Entry], failures: Sequence[tuple[str, str]], version: str, lang: str = "id") -> str:
    """`failures`: documents without a page, and why."""
    ordered = sorted(entries, key=lambda entry: (-entry.doubt[0], -entry.doubt[1], entry.name))
    return _render("index.html.j2", entries=ordered, failures=failures, version=version, lang=lang)


def entry_of(result: model.Result, file: str) -> Entry:
    fields = result.report.fields.values()
    severities = [one.severity for one in result.report.findings]
    return Entry(
        file=file,
        name=result.source.name,
        title=next((sop.header.title for sop in result.sops if sop.header.title), None),
        grade=result.report.grade,
        confidence=result.report.confidence,
        status=result.status,
        doubts=len(judged(result)[1]),
        wrong=sum(1 - one.confidence for one in fields),
        errors=severities.count("error"),
        warnings=severities.count("warning"),
        steps=sum(len(procedure.steps) for sop in result.sops for procedure in sop.procedures),
    )


def patch_name(name: str) -> str:
    """What the file of corrections is called: nothing in it that a shell or a disk would take amiss."""
    return re.sub(r"[^\w.-]+", "_", name)[:LONGEST_NAME].strip(".-") + ".patch.json"


# -- what the scripts know ------------------------------------------------------------------------------------------


def _data(
    result: model.Result, values: Sequence[Value], doubts: Sequence[Doubt], order: Sequence[str]
) -> dict[str, Any]:
    return {
        "patch": patch_name(result.source.name),
        "sha256": result.source.sha256,
        "sops": [sop.model_dump(mode="json", by_alias=True) for sop in result.sops],
        "fields": {path: _field(report) for path, report in result.report.fields.items()},
        "values": {value.path: _value(value) for value in values},
        "doubts": [{"path": doubt.value.path, "field": doubt.value.field} for doubt in doubts],
        "findings": [
            {"path": one.path, "severity": one.severity, "id": one.message, "en": one.message_en}
            for one in result.report.findings
        ],
        "order": order,
        "words": {key: [entry[lang] for lang in LANGUAGES] for key, entry in vocab.load("review").items()},
    }


def _field(report: model.FieldReport) -> dict[str, Any]:
    return {
        "confidence": report.confidence,
        "signals": [report.signals.read, report.signals.place, report.signals.parse],
        "raw": report.raw,
        "fixes": report.fixes,
        "basis": report.basis,
        "absence": report.absence,
        "pages": sorted({one.page for one in report.origins}),
    }


def _value(value: Value) -> dict[str, Any]:
    return {
        "field": value.field,
        "kind": value.kind,
        "gone": value.gone,
        "unit": value.unit,
        "removes": value.removes,
        "options": value.options,
        "label": [label(value, lang) for lang in LANGUAGES],
    }


def label(value: Value, lang: str) -> str:
    """What the value is called: "Langkah 3: Waktu"."""
    place, kind = dict(value.place), value.label.partition(".")[0]
    form = f"label.{kind}" if kind in ("step", "node", "edge") else "label.item"
    own = _words(value.label, lang)
    return own if not place else _words(form, lang, label=own, **place)


def _words(key: str, lang: str, **details: object) -> str:
    entry = vocab.load("review").get(key)
    if entry is None:  # grades and states are named as on the command line
        group, _, name = key.partition(".")
        entry = vocab.load("messages")[group][name]
    return str(entry[lang]).format(**details)


def _json(data: Any) -> Markup:
    from markupsafe import Markup

    return Markup(json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE))


# -- templates ------------------------------------------------------------------------------------------------------


def _render(name: str, **values: Any) -> str:
    return _environment().get_template(name).render(**values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("sopparse.review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # One element each, so that each has one digest.
    style = "\n".join(_part(name) for name in _STYLES)
    script = "(() => {\n'use strict';\n" + "\n".join(_part(name) for name in _SCRIPTS) + "\n})();"
    index_script = _part("index.js")
    environment.globals.update(
        text=_both,
        label=label,
        percent=_percent,
        style=_trusted(style),
        script=_trusted(script),
        index_script=_trusted(index_script),
        policy=_policy(style, script, index_script),
    )
    return environment


def _part(name: str) -> str:
    return (files(__package__) / "templates" / name).read_text(encoding="utf-8")


def _trusted(text: str) -> Markup:
    """Text of this package, which needs no escaping."""
    from markupsafe import Markup

    return Markup(text)


def _policy(style: str, *scripts: str) -> str:
    return (
        f"default-src 'none'; img-src data:; style-src {_digest(style)}; "
        f"script-src {' '.join(map(_digest, scripts))}; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _both(key: str, tag: str = "span", **details: object) -> Markup:
    """The words in each language; the style shows the one that is chosen. Inside a drawing the tag is `tspan`."""
    from markupsafe import Markup

    return Markup("").join(
        Markup('<{} lang="{}">{}</{}>').format(tag, lang, _words(key, lang, **details), tag) for lang in LANGUAGES
    )


def _percent(confidence: float) -> str:
    """Rounded down: what is shown as 90 % is not doubtful."""
    return f"{int(confidence * 100 + 1e-6)} %"
