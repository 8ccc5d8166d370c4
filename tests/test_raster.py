from __future__ import annotations

from time import perf_counter

import numpy as np
import pypdfium2
import pytest

from sopparse.extract.charts import Band, Chart, Lane
from sopparse.extract.flow import extract_flow
from sopparse.geometry import Box
from sopparse.model import Actor, Step
from sopparse.readers import pdf
from sopparse.readers.outlines import classify
from sopparse.readers.patterns import best_pattern, outline_of, patterns
from sopparse.readers.prepare import prepare
from sopparse.readers.raster import trace
from sopparse.readers.rings import without_rings
from sopparse.readers.shapes import find_drawing
from tests.drawing.reading import Counts, compare
from tests.drawing.sheet import Drawing, Sheet, make_drawing
from tests.drawing.styles import STYLES, write_pdf

cv2 = pytest.importorskip("cv2")

PIXELS = 200 / 72
CELLS = [Box(40.0 + 200 * k, 40.0 + 160 * r, 240.0 + 200 * k, 200.0 + 160 * r) for k in range(3) for r in range(2)]


def scaled(box):
    return Box(*(value / PIXELS for value in box))


def page(rules=True):
    paper = np.zeros((400, 680), np.uint8)
    if rules:
        for cell in CELLS:
            x0, top, x1, bottom = (int(value) for value in cell)
            cv2.rectangle(paper, (x0, top), (x1, bottom), 255, 2)
    return paper


def drawing(paper, words=()):
    paths = trace(paper, paper, CELLS, words, 1 / PIXELS)
    return find_drawing(paths, (), [scaled(cell) for cell in CELLS])


def arrow(paper, points, size=14):
    """A line with a filled head at its last point; the last piece is level or upright."""
    cv2.polylines(paper, [np.array(points, np.int32)], False, 255, 2)
    (x, y), (px, py) = points[-1], points[-2]
    dx, dy = np.sign(x - px), np.sign(y - py)
    head = [(x, y)] + [(x - dx * size - dy * k * size // 2, y - dy * size + dx * k * size // 2) for k in (-1, 1)]
    cv2.fillPoly(paper, [np.array(head, np.int32)], 255)


def links(found):
    return [(c.source, c.target, c.headed) for c in found.connectors]


def test_box_and_diamond_with_an_arrow_over_a_rule():
    paper = page()
    cv2.rectangle(paper, (90, 90), (190, 140), 255, 2)
    cv2.polylines(paper, [np.array([(340, 75), (390, 115), (340, 155), (290, 115)], np.int32)], True, 255, 2)
    arrow(paper, [(190, 115), (290, 115)])
    found = drawing(paper)
    assert sorted(symbol.kind for symbol in found.symbols) == ["decision", "process"]
    assert [(found.symbols[s].kind, found.symbols[t].kind, h) for s, t, h in links(found)] == [
        ("process", "decision", True)
    ]


@pytest.mark.parametrize("filled", [2, -1])
def test_hollow_and_solid_symbols_read_alike(filled):
    paper = page()
    cv2.rectangle(paper, (90, 70), (190, 120), 255, filled)
    cv2.ellipse(paper, (340, 290), (50, 28), 0, 0, 360, 255, filled)
    arrow(paper, [(140, 120), (140, 290), (288, 290)])
    found = drawing(paper)
    assert [symbol.kind for symbol in found.symbols] == ["process", "terminator"]
    assert links(found) == [(0, 1, True)]


def test_a_broken_outline_is_closed():
    paper = page()
    cv2.rectangle(paper, (90, 90), (190, 140), 255, 2)
    paper[88:93, 120:124] = 0
    assert [symbol.kind for symbol in drawing(paper).symbols] == ["process"]


def test_a_symbol_on_a_rule_is_one():
    paper = page()
    cv2.rectangle(paper, (240, 90), (330, 140), 255, 2)
    assert [symbol.kind for symbol in drawing(paper).symbols] == ["process"]


def test_an_outline_of_dots_is_one():
    paper = page()
    cv2.rectangle(paper, (80, 80), (170, 130), 255, 1)
    paper[[80, 130], 82:170:3] = 0
    paper[82:130:3, [80, 170]] = 0
    (symbol,) = drawing(paper).symbols
    assert symbol.kind == "process"


def test_a_pale_fill_is_a_symbol_and_letters_are_not():
    paper, faint = page(), page()
    cv2.fillPoly(faint, [np.array([(280, 110), (330, 80), (380, 110), (330, 140)], np.int32)], 255)
    cv2.putText(paper, "WORDS", (80, 120), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 255, 3)
    faint |= cv2.dilate(paper, np.ones((3, 3), np.uint8))
    words = [Box(78, 95, 190, 125)]
    found = find_drawing(trace(paper, faint, CELLS, words, 1 / PIXELS), (), [scaled(cell) for cell in CELLS])
    assert [symbol.kind for symbol in found.symbols] == ["decision"]
    assert found.symbols[0].read < 0.9


def test_words_across_a_symbol_are_no_rule():
    paper = page()
    cv2.ellipse(paper, (140, 120), (50, 24), 0, 0, 360, 255, 2)
    for x in range(100, 176, 11):
        cv2.rectangle(paper, (x, 112), (x + 7, 128), 255, -1)
    words = [Box(99, 111, 180, 130)]
    assert [symbol.kind for symbol in drawing(paper, words).symbols] == ["terminator"]


def test_a_solid_pentagon_under_a_head_keeps_its_point():
    paper = page()
    cv2.fillPoly(paper, [np.array([(110, 90), (160, 90), (160, 125), (135, 138), (110, 125)], np.int32)], 255)
    arrow(paper, [(135, 50), (135, 91)])
    assert [symbol.kind for symbol in drawing(paper).symbols] == ["off-page"]


def test_cells_and_areas_between_lines_are_no_symbols():
    paper = page()
    cv2.line(paper, (80, 60), (80, 190), 255, 2)
    cv2.line(paper, (160, 60), (160, 190), 255, 2)
    cv2.line(paper, (60, 90), (200, 90), 255, 2)
    cv2.line(paper, (60, 150), (200, 150), 255, 2)
    assert drawing(paper).symbols == ()


def test_letters_are_no_lines_and_a_line_through_a_word_stays():
    paper = page()
    cv2.putText(paper, "Tidak", (80, 100), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 255, 1)
    cv2.line(paper, (60, 160), (220, 160), 255, 2)
    words = [Box(76, 84, 130, 106), Box(100, 150, 140, 170)]
    open_paths = [path for path in trace(paper, paper, CELLS, words, 1 / PIXELS) if not path.closed]
    assert len(open_paths) == 1


def test_nothing_and_noise():
    nothing = np.zeros((0, 0), np.uint8)
    assert trace(nothing, nothing, CELLS, (), 0.36) == ()
    assert trace(page(), page(), (), (), 0.36) == ()
    small = np.zeros((5, 5), np.uint8)
    assert trace(small, small, [Box(0, 0, 4, 4)], (), 0.36) == ()
    black = np.full((400, 680), 255, np.uint8)
    assert trace(black, black, CELLS, (), 0.36) is not None
    noise = (np.random.default_rng(1).random((1200, 1600)) < 0.2).astype(np.uint8) * 255
    begun = perf_counter()
    trace(noise, noise, [Box(10, 10, 1590, 1190)], (), 0.36)
    assert perf_counter() - begun < 10


def coloured(rings=False):
    """A page of black print with a connector and a diamond in blue; or with a blue stamp."""
    picture = np.full((700, 700, 3), 255, np.uint8)
    cv2.line(picture, (50, 60), (650, 60), (0, 0, 0), 3)
    if rings:
        for radius in (140, 120, 80):
            cv2.circle(picture, (350, 400), radius, (60, 80, 190), 4)
        cv2.putText(picture, "DINAS", (290, 410), cv2.FONT_HERSHEY_SIMPLEX, 1, (60, 80, 190), 3)
    else:
        cv2.polylines(picture, [np.array([(300, 200), (380, 250), (300, 300), (220, 250)])], True, (70, 115, 196), 2)
        cv2.line(picture, (380, 250), (600, 250), (70, 115, 196), 2)
    return picture


def test_coloured_lines_are_drawn_and_coloured_stamps_are_not():
    drawn = prepare(coloured(), 200).drawn
    assert drawn[250, 400:590].all()
    assert drawn[205:225, 300:330].any()
    assert not prepare(coloured(rings=True), 200).drawn[200:].any()


def test_rings_of_black_stamps_go_and_what_they_cross_stays():
    paper = np.zeros((500, 600), np.uint8)
    for radius in (120, 108, 70):
        cv2.circle(paper, (300, 250), radius, 255, 3)
    cv2.line(paper, (100, 250), (500, 250), 255, 2)
    left = without_rings(paper, PIXELS)
    assert left[250].sum() > 0.85 * paper[250].sum()
    assert np.count_nonzero(left[:240]) < 0.25 * np.count_nonzero(paper[:240])
    box = np.zeros((500, 600), np.uint8)
    cv2.rectangle(box, (200, 150), (400, 350), 255, 3)
    assert np.array_equal(without_rings(box, PIXELS), box)


def test_a_symbol_behind_another_is_seen():
    paper = page()
    cv2.rectangle(paper, (100, 110), (190, 160), 255, 2)
    cv2.rectangle(paper, (70, 80), (150, 130), 0, -1)
    cv2.rectangle(paper, (70, 80), (150, 130), 255, 2)
    found = drawing(paper).symbols
    assert [symbol.kind for symbol in found] == ["process", "process"]
    assert found[0].read > found[1].read


@pytest.mark.parametrize("gap", [0, 5, 9])
def test_the_wider_the_gaps_the_less_sure(gap):
    paper = page()
    cv2.ellipse(paper, (140, 115), (60, 30), 0, 0, 360, 255, 2)
    paper[80:100, 150 : 150 + gap] = 0
    (symbol,) = drawing(paper).symbols
    assert symbol.kind == "terminator"
    assert (symbol.read == 1.0) == (gap == 0)


@pytest.mark.parametrize("index", range(len(patterns())))
def test_patterns_find_themselves_and_are_classified(index):
    pattern = patterns()[index]
    points = [(x * 100, y * 50) for x, y in outline_of(pattern, 100, 50)]
    mask = np.zeros((50, 100), np.uint8)
    cv2.fillPoly(mask, [np.round(np.array(points) - 0.5).astype(np.int32)], 1)
    # Slightly rounded corners count as square ones.
    slight = 0 < pattern.radius <= 0.3
    assert best_pattern(mask)[0].name in {pattern.name, "box" if slight else pattern.name}
    kinds = {"box": "process", "diamond": "decision", "pentagon": "off-page", "document": "document"}
    kinds |= {"round": "terminator", "ellipse": "terminator"}
    if pattern.name in kinds:
        assert classify(tuple((x * 0.36, y * 0.36) for x, y in points)) == kinds[pattern.name]


# -- generated pages -----------------------------------------------------------------------------------------------


def read(made: Drawing, source: bytes, dpi: int, noisy: bool, seed: int):
    charts = []
    pixels = dpi / 72
    shades = np.random.default_rng(seed)
    file = pypdfium2.PdfDocument(source)
    for number, (given, sheet, printed) in enumerate(
        zip(pdf.read(source, "drawing.pdf").pages, made.sheets, file, strict=True), 1
    ):
        grey = printed.render(scale=pixels, grayscale=True).to_numpy().squeeze()
        if noisy:
            grey = cv2.GaussianBlur(grey, (0, 0), 0.5 * dpi / 200).astype(np.float32) * 0.9 + 12
            grey = np.clip(grey + shades.normal(0, 8, grey.shape), 0, 255).astype(np.uint8)
        cells = [Box(*cell) for cell in sheet.cells]
        words = [Box(*(v * pixels for v in word.box)) for word in given.words if word.box is not None]
        prepared = prepare(grey, dpi)
        paths = trace(prepared.drawn, prepared.faint, actor_cells(sheet, pixels), words, 1 / pixels)
        lanes, bands = tuple(Lane(*lane) for lane in sheet.lanes), tuple(Band(*band) for band in sheet.bands)
        charts.append(Chart(number, lanes, bands, find_drawing(paths, given.words, cells)))
    steps = [Step(number=s + 1, activity=text) for s, text in enumerate(made.plan.activities)]
    actors = [Actor(id=f"a{k + 1}", label=label) for k, label in enumerate(made.plan.actors)]
    return extract_flow(charts, steps, actors)


def actor_cells(sheet: Sheet, pixels: float) -> list[Box]:
    left, right, top = sheet.lanes[0][1] - 0.1, sheet.lanes[-1][2] + 0.1, sheet.bands[0][1] - 0.1
    return [Box(*(v * pixels for v in c)) for c in sheet.cells if c[0] >= left and c[2] <= right and c[1] >= top]


@pytest.mark.parametrize(
    ("dpi", "noisy", "nodes", "edges"), [(200, False, 0.985, 0.97), (300, False, 0.985, 0.97), (200, True, 0.95, 0.9)]
)
def test_generated_pages(dpi, noisy, nodes, edges):
    counts = Counts()
    for seed in range(1, 9):
        made = make_drawing(seed)
        found = read(made, write_pdf(made, list(STYLES)[seed % 4], seed), dpi, noisy, seed)
        truth = made.truth()["sops"][0]["procedures"][0]["flow"]
        compare(counts, truth, found.flow.value.model_dump(by_alias=True, mode="json"))
    assert counts.f1("nodes") >= nodes
    assert counts.f1("edges") >= edges
