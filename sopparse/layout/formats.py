"""Which family of procedure documents a text belongs to: told by its labels, not by its agency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from sopparse import vocab
from sopparse.model import SOP_AP
from sopparse.normalize.labels import label_prefix, whole_label
from sopparse.normalize.match import best
from sopparse.normalize.text import squeeze
from sopparse.page import Cell, Row

# The rule of decision: five labels of the form, among them the quality heading or two of the four lists that only this
# form has; fewer are enough where a procedure table stands below them.
_ENOUGH = 5
_ENOUGH_WITH_TABLE = 2
_OWN_LISTS = frozenset(("qualifications", "related_sops", "warnings", "records"))
_MAX_WORDS = 6


@dataclass(frozen=True, slots=True)
class Form:
    """`layout` is the family's name; `names` is what to call it, Indonesian and English."""

    layout: str
    names: tuple[str, str]
    labels: int


@dataclass(slots=True)
class _Seen:
    header: set[str]
    lists: set[str]
    columns: set[str]
    foreign: dict[str, set[str]]

    @property
    def sure(self) -> bool:
        """Whether it is the form, whatever other labels there are."""
        own_lists = len(self.lists & _OWN_LISTS)
        return self.own >= _ENOUGH and ("quality" in self.columns or own_lists >= 2)

    @property
    def own(self) -> int:
        return len(self.header) + len(self.lists) + ("quality" in self.columns) + ("requirements" in self.columns)


@cache
def _foreign_forms() -> dict[str, tuple[str, ...]]:
    """Families by label, in the order in which they are listed: the first of equals is taken."""
    forms: dict[str, list[str]] = {}
    for family, entry in vocab.load("formats").items():
        if family != SOP_AP:
            for label in entry["labels"]:
                forms.setdefault(squeeze(label), []).append(family)
    return {form: tuple(dict.fromkeys(families)) for form, families in forms.items()}


def recognise(rows: Sequence[Row]) -> Form | None:
    """The family of the document, or None where too few labels of any family are in it."""
    seen = _look(rows)
    families = {
        family: len(labels)
        for family, labels in seen.foreign.items()
        if len(labels) >= vocab.load("formats")[family]["needed"]
    }
    rival = max(families, key=lambda family: families[family]) if families else None
    has_table = len(seen.columns & {"activity", "requirements", "duration", "output", "actors", "quality"}) >= 3
    sure = seen.sure
    likely = seen.own >= _ENOUGH_WITH_TABLE and has_table
    enough = sure or likely or (rival is None and (has_table or seen.own >= _ENOUGH))
    if enough and (rival is None or sure or seen.own >= families[rival]):
        return _form(SOP_AP, seen.own)
    return _form(rival, families[rival]) if rival is not None else None


def _form(family: str, labels: int) -> Form:
    entry = vocab.load("formats")[family]
    return Form(family, (entry["name_id"], entry["name_en"]), labels)


def _look(rows: Iterable[Row]) -> _Seen:
    seen = _Seen(set(), set(), set(), {})
    for row in rows:
        for cell in row.cells:
            if cell.lines:
                _look_at(cell, seen)
        if seen.sure:
            break
    return seen


def _look_at(cell: Cell, seen: _Seen) -> None:
    for line in cell.lines:
        tokens = [w.text for w in line[:24]]
        while tokens and not any(c.isalpha() for c in tokens[0][:2]):
            tokens = tokens[1:]
        if not tokens or not tokens[0][:1].isupper():
            continue
        for family in _foreign(tuple(tokens[:_MAX_WORDS])):
            seen.foreign.setdefault(family[0], set()).add(family[1])
        _own(tokens, len(line) <= 24, seen)


def _own(tokens: list[str], whole: bool, seen: _Seen) -> None:
    if whole and len(tokens) <= _MAX_WORDS:
        found = whole_label(" ".join(tokens), ("header", "section", "column", "group"))
        if found is not None:
            _note(found.label.group, found.label.name, found.weak, seen)
            return
    i = 0
    while i < len(tokens):
        # In a line of running words a label shows itself by a capital.
        hit = (
            label_prefix(tuple(tokens[i : i + 8]), ("header", "section", "column", "group"))
            if tokens[i][:1].isupper()
            else None
        )
        if hit is not None and not hit.weak and (i == 0 or hit.count > 1 or hit.label.group in ("column", "group")):
            _note(hit.label.group, hit.label.name, False, seen)
            i += hit.count
        else:
            i += 1
            if i > 14:
                break


def _note(group: str, name: str, weak: bool, seen: _Seen) -> None:
    if group in ("column", "group"):
        seen.columns.add(name)
    elif weak or name == "other":
        return
    elif group == "header":
        seen.header.add(name)
    else:
        seen.lists.add(name)


@lru_cache(maxsize=4096)
def _foreign(tokens: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Families and their labels with which the words begin; short labels must be all of the words or end in a colon."""
    key = ""
    found: dict[str, str] = {}
    forms = _foreign_forms()
    for count, token in enumerate(tokens, 1):
        key += squeeze(token)
        match = best(key, forms)
        if match is None:
            continue
        alone = count == len(tokens) or token.endswith(":") or tokens[count].startswith(":")
        if alone or len(match.form) >= 12:
            found.update(dict.fromkeys(match.entry, match.form))
    return tuple(found.items())
