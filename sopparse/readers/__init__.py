"""Bytes to a document: looks at the content, not at the name, and picks the reader."""

from __future__ import annotations

from collections.abc import Callable

from sopparse.errors import SourceEmpty, SourceNotText, SourceTooLarge
from sopparse.page import Document

# Larger than any real archive dump (bound volumes of thirty procedures hold 0.4 MB of words), small enough to be
# read, refused or searched in seconds.
MAX_BYTES = 4 * 1024 * 1024
# Scanned volumes are large, but a larger PDF than this is no procedure document.
MAX_PDF_BYTES = 200 * 1024 * 1024
# Viewers accept bytes before the mark of a PDF, up to this many.
_PDF_REACH = 1024

_OTHER_KINDS = (
    (b"PK\x03\x04", "a ZIP container (DOCX, XLSX, ODT ...)", "Save it as plain text (or HTML) and parse that."),
    (b"\xd0\xcf\x11\xe0", "an old Office file (DOC, XLS)", "Save it as plain text (or HTML) and parse that."),
    (b"RIFF", "a RIFF file (WAV, AVI ...)", "Save it as an image, if it is one, and parse that."),
    (b"{\\rtf", "an RTF file", "Save it as plain text (or HTML) and parse that."),
)
# Documents all of them, whether or not they can be read.
_OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")

_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+", b"GIF8")


def _is_image(source: bytes) -> bool:
    return source.startswith(_IMAGES) or (source.startswith(b"RIFF") and source[8:12] == b"WEBP")


def _is_pdf(source: bytes) -> bool:
    return b"%PDF-" in source[:_PDF_REACH]


def limit_of(source: bytes) -> int:
    """How many bytes a source may have that begins like this."""
    return MAX_PDF_BYTES if _is_pdf(source) or _is_image(source) else MAX_BYTES


def too_large(name: str, limit: int) -> SourceTooLarge:
    return SourceTooLarge(
        f"{name}: more than {limit // 2**20} MB, larger than any collection of procedure texts",
        "Cut the file into its documents and parse them one by one.",
    )


def is_document(head: bytes) -> bool:
    """Whether bytes that begin like this may be a document: a PDF, an image, a text, an office file of any kind."""
    if _is_pdf(head) or _is_image(head) or head.startswith(_OFFICE):
        return True
    from sopparse.readers.text import decode

    try:
        decode(head, "")
    except SourceNotText:
        return False
    return True


def read(source: bytes, name: str) -> Document:
    """The document that the bytes hold.

    Raises SourceEmpty, SourceTooLarge, SourceNotText, SourceUnreadable or EngineMissing where they hold none that can
    be read.
    """
    limit = limit_of(source)
    if len(source) > limit:
        raise too_large(name, limit)
    if _is_pdf(source):
        return READERS["application/pdf"](source, name)
    if _is_image(source):
        return READERS["image"](source, name)
    if not source.strip():
        raise SourceEmpty(f"{name}: the file is empty", "Check how the file was saved or exported.")
    for magic, kind, next_step in _OTHER_KINDS:
        if source.startswith(magic):
            raise SourceNotText(f"{name}: this is {kind}, not text", next_step)
    return READERS["text/plain"](source, name)


def _read_text(source: bytes, name: str) -> Document:
    from sopparse.readers.text import read as read_text

    return read_text(source, name)


def _read_pdf(source: bytes, name: str) -> Document:
    from sopparse.readers.pdf import read as read_pdf

    return read_pdf(source, name)


def _read_image(source: bytes, name: str) -> Document:
    from sopparse.readers.images import read as read_image

    return read_image(source, name)


READERS: dict[str, Callable[[bytes, str], Document]] = {
    "text/plain": _read_text,
    "application/pdf": _read_pdf,
    "image": _read_image,
}
