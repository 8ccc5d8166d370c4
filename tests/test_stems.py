"""Words without their affixes, and sentences as acts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sopparse import vocab
from sopparse.compare.subjects import class_name, rank_class
from sopparse.compare.terms import acts, alike, clauses, terms, title_terms, wording, words
from sopparse.normalize.titles import read_title
from sopparse.stems import stem

STEMS = vocab.load("stems")
COMPARISON = vocab.load("comparison")
RULES = [*STEMS["ending"], *STEMS["suffix"], *STEMS["prefix"]]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule['form']}-{rule.get('before', '')}")
def test_examples_of_rules(rule: dict[str, object]) -> None:
    examples = rule["examples"]
    assert isinstance(examples, dict)
    assert examples
    for word, expected in examples.items():
        assert stem(word) == expected, word


def test_exceptions_are_their_own_stem() -> None:
    for word in STEMS["whole"]:
        assert stem(word) == word
    for word, root in STEMS["irregular"].items():
        assert stem(word) == root


@pytest.mark.parametrize(
    "forms",
    [
        ("memeriksa", "diperiksa", "pemeriksaan"),
        ("menyusun", "disusun", "penyusunan"),
        ("mengirimkan", "dikirim", "pengiriman"),
        ("mengarsipkan", "diarsipkan", "pengarsipan"),
        ("menandatangani", "ditandatangani", "penandatanganan"),
        ("memusnahkan", "dimusnahkan", "pemusnahan"),
        ("mencatat", "dicatat", "pencatatan"),
        ("mengoreksi", "dikoreksi", "koreksi"),
        ("merencanakan", "direncanakan", "perencanaan"),
    ],
)
def test_forms_of_a_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [("penetapan", "penerapan"), ("surat", "suara"), ("kerja", "kinerja"), ("pasar", "sasaran"), ("tanah", "tanam")],
)
def test_different_words_keep_different_stems(first: str, second: str) -> None:
    assert stem(first) != stem(second)


@given(st.text("abdegiklmnoprstuy", min_size=1, max_size=16))
def test_a_stem_is_never_empty(word: str) -> None:
    assert stem(word)


def test_acts_of_a_sentence() -> None:
    both = clauses("Memeriksa dan memaraf konsep surat")
    assert [one.verbs for one in both] == [(stem("memeriksa"),), (stem("memaraf"),)]
    assert both[0].terms == both[1].terms == terms("konsep surat")


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        ("Surat tugas dan lampirannya ditandatangani", ["tandatangan"]),
        ("Melakukan pengumpulan bahan", ["kumpul"]),
        ("Memeriksa konsep, jika salah dikembalikan", ["periksa"]),
        ("Memeriksa berkas yang telah diserahkan", ["periksa"]),
        ("Data pemohon diinput pada sistem", ["input"]),
        ("Memverifikasi, menghitung dan mencatat setoran", ["verifikasi", "hitung", "catat"]),
    ],
)
def test_what_is_done(text: str, verbs: list[str]) -> None:
    assert [verb for one in clauses(text) for verb in one.verbs] == verbs


def test_who_does_it_is_not_what_is_done() -> None:
    names = frozenset(words("Kasubag Umum, Keu. dan Kepegawaian"))
    bare = wording("memeriksa konsep surat")
    assert wording("Kasubag Umum, Keuangan dan Kepegawaian memeriksa konsep surat", names) == bare
    passive = wording("Konsep surat diperiksa oleh Kepala Bidang")
    assert (passive.verbs, sorted(passive.terms)) == (bare.verbs, sorted(bare.terms))


def test_a_title_that_is_also_a_thing_stays_where_no_person_is_named() -> None:
    assert "bidan" in wording("Menerbitkan izin praktik bidan").terms
    assert "bidan" not in wording("Bidan menerbitkan izin praktik").terms


def test_generic_words_of_titles() -> None:
    assert title_terms("SOP Mekanisme Pelayanan Peminjaman Alat") == title_terms("Peminjaman Alat")
    assert title_terms("Standar Operasional Prosedur")


def test_short_forms() -> None:
    forms = [entry["form"] for entry in COMPARISON["short"]]
    assert len(forms) == len(set(forms))
    for entry in COMPARISON["short"]:
        for example in entry["examples"]:
            shown = words(example)
            assert entry["form"] not in shown
            assert set(entry["phrase"].split()) <= set(shown), example


def test_joined_spellings() -> None:
    for phrase, word in COMPARISON["joined"].items():
        assert words(phrase) == [word]


def test_words_alike() -> None:
    for entry in COMPARISON["alike"]:
        assert entry["examples"]
        for example in entry["examples"]:
            root = stem(words(example)[0])
            verb = entry.get("verb", False)
            assert entry["id"] in alike(root, verb=verb), (entry["id"], example)


def test_acts_of_the_vocabulary_are_known_by_their_stem() -> None:
    assert "check" in acts(stem("diperiksa"))
    assert acts(stem("peminjaman")) == ()


@pytest.mark.parametrize("name", ["stop", "generic", "carrier", "beside", "condition", "joiner", "office", "verbal"])
def test_word_lists_have_examples_that_use_them(name: str) -> None:
    entry = COMPARISON[name]
    for example in entry["examples"]:
        found = words(example)
        used = entry.get("words") or [word for word in found if word.startswith(tuple(entry["prefixes"]))]
        assert set(found) & set(used), example


def test_comparison_classes() -> None:
    roles = [role for entry in COMPARISON["class"] for role in entry["roles"]]
    assert len(roles) == len(set(roles))
    assert set(roles) <= {entry["id"] for entry in vocab.load("titles")["role"]}
    for entry in COMPARISON["class"]:
        assert class_name(entry["id"]) == entry["name"]
        for label in entry["examples"]:
            title = read_title(label).value
            assert title
            assert rank_class(title.role, label) == entry["id"], label


def test_posts_and_what_became_of_them_are_one_class() -> None:
    assert rank_class("kepala-seksi", "Kasi") == rank_class("sub-koordinator", "Sub Koordinator")
    assert rank_class("perencana", "Perencana Ahli Muda") == rank_class("kepala-sub-bidang", "Kasubid")
    assert rank_class("kepala-bidang", "Kabid") != rank_class("kepala-seksi", "Kasi")
    assert rank_class(None, "Juru Kunci") is None
