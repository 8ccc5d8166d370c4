"""Born-digital PDFs: words where a person sees them, what is drawn, and files that are broken in every way."""

from __future__ import annotations

import io
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopparse.errors import EngineMissing, SopError, SourceEmpty, SourceTooLarge, SourceUnreadable
from sopparse.page import Document, Page
from sopparse.readers import MAX_BYTES, pdf_content, pdf_paint, read
from sopparse.readers import pdf as reader
from tests.pdf_writer import Pdf, PdfPage, line, one_page, rect, stream, text, write

IMAGE = stream(
    b"\x00" * 100, "/Type /XObject /Subtype /Image /Width 10 /Height 10 /BitsPerComponent 8 /ColorSpace /DeviceGray"
)
WITH_IMAGE = "/XObject << /Im 1000 0 R >>"


def document(content: str, **options: object) -> Document:
    return read(one_page(content, **options), "uji.pdf")


def page(content: str, **options: object) -> Page:
    return document(content, **options).pages[0]


def words(content: str, **options: object) -> list[str]:
    return [word.text for word in page(content, **options).free]


def codes(found: Document) -> list[str]:
    return [issue.code for issue in found.issues]


# -- words ----------------------------------------------------------------------------------------------------------


def test_words_have_boxes_from_the_top_left():
    found = page(text(100, 300, "Surat masuk", 10))
    assert (found.width, found.height) == (600, 400)
    first, second = found.free
    assert (first.text, second.text) == ("Surat", "masuk")
    assert first.box == (100, 92, 125, 102)
    assert second.box is not None
    assert second.box.x0 == 130
    assert (first.index, second.index) == (0, 1)
    assert first.line == second.line


def test_lines_are_numbered_from_the_top_through_the_document():
    one = PdfPage(text(50, 200, "bawah") + text(50, 300, "atas") + text(300, 300.4, "kanan"))
    found = read(write(Pdf([one, PdfPage(text(50, 300, "lanjut"))])), "uji.pdf")
    assert [(w.text, w.line, w.index, w.page) for w in found.words] == [
        ("atas", 0, 0, 1),
        ("kanan", 0, 1, 1),
        ("bawah", 1, 2, 1),
        ("lanjut", 2, 3, 2),
    ]


@pytest.mark.parametrize(
    ("label", "content", "expected"),
    [
        ("gaps without spaces", "BT /F1 10 Tf 50 300 Td [(Surat) -250 (masuk)] TJ ET", ["Surat", "masuk"]),
        ("kerning within a word", "BT /F1 10 Tf 50 300 Td [(Su) -40 (rat)] TJ ET", ["Surat"]),
        ("parts painted one by one", text(50, 300, "Su") + text(60, 300, "rat"), ["Surat"]),
        ("letters apart", "BT /F1 10 Tf 6 Tc 50 300 Td (KEGIATAN) Tj ET", ["KEGIATAN"]),
        ("letters and spaces", text(50, 300, "K E G I A T A N"), ["KEGIATAN"]),
        ("single letters in a list", text(50, 300, "a b"), ["a", "b"]),
        ("bold by printing twice", text(50, 300, "Waktu") + text(50.3, 300, "Waktu"), ["Waktu"]),
        (
            "bold letter by letter",
            "".join(text(50 + 5 * i + d, 300, c) for i, c in enumerate("Waktu") for d in (0, 0.3)),
            ["Waktu"],
        ),
        ("twice, but apart", text(50, 300, "Waktu") + text(50, 288, "Waktu"), ["Waktu", "Waktu"]),
        ("superscript stays on the line", text(50, 300, "luas m") + text(80, 302.5, "2", 6), ["luas", "m2"]),
        ("no-break space", "BT /F1 10 Tf 50 300 Td (dua\\240kata) Tj ET", ["dua", "kata"]),
        ("zero width of a blank cell", text(50, 300, "  "), None),
    ],
)
def test_letters_become_words(label: str, content: str, expected: list[str] | None):
    if expected is None:
        with pytest.raises(SourceEmpty):
            document(content)
    else:
        assert words(content) == expected


def test_ligatures_are_letters():
    assert pdf_paint.clean("ﬁ") == "fi"
    assert pdf_paint.clean("ﬄ") == "ffl"
    assert pdf_paint.clean("a\u200bb\u00ad") == "ab"


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_pages_are_read_as_displayed(turn: int):
    found = page(text(100, 300, "Surat masuk"), extra=f"/Rotate {turn}")
    # Text that a viewer shows lying or upside down is turned upright again.
    assert found.turned == (360 - turn) % 360
    assert [w.text for w in found.free] == ["Surat", "masuk"]
    assert found.free[0].box == (100, 92, 125, 102)
    assert (found.width, found.height) == (600, 400)


@pytest.mark.parametrize(
    ("matrix", "turn"), [("0 1 -1 0 300 100", 90), ("-1 0 0 -1 400 300", 180), ("0 -1 1 0 300 300", 270)]
)
def test_content_that_lies_on_its_side_is_turned(matrix: str, turn: int):
    content = (
        f"q {matrix} cm\n" + text(0, 0, "baris pertama") + text(0, -20, "baris kedua") + line(0, -30, 80, -30) + "Q"
    )
    found = page(content)
    assert found.turned == turn
    assert [w.text for w in found.free] == ["baris", "pertama", "baris", "kedua"]
    (drawn,) = found.paths
    (xa, ya), (xb, yb) = drawn.points
    assert abs(ya - yb) < 0.01
    assert abs(abs(xa - xb) - 80) < 0.01
    assert found.free[3].box is not None
    assert ya > found.free[3].box.bottom - 3


def test_a_few_words_along_the_side_stay_there():
    content = text(50, 300, "Kegiatan Pelaksana Waktu") + "q 0 1 -1 0 500 100 cm\n" + text(0, 0, "kepala seksi") + "Q"
    found = page(content)
    assert found.turned == 0
    assert [w.text for w in found.free][-2:] == ["kepala", "seksi"]
    box = found.free[-1].box
    assert box is not None
    assert box.bottom - box.top > box.x1 - box.x0


def test_watermarks_across_the_page_are_left_out():
    content = text(50, 300, "Kegiatan") + "q 0.7 0.7 -0.7 0.7 100 100 cm\n" + text(0, 0, "SALINAN", 60) + "Q"
    assert words(content) == ["Kegiatan"]


# -- what a person does not see -------------------------------------------------------------------------------------


SEEN = text(50, 350, "terlihat")


@pytest.mark.parametrize(
    ("label", "content", "expected"),
    [
        ("not painted", "BT 3 Tr /F1 10 Tf 50 300 Td (rahasia) Tj ET", []),
        ("white on white", "1 g " + text(50, 300, "rahasia"), []),
        ("white on dark", "0.2 g " + rect(40, 290, 100, 30, "f") + "1 g " + text(50, 300, "kepala"), ["kepala"]),
        ("covered by white", text(50, 300, "rahasia") + "1 g " + rect(40, 290, 100, 30, "f"), []),
        ("on white", "1 g " + rect(40, 290, 100, 30, "f") + "0 g " + text(50, 300, "isi"), ["isi"]),
        ("marked by a colour", text(50, 300, "penting") + "1 1 0 rg " + rect(40, 290, 100, 30, "f"), ["penting"]),
        (
            "written again on the cover",
            text(50, 300, "ulang") + "1 g " + rect(40, 290, 100, 30, "f") + "0 g " + text(50, 300, "ulang"),
            ["ulang"],
        ),
    ],
)
def test_hidden_words_are_left_out(label: str, content: str, expected: list[str]):
    found = document(SEEN + content)
    assert [w.text for w in found.words] == ["terlihat", *expected]
    assert codes(found) == ([] if expected else ["document.hidden-text"])


def test_transparent_covers_hide_nothing():
    states = "/ExtGState << /G << /ca 0.3 >> >>"
    content = SEEN + text(50, 300, "isi") + "q /G gs 1 g " + rect(40, 290, 100, 30, "f") + "Q"
    assert words(content, resources=states) == ["terlihat", "isi"]


def test_words_outside_the_crop_box_and_the_clip_are_left_out():
    content = (
        SEEN
        + text(560, 300, "luar")
        + "q 40 290 100 30 re W n\n"
        + text(50, 300, "dalam")
        + text(200, 300, "terpotong")
        + "Q"
    )
    found = page(content, extra="/CropBox [0 0 550 400]")
    assert [w.text for w in found.free] == ["terlihat", "dalam"]
    assert found.width == 550


def test_clips_end_with_their_state():
    assert words("q 0 0 10 10 re W n Q\n" + SEEN) == ["terlihat"]


# -- drawings -------------------------------------------------------------------------------------------------------


def test_paths_are_flat_and_know_how_they_are_drawn():
    content = (
        SEEN
        + "2 w 0.5 G [3 2] 0 d 10 10 m 110 10 l S [] 0 d\n"
        + "1 0 0 rg 200 100 50 20 re f\n"
        + "0 G 300 100 m 300 120 340 120 340 100 c h B\n"
    )
    one, two, three = page(content).paths
    assert one.points == ((10, 390), (110, 390))
    assert (one.stroked, one.filled, one.closed, one.dashed, one.width) == (True, False, False, True, 2)
    assert one.darkness == pytest.approx(0.5)
    assert (two.stroked, two.filled, two.closed) == (False, True, True)
    assert len(two.points) == 4
    assert two.darkness == pytest.approx(0.701)
    assert three.curved
    assert three.closed
    assert len(three.points) == 9


def test_paths_of_forms_and_stamps_are_there():
    form = stream(
        text(0, 5, "stempel") + rect(0, 0, 50, 20),
        "/Type /XObject /Subtype /Form /BBox [0 0 60 30] /Resources << /Font << /F1 3 0 R >> >>",
    )
    pdf = Pdf([PdfPage(SEEN + "q 1 0 0 1 100 100 cm /Fm Do Q", resources="/XObject << /Fm 1000 0 R >>")], [form])
    found = read(write(pdf), "uji.pdf").pages[0]
    assert [w.text for w in found.free] == ["terlihat", "stempel"]
    assert found.paths[0].points[0] == (100, 300)


def test_the_appearance_of_annotations_is_read_unless_hidden():
    look = stream(
        text(0, 5, "Disetujui"),
        "/Type /XObject /Subtype /Form /BBox [0 0 60 30] /Resources << /Font << /F1 3 0 R >> >>",
    )
    notes = "/Annots [<< /Type /Annot /Subtype /Stamp /Rect [300 100 360 130] /AP << /N 1000 0 R >> %s >>]"
    shown = read(write(Pdf([PdfPage(SEEN, extra=notes % "")], [look])), "uji.pdf").pages[0]
    assert [w.text for w in shown.free] == ["terlihat", "Disetujui"]
    assert shown.free[1].box is not None
    assert shown.free[1].box.x0 == 300
    hidden = read(write(Pdf([PdfPage(SEEN, extra=notes % "/F 2")], [look])), "uji.pdf").pages[0]
    assert [w.text for w in hidden.free] == ["terlihat"]


# -- pictures -------------------------------------------------------------------------------------------------------


def test_pages_that_are_pictures_are_named():
    scan = PdfPage("q 600 0 0 400 0 0 cm /Im Do Q", resources=WITH_IMAGE)
    found = read(write(Pdf([PdfPage(SEEN), scan, scan], [IMAGE])), "uji.pdf")
    assert [p.kind for p in found.pages] == ["text", "image", "image"]
    assert [(i.code, dict(i.details)) for i in found.issues] == [("document.page-image", {"pages": "2-3"})]
    with pytest.raises((EngineMissing, SourceEmpty)):
        read(write(Pdf([scan], [IMAGE])), "uji.pdf")


def test_a_logo_leaves_a_text_page_and_a_half_picture_makes_it_both():
    logo = page_with_image("60 0 0 60 20 320")
    half = page_with_image("600 0 0 150 0 0")
    assert (logo.kind, half.kind) == ("text", "both")


def page_with_image(matrix: str) -> Page:
    content = SEEN + f"q {matrix} cm /Im Do Q"
    return read(write(Pdf([PdfPage(content, resources=WITH_IMAGE)], [IMAGE])), "uji.pdf").pages[0]


@pytest.mark.parametrize(
    "layer", ["BT 3 Tr /F1 10 Tf 50 300 Td (terbaca mesin) Tj ET\n", text(50, 300, "terbaca mesin")]
)
def test_the_hidden_layer_of_a_scan_is_read_with_doubt(layer: str):
    scan = PdfPage(layer + "q 600 0 0 400 0 0 cm /Im Do Q", resources=WITH_IMAGE)
    found = read(write(Pdf([scan], [IMAGE])), "uji.pdf")
    assert [w.text for w in found.words] == ["terbaca", "mesin"]
    assert all(w.read < 1.0 for w in found.words)
    assert found.reading == "mixed"
    assert codes(found) == ["document.page-image"]


# -- files that are broken ------------------------------------------------------------------------------------------


def test_the_mark_may_stand_behind_other_bytes():
    assert [w.text for w in read(b"\n\n" + one_page(SEEN), "uji.pdf").words] == ["terlihat"]


def test_a_pdf_may_be_larger_than_a_text():
    assert read(one_page(SEEN) + b"\n%" + b" " * MAX_BYTES, "uji.pdf").words
    with pytest.raises(SourceTooLarge):
        read(b"a " * MAX_BYTES, "uji.txt")


@pytest.mark.parametrize(
    ("label", "source", "error"),
    [
        ("no page", write(Pdf([])), SourceEmpty),
        ("a blank page", one_page(""), SourceEmpty),
        ("only the mark", b"%PDF-1.4\n%%EOF", SourceUnreadable),
        ("noise behind the mark", b"%PDF-1.4\n" + random.Random(1).randbytes(5000), SourceUnreadable),
        ("a page of two kilometres", one_page(SEEN, box=(0, 0, 6_000_000, 400)), SourceUnreadable),
        ("a page without extent", one_page(SEEN, box=(0, 0, 0, 0)), SourceUnreadable),
    ],
)
def test_files_without_a_readable_page(label: str, source: bytes, error: type[SopError]):
    with pytest.raises(error) as refused:
        read(source, "uji.pdf")
    assert refused.value.next_step


def test_locked_files_say_so():
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    encryption = pytest.importorskip("reportlab.lib.pdfencrypt")
    for user, readable in (("rahasia", False), ("", True)):
        out = io.BytesIO()
        sheet = canvas.Canvas(out, encrypt=encryption.StandardEncryption(user, "pemilik"))
        sheet.drawString(100, 700, "terkunci")
        sheet.save()
        if readable:
            assert [w.text for w in read(out.getvalue(), "uji.pdf").words] == ["terkunci"]
        else:
            with pytest.raises(SourceUnreadable, match="password"):
                read(out.getvalue(), "uji.pdf")


def test_a_file_cut_before_its_end_gives_what_is_left():
    source = write(Pdf([PdfPage(text(50, 300, f"halaman {n}")) for n in range(4)]))
    found = read(source[: source.index(b"xref")], "uji.pdf")
    assert "document.repaired" in codes(found)
    assert len(found.words) == 8


def test_a_broken_page_keeps_what_came_before():
    source = PdfPage(SEEN + "/Nothing Do /F9 10 Tf (x) Tj 1 0 0 w\n" + text(50, 300, "sesudah"))
    assert "terlihat" in [w.text for w in read(write(Pdf([source, PdfPage(SEEN)])), "uji.pdf").words]


def test_rich_pages_stop_at_a_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf_content, "MAX_OBJECTS", 500)
    found = document(SEEN + rect(0, 0, 1, 1) * 1000)
    assert codes(found) == ["document.page-broken"]
    assert [w.text for w in found.words] == ["terlihat"]


def test_slow_pages_stop_at_a_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf_content, "MAX_SECONDS", 0.0)
    found = document(SEEN * 300 + "q Q " * 3000)
    assert codes(found) == ["document.page-broken"]


def test_unpacking_stops_at_a_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf_content, "MAX_CONTENT", 10_000)
    with pytest.raises(SourceUnreadable):
        document(SEEN + " " * 1_000_000)


def test_forms_within_forms_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf_content, "MAX_OBJECTS", 20_000)
    head = "/Type /XObject /Subtype /Form /BBox [0 0 600 400]"
    forms = [stream("/Fm Do " * 10, f"{head} /Resources << /XObject << /Fm {1001 + k} 0 R >> >>") for k in range(9)]
    forms.append(stream(rect(0, 0, 1, 1), head))
    started = time.monotonic()
    page_one = PdfPage(SEEN + "/Fm Do", resources="/XObject << /Fm 1000 0 R >>")
    found = read(write(Pdf([page_one, PdfPage(SEEN)], forms)), "uji.pdf")
    assert codes(found) == ["document.page-broken"]
    assert time.monotonic() - started < 10


def test_a_form_that_paints_itself_ends():
    form = stream(
        "/Fm Do", "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /Fm 1000 0 R >> >>"
    )
    pdf = Pdf([PdfPage(SEEN + "/Fm Do", resources="/XObject << /Fm 1000 0 R >>")], [form])
    assert [w.text for w in read(write(pdf), "uji.pdf").words] == ["terlihat"]


def test_many_pages_are_read_up_to_a_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reader, "MAX_PAGES", 3)
    found = read(write(Pdf([PdfPage(SEEN)] * 5)), "uji.pdf")
    assert [len(p.free) for p in found.pages] == [1, 1, 1, 0]
    assert codes(found) == ["document.page-broken"]


SOUND = write(
    Pdf([PdfPage(text(50, 300, "Kegiatan pertama") + rect(40, 280, 200, 40)), PdfPage(text(50, 300, "kedua"))])
)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, len(SOUND)), st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), max_size=40)
)
def test_any_bytes_give_a_document_or_an_error_of_ours(length: int, changes: list[tuple[int, int]]):
    broken = bytearray(SOUND)
    for at, value in changes:
        broken[at] = value
    try:
        found = read(b"%PDF-1.7\n" + bytes(broken[:length]), "uji.pdf")
    except SopError:
        return
    assert found.pages
