"""SOPs about the same thing are one group; of near neighbours each has its own."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from sopparse import model
from sopparse.compare.grouping import group
from sopparse.compare.linkage import linked
from sopparse.compare.spelling import spellings
from sopparse.compare.subjects import Subject, subjects
from sopparse.compare.weights import vectors
from tests import factories
from tests.bench.families import rand_index, subjects_of
from tests.families.build import families, family
from tests.families.procedures import plans


def _subject(title: str | None, *activities: str, name: str = "a", **fields: model.FieldReport) -> Subject:
    made = factories.result(factories.sop(title, activities=activities), name=name, fields=fields)
    source = made.source.model_copy(update={"sha256": f"{abs(hash((title, activities, name))):064x}"[:64]})
    return subjects(made.model_copy(update={"source": source}))[0]


def _groups(*known: Subject) -> list[list[str | None]]:
    return [sorted(str(member.title) for member in one.members) for one in group(known)]


def test_the_same_in_other_words() -> None:
    assert _groups(
        _subject("SOP Penanganan Dumas", "Menerima pengaduan masyarakat", "Menelaah isi pengaduan"),
        _subject("Pengelolaan Pengaduan Masyarakat", "Pengaduan diterima", "Substansi pengaduan ditelaah"),
        _subject("Pemusnahan Arsip", "Menyeleksi arsip", "Memusnahkan arsip"),
    ) == [["Pengelolaan Pengaduan Masyarakat", "SOP Penanganan Dumas"], ["Pemusnahan Arsip"]]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("pemindahan-arsip", "pemusnahan-arsip"),
        ("surat-masuk", "surat-keluar"),
        ("pinjam-pakai/Kendaraan Dinas", "pinjam-pakai/Ruang Rapat"),
        ("bantuan/Bibit Tanaman", "bantuan/Alat Tangkap Nelayan"),
    ],
)
def test_near_neighbours_stay_apart(first: str, second: str) -> None:
    """Also in a set of nothing else, where their common words are no rarer than the others."""
    plan = {one.id: one for one in plans("develop")}
    told = (family(plan[first], 4, 100), family(plan[second], 4, 100))
    found = group(one for each in told for one in subjects_of(each))
    assert [len(one.members) for one in found] == [4, 4]


def test_families_of_both_halves() -> None:
    assert rand_index(families("develop", 1)) >= 0.9
    assert rand_index(families("held", 1)) >= 0.9


def test_order_does_not_matter() -> None:
    known = [one for plan in plans("develop")[:8] for one in subjects_of(family(plan, 5, 3))]
    expected = group(known)
    for seed in range(3):
        Random(seed).shuffle(known)
        assert group(known) == expected


def test_an_unsure_title_is_not_used() -> None:
    report = model.FieldReport(confidence=0.2, signals=model.Signals(read=0.2, place=1, parse=1))
    steps = ("Menyeleksi arsip", "Memusnahkan arsip", "Membuat berita acara pemusnahan")
    misread = _subject("Penerbitan Kartu Keluarga", *steps, **{"/sops/0/header/title": report})
    assert misread.doubtful == {"title"}
    found = group(
        [
            misread,
            _subject("Pemusnahan Arsip", *steps),
            _subject("Penerbitan Kartu Keluarga", "Mencetak kartu keluarga"),
        ]
    )
    assert [len(one.members) for one in found] == [2, 1]
    assert found[0].label == "Pemusnahan Arsip"


def test_without_title_and_without_steps() -> None:
    assert len(group([_subject(None), _subject("Penerimaan Tamu")])) == 2
    assert group([]) == ()


def test_several_tables_are_several_subjects() -> None:
    tables = tuple(
        model.Procedure(title=title, steps=(model.Step(number=1, activity=activity),))
        for title, activity in (("Peminjaman Alat", "Meminjamkan alat"), ("Pengembalian Alat", "Menerima alat"))
    )
    sop = model.Sop(pages=(1,), layout="sop-ap", header=model.Header(title="Alat Peraga"), procedures=tables)
    found = subjects(factories.result(sop))
    assert [one.title for one in found] == ["Alat Peraga Peminjaman Alat", "Alat Peraga Pengembalian Alat"]
    assert [one.steps[0].place.pointer for one in found] == [f"/sops/0/procedures/{i}/steps/0" for i in (0, 1)]
    assert found[0].steps[0].place.page == 1


def test_foreign_forms_have_no_subject() -> None:
    assert subjects(factories.result(factories.sop(layout="spo-rumah-sakit"))) == ()


def test_misprints_of_frequent_words() -> None:
    documents = [{"pengaduan"}] * 8 + [{"pengadaun"}, {"pengaduan", "pengadilan"}]
    assert spellings(documents) == {"pengadaun": "pengaduan"}


def test_average_linkage() -> None:
    alike = np.array([[1, 0.9, 0.6, 0], [0.9, 1, 0.2, 0], [0.6, 0.2, 1, 0], [0, 0, 0, 1]], dtype=np.float32)
    assert linked(alike.copy(), 0.5) == [[0, 1], [2], [3]]
    assert linked(alike.copy(), 0.4) == [[0, 1, 2], [3]]


def test_sparse_likeness_is_the_cosine() -> None:
    rng = Random(1)
    documents = [{f"t{rng.randrange(900)}": rng.random() for _ in range(30)} for _ in range(60)]
    found = vectors(documents)
    rows = np.arange(found.count)
    dense = np.zeros((found.count, int(found.columns.max()) + 1), dtype=np.float32)
    for row in rows:
        span = slice(found.starts[row], found.starts[row + 1])
        dense[row, found.columns[span]] = found.values[span]
    others = ~np.eye(found.count, dtype=bool)
    assert np.allclose(found.like(rows)[others], (dense @ dense.T)[others], atol=1e-5)
    assert np.allclose(found.square(rows[10:20]), (dense @ dense.T)[10:20, 10:20], atol=1e-5)
