"""The pages of a document as pictures, with what was recognised drawn over them: how a wrong reading is found."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from sopparse import vocab
from sopparse.export import overlay
from sopparse.export.overlay import Mark
from sopparse.page import Document, Page
from sopparse.pipeline import Stages
from sopparse.readers import images
from sopparse.readers.render import render, scale_for, straightened
from sopparse.show import marks
from sopparse.show.marks import Known
from sopparse.show.styles import LAYERS, legend, letters

if TYPE_CHECKING:
    from PIL.Image import Image

    from sopparse.export.overlay_text import Sheet

__all__ = ["LAYERS", "Picture", "page_numbers", "pictures"]


@dataclass(frozen=True, slots=True)
class Picture:
    """One page, or one sheet of a text, with its number."""

    number: int
    image: Image


def page_numbers(stages: Stages) -> Sequence[int]:
    """The pages that can be shown; a text is shown on sheets."""
    document = stages.laid.document
    if document.text is None:
        return [page.number for page in document.pages]
    return range(1, len(_sheets(document)) + 1)


def pictures(
    stages: Stages,
    source: bytes,
    numbers: Collection[int],
    *,
    dpi: float = 150.0,
    layers: Collection[str] = LAYERS,
    lang: str = "id",
) -> Iterator[Picture]:
    """The pages with these numbers, one after the other, as they are drawn. `source` are the bytes of the document."""
    known = Known(stages)
    texts = vocab.load("show")
    entries = legend(texts, lang)
    document = stages.laid.document
    drawn = _texts if document.text is not None else _pages
    count = len(page_numbers(stages))
    for number, scale, image, found in drawn(known, source, numbers, dpi, layers):
        heading = texts["heading"][lang].format(name=document.name, number=number, count=count)
        yield Picture(number, overlay.draw(image, found, entries, scale, heading, texts["doubt"][lang]))


# The number of a page, its pixels per point, its picture, and what is to be drawn over it.
_Sketch = tuple[int, float, "Image", list[Mark]]


def _pages(
    known: Known, source: bytes, numbers: Collection[int], dpi: float, layers: Collection[str]
) -> Iterator[_Sketch]:
    for page in known.stages.laid.document.pages:
        if page.number in numbers:
            scale = scale_for(page.width, page.height, dpi)
            image = _image(known.stages.laid.document, source, page, scale)
            yield page.number, scale, image, _page_marks(known, page, layers)


def _image(document: Document, source: bytes, page: Page, scale: float) -> Image:
    """The page as it was read: turned, and made straight where it was."""
    size = (page.width, page.height)
    is_pdf = document.media_type == "application/pdf"
    if is_pdf and page.shown is None:
        return render(source, page.number, size, scale, page.turned)
    displayed = size if page.turned in (0, 180) else (page.height, page.width)
    if is_pdf:
        image = render(source, page.number, displayed, scale, 0)
    else:
        from PIL import Image as Images

        array, _ = next(islice(images.shown(source, document.name), page.number - 1, None))
        image = Images.fromarray(array).convert("RGB")
        image = image.resize((max(round(displayed[0] * scale), 1), max(round(displayed[1] * scale), 1)))
    return straightened(image, page.shown, size, scale) if page.shown is not None else image


def _texts(
    known: Known, source: bytes, numbers: Collection[int], dpi: float, layers: Collection[str]
) -> Iterator[_Sketch]:
    from sopparse.export.overlay_text import paint

    for number, sheet in enumerate(_sheets(known.stages.laid.document), start=1):
        if number in numbers:
            scale = scale_for(*sheet.size, dpi)
            yield number, scale, paint(sheet, scale), _sheet_marks(known, sheet, layers)


# -- pages with geometry --------------------------------------------------------------------------------------------


def _page_marks(known: Known, page: Page, layers: Collection[str]) -> list[Mark]:
    grids = [grid for grid in known.stages.laid.grids if grid.page == page.number]
    found: list[Mark] = []
    if "fields" in layers:
        found += marks.field_marks(known, page.number, None)
    if "words" in layers:
        found += marks.word_marks(known, page.words, None)
    if "rules" in layers:
        found += marks.rule_marks(grids)
    if "cells" in layers:
        found += marks.cell_marks(grids)
    if "symbols" in layers or "edges" in layers:
        charts = [chart for part in known.stages.parts for chart in part.charts if chart.page == page.number]
        nodes, drawings = marks.nodes_of(known), [chart.drawing for chart in charts]
        if "symbols" in layers:
            found += marks.symbol_marks(nodes.values(), drawings, page.number, letters(vocab.load("show")))
        if "edges" in layers:
            found += marks.edge_marks(known, nodes, drawings, page.number)
    return found


# -- texts ----------------------------------------------------------------------------------------------------------


def _sheets(document: Document) -> tuple[Sheet, ...]:
    from sopparse.export.overlay_text import sheets_of

    return tuple(sheets_of(document.text or ""))


def _sheet_marks(known: Known, sheet: Sheet, layers: Collection[str]) -> list[Mark]:
    document = known.stages.laid.document
    found: list[Mark] = []
    if "fields" in layers:
        found += marks.field_marks(known, 0, sheet.boxes)
    if "words" in layers:
        found += marks.word_marks(known, document.words, sheet.boxes)
    if "cells" in layers:
        for page in document.pages:
            found += marks.text_cell_marks(page, sheet.boxes)
    return found
