"""A page on which a person checks what was read beside the page it came from, and corrects it.

html = review(result, source)      one self-contained file; `source` are the bytes of the document
"""

from __future__ import annotations

from collections.abc import Mapping

from sopparse import __version__, model
from sopparse.export.chart import Place, Wording
from sopparse.readers import read
from sopparse.review.flowchart import Figure, figure_of
from sopparse.review.html import Entry, entry_of, index_page, page
from sopparse.review.pages import Piece, Sheet, pieces_of, sheets_of

__all__ = ["Entry", "entry_of", "index_page", "review"]

# Kinds of documents that have pages; the others have a text, or (office files) neither.
_PICTURED = ("application/pdf", "image/")


def review(
    result: model.Result,
    source: bytes | None = None,
    *,
    turns: Mapping[int, int] | None = None,
    index: str | None = None,
    lang: str = "id",
) -> str:
    """The page as HTML, without pages of the document where `source` is None.

    `turns`: by the number of a page, the degrees clockwise by which it is turned to be read. `index`: the address of
    the page that lists all documents. `lang` is the language in which the page opens.
    """
    sheets: list[Sheet] = []
    pieces: list[Piece] = []
    pictured = result.source.media_type.startswith(_PICTURED)
    if source is not None and pictured:
        sheets = list(sheets_of(source, result.source.name, turns or {}))
    elif source is not None:
        text = read(source, result.source.name).text
        pieces = pieces_of(text, result.report.fields) if text is not None else []
    return page(result, _figures(result), sheets, pieces, __version__, index, lang)


def _figures(result: model.Result) -> dict[str, Figure]:
    wording = Wording.usual()
    found: dict[str, Figure] = {}
    for s, sop in enumerate(result.sops):
        for p in range(len(sop.procedures)):
            figure = figure_of(result, Place(s, p), wording)
            if figure is not None:
                found[f"/sops/{s}/procedures/{p}"] = figure
    return found
