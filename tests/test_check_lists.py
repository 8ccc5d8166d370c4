"""Items that stop in the middle, and items of another list; the words by which that is judged."""

from __future__ import annotations

import pytest

from sopparse import check, vocab
from sopparse.check.wording import begins_sentence, fold, has_verb, is_cut, is_time, words
from sopparse.model import Sop
from tests.factories import codes, form, parsed, sop


def found(one: Sop) -> dict[str, str]:
    return {issue.code: path for path, issue in check.review(one)}


def listing(name: str, *items: str) -> Sop:
    return sop().model_copy(update={name: items})


@pytest.mark.parametrize(
    ("label", "given", "expected"),
    [
        ("cut after a preposition", listing("qualifications", "Memahami peraturan tentang"), "list.item-cut"),
        ("cut before what is concerned", listing("qualifications", "Memahami peraturan terkait"), "list.item-cut"),
        ("cut after its verb", listing("qualifications", "Mampu mengoperasikan"), "list.item-cut"),
        ("only its first word", listing("related_sops", "SOP"), "list.item-cut"),
        ("a condition without consequence", listing("warnings", "Apabila berkas tidak lengkap"), "list.item-cut"),
        ("an open bracket", listing("equipment", "Komputer (laptop"), "list.item-cut"),
        ("a citation among the persons", listing("qualifications", "UU Nomor 3 Tahun 2011"), "list.item-foreign"),
        ("a thing among the persons", listing("qualifications", "Printer"), "list.item-foreign"),
        ("a report among the persons", listing("qualifications", "Laporan bulanan"), "list.item-foreign"),
        ("a person among the things", listing("equipment", "Mampu mengetik"), "list.item-foreign"),
        ("a warning among the procedures", listing("related_sops", "Jika terlambat, ditolak"), "list.item-foreign"),
    ],
)
def test_what_is_found(label: str, given: Sop, expected: str) -> None:
    ((code, path),) = found(given).items()
    assert (code, path.split("/")[-1]) == (expected, "0"), label


@pytest.mark.parametrize(
    ("label", "given"),
    [
        ("the last but one ends in a conjunction", listing("warnings", "Mencabut SOP lama; dan", "Berlaku sejak kini")),
        ("a condition with a comma", listing("warnings", "Apabila terlambat, layanan terhenti")),
        ("a procedure in a warning", listing("warnings", "SOP ini berlaku tetap")),
        ("a register among the things", listing("equipment", "Buku register keputusan")),
        ("offices as related", listing("related_sops", "Bagian Hukum")),
        ("one word", listing("equipment", "Komputer")),
        ("offices that are concerned", listing("qualifications", "Petugas loket, Kabid dan Instansi Teknis Terkait")),
    ],
)
def test_what_is_not(label: str, given: Sop) -> None:
    assert found(given) == {}, label


LIST = "KETERKAITAN\tPERALATAN/PERLENGKAPAN\nSOP Peminjaman Arsip\t1. Komputer 2. Printer 3. Kertas"


@pytest.mark.parametrize(
    ("label", "items", "skipped"),
    [
        ("in order", "1. Komputer 2. Printer 3. Kertas", False),
        ("the second is lost", "1. Komputer 2. Printer 4. Meja", True),
        ("the first is lost", "2. Printer 3. Kertas", True),
    ],
)
def test_numbers_of_items(label: str, items: str, skipped: bool) -> None:
    text = form(lists=f"KETERKAITAN\tPERALATAN/PERLENGKAPAN\nSOP Peminjaman Arsip\t{items}")
    assert ("list.number-skipped" in codes(parsed(text))) == skipped, label


def test_every_example_of_the_vocabulary_is_what_it_stands_for() -> None:
    known = vocab.load("checks")
    assert all(is_cut(text, item=True) for text in known["cut"]["examples"])
    assert all(map(has_verb, known["verbs"]["examples"]))
    assert all(map(begins_sentence, known["sentence"]["examples"]))
    assert {fold(text) for text in known["foreign_heads"]["examples"]} <= words("foreign_heads", "words")
    assert all(fold(text).startswith(tuple(known["total"]["words"])) for text in known["total"]["examples"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("15 menit", True), ("± 10 Menit", True), ("1-2 hari", True), ("Lembar 2", False), ("2 hari laporan", False)],
)
def test_a_time_and_nothing_else(text: str, expected: bool) -> None:
    assert is_time(text) == expected
