"""Scans: pages drawn here, turned into pictures, damaged, and read again."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

import sopparse
from sopparse.errors import EngineMissing, SourceEmpty, SourceTooLarge, SourceUnreadable
from sopparse.geometry import Box
from sopparse.readers.image_rules import find_ruling
from sopparse.readers.images import read, shown
from sopparse.readers.ocr import Found
from sopparse.readers.prepare import prepare
from sopparse.readers.scan import printed_dpi
from sopparse.readers.strips import from_strips, on_strips
from tests.scans import DPI, ROWS, XS, YS, needs_engine, noisy, packed, page_picture, turned


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def folded(picture):  # type: ignore[no-untyped-def]
    """The dark edge of a bound sheet."""
    x = np.linspace(0, 1, picture.shape[1])[None, :, None]
    return (picture * (0.7 - 0.4 * np.exp(-((x / 0.03) ** 2)))).astype("uint8")


CELLS = (len(XS) - 1) * (len(YS) - 1)


@pytest.mark.parametrize("degrees", [-3.0, -0.4, 0.0, 1.3])
def test_skew_is_measured_to_a_tenth_of_a_degree(degrees: float) -> None:
    page = prepare(turned(page_picture(), degrees), DPI)
    assert page.turned == 0
    assert page.skew == pytest.approx(degrees, abs=0.1)


@pytest.mark.parametrize(
    ("label", "damage"),
    [
        ("clean", lambda p: p),
        ("noisy", noisy),
        ("leaning", lambda p: turned(p, 0.7)),
        ("in a fold", lambda p: folded(turned(p, 2.0))),
        ("shadow", lambda p: (p * np.linspace(0.55, 1.0, p.shape[1])[None, :, None]).astype("uint8")),
    ],
)
def test_ruling_lines_enclose_the_cells(label: str, damage) -> None:  # type: ignore[no-untyped-def]
    page = prepare(damage(page_picture()), DPI)
    assert len(find_ruling(page.drawn, page.faint, DPI).cells) == CELLS, label


def test_gaps_in_lines_are_bridged() -> None:
    picture = page_picture()
    x = round(XS[3] * DPI / 72)
    picture[:, x + 20 : x + 26] = 255
    page = prepare(picture, DPI)
    assert len(find_ruling(page.drawn, page.faint, DPI).cells) == CELLS


def test_rules_on_shaded_ground_are_found() -> None:
    picture = page_picture()
    band = picture[round(YS[0] * DPI / 72) + 4 : round(YS[1] * DPI / 72) - 3, 120:2200]
    band[band > 120] = 150
    page = prepare(picture, DPI)
    assert len(find_ruling(page.drawn, page.faint, DPI).cells) == CELLS


def test_pale_thin_lines_are_drawn_whole_and_not_thicker() -> None:
    picture = page_picture()
    x = round(XS[5] * DPI / 72) - 40
    picture[300:340, x] = 100
    picture[340:400, x] = 205
    picture[400:440, x] = 100
    drawn = prepare(picture, DPI).drawn
    assert (drawn[300:440, x] == 255).all()
    assert not drawn[300:440, [x - 1, x + 1]].any()


def test_sheared_pages_are_set_upright() -> None:
    picture = page_picture()
    matrix = np.array([[1.0, 0.02, 0.0], [0.0, 1.0, 0.0]])
    sheared = cv2.warpAffine(picture, matrix, picture.shape[1::-1], borderValue=(255, 255, 255))
    page = prepare(sheared, DPI)
    assert len(find_ruling(page.drawn, page.faint, DPI).cells) == CELLS


def test_symbols_are_no_cells_and_lines_of_paper_none() -> None:
    page = prepare(np.full((1200, 900, 3), 250, "uint8"), 100)
    ruling = find_ruling(page.drawn, page.faint, 100)
    assert ruling.lines == ()
    assert ruling.cells == ()


def test_coloured_stamps_fade() -> None:
    picture = page_picture()
    cv2.circle(picture, (1500, 500), 90, (70, 80, 190), 6)
    page = prepare(picture, DPI)
    assert int(page.grey[395:425, 1480:1520].min()) > 150


@pytest.mark.parametrize("turns", [1, 3])
def test_sideways_pages_are_found(turns: int) -> None:
    assert prepare(np.rot90(page_picture(), turns).copy(), DPI).turned in (90, 270)


def test_small_pictures_share_a_strip_and_get_their_words_back() -> None:
    small, large = np.full((40, 30), 255, "uint8"), np.full((200, 900), 255, "uint8")
    pictures, slots = on_strips([small, large, small], DPI / 72)
    assert len(pictures) == 2
    first, second = slots[0], slots[2]
    found: list[list[Found]] = [[] for _ in pictures]
    found[first.picture] = [
        Found("1", Box(first.x + 5, 3, first.x + 12, 30), 0.9, 0),
        Found("2", Box(second.x + 5, 3, second.x + 12, 30), 0.8, 0),
    ]
    found[slots[1].picture] = [Found("Surat", Box(1, 2, 3, 4), 0.7, 0)]
    back = from_strips(found, slots)
    assert [[word.text for word in words] for words in back] == [["1"], ["Surat"], ["2"]]
    assert back[2][0].box == Box(5, 3 - second.y, 12, 30 - second.y)


@pytest.mark.parametrize(
    ("label", "shape", "stated", "expected"),
    [
        ("A4 at its own resolution", (2480, 3508), 300.0, 300),
        ("a screen's number is no resolution", (1241, 1754), 1.0, 150),
        ("a sheet that claims to be a poster", (826, 1169), 40.0, 100),
        ("a tall picture of several sheets", (1241, 2739), 1.0, 150),
    ],
)
def test_resolution_comes_from_the_page(label: str, shape: tuple[int, int], stated: float, expected: int) -> None:
    assert printed_dpi(shape, stated) == pytest.approx(expected, rel=0.02), label


# -- with the engine ------------------------------------------------------------------------------------------------


@needs_engine
@pytest.mark.parametrize("damage", [lambda p: p, noisy, lambda p: noisy(turned(p, -1.1))])
def test_a_scan_gives_the_same_result_as_its_page(damage) -> None:  # type: ignore[no-untyped-def]
    result = sopparse.parse(packed(damage(page_picture())), name="scan.png")
    assert result.source.reading == "ocr"
    assert result.source.ocr is not None
    assert result.source.ocr.engine == "tesseract"
    (procedure,) = result.sops[0].procedures
    assert [step.activity for step in procedure.steps] == [row[1] for row in ROWS]
    assert [step.duration.text for step in procedure.steps if step.duration] == [row[3] for row in ROWS]
    assert [actor.label for actor in procedure.actors] == ["Staf", "Kepala"]


@needs_engine
def test_image_pages_of_a_pdf_are_read() -> None:
    out = io.BytesIO()
    Image.fromarray(page_picture()).save(out, "PDF", resolution=DPI)
    result = sopparse.parse(out.getvalue(), name="scan.pdf")
    assert result.source.reading == "ocr"
    assert len(result.sops[0].procedures[0].steps) == len(ROWS)


@needs_engine
@pytest.mark.parametrize(
    ("label", "source"),
    [
        ("palette", lambda p: packed(np.asarray(Image.fromarray(p).convert("L")))),
        ("16 bit", lambda p: packed(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY).astype("uint16") * 257)),
        ("JPEG", lambda p: packed(p, "JPEG", quality=60)),
        ("WebP", lambda p: packed(p, "WEBP", quality=60)),
        ("GIF", lambda p: packed(p, "GIF")),
    ],
)
def test_kinds_of_images(label: str, source) -> None:  # type: ignore[no-untyped-def]
    document = read(source(page_picture()), "scan")
    assert "pengaduan" in {word.text for word in document.words}, label


@needs_engine
def test_cmyk_and_transparency() -> None:
    picture = Image.fromarray(page_picture())
    out = io.BytesIO()
    picture.convert("CMYK").save(out, "JPEG")
    assert read(out.getvalue(), "scan").words
    out = io.BytesIO()
    seen = np.dstack([np.zeros_like(page_picture()), 255 - cv2.cvtColor(page_picture(), cv2.COLOR_RGB2GRAY)])
    Image.fromarray(seen).save(out, "PNG")
    assert "pengaduan" in {word.text for word in read(out.getvalue(), "scan").words}


@needs_engine
def test_tiff_of_two_pages() -> None:
    out = io.BytesIO()
    page = Image.fromarray(page_picture()).convert("L")
    page.save(out, "TIFF", save_all=True, append_images=[page], dpi=(DPI, DPI))
    document = read(out.getvalue(), "scan.tif")
    assert [one.number for one in document.pages] == [1, 2]
    indices = [word.index for word in document.words]
    assert indices == sorted(set(indices))


@needs_engine
def test_of_an_animation_the_first_picture_is_the_page() -> None:
    out = io.BytesIO()
    page = Image.fromarray(page_picture()).convert("L")
    page.save(out, "GIF", save_all=True, append_images=[Image.new("L", page.size, 255)] * 3)
    (one,) = read(out.getvalue(), "scan.gif").pages
    assert "pengaduan" in {word.text for word in one.free}


@needs_engine
def test_a_file_that_breaks_off_gives_the_pages_before() -> None:
    out = io.BytesIO()
    page = Image.fromarray(page_picture()).convert("L")
    other = Image.fromarray(np.random.default_rng(1).integers(0, 255, (900, 900), "uint8"))
    page.save(out, "TIFF", save_all=True, append_images=[other], dpi=(DPI, DPI))
    source = bytearray(out.getvalue())
    # The second picture says that it lies behind the end of the file.
    second = struct.unpack("<I", source[4:8])[0]
    count = struct.unpack("<H", source[second : second + 2])[0]
    second = struct.unpack("<I", source[second + 2 + 12 * count :][:4])[0]
    for k in range(struct.unpack("<H", source[second : second + 2])[0]):
        entry = second + 2 + 12 * k
        if struct.unpack("<H", source[entry : entry + 2])[0] in (273, 279):
            source[entry + 8 : entry + 12] = struct.pack("<I", 2**31 - 1)
    document = read(bytes(source), "scan.tif")
    assert len(document.pages) == 1
    assert [one.code for one in document.issues] == ["document.page-broken"]


@needs_engine
def test_what_was_read_once_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    source = packed(page_picture())
    first = read(source, "scan.png")

    def fail(*_: object, **__: object) -> str:
        raise AssertionError("read again")

    monkeypatch.setattr("pytesseract.image_to_data", fail)
    assert read(source, "scan.png").words == first.words


# -- no result ------------------------------------------------------------------------------------------------------


@needs_engine
@pytest.mark.parametrize(
    ("label", "source", "error"),
    [
        ("one dot", packed(np.zeros((1, 1), "uint8")), SourceEmpty),
        ("white", packed(np.full((900, 700), 255, "uint8")), SourceEmpty),
        ("damaged", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, SourceUnreadable),
        ("cut off", packed(np.random.default_rng(1).integers(0, 255, (600, 600), "uint8"))[:5000], SourceUnreadable),
    ],
)
def test_no_page(label: str, source: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        sopparse.parse(source, name=label)


@needs_engine
def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    with pytest.raises(SourceTooLarge):
        sopparse.parse(out.getvalue(), name="bomb.png")


def test_without_an_engine_the_next_step_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from sopparse.readers import ocr

    ocr.engine.cache_clear()
    monkeypatch.setattr("pytesseract.pytesseract.tesseract_cmd", "/nowhere/tesseract")
    monkeypatch.setattr("pytesseract.pytesseract.get_tesseract_version.__wrapped__", None, raising=False)
    with pytest.raises(EngineMissing) as failure:
        sopparse.parse(packed(page_picture()), name="scan.png")
    ocr.engine.cache_clear()
    assert failure.value.exit_code == 4
    assert "apt-get install tesseract-ocr" in failure.value.next_step


def as_png(picture: Image.Image, **fields: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", **fields)
    return out.getvalue()


@pytest.mark.parametrize("mode", ["L", "RGB", "P", "RGBA"])
def test_png_files_have_the_dots_that_were_saved(mode: str) -> None:
    picture = Image.fromarray(page_picture()).convert(mode)
    wanted = picture if mode == "L" else picture.convert("RGB")
    ((found, _),) = shown(as_png(picture), "page.png")
    assert np.array_equal(found, np.asarray(wanted))


def test_png_files_are_turned_as_they_say() -> None:
    picture = Image.fromarray(page_picture())
    exif = Image.Exif()
    exif[0x0112] = 6
    ((found, _),) = shown(as_png(picture, exif=exif), "page.png")
    assert np.array_equal(found, np.asarray(picture.transpose(Image.Transpose.ROTATE_270)))


@pytest.mark.parametrize("end", [-1, -500])
def test_png_files_that_break_off_are_damaged(end: int) -> None:
    source = bytearray(as_png(Image.fromarray(page_picture())))
    if end == -1:
        source[len(source) // 2] ^= 1
    else:
        source = source[:end]
    with pytest.raises(SourceUnreadable):
        list(shown(bytes(source), "page.png"))
