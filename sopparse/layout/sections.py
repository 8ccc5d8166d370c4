"""The parts of the form: header fields, six lists, procedure tables, signature, and what is none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sopparse.layout.anchors import LabelledRow
from sopparse.layout.form import Form
from sopparse.layout.regions import Outline, outline
from sopparse.layout.tables import Table
from sopparse.layout.unread import told_by_place
from sopparse.page import Words


@dataclass(frozen=True, slots=True)
class FieldText:
    """The printed value of a header field: its lines, without the label."""

    name: str
    label: Words
    lines: tuple[Words, ...]
    place: float = 1.0


@dataclass(frozen=True, slots=True)
class ListText:
    """The lines of one of the six lists."""

    name: str
    label: Words
    lines: tuple[Words, ...]
    place: float = 1.0


@dataclass(frozen=True, slots=True)
class Sections:
    agency: tuple[Words, ...]  # lines of the letterhead
    fields: tuple[FieldText, ...]
    lists: tuple[ListText, ...]
    tables: tuple[Table, ...]
    caption: Words  # a heading beside the words "standar operasional prosedur", which names the procedure
    signature: tuple[Words, ...]  # lines after (or just before) the tables that name who signed
    labels: Words
    stray: Words

    def field(self, name: str) -> tuple[FieldText, ...]:
        return tuple(f for f in self.fields if f.name == name)

    def list(self, name: str) -> tuple[ListText, ...]:
        return tuple(part for part in self.lists if part.name == name)


def find_sections(rows: Sequence[LabelledRow]) -> Sections:
    """Places the words of one SOP."""
    rows = told_by_place(rows)
    plan = outline(rows)
    form = Form()
    for labelled, taken in zip(rows, plan.taken, strict=True):
        if not taken:
            form.take(labelled)
    form.flush()
    return _sections(form, plan)


def _sections(form: Form, plan: Outline) -> Sections:
    return Sections(
        agency=tuple(form.agency),
        fields=tuple(FieldText(f.name, f.label, tuple(f.lines), f.place) for f in form.fields),
        lists=tuple(ListText(p.name, p.label, tuple(p.lines), p.place) for p in form.lists),
        tables=plan.tables,
        caption=form.caption,
        signature=plan.signature,
        labels=tuple(form.labels) + plan.labels,
        stray=tuple(form.stray) + plan.stray,
    )
