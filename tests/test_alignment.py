"""The steps of several agencies side by side."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from random import Random

import pytest

from sopparse import model
from sopparse.compare.alignment import Alignment, added, align, missing, moved
from sopparse.compare.subjects import Performer, Place, Step, Subject
from sopparse.pipeline import parse
from tests.bench.families import counts, rand_index, subjects_of
from tests.families.build import families, family, printed
from tests.families.procedures import plans

USUAL = (
    "Menerima berkas permohonan",
    "Memeriksa berkas permohonan",
    "Mengetik surat izin",
    "Menandatangani surat izin",
)


def _step(number: int, activity: str | None, name: str, **values: object) -> Step:
    place = Place(f"{name}.txt", name * 64, f"/sops/0/procedures/0/steps/{number - 1}", 1)
    return dataclasses.replace(Step(place, number, activity), **values)  # type: ignore[arg-type]


def _subject(name: str, activities: Sequence[str], **values: Sequence[object]) -> Subject:
    """`values`: one for each step."""
    steps = tuple(
        _step(number, activity, name, **{key: given[number - 1] for key, given in values.items()})
        for number, activity in enumerate(activities, 1)
    )
    return Subject(Place(f"{name}.txt", name * 64, "/sops/0/procedures/0", 1), "Penerbitan Izin", steps=steps)


def _table(*told: Sequence[str]) -> Alignment:
    return align([_subject("abcdef"[i], activities) for i, activities in enumerate(told)])


def _numbers(table: Alignment) -> list[list[tuple[int, ...] | None]]:
    return [[tuple(step.number for step in cell.steps) if cell else None for cell in row.cells] for row in table.rows]


def test_the_same_steps_are_the_core() -> None:
    table = _table(USUAL, USUAL, USUAL)
    assert _numbers(table) == [[(n,)] * 3 for n in (1, 2, 3, 4)]
    assert {row.kind for row in table.rows} == {"core"}
    assert all(cell and cell.similarity == pytest.approx(1.0, abs=0.01) for row in table.rows for cell in row.cells)


def test_passive_and_nominal_wording_and_other_verbs() -> None:
    table = _table(
        USUAL,
        (
            "Penerimaan berkas permohonan",
            "Berkas permohonan diteliti",
            "Surat izin dibuat",
            "Surat izin ditandatangani",
        ),
    )
    assert _numbers(table) == [[(n,), (n,)] for n in (1, 2, 3, 4)]


def test_a_step_more_and_a_step_less() -> None:
    other = (*USUAL[:1], *USUAL[2:], "Mengarsipkan tembusan")
    table = _table(USUAL, USUAL, other)
    assert [row.label for row in missing(table, 2)] == [USUAL[1]]
    assert [row.label for row in added(table, 2)] == ["Mengarsipkan tembusan"]
    assert [row.kind for row in table.rows] == ["core", "common", "core", "core", "single"]


def test_a_moved_step_is_neither_dropped_nor_added() -> None:
    changed = (
        "Memeriksa berkas permohonan",
        "Mengetik surat izin",
        "Menandatangani surat izin",
        "Menerima berkas permohonan",
    )
    table = _table(USUAL, USUAL, changed)
    assert [row.label for row in moved(table, 2)] == [USUAL[0]]
    assert missing(table, 2) == added(table, 2) == ()
    assert moved(table, 0) == ()
    assert table.counts.moved == 1


def test_rows_stand_in_the_order_of_most() -> None:
    other = (USUAL[1], USUAL[0], *USUAL[2:])
    for told in ((USUAL, USUAL, other), (other, USUAL, USUAL)):
        assert [row.label for row in _table(*told).rows] == list(USUAL)


def test_two_acts_in_one_step_fill_two_rows() -> None:
    table = _table(USUAL, USUAL, ("Menerima dan memeriksa berkas permohonan", *USUAL[2:]))
    assert _numbers(table)[:2] == [[(1,), (1,), (1,)], [(2,), (2,), (1,)]]
    cell = table.rows[0].cells[2]
    assert cell
    assert cell.shared
    assert table.counts.merged == 1
    assert missing(table, 2) == ()


def test_one_agency_in_two_steps_what_most_do_in_one() -> None:
    both = ("Menerima dan memeriksa berkas permohonan", *USUAL[2:])
    table = _table(both, both, USUAL)
    assert _numbers(table)[0] == [(1,), (1,), (1, 2)]
    assert len(table.rows) == 3
    assert table.counts.split == 1


def _performer(label: str, role: str, rank_class: str | None) -> tuple[Performer, ...]:
    return (Performer(label, role, rank_class),)


def test_actors_by_class() -> None:
    head = _performer("Kasi", "kepala-seksi", "pengawas-setara")
    coordinator = _performer("Sub Koordinator", "sub-koordinator", "pengawas-setara")
    clerk = _performer("Staf", "staf", "pelaksana")
    first = _subject("a", USUAL[:2], performers=(head, head))
    second = _subject("b", USUAL[:2], performers=(coordinator, clerk))
    table = align([first, second])
    assert table.rows[0].actors.values == (("pengawas-setara", 2),)
    assert not table.rows[0].actors.differs
    assert table.rows[1].actors.differs
    assert dict(table.rows[1].actors.values) == {"pengawas-setara": 1, "pelaksana": 1}


def test_times_as_interval_of_what_is_known() -> None:
    first = _subject("a", USUAL[:2], minutes=((10, 10), (60, 120)))
    second = _subject("b", USUAL[:2], minutes=(None, (90, 90)))
    third = _subject("c", USUAL[:2], minutes=((450, 450), (100, 100)))
    rows = align([first, second, third]).rows
    assert (rows[0].times.low, rows[0].times.high, rows[0].times.known, rows[0].times.unknown) == (10, 450, 2, 1)
    assert rows[0].times.differs
    assert (rows[1].times.low, rows[1].times.high) == (60, 120)


def test_outputs_in_another_wording_do_not_differ() -> None:
    first = _subject("a", USUAL[:2], outputs=(("Berkas diterima",), ("Berkas lengkap",)))
    second = _subject("b", USUAL[:2], outputs=(("Berkas yang telah diterima",), ("Nota penolakan",)))
    rows = align([first, second]).rows
    assert not rows[0].outputs.differs
    assert rows[1].outputs.differs


def test_doubtful_values_are_shown_and_not_compared() -> None:
    doubt = frozenset({"duration", "outputs", "actors"})
    values = {"minutes": ((9000, 9000), None), "outputs": (("Xq",), ()), "doubtful": (doubt, frozenset[str]())}
    first, second = _subject("a", USUAL[:2], **values), _subject("b", USUAL[:2], minutes=((10, 10), None))
    row = align([first, second]).rows[0]
    assert (row.times.low, row.times.high, row.times.known) == (10, 10, 1)
    assert row.outputs.values == ()
    assert row.cells[0]
    assert row.cells[0].steps[0].outputs == ("Xq",)


def test_an_unreadable_activity_is_not_alike_to_anything() -> None:
    doubt = (frozenset({"activity"}), *[frozenset[str]()] * 3)
    table = align([_subject("a", USUAL), _subject("b", USUAL, doubtful=doubt)])
    assert table.rows[0].kind == "single"
    assert sorted(row.kind for row in table.rows) == ["core", "core", "core", "single", "single"]


def test_cells_point_into_the_documents() -> None:
    cell = _table(USUAL, USUAL).rows[2].cells[1]
    assert cell
    assert cell.steps[0].place == Place("b.txt", "b" * 64, "/sops/0/procedures/0/steps/2", 1)


def test_order_of_members_does_not_matter() -> None:
    known = subjects_of(family(plans("develop")[0], 6, 5))
    expected = align(known)
    for seed in range(3):
        Random(seed).shuffle(known)
        assert align(known) == expected


def test_without_steps() -> None:
    table = align([_subject("a", ()), _subject("b", USUAL)])
    assert [row.kind for row in table.rows] == ["core"] * 4
    assert align([_subject("a", ())]).rows == ()


def test_families() -> None:
    """Small samples of what `python -m tests.bench.families` measures on all; floors below what is measured there."""
    for half in ("develop", "held"):
        right, found, expected = counts(families(half, 1)[::2])
        assert 2 * right / (found + expected) >= 0.92
        assert right / found >= 0.98


def test_families_that_were_printed_and_parsed() -> None:
    told = []
    for number, plan in enumerate(plans("develop")[::13]):
        forms = zip(family(plan, 4, 77), ("tabs", "pipes", "html", "stacked"), strict=True)
        one = [
            dataclasses.replace(item, result=parse(printed(item, form, 50 * number + i), f"{plan.id}-{i}.txt"))
            for i, (item, form) in enumerate(forms)
        ]
        told.append(tuple(one))
    assert all(_steps(one.result) == len(one.atoms) for one_family in told for one in one_family)
    right, found, expected = counts(tuple(told))
    assert 2 * right / (found + expected) >= 0.85
    assert rand_index(tuple(told)) >= 0.9


def _steps(result: model.Result) -> int:
    return len(result.sops[0].procedures[0].steps)
