"""Numbers of persons are masked wherever they stand; names can be left out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopparse import model, vocab
from sopparse.privacy import Disclosure, drop_names, mask_nip, mask_words, names_of, shown
from tests import factories

NIP = "197209041992031001"
CASES = vocab.load("privacy")["masked"]


@pytest.mark.parametrize("case", CASES, ids=[case["input"] for case in CASES])
def test_masked(case: dict[str, str]) -> None:
    assert mask_nip(case["input"]) == case["output"]


@pytest.mark.parametrize("text", vocab.load("privacy")["unchanged"]["examples"])
def test_unchanged(text: str) -> None:
    assert mask_nip(text) == text


@pytest.mark.parametrize("label", vocab.load("privacy")["labels"])
def test_every_label_is_known(label: str) -> None:
    assert mask_nip(f"{label.upper()}. 130123456") == f"{label.upper()}. *********"


@given(
    st.text(max_size=40).filter(lambda text: not text[-1:].isalnum()),
    st.sampled_from(["", " ", ".", " - ", "\n"]),
    st.sampled_from(["", "NIP. ", "NIP: "]),
)
def test_no_number_gets_through(before: str, gap: str, label: str) -> None:
    printed = gap.join((NIP[:8], NIP[8:14], NIP[14], NIP[15:]))
    masked = mask_nip(f"{before} {label}{printed} oleh")
    assert NIP not in re.sub(r"\D", "", masked)
    assert re.sub(r"[^\d*]", "", masked[len(before) :]).endswith("******1***") or label + "*" * 8 in masked


@given(st.text(alphabet="NIP. 1970-081O7l\n*", max_size=80))
def test_masking_keeps_the_length_and_is_idempotent(text: str) -> None:
    once = mask_nip(text)
    assert len(once) == len(text)
    assert mask_nip(once) == once


def test_words_that_stand_apart() -> None:
    words = ["NIP", "19720904", "199203", "1", "001", "Kepala"]
    assert mask_words(words) == ["NIP", "19720904", "******", "1", "***", "Kepala"]
    assert mask_words([]) == []


def test_names() -> None:
    approver = model.Approver(name="Budi Contoh, S.Sos", nip=NIP)
    sop = factories.sop().model_copy(update={"header": model.Header(approver=approver)})
    names = names_of([factories.result(sop, factories.sop())])
    assert names == {"Budi Contoh, S.Sos"}
    assert drop_names("Disetujui BUDI  CONTOH, S.Sos pada hari itu; Budi Contohan", names) == (
        "Disetujui … pada hari itu; Budi Contohan"
    )
    assert drop_names("oleh Budi Contoh.", names) == "oleh …."


def test_rows_of_a_table() -> None:
    rows = [{"nama": "Budi Contoh, S.Sos", "teks": ("oleh Budi Contoh", NIP), "jumlah": 3}]
    names = ["Budi Contoh, S.Sos"]
    assert shown(rows, Disclosure(), names) == [
        {"nama": "Budi Contoh, S.Sos", "teks": ("oleh Budi Contoh", "19720904******1***"), "jumlah": 3}
    ]
    assert shown(rows, Disclosure(nip=True, names=False), names) == [
        {"nama": None, "teks": ("oleh …", NIP), "jumlah": 3}
    ]
