"""Marks over pictures: where their pixels are, what the legend says, where labels go; texts as pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from sopparse.export import overlay
from sopparse.export.overlay import BLUE, GREEN, VERMILION, Entry, Mark, Style
from sopparse.export.overlay_labels import Labels
from sopparse.export.overlay_text import LINES, WRAP, Sheet, paint, sheets_of
from sopparse.geometry import Box

SCALE = 2.0
ENTRIES = [
    Entry("frame", Style(BLUE, 1.0), "bingkai"),
    Entry("fill", Style(GREEN, 0.0, tint=0.5), "isi"),
    Entry("way", Style(VERMILION, 1.0), "jalan"),
    Entry("dashes", Style(BLUE, 1.0, "dashed"), "garis putus"),
    Entry("hatch", Style(BLUE, 0.0, hatched=True), "arsir"),
]


def drawn(*marks: Mark, size: tuple[int, int] = (400, 300), colour: str = "white", doubt: str = "") -> Image.Image:
    return overlay.draw(Image.new("RGB", size, colour), marks, ENTRIES, SCALE, "uji.pdf", doubt)


def box(key: str = "frame", label: str = "", *, doubtful: bool = False, at: Box | None = None) -> Mark:
    return Mark.around(at or Box(20, 20, 80, 60), key, label, doubtful=doubtful)


def close(pixel: object, colour: str, tolerance: int = 70) -> bool:
    """Whether a pixel has about a colour; lines are a little transparent."""
    wanted = (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= tolerance for a, b in zip(pixel, wanted, strict=True))


def rows_with(image: Image.Image, colour: str, area: tuple[int, int, int, int]) -> int:
    part = image.crop(area)
    return sum(any(close(part.getpixel((x, y)), colour) for x in range(part.width)) for y in range(part.height))


# Marks


def test_the_page_keeps_its_size_and_the_legend_stands_beneath():
    picture = drawn(box())
    assert picture.mode == "RGB"
    assert picture.width == 400
    assert picture.height > 300
    assert rows_with(picture, BLUE, (0, 300, 400, picture.height)) > 0


def test_a_box_is_drawn_at_its_place_in_points():
    picture = drawn(box())
    for x, y in ((40, 80), (160, 80), (100, 40), (100, 120)):
        assert close(picture.getpixel((x, y)), BLUE), (x, y)
    assert picture.getpixel((100, 80)) == (255, 255, 255)


def test_a_fill_lets_the_page_show_through():
    white, grey = drawn(box("fill")), drawn(box("fill"), colour="#808080")
    assert white.getpixel((100, 80)) not in ((255, 255, 255), (0, 158, 115))
    assert grey.getpixel((100, 80)) != white.getpixel((100, 80))


def test_a_hatching_leaves_paper_between_its_lines():
    part = drawn(box("hatch")).crop((44, 44, 156, 116))
    inked = sum(part.getpixel((x, y)) != (255, 255, 255) for x in range(part.width) for y in range(part.height))
    assert 0.1 < inked / (part.width * part.height) < 0.7


def test_an_arrow_follows_its_line_and_ends_in_a_head():
    picture = drawn(Mark("arrow", "way", ((20, 20), (80, 20), (80, 100))))
    assert close(picture.getpixel((100, 40)), VERMILION)
    assert close(picture.getpixel((160, 100)), VERMILION)
    assert close(picture.getpixel((160, 197)), VERMILION)
    assert picture.getpixel((160, 206)) == (255, 255, 255)
    # The head is wider than the line.
    assert close(picture.getpixel((162, 195)), VERMILION)
    assert picture.getpixel((163, 100)) == (255, 255, 255)


def test_a_dashed_line_has_gaps():
    picture = drawn(Mark("line", "dashes", ((10, 50), (190, 50))))
    inked = [close(picture.getpixel((x, 100)), BLUE) for x in range(20, 380)]
    assert 0.4 < sum(inked) / len(inked) < 0.8


@pytest.mark.parametrize("points", [((50, 50), (50, 50)), ((50, 50),), ((50, 50), (50, 50), (50, 50))])
def test_an_arrow_without_length_does_no_harm(points):
    assert drawn(Mark("arrow", "way", points, "n1>n1")).height > 300


def test_what_is_doubtful_has_a_second_frame_and_the_legend_says_so():
    plain, doubtful = drawn(box(), doubt="ragu"), drawn(box(doubtful=True), doubt="ragu")
    legend = (0, 300, 400, plain.height)
    assert ImageChops.difference(plain.crop(legend), doubtful.crop(legend)).getbbox() is not None
    outside = (30, 30, 39, 130)
    assert rows_with(doubtful, VERMILION, outside) > 0
    assert rows_with(plain, VERMILION, outside) == 0


def test_later_marks_lie_on_top():
    one, other = box(), Mark("line", "way", ((10, 60), (90, 60)))
    assert close(drawn(one, other).getpixel((100, 120)), VERMILION, 90)


# Legend


def test_the_legend_lists_what_occurs_and_nothing_else():
    heights = [
        drawn(*marks).height for marks in ((), (box(),), (box(), box("fill"), Mark("line", "way", ((0, 0), (9, 9)))))
    ]
    assert heights[0] < heights[1] <= heights[2]
    with_fill, without = drawn(box(), box("fill")), drawn(box())
    legend = (0, 300, 400, without.height)
    assert ImageChops.difference(with_fill.crop(legend), without.crop(legend)).getbbox() is not None


def test_a_narrow_page_gets_a_legend_that_can_be_read():
    picture = overlay.draw(
        Image.new("RGB", (30, 30), "white"), [box(at=Box(2, 2, 9, 9))], ENTRIES, 0.5, "nama panjang.pdf"
    )
    assert picture.width > 100


def test_a_key_without_meaning_is_an_error():
    with pytest.raises(KeyError):
        drawn(box("nonsense"))


# Labels


def ink(image: Image.Image, area: tuple[int, int, int, int]) -> int:
    return sum(image.convert("L").crop(area).histogram()[:128])


def test_a_label_stands_beside_its_box():
    picture = drawn(box(label="n1 P"))
    assert ink(picture, (40, 20, 160, 39)) > 10
    assert ink(picture, (46, 46, 154, 114)) == 0


def test_labels_avoid_print_and_one_another():
    page = Image.new("L", (400, 300), 255)
    for x in range(40, 240, 4):
        page.paste(0, (x, 25, x + 2, 39))
    labels = Labels(page, 10)
    for _ in range(4):
        labels.place("12/duration", ((40.0, 40.0), (160.0, 120.0)), "around", BLUE)
    places = [label.at for label in labels.placed]
    for k, one in enumerate(places):
        assert page.crop(one).getextrema()[0] == 255, one
        for other in places[k + 1 :]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_a_label_of_the_margin_stands_to_the_left():
    labels = Labels(Image.new("L", (400, 300), 255), 10)
    labels.place("7", ((100.0, 40.0), (100.0, 80.0)), "left", BLUE)
    assert labels.placed[0].at[2] <= 100


@given(
    st.tuples(*[st.floats(-500, 900)] * 4),
    st.sampled_from(["around", "along", "left"]),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=80),
)
def test_labels_stay_on_the_page(corners, side, text):
    labels = Labels(Image.new("L", (300, 200), 255), 10)
    labels.place(text.replace("\n", " "), (corners[:2], corners[2:]), side, BLUE)
    x0, y0, x1, y1 = labels.placed[0].at
    assert 0 <= x0 < x1 <= 300
    assert 0 <= y0 < y1 <= 200


# Texts


def only(text: str) -> Sheet:
    sheets = list(sheets_of(text))
    assert len(sheets) == 1
    return sheets[0]


def test_a_span_is_a_box_on_each_of_its_lines():
    text = "Nomor SOP : 12\n  Nama SOP : Arsip\n"
    boxes = list(only(text).boxes((0, len(text))))
    assert len(boxes) == 2
    assert boxes[0].bottom < boxes[1].top
    assert boxes[0].x0 < boxes[1].x0
    first, last = list(only(text).boxes((0, 5))), list(only(text).boxes((12, 14)))
    assert first[0].x1 < last[0].x0


def test_blanks_have_no_box():
    assert list(only("a\n\n  \nb").boxes((1, 5))) == []


def test_columns_stand_under_each_other_over_tabs():
    text = "1\tA\n22\tB\n"
    left, right = list(only(text).boxes((2, 3))), list(only(text).boxes((7, 8)))
    assert left[0].x0 == right[0].x0


def test_long_lines_go_on_below_and_long_texts_on_the_next_sheet():
    sheet = only("x" * (WRAP + 5))
    assert len(list(sheet.boxes((0, WRAP + 5)))) == 2
    assert [len(sheet.lines) for sheet in sheets_of("baris\n" * (LINES + 3))] == [LINES, 3]


def test_a_form_feed_begins_a_sheet():
    text = "satu\n\fdua\nlanjut\ftiga"
    sheets = list(sheets_of(text))
    assert [sheet.text[sheet.lines[0].start : sheet.lines[-1].end] for sheet in sheets] == [
        "satu\n\f",
        "dua\nlanjut\f",
        "tiga",
    ]


def test_letters_are_painted_where_their_boxes_are():
    text = "   tengah   \n"
    sheet = only(text)
    image = paint(sheet, SCALE)
    (place,) = sheet.boxes((0, len(text)))
    found = ImageChops.invert(image.convert("L")).getbbox()
    assert image.size == tuple(round(side * SCALE) for side in sheet.size)
    assert found is not None
    assert place.x0 * SCALE - 2 <= found[0] < found[2] <= place.x1 * SCALE + 2
    assert place.top * SCALE - 2 <= found[1] < found[3] <= place.bottom * SCALE + 2


@given(st.text(max_size=400), st.data())
def test_every_visible_character_of_a_span_has_its_place(text, data):
    low = data.draw(st.integers(0, len(text)))
    high = data.draw(st.integers(low, len(text)))
    sheets = list(sheets_of(text))
    assert "".join(s.text[line.start : line.end] for s in sheets for line in s.lines) == text
    found = [(sheet, one) for sheet in sheets for one in sheet.boxes((low, high))]
    assert bool(found) == bool(text[low:high].strip())
    for sheet, one in found:
        assert 0 < one.x0 < one.x1 < sheet.size[0]
        assert 0 < one.top < one.bottom <= sheet.size[1]
