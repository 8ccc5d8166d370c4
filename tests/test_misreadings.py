"""Misread words: what is mended, and what never is."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopparse import pipeline, vocab
from sopparse.extract.parts import worded
from sopparse.layout.blocks import lay_out
from sopparse.normalize.misreadings import lexicon, mended, mended_word
from sopparse.page import Page, Word, text_of
from sopparse.readers import pdf
from tests.scans import page_pdf

SEEN = "pengacluan"
CONFUSIONS = vocab.load("misreadings")["confusion"]


def words(text: str, read: float = 0.9) -> tuple[Word, ...]:
    return tuple(Word(one, k, read=read) for k, one in enumerate(text.split()))


@pytest.mark.parametrize("entry", CONFUSIONS, ids=[f"{e['read']}-{e['printed']}" for e in CONFUSIONS])
def test_each_confusion_mends_its_examples(entry: dict[str, Any]) -> None:
    assert entry["examples"]
    for read, printed in entry["examples"]:
        assert mended_word(read) == printed
        assert entry["read"] in read.casefold() or entry["read"] in read


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("(Pelaksanaan)", "(Pelaksanaan)"),
        ("dipenksa,", "diperiksa,"),
        ("MENYERAHKAN", "MENYERAHKAN"),
        ("Kesimputan/tanggai", "Kesimpulan/tanggal"),
        ("klantikasi", "klarifikasi"),
        ("Memventikasi.", "Memverifikasi."),
    ],
)
def test_case_and_punctuation_stay(read: str, printed: str) -> None:
    assert mended_word(read) == printed


@pytest.mark.parametrize(
    "word",
    [
        # Words of their own, near to words of the lexicon.
        *("alasan", "lahan", "label", "tekanan", "penerapan", "diterapkan", "mengenal", "formal", "pengusutan"),
        # Names, of persons and places, as they look.
        *("Salman", "Suryani", "Banjarnegara", "Kendari", "Marlina", "Karim", "Wati"),
        # Abbreviations, numbers, short words, and what no confusion explains.
        *("SKPD", "BPKP", "2OI4", "188.45/12/2O14", "han", "mari", "pencatata", "menyusum", "kxxpala", "Statt"),
        # A form of a known word is a word.
        *("berkasnya", "disusunlah", "pemeriksaannya"),
    ],
)
def test_what_is_not_mended(word: str) -> None:
    assert mended_word(word) == word


@given(st.sampled_from(sorted(lexicon())), st.sampled_from([str, str.capitalize, str.upper]))
def test_a_word_of_the_lexicon_is_never_changed(word: str, cased: Any) -> None:
    assert mended_word(cased(word)) == cased(word)


@given(st.text(st.sampled_from("acdeiklmnrtuv1I0!|"), min_size=1, max_size=14))
def test_what_is_mended_is_a_word_and_stays(text: str) -> None:
    once = mended_word(text)
    assert mended_word(once) == once
    assert once == text or any(part in lexicon() for part in re.split(r"[!|]", once.casefold()))


@given(st.lists(st.sampled_from([pair[0] for entry in CONFUSIONS for pair in entry["examples"]]), max_size=5))
def test_what_no_machine_read_is_never_changed(read: list[str]) -> None:
    given_words = words(" ".join(read), read=1.0)
    assert mended(given_words) == (given_words, ())


def test_a_cut_word_is_left_alone() -> None:
    left, right = words("Menten:Surat")[0].cut(6)
    assert mended((left, right)) == ((left, right), ())


def test_a_mended_value_keeps_what_was_read() -> None:
    read = words("Menyusun taporan hasii rapat")
    said = worded(read)
    field = said.printed(said.text, read, place=1.0)
    assert (field.value, field.raw) == ("Menyusun laporan hasil rapat", "Menyusun taporan hasii rapat")
    assert (field.fixes, field.signals.parse < 1.0) == (("word-corrected",), True)
    assert [dict(one.details) for one in field.issues] == [
        {"printed": "taporan", "word": "laporan"},
        {"printed": "hasii", "word": "hasil"},
    ]
    assert field.origins[0].pieces[1].end == len("taporan")


def misread(page: Page, seen: dict[str, str], read: float) -> Page:
    return replace(
        page,
        free=tuple(replace(word, text=seen[word.text], read=read) if word.text in seen else word for word in page.free),
    )


@pytest.mark.parametrize(
    ("read", "activity"), [(0.9, "Menyimpan berkas pengaduan"), (1.0, "Menyimpan berkas pengacluan")]
)
def test_the_text_of_a_step(read: float, activity: str) -> None:
    given_document = pdf.read(page_pdf(), "page.pdf")
    seen = {"pengaduan": SEEN, "Kepala": "Kepata"}
    document = replace(
        given_document, reading="ocr", pages=tuple(misread(page, seen, read) for page in given_document.pages)
    )
    laid = lay_out(document)
    published = pipeline.publish(document, pipeline.extract(laid, pipeline.Options()), laid.furniture)
    result = json.loads(published.model_dump_json(by_alias=True))
    last = result["sops"][0]["procedures"][0]["steps"][-1]
    assert last["activity"] == activity
    labels = [actor["label"] for actor in result["sops"][0]["procedures"][0]["actors"]]
    assert labels == ["Staf", "Kepala" if read < 1.0 else "Kepata"]
    report = result["report"]
    codes = {one["code"] for one in report["findings"] if one["path"].endswith("/steps/2/activity")}
    assert ("value.word-corrected" in codes) == (read < 1.0)
    assert report["fields"]["/sops/0/procedures/0/steps/2/activity"]["raw"] == f"Menyimpan berkas {SEEN}"
    mine = text_of(document.pages[0].free)
    assert SEEN in mine
    assert not any(SEEN in one["text"] for one in report["coverage"]["unplaced"])
