"""The text reader: encodings, borders of cells, markup, and places of words in the decoded text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sopparse.errors import SopError, SourceEmpty, SourceNotText, SourceTooLarge, SourceUnreadable
from sopparse.page import Word
from sopparse.readers import MAX_BYTES, read
from sopparse.readers.text import MAX_COLUMNS, MAX_WORDS, decode
from tests.factories import cells, document

CASES = json.loads((Path(__file__).parent / "cases" / "text.json").read_text(encoding="utf-8"))
SAID = "Kepala Dinas – “Réka” Ó"


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_rows_and_cells(case: dict[str, Any]) -> None:
    assert cells(case["input"]) == case["expected"]


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_spans_point_at_the_characters(case: dict[str, Any]) -> None:
    found = document(case["input"])
    assert found.text is not None
    for word in found.words:
        assert word.span is not None
        low, high = word.span
        printed = found.text[low:high]
        assert printed[0] in (word.text[0], "&")
        if word.places is None and "&" not in printed:
            assert printed == word.text
        elif word.places is not None:
            shown = "".join(found.text[at] for at in word.places)
            assert all(a in (b, "&") for a, b in zip(shown, word.text, strict=True))


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("cp1252", b""),
    ],
)
def test_encodings(encoding: str, mark: bytes) -> None:
    assert decode(mark + SAID.encode(encoding), "x").lstrip("\ufeff") == SAID
    assert cells(mark + SAID.encode(encoding)) == [[SAID]]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_mark(encoding: str) -> None:
    assert cells("Nomor SOP\t12".encode(encoding)) == [["Nomor SOP", "12"]]


def test_form_feeds_part_pages() -> None:
    found = document("a b\fc\n\f\fd")
    assert [[word.text for word in page.words] for page in found.pages] == [["a", "b"], ["c"], [], ["d"]]
    assert [word.page for word in found.words] == [1, 1, 2, 4]
    assert [word.index for word in found.words] == [0, 1, 2, 3]


def test_a_word_with_markup_inside_is_cut_at_the_right_place() -> None:
    found = document("x No<b>mor</b>SOP y")
    word = found.words[1]
    left, right = word.cut(5)
    assert found.text is not None
    assert (left.text, right.text) == ("Nomor", "SOP")
    assert left.span is not None
    assert right.span is not None
    assert found.text[slice(*right.span)] == "SOP"
    assert found.text[slice(*left.span)].startswith("No<b>mor")


def test_an_entity_at_the_end_is_part_of_the_word() -> None:
    found = document("Caf&eacute; R&amp;D")
    assert found.text is not None
    assert [(w.text, found.text[slice(*w.span)]) for w in found.words if w.span] == [
        ("Café", "Caf&eacute;"),
        ("R&D", "R&amp;D"),
    ]


def test_columns_of_plain_text() -> None:
    words: tuple[Word, ...] = document("Nomor   SOP\n  a").words
    assert [(word.line, word.column) for word in words] == [(0, 0), (0, 8), (1, 2)]


def test_kind_of_media() -> None:
    assert document("a\tb").media_type == "text/plain"
    assert document("<table><tr><td rowspan=2>a<td>b</table>").media_type == "text/html"


def test_nonsense_spans_do_not_multiply_words() -> None:
    row = "<tr><td colspan=60 rowspan=60>a b c</td><td colspan=60 rowspan=60>d</td></tr>"
    found = document("<table>" + row * 500)
    assert max(len(line.cells) for page in found.pages for line in page.rows) <= 2 * MAX_COLUMNS
    assert sum(len(line.words) for page in found.pages for line in page.rows) < 200_000


@pytest.mark.parametrize(
    ("label", "source", "error"),
    [
        ("nothing", b"", SourceEmpty),
        ("white space", b" \n\t\r\n", SourceEmpty),
        ("only a byte order mark", b"\xef\xbb\xbf", SourceEmpty),
        ("only markup", b"<p><b></b></p>", SourceEmpty),
        ("zeros", b"\0" * 100, SourceNotText),
        ("an image", b"\x89PNG\r\n\x1a\n123", SourceUnreadable),
        ("a ZIP container", b"PK\x03\x04123", SourceNotText),
        ("noise", bytes(range(256)) * 40, SourceNotText),
        ("too many bytes", b"a " * (MAX_BYTES // 2 + 1), SourceTooLarge),
        ("too many words", b"a " * (MAX_WORDS + 1), SourceTooLarge),
        ("too many words in tabs", b"a\t" * (MAX_WORDS + 1), SourceTooLarge),
        ("too many cells", b"\t" * 700_000 + b"x", SourceTooLarge),
    ],
)
def test_what_cannot_be_read(label: str, source: bytes, error: type[SopError]) -> None:
    with pytest.raises(error) as raised:
        read(source, "berkas")
    assert "berkas" in raised.value.message, label
    assert raised.value.next_step
