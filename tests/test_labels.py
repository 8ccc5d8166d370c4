"""The vocabulary of labels, families, lines and lists: each entry's examples resolve to it, forms belong to one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from sopparse import vocab
from sopparse.layout.formats import recognise
from sopparse.normalize.items import begins_item, nouns, starts
from sopparse.normalize.labels import Group, label_prefix, near, whole_label
from sopparse.normalize.lines import is_footer, is_footnote, is_procedure_title, is_total
from sopparse.normalize.match import allowed_edits, best
from sopparse.normalize.text import fold, squeeze
from tests.factories import document

GROUPS: tuple[Group, ...] = ("header", "section", "column", "group", "form")
LABELS = [(group, name, entry) for group in GROUPS for name, entry in vocab.load("labels")[group].items()]
LISTS = ("legal_basis", "qualifications", "related_sops", "equipment", "warnings", "records")
KINDS = {"total": is_total, "footnote": is_footnote, "procedure-title": is_procedure_title, "footer": is_footer}


@pytest.mark.parametrize(("group", "name", "entry"), LABELS, ids=[f"{group}.{name}" for group, name, _ in LABELS])
def test_examples_are_their_label(group: Group, name: str, entry: dict[str, Any]) -> None:
    assert entry["examples"]
    for text in (*entry["examples"], *entry["forms"], *entry["weak"]):
        found = whole_label(text, (group,))
        assert found is not None, text
        assert (found.label.group, found.label.name) == (group, name), text
        assert found.weak is (squeeze(text) in {squeeze(weak) for weak in entry["weak"]})


@pytest.mark.parametrize("group", GROUPS)
def test_each_form_belongs_to_one_label(group: Group) -> None:
    forms = Counter(
        form
        for one, _, entry in LABELS
        if one == group
        for form in {squeeze(form) for form in (*entry["forms"], *entry["weak"])}
    )
    assert [form for form, times in forms.items() if times > 1] == []


def test_forms_are_written_as_they_are_compared() -> None:
    for _, name, entry in LABELS:
        for form in (*entry["forms"], *entry["weak"]):
            assert form == form.casefold() == form.strip(), (name, form)


@pytest.mark.parametrize(
    ("text", "count", "cut", "name"),
    [
        ("Nomor SOP : 12", 2, None, "number"),
        ("NOMOR SOP", 2, None, "number"),
        ("Nama SOPPengumpulan Data", 2, 3, "title"),
        ("NamaSOP: Pengumpulan", 1, None, "title"),
        ("Nama SOP:Pengumpulan", 2, 4, "title"),
        ("Tgl. Revisi 3 Mei", 2, None, "revised"),
        ("Kualifikasi Pelaksana :", 2, None, "qualifications"),
        ("DASARHUKUM", 1, None, "legal_basis"),
        ("Judul : Pinjam", 1, None, "title"),
        ("Nornor SOP : 12", 2, None, "number"),
        ("Nornor: 12", 1, None, "number"),
        ("Narna SOP Pinjam", 2, None, "title"),
    ],
)
def test_labels_at_the_beginning(text: str, count: int, cut: int | None, name: str) -> None:
    found = label_prefix(tuple(text.split()), ("header", "section"))
    assert found is not None
    assert (found.count, found.cut, found.label.name) == (count, cut, name)


@pytest.mark.parametrize(
    "text", ["Judul buku pinjaman", "Menerima surat masuk", "12", "", "dan", "Nomor telepon", "Nornor telepon"]
)
def test_what_is_no_label(text: str) -> None:
    assert label_prefix(tuple(text.split()), ("header", "section")) is None


def test_short_forms_are_not_repaired() -> None:
    assert [allowed_edits(length) for length in (4, 5, 8, 16, 40)] == [0, 1, 2, 2, 5]
    assert whole_label("Nq", ("column",)) is None


def test_a_tie_is_unknown() -> None:
    assert best("abcdeX", {"abcdef": 1, "abcdeg": 2}) is None
    found = best("abcdeX", {"abcdef": 1, "zzzzzz": 2})
    assert found is not None
    assert (found.entry, found.form) == (1, "abcdef")
    assert 0 <= found.runner_up < found.similarity < 1


def test_near() -> None:
    assert near("Disahkan 0leh", "disahkan oleh")
    assert not near("Diperiksa oleh", "disahkan oleh")


@pytest.mark.parametrize(
    ("text", "folded"), [("  No.  SOP : ", "no sop"), ("ＳＯＰ—AP", "sop ap"), ("", ""), ("…", ""), ("É", "é")]
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(folded) == folded
    assert squeeze(text) == folded.replace(" ", "")


def test_long_texts_are_folded_and_not_remembered() -> None:
    assert fold("A " * 50_000) == ("a " * 50_000).strip()
    assert squeeze("A " * 50_000) == "a" * 50_000


# -- families of documents ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", list(vocab.load("formats")))
def test_families_are_told_by_their_labels(family: str) -> None:
    entry = vocab.load("formats")[family]
    forms = {squeeze(label) for label in entry["labels"]}
    assert len(forms) == len(entry["labels"])
    assert 0 < entry["needed"] <= len(forms)
    for example in entry["examples"]:
        assert best(squeeze(example), dict.fromkeys(forms, family)) is not None, example
    found = recognise(
        [row for page in document("\n".join(map(str.capitalize, entry["labels"]))).pages for row in page.rows]
    )
    assert found is not None
    assert found.layout == family


# -- lines and lists ------------------------------------------------------------------------------------------------


def _line_examples() -> Iterator[tuple[str, str]]:
    for kind, entry in vocab.load("lines").items():
        for example in entry["examples"]:
            yield kind, example


@pytest.mark.parametrize(("kind", "example"), list(_line_examples()))
def test_lines_are_what_they_begin_like(kind: str, example: str) -> None:
    assert KINDS[kind](example)


@pytest.mark.parametrize("text", ["Menerima surat masuk", "Jumlahkan semua angka", "3", "Catatan harian disimpan", ""])
def test_ordinary_lines_are_nothing_else(text: str) -> None:
    assert [kind for kind, test in KINDS.items() if test(text)] == []


@pytest.mark.parametrize("section", LISTS)
def test_items_begin_as_their_list_says(section: str) -> None:
    entry = vocab.load("lists")[section]
    for example in entry["examples"]:
        assert begins_item(example, section), example
    assert len(set(entry["starts"])) == len(entry["starts"])
    assert starts(section) == set(entry["starts"])
    assert nouns(section) == set(entry["nouns"])
    assert not begins_item("", section)
