"""What a procedure becomes before it is drawn: order, lanes, joined connectors, inferred arrows."""

from __future__ import annotations

from string import Formatter

import pytest

from sopparse import model
from sopparse.export import places
from sopparse.export.chart import Chart, chart_of
from sopparse.vocab import load
from tests import charts


def chart(procedure: model.Procedure, **more: object) -> Chart:
    result = charts.result(procedure, **more)
    return chart_of(*places([result])[0], charts.WORDS)


def arrows(drawn: Chart) -> set[str]:
    return {" ".join(filter(None, (a.source, a.target, a.condition))) for a in drawn.arrows}


def drawn(nodes: str, links: str, steps: int = 3) -> Chart:
    procedure = model.Procedure(
        actors=charts.actors("Staf", "Kepala Seksi"),
        steps=tuple(charts.step(n) for n in range(1, steps + 1)),
        flow=charts.flow(nodes, links),
    )
    return chart(procedure)


def test_without_arrows_the_steps_follow_one_another_and_that_is_marked():
    plain = chart(charts.plain(3))
    assert plain.inferred
    assert arrows(plain) == {"step-1 step-2", "step-2 step-3"}
    assert all(arrow.inferred for arrow in plain.arrows)
    assert not any(node.drawn for node in plain.nodes)


def test_symbols_without_arrows_follow_one_another_too():
    symbols = drawn("x/2/a1 y/1/a2 z/3/a1", "")
    assert [node.id for node in symbols.nodes] == ["y", "x", "z"]
    assert arrows(symbols) == {"y x", "x z"}
    assert symbols.inferred


def test_arrows_of_the_document_are_not_inferred():
    assert not drawn("x/1/a1 y/2/a2 z/3/a1", "x y, y z").inferred


def test_an_arrow_that_the_report_calls_inferred_is_marked():
    signals = model.Signals(read=1, place=0.5, parse=1)
    fields = {"/sops/0/procedures/0/flow/edges/1": model.FieldReport(confidence=0.5, signals=signals, basis="inferred")}
    procedure = charts.loops()
    marks = {(a.source, a.target): a.inferred for a in chart(procedure, fields=fields).arrows}
    assert marks[("n2", "n1")]
    assert sum(marks.values()) == 1


def test_steps_without_symbol_stay_in_the_chart_unconnected():
    partly = drawn("x/1/a1 z/3/a1", "x z")
    assert [node.id for node in partly.nodes] == ["x", "step-2", "z"]
    assert arrows(partly) == {"x z"}


def test_a_step_finds_a_name_that_no_symbol_has():
    assert [node.id for node in drawn("step-2/1/a1 z/3/a1", "step-2 z").nodes] == ["step-2", "step-2-x", "z"]


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ("x p, p q, q y", {"x y"}),
        ("x p no, p q, q y", {"x y no"}),
        ("x p, p q yes, q y", {"x y yes"}),
        ("x p, z p, p q, q y", {"x y", "z y"}),
        ("x p, p q, q p, q y", {"x y"}),
        ("x p, p q, q x", {"x x"}),
        ("x p, q y", {"x p", "q y"}),
        ("x p, p q", {"x p", "p q"}),
        ("x y, p q", {"x y", "p q"}),
        ("x y, y x, x y", {"x y", "y x"}),
        ("x y, x nowhere", {"x y"}),
    ],
)
def test_page_connectors_are_joined_away_where_they_lead_somewhere(links: str, expected: set[str]):
    assert arrows(drawn("x/1/a1 z/1/a2 p/2/a2/off-page/A q/2/a2/on-page/A y/3/a1", links)) == expected


def test_passed_connectors_are_remembered():
    paged = chart(charts.paged())
    assert {a.via for a in paged.arrows if a.via} == {("p", "q")}
    assert not {"p", "q"} & {node.id for node in paged.nodes}


def test_symbols_of_a_row_stand_in_the_order_of_the_flow():
    row = drawn("c/1/a1 a/1/a2 b/1/a1 y/2/a2 z/3/a2", "a b, b c, c y, y z, z a")
    assert [node.id for node in row.nodes] == ["a", "b", "c", "y", "z"]


def test_a_symbol_beside_the_rows_stands_next_to_what_it_leads_to():
    beside = drawn("x/1/a1 y/2/a2 z/3/a2 s/-/a1/terminator/Mulai e/-/a1/terminator/Selesai", "s x, x y, y z, z e")
    assert [node.id for node in beside.nodes] == ["s", "x", "y", "z", "e"]


def test_lanes_are_the_actors_and_where_needed_the_unknown():
    paged = chart(charts.paged())
    assert [lane.name for lane in paged.lanes] == [
        "Satker Pengirim: Staf", "Satker Pengirim: Kasubag", "Satker Penerima: Petugas Loket", "Pelaksana 4",
    ]  # fmt: skip
    assert [lane.name for lane in chart(charts.plain()).lanes] == ["Petugas", "Kepala Seksi", "Tidak diketahui"]


def test_only_procedures_with_something_to_draw_have_a_place():
    empty = model.Procedure(title="Kosong")
    result = charts.result(empty, charts.plain(2), empty, charts.loops())
    assert [place.procedure_index for _, place in places([result])] == [1, 3]


def test_the_title_of_one_table_among_several_is_added():
    titled = charts.plain(2).model_copy(update={"title": "Alur Pengembalian"})
    assert chart(titled).title == "Peminjaman Alat Peraga"
    result = charts.result(charts.plain(2), titled)
    assert chart_of(*places([result])[1], charts.WORDS).title == "Peminjaman Alat Peraga: Alur Pengembalian"


@pytest.mark.parametrize(("name", "entry"), load("exports").items(), ids=list(load("exports")))
def test_every_added_word_has_an_example(name: str, entry: dict[str, object]):
    wanted = {field for _, field, _, _ in Formatter().parse(str(entry["text"])) if field}
    assert isinstance(entry["examples"], list)
    for example in entry["examples"]:
        assert set(example) == wanted, name
        assert str(entry["text"]).format(**example)
