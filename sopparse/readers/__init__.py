"""Bytes to a document: looks at the content, not at the name, and picks the reader."""

from __future__ import annotations

from collections.abc import Callable

from sopparse.errors import SourceEmpty, SourceNotText, SourceTooLarge
from sopparse.page import Document

# Larger than any real archive dump (bound volumes of thirty procedures hold 0.4 MB of words), small enough to be
# read, refused or searched in seconds.
MAX_BYTES = 4 * 1024 * 1024

_OTHER_KINDS = (
    (b"%PDF", "a PDF file", "Take its text with `pdftotext -layout FILE.pdf -` and parse that."),
    (b"PK\x03\x04", "a ZIP container (DOCX, XLSX, ODT ...)", "Save it as plain text (or HTML) and parse that."),
    (b"\xd0\xcf\x11\xe0", "an old Office file (DOC, XLS)", "Save it as plain text (or HTML) and parse that."),
    (b"\x89PNG", "a PNG image", "Recognise its text first (for example with tesseract -l ind) and parse that."),
    (b"\xff\xd8\xff", "a JPEG image", "Recognise its text first (for example with tesseract -l ind) and parse that."),
    (b"II*\x00", "a TIFF image", "Recognise its text first (for example with tesseract -l ind) and parse that."),
    (b"MM\x00*", "a TIFF image", "Recognise its text first (for example with tesseract -l ind) and parse that."),
    (b"RIFF", "a RIFF file (WebP, WAV ...)", "Recognise its text first, if it is an image, and parse that."),
    (b"GIF8", "a GIF image", "Recognise its text first (for example with tesseract -l ind) and parse that."),
    (b"{\\rtf", "an RTF file", "Save it as plain text (or HTML) and parse that."),
)


def read(source: bytes, name: str) -> Document:
    """The document that the bytes hold.

    Raises SourceEmpty, SourceTooLarge or SourceNotText where they hold none that can be read.
    """
    if len(source) > MAX_BYTES:
        raise SourceTooLarge(
            f"{name}: more than {MAX_BYTES // 2**20} MB, larger than any collection of procedure texts",
            "Cut the file into its documents and parse them one by one.",
        )
    if not source.strip():
        raise SourceEmpty(f"{name}: the file is empty", "Check how the file was saved or exported.")
    for magic, kind, next_step in _OTHER_KINDS:
        if source.startswith(magic):
            raise SourceNotText(f"{name}: this is {kind}, not text", next_step)
    return READERS["text/plain"](source, name)


def _read_text(source: bytes, name: str) -> Document:
    from sopparse.readers.text import read as read_text

    return read_text(source, name)


READERS: dict[str, Callable[[bytes, str], Document]] = {"text/plain": _read_text}
