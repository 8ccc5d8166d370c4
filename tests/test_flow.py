from __future__ import annotations

from dataclasses import replace

import pytest

from sopparse import vocab
from sopparse.extract.charts import Band, Chart, Lane, read_branch, says_end, says_start
from sopparse.extract.flow import extract_flow
from sopparse.geometry import Box
from sopparse.model import Actor, Step
from sopparse.page import Connector, Drawing, Symbol, Word
from tests.drawing.reading import Counts, compare, read_flow
from tests.drawing.sheet import make_drawing
from tests.drawing.styles import STYLES, write_pdf

LANES = tuple(Lane(k, 60.0 * k, 60.0 * k + 60) for k in range(3))


def words(text, x=0.0, y=0.0):
    return tuple(Word(t, i, box=Box(x + 20 * i, y, x + 20 * i + 18, y + 7)) for i, t in enumerate(text.split()))


def symbol(lane, step, kind="process", text="", x=0.0, y=0.0, first=0):
    box = Box(
        60.0 * lane + 15 + x, 50.0 * (step - first) + 15 + y, 60.0 * lane + 45 + x, 50.0 * (step - first) + 35 + y
    )
    outline = ((box.x0, box.top), (box.x1, box.top), (box.x1, box.bottom), (box.x0, box.bottom))
    return Symbol(kind, box, outline, words(text, box.x0, box.top))


def line(source, target, *points, headed=True):
    return Connector(tuple(points) or ((0.0, 0.0), (1.0, 1.0)), source, target, headed)


def chart(symbols, lines, labels=(), steps=3, first=0, page=1):
    bands = tuple(Band(first + s, 50.0 * s, 50.0 * s + 50) for s in range(steps))
    return Chart(page, LANES, bands, Drawing(tuple(symbols), tuple(lines), tuple(labels)))


def flow(*charts, steps=3):
    actors = [Actor(id=f"a{k + 1}", label=f"Pelaksana {k + 1}") for k in range(3)]
    return extract_flow(charts, [Step(number=s + 1) for s in range(steps)], actors)


def edges(found):
    return [(int(e.source[1:]), int(e.target[1:]), e.condition) for e in found.flow.value.edges]


def kinds(found):
    return [n.symbol for n in found.flow.value.nodes]


def codes(found):
    return [one.code for _, one in found.flow.issues]


def test_symbols_belong_to_the_row_and_column_of_their_middle():
    found = flow(
        chart([symbol(0, 0, "terminator"), symbol(2, 1), symbol(1, 2, "terminator")], [line(0, 1), line(1, 2)])
    )
    assert [(n.step, n.actor) for n in found.flow.value.nodes] == [(1, "a1"), (2, "a3"), (3, "a2")]
    assert edges(found) == [(1, 2, None), (2, 3, None)]
    assert [p.actors for p in found.performers] == [("a1",), ("a3",), ("a2",)]
    assert codes(found) == []


def test_performers_follow_the_flow_within_a_row():
    found = flow(chart([symbol(2, 0, "terminator"), symbol(0, 0), symbol(1, 1)], [line(0, 1), line(1, 2)]), steps=2)
    assert found.performers[0].actors == ("a3", "a1")


def test_a_wide_symbol_belongs_to_all_actors_it_covers():
    wide = Symbol("process", Box(20, 60, 175, 80), ((20, 60), (175, 60), (175, 80), (20, 80)))
    found = flow(chart([wide], []), steps=3)
    assert set(found.performers[1].actors) == {"a1", "a2", "a3"}
    assert found.flow.value.nodes[0].actor == "a2"


def test_one_round_shape_for_everything_tells_nothing():
    found = flow(chart([symbol(0, s, "terminator") for s in range(3)], [line(0, 1), line(1, 2)]))
    assert kinds(found) == ["terminator", "process", "terminator"]


def test_plain_boxes_are_processes_also_where_there_is_nothing_else():
    found = flow(chart([symbol(0, s) for s in range(3)], [line(0, 1), line(1, 2)]))
    assert kinds(found) == ["process", "process", "process"]


def test_symbols_behind_each_other_are_not_joined_by_their_outlines():
    behind = replace(symbol(0, 1), box=Box(30, 70, 60, 95))
    found = flow(chart([symbol(0, 0), symbol(0, 1), behind], [line(0, 1), line(1, 2)]))
    assert len(found.flow.value.edges) == 1


def test_words_make_a_terminator():
    found = flow(chart([symbol(0, 0, text="Mulai"), symbol(0, 1, "document"), symbol(0, 2)], [line(0, 1), line(1, 2)]))
    assert kinds(found) == ["terminator", "document", "process"]


def test_labels_name_the_nearest_exit_and_the_other_is_the_complement():
    symbols = [symbol(0, 0, "terminator"), symbol(1, 1, "decision"), symbol(2, 2)]
    lines = [
        line(0, 1),
        line(1, 2, (90, 85), (90, 120), (140, 120)),
        line(1, 0, (75, 75), (30, 75), (30, 35)),
    ]
    both = flow(chart(symbols, lines, [words("Ya", 93, 90), words("Tidak", 50, 66)]))
    assert edges(both) == [(1, 2, None), (2, 1, "no"), (2, 3, "yes")]
    one = flow(chart(symbols, lines, [words("Ya", 93, 90)]))
    assert edges(one) == [(1, 2, None), (2, 1, "no"), (2, 3, "yes")]
    assert "flow.condition-inferred" in codes(one)
    none = flow(chart(symbols, lines, [words("Berkas", 93, 90)]))
    assert {c for *_, c in edges(none)} == {None}


def test_lines_without_heads_lead_to_later_steps():
    found = flow(chart([symbol(0, 0), symbol(1, 1), symbol(2, 1), symbol(2, 2)], [
        line(1, 0, headed=False), line(2, 1, headed=False), line(3, 2, headed=False),
    ]))  # fmt: skip
    assert edges(found) == [(1, 2, None), (2, 3, None), (3, 4, None)]


def test_a_line_cut_by_the_page_goes_on_in_the_same_column():
    above = chart([symbol(0, 0, "terminator")], [line(0, None, (30, 35), (30, 48), headed=False)], steps=1)
    below = chart(
        [symbol(1, 1, "terminator", first=1)], [line(None, 0, (31, 2), (31, 25), (75, 25))], steps=1, first=1, page=2
    )
    assert edges(flow(above, below, steps=2)) == [(1, 2, None)]


def test_page_connectors_are_paired():
    above = chart([symbol(0, 0), symbol(0, 0, "off-page", x=-5, y=30)], [line(0, 1)], steps=1)
    below = chart(
        [symbol(2, 1, "off-page", y=-14, first=1), symbol(2, 1, first=1, y=14)], [line(0, 1)], steps=1, first=1, page=2
    )
    found = flow(above, below, steps=2)
    assert kinds(found).count("off-page") == 2
    assert len(edges(found)) == 3
    assert found.performers[0].actors == ("a1",)


def test_a_missing_link_is_inferred_and_said():
    found = flow(chart([symbol(0, 0, "terminator"), symbol(1, 1), symbol(2, 2, "terminator")], [line(0, 1)]))
    assert edges(found) == [(1, 2, None), (2, 3, None)]
    assert codes(found) == ["flow.link-inferred"]
    assert found.flow.fields["/edges/1"].basis == "inferred"


def test_loose_ends_and_lone_symbols_are_findings():
    found = flow(chart([symbol(0, 0, "terminator"), symbol(0, 1, "terminator"), symbol(2, 0)], [
        line(0, 1), line(1, None, (30, 85), (100, 120)),
    ]))  # fmt: skip
    assert "flow.line-dangling" in codes(found)
    assert "flow.node-isolated" in codes(found)


def test_symbols_outside_the_table_are_no_nodes():
    legend = Symbol("decision", Box(20, 400, 50, 420), ((20, 400), (50, 400), (50, 420), (20, 420)))
    assert kinds(flow(chart([legend], []))) == []


def test_no_drawing_no_flow():
    found = flow(chart([], []))
    assert found.flow.value.nodes == ()
    assert [p.actors for p in found.performers] == [(), (), ()]


def test_the_vocabulary_reads_its_examples():
    table = vocab.load("flow")
    for name in ("yes", "no"):
        for example in table[name]["examples"]:
            assert read_branch(words(example)) == name, example
    assert all(says_start(example) for example in table["start"]["examples"])
    assert all(says_end(example) for example in table["end"]["examples"])
    assert not set(table["yes"]["forms"]) & set(table["no"]["forms"])
    for text in ("Berkas", "3", "Kepala Dinas", "tidak lengkap berkasnya dan seterusnya"):
        assert read_branch(words(text)) is None


@pytest.mark.parametrize("style", STYLES)
def test_generated_pages_are_read(style):
    """More than 300 pages over all styles, half of them drawn carelessly."""
    counts, performers, pages = Counts(), 0, 0
    for seed in range(40, 70):
        for messy in (False, True):
            drawing = make_drawing(seed, messy)
            pages += len(drawing.sheets)
            found = read_flow(drawing, write_pdf(drawing, style, seed))
            truth = drawing.truth()["sops"][0]["procedures"][0]
            compare(counts, truth["flow"], found.flow.value.model_dump(by_alias=True))
            performers += sum(
                set(one.actors) >= set(step["actors"])
                for one, step in zip(found.performers, truth["steps"], strict=True)
            ) == len(truth["steps"])
    assert pages >= 75
    assert counts.f1("nodes") >= 0.999
    assert counts.f1("edges") >= 0.99
    assert counts.f1("conditions") >= 0.98
    assert performers >= 58
