"""Which marks the stages give, and the pictures made of them."""

from __future__ import annotations

from string import Formatter
from typing import Any

import pytest
from PIL import Image

from sopparse import pipeline, show, vocab
from sopparse.cli import showing
from sopparse.evidence import Field, Origin, Piece, Signals
from sopparse.export.overlay import Mark
from sopparse.extract.charts import Chart
from sopparse.extract.parts import Part
from sopparse.geometry import Box, turned
from sopparse.layout.blocks import Laid
from sopparse.model import Edge, Header, Node, Sop
from sopparse.page import Connector, Document, Drawing, Page, Symbol, Word
from sopparse.pipeline import Stages
from sopparse.readers.render import MOST_PIXELS, render, scale_for
from sopparse.show import marks, page_numbers, pictures
from sopparse.show.marks import Known
from sopparse.show.styles import LAYERS, STYLES, SYMBOLS
from tests import factories
from tests.drawing.sheet import make_drawing
from tests.drawing.styles import write_pdf
from tests.pdf_writer import line, one_page, table, text

SQUARE = ((10.0, 10.0), (50.0, 10.0), (50.0, 30.0), (10.0, 30.0))
ONE, OTHER, APART = Box(10, 10, 50, 30), Box(10, 110, 50, 130), Box(210, 10, 250, 30)


# Made by hand


def symbol(box: Box, kind: Any = "process") -> Symbol:
    return Symbol(kind, box, ((box.x0, box.top), (box.x1, box.top), (box.x1, box.bottom), (box.x0, box.bottom)))


def node(name: str, box: Box, kind: Any = "process", page: int = 1, read: float = 1.0) -> Field[Node]:
    value = Node(id=name, step=1, actor="a1", symbol=kind)
    return Field(value, origins=(Origin(page, box, None),), signals=Signals(read), basis="symbol")


def edge(
    source: str, target: str, *points: tuple[float, float], condition: Any = None, basis: Any = "symbol"
) -> Field[Edge]:
    value = Edge(source=source, target=target, condition=condition)
    origins = (Origin(1, Box(0, 0, 1, 1), None, line=points),) if points else ()
    return Field(value, origins=origins, basis=basis)


def stages(
    fields: dict[str, Field[Any]] | None = None, drawing: Drawing | None = None, words: tuple[Word, ...] = ()
) -> Stages:
    """One page; pointers are relative to the first procedure, or begin with a slash and are those of the SOP."""
    known = {p if p.startswith("/") else f"/procedures/0/{p}": f for p, f in (fields or {}).items()}
    charts = (Chart(1, (), (), drawing),) if drawing is not None else ()
    part = Part(Sop(pages=(1,), layout="sop-ap", header=Header()), known, labels=words[1:2], charts=charts)
    page = Page(1, free=words, width=300, height=200)
    return Stages(Laid(Document("uji.pdf", factories.SHA, "application/pdf", "pdf", (page,))), (part,))


def flow(*edges: Field[Edge], nodes: tuple[Field[Node], ...] = ()) -> dict[str, Field[Any]]:
    nodes = nodes or (node("n1", ONE), node("n2", OTHER))
    return {f"flow/nodes/{i}": n for i, n in enumerate(nodes)} | {f"flow/edges/{i}": e for i, e in enumerate(edges)}


def symbols_of(made: Stages, *drawings: Drawing, page: int = 1) -> list[Mark]:
    letters = {kind: kind[0].upper() for kind in SYMBOLS}
    return list(marks.symbol_marks(marks.nodes_of(Known(made)).values(), drawings, page, letters))


def edges_of(made: Stages, *drawings: Drawing, page: int = 1) -> list[Mark]:
    known = Known(made)
    return list(marks.edge_marks(known, marks.nodes_of(known), drawings, page))


def test_symbols_are_drawn_by_kind_with_their_outline_and_node():
    made = stages(flow(nodes=(node("n1", ONE, "decision"), node("n2", OTHER, read=0.5))))
    first, second, stray = symbols_of(made, Drawing((symbol(ONE, "decision"), symbol(APART, "document"))))
    assert (first.kind, first.key, first.label, first.points) == ("outline", "symbols.decision", "n1 D", SQUARE)
    assert (second.kind, second.key, second.doubtful) == ("box", "symbols.process", True)
    assert (stray.key, stray.label, first.doubtful) == ("symbols.outside", "D", False)
    assert symbols_of(made, page=2) == []


@pytest.mark.parametrize(
    ("condition", "basis", "key", "label"),
    [
        (None, "symbol", "edges.plain", "n1>n2"),
        ("yes", "symbol", "edges.yes", "n1>n2 yes"),
        ("no", "symbol", "edges.no", "n1>n2 no"),
        ("yes", "inferred", "edges.inferred", "n1>n2 yes"),
    ],
)
def test_edges_follow_the_drawn_line(condition, basis, key, label):
    way = ((30.0, 30.0), (30.0, 110.0))
    (found,) = edges_of(stages(flow(edge("n1", "n2", *way, condition=condition, basis=basis))))
    assert (found.kind, found.key, found.label, found.points) == ("arrow", key, label, way)


def test_an_edge_without_a_line_goes_straight_from_symbol_to_symbol():
    (found,) = edges_of(stages(flow(edge("n1", "n2"))))
    assert found.points == ((30, 30), (30, 110))


def test_lines_that_became_no_edge_are_shown_too():
    way, rest = ((30.0, 30.0), (30.0, 110.0)), ((60.0, 0.0), (90.0, 0.0))
    drawing = Drawing((), (Connector(way, 0, 1, True), Connector(rest, None, None, False)))
    # An arrow without head may have been turned round.
    first, loose = edges_of(stages(flow(edge("n1", "n2", *reversed(way)))), drawing)
    assert (loose.kind, loose.key, loose.points) == ("line", "edges.loose", rest)
    assert first.key == "edges.plain"


def test_an_edge_over_a_page_break_is_shown_on_both_pages():
    made = stages(flow(edge("n1", "n2", (30, 30), (30, 190)), nodes=(node("n1", ONE), node("n2", OTHER, page=2))))
    (above,) = edges_of(made)
    (stub,) = edges_of(made, page=2)
    assert above.points == ((30, 30), (30, 190))
    assert stub.points == ((30, 110 - marks.STUB), (30, 110))
    coming = ((30.0, 0.0), (30.0, 110.0))
    (drawn,) = edges_of(made, Drawing((symbol(OTHER),), (Connector(coming, None, 0, True),)), page=2)
    assert drawn.points == coming
    assert edges_of(made, page=3) == []


def test_words_are_told_apart():
    words = tuple(Word(t, i, box=Box(10, 10 * i, 20, 10 * i + 8)) for i, t in enumerate(("Arsip", "Nama", "lain")))
    field = Field("Arsip", origins=(Origin(1, words[0].box, None, (Piece(0, 0, 5),)),))
    found = list(marks.word_marks(Known(stages({"/header/title": field}, words=words)), words, None))
    assert [mark.key for mark in found] == ["words.placed", "words.heading", "words.unplaced"]
    assert found[0].points == ((10, 0), (20, 8))


@pytest.mark.parametrize(
    ("pointer", "key", "label"),
    [
        ("/header/approver/nip", "fields.header", "approver/nip"),
        ("/legal_basis/3", "fields.legal_basis", "legal_basis/3"),
        ("/warnings/0", "fields.lists", "warnings/0"),
        ("actors/2/label", "fields.actors", "2/label"),
        ("steps/4/duration", "fields.steps", "4/duration"),
        ("steps/4/printed_number", "fields.steps", "steps/4"),
        ("footnotes/0", "fields.table", "footnotes/0"),
    ],
)
def test_fields_are_marked_by_section_with_the_end_of_their_pointer(pointer, key, label):
    field = Field("x", origins=(Origin(1, ONE, None), Origin(2, APART, None)))
    made = Known(stages({pointer: field}))
    assert list(marks.field_marks(made, 1, None)) == [Mark.around(ONE, key, label)]
    assert list(marks.field_marks(made, 3, None)) == []


def test_doubtful_fields_say_how_sure_they_are():
    (found,) = marks.field_marks(
        Known(stages({"/header/number": Field("1", origins=(Origin(1, ONE, None),), signals=Signals(0.5))})), 1, None
    )
    assert found.doubtful
    assert found.label == "header/number 0.50"


def test_lines_of_one_value_share_a_box_and_a_label():
    lines = [Box(10, 10, 90, 20), Box(10, 22, 60, 32), Box(200, 10, 260, 20)]
    field = Field("x", origins=tuple(Origin(1, box, None) for box in lines))
    found = list(marks.field_marks(Known(stages({"/header/title": field})), 1, None))
    assert [mark.points for mark in found] == [((10, 10), (90, 32)), ((200, 10), (260, 20))]
    assert [mark.label for mark in found] == ["header/title", ""]


# Read from documents


def keys(name: str, source: bytes, number: int = 1, layers: Any = LAYERS, monkeypatch: Any = None) -> list[Mark]:
    """The marks that are drawn on a page."""
    found: list[Mark] = []

    def keep(image: Image.Image, drawn: list[Mark], *_: object) -> Image.Image:
        found.extend(drawn)
        return image

    monkeypatch.setattr(show.overlay, "draw", keep)
    list(pictures(pipeline.stages(source, name), source, [number], layers=layers))
    return found


@pytest.fixture(scope="module")
def chart() -> bytes:
    return write_pdf(make_drawing(3), "canvas", 3)


def test_a_drawn_page_gives_marks_of_every_layer(chart, monkeypatch):
    layers = {mark.key.split(".")[0] for mark in keys("uji.pdf", chart, monkeypatch=monkeypatch)}
    assert layers == set(LAYERS)


@pytest.mark.parametrize("layer", LAYERS)
def test_only_the_layers_asked_for_are_drawn(chart, layer, monkeypatch):
    found = keys("uji.pdf", chart, layers=(layer,), monkeypatch=monkeypatch)
    assert {mark.key.split(".")[0] for mark in found} == {layer}


def test_cells_count_their_rows_and_say_how_far_they_are_merged(monkeypatch):
    ruled = table((50, 200, 400), (350, 300, 250), (("Nomor SOP", "12"), ("Nama SOP", "Arsip")))
    merged = line(50, 250, 50, 200) + line(400, 250, 400, 200) + line(50, 200, 400, 200)
    found = keys("uji.pdf", one_page(ruled + merged), layers=("cells",), monkeypatch=monkeypatch)
    assert [mark.label for mark in found if mark.margin] == ["1", "2", "3"]
    assert [mark.label for mark in found if mark.key == "cells.merged"] == ["1x2"]


def test_a_text_shows_fields_headings_and_cells(monkeypatch):
    found = keys("uji.txt", factories.form(rows=factories.ROWS + "\n\t###\t###").encode(), monkeypatch=monkeypatch)
    kinds = {mark.key for mark in found}
    assert {"fields.header", "fields.legal_basis", "fields.lists", "fields.actors", "fields.steps"} <= kinds
    assert {"words.heading", "cells.cell"} <= kinds
    assert not any(mark.key == "words.placed" for mark in found)


# Pictures


def shown(source: bytes, name: str = "uji.pdf", **options: Any) -> list[show.Picture]:
    made = pipeline.stages(source, name)
    return list(pictures(made, source, page_numbers(made), **options))


def test_pictures_have_the_size_of_the_page_and_a_legend(chart):
    page = pipeline.stages(chart, "uji.pdf").laid.document.pages[0]
    (small,), (large,) = shown(chart, dpi=72), shown(chart, dpi=144)
    for picture, scale in ((small, 1), (large, 2)):
        assert picture.image.width >= round(page.width * scale)
        assert picture.image.height > round(page.height * scale) + 20


def test_lines_of_tables_are_marked_where_they_are():
    source = one_page(table((50, 200, 400), (350, 300), (("Nomor SOP", "12"),)))
    (picture,) = shown(source, dpi=72, layers=("rules",))
    assert picture.image.width == 600
    for x, y in ((125, 50), (300, 100), (50, 75), (200, 75), (400, 75)):
        near = [picture.image.getpixel((x + d, y + e)) for d in (-1, 0, 1) for e in (-1, 0, 1)]
        assert any(b > r + 40 for r, _, b in near), (x, y)
    assert picture.image.getpixel((125, 90)) == (255, 255, 255)


def test_the_legend_is_indonesian_unless_asked_otherwise(chart):
    (indonesian,), (english,) = shown(chart, dpi=72), shown(chart, dpi=72, lang="en")
    assert indonesian.image.tobytes() != english.image.tobytes()


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_pages_are_rendered_as_displayed_and_then_turned(degrees):
    source = one_page("0 0 1 rg 0 390 30 10 re f", extra=f"/Rotate {degrees}")
    size = (600.0, 400.0) if degrees % 180 == 0 else (400.0, 600.0)
    straight = render(source, 1, size, 1.0, 0)
    assert straight.size == size
    corner = turned(Box(0, 0, 30, 10), degrees, 600, 400)
    assert straight.getpixel((round((corner.x0 + corner.x1) / 2), round((corner.top + corner.bottom) / 2))) == (
        0,
        0,
        255,
    )
    # Turned back, it is the page as written.
    back = render(source, 1, (600.0, 400.0), 1.0, (360 - degrees) % 360)
    assert back.getpixel((15, 5)) == (0, 0, 255)


def test_marks_lie_on_pages_that_were_turned():
    lying = table((50, 200, 400), (350, 300, 250), (("Nomor SOP", "12"), ("Nama SOP", "Peminjaman Arsip")))
    source = one_page(f"q 0 1 -1 0 400 0 cm {lying} Q", box=(0, 0, 400, 600))
    made = pipeline.stages(source, "uji.pdf")
    (page,) = made.laid.document.pages
    assert page.turned == 90
    (grid,) = made.laid.grids
    image = render(source, 1, (page.width, page.height), 2.0, page.turned).convert("L")
    for rule in grid.rules:
        middle = (rule.start + rule.end) / 2 + 7
        x, y = (middle, rule.at) if rule.across else (rule.at, middle)
        assert (
            image.crop((round(2 * x) - 2, round(2 * y) - 2, round(2 * x) + 3, round(2 * y) + 3)).getextrema()[0] < 200
        )


def test_a_page_that_cannot_be_drawn_is_white_paper():
    assert render(b"%PDF-1.4 nothing", 1, (60, 40), 2.0, 0).getextrema() == ((255, 255),) * 3
    assert render(one_page(text(10, 10, "a")), 7, (60, 40), 1.0, 0).size == (60, 40)


def test_huge_pages_are_drawn_smaller():
    scale = scale_for(14_400, 14_400, 600)
    assert (14_400 * scale) ** 2 <= MOST_PIXELS * 1.01
    assert scale_for(842, 595, 144) == 2.0


def test_every_kind_of_mark_has_its_words():
    texts = vocab.load("show")
    assert {f"{layer}.{kind}" for layer, kinds in texts["legend"].items() for kind in kinds} == set(STYLES)
    assert {key.split(".")[0] for key in STYLES} == set(LAYERS) == set(showing.LAYERS)
    assert set(SYMBOLS.values()) <= set(STYLES)


def entries(tables: dict[str, Any], prefix: str = "") -> list[tuple[str, dict[str, Any]]]:
    if "examples" in tables:
        return [(prefix, tables)]
    return [found for key, entry in tables.items() for found in entries(entry, f"{prefix}.{key}")]


@pytest.mark.parametrize(("name", "entry"), entries(vocab.load("show")), ids=lambda v: v if isinstance(v, str) else "")
def test_every_text_says_the_same_in_both_languages(name, entry):
    holes = [{hole for _, hole, _, _ in Formatter().parse(entry[lang]) if hole} for lang in ("id", "en")]
    assert holes[0] == holes[1]
    for example in entry["examples"]:
        assert entry["id"].format(**example)
        assert set(example) == holes[0]
