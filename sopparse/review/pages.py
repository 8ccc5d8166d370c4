"""The pages of a source as pictures that fit into an HTML file, and its text where it has no pages."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from sopparse.geometry import Box, turned
from sopparse.readers import images, render

if TYPE_CHECKING:
    from PIL.Image import Image

    from sopparse.model import FieldReport

# Pixels to the inch by the number of pages, so that a bound volume can still be opened. At 200 the letters of a form
# (8 points) are 22 pixels high: readable when zoomed to twice their size.
DPI = ((6, 200.0), (12, 150.0), (40, 110.0), (400, 80.0))
# Of WebP: smaller figures blur thin letters. At 65, the two largest pages of 27 real documents took 0.7 MB at most.
QUALITY = 65
# A page that a program drew has few shades; a scan has 100 and more among 40 000 dots.
DRAWN_SHADES = 64


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: size in points, the picture as a data URI, degrees clockwise by which it is turned to be read."""

    number: int
    width: float
    height: float
    picture: str
    turned: int = 0


@dataclass(frozen=True, slots=True)
class Spot:
    """A value on a page: the pointer of its report and its boxes on the sheet as it is shown. `label` names the
    doubtful values in this place by their numbers."""

    field: str
    boxes: tuple[Box, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text that belongs to the same values: the pointers of their reports, the shortest value first."""

    text: str
    fields: tuple[str, ...]


def sheets_of(source: bytes, name: str, turns: Mapping[int, int]) -> Iterator[Sheet]:
    """The pages of a PDF or an image file; `turns` are the degrees by which pages were turned to be read."""
    sizes = render.sizes(source)
    if sizes:
        dpi = _dpi(len(sizes))
        for number, (width, height) in enumerate(sizes, start=1):
            scale = render.scale_for(width, height, dpi)
            picture = render.render(source, number, (width, height), scale, 0)
            yield _sheet(number, picture, (width, height), turns.get(number, 0))
        return
    from PIL import Image as Images

    for number, (array, (width, height)) in enumerate(images.shown(source, name), start=1):
        picture = Images.fromarray(array)
        scale = render.scale_for(width, height, _dpi(1))
        picture.thumbnail((max(round(width * scale), 1), max(round(height * scale), 1)), Images.Resampling.LANCZOS)
        yield _sheet(number, picture, (width, height), turns.get(number, 0))


def _dpi(pages: int) -> float:
    return next((dpi for most, dpi in DPI if pages <= most), DPI[-1][1])


def _sheet(number: int, picture: Image, size: tuple[float, float], degrees: int) -> Sheet:
    if degrees:
        picture = picture.rotate(-degrees, expand=True)
    width, height = size if degrees in (0, 180) else size[::-1]
    content = _packed(picture)
    return Sheet(number, width, height, "data:image/webp;base64," + base64.b64encode(content).decode(), degrees)


def _packed(picture: Image) -> bytes:
    """Drawn pages are smallest with few even colours, photographed ones as photographs."""
    grey = picture.convert("L") if not _is_coloured(picture) else picture
    photo, drawn = io.BytesIO(), io.BytesIO()
    grey.save(photo, "WEBP", quality=QUALITY, method=4)
    if sum(1 for count in grey.convert("L").resize((200, 200), 0).histogram() if count) < DRAWN_SHADES:
        grey.quantize(32).convert("RGB").save(drawn, "WEBP", lossless=True, quality=60, method=3)
    both = [content for content in (photo.getvalue(), drawn.getvalue()) if content]
    return min(both, key=len)


def _is_coloured(picture: Image) -> bool:
    """Whether a page has more than shades of grey, seen from afar."""
    if picture.mode == "L":
        return False
    small = picture.convert("HSV").resize((300, 300))
    saturation = small.getchannel("S").point(lambda value: 255 if value > 60 else 0)
    return sum(saturation.histogram()[255:]) > 90 * 2


def spots_on(sheet: Sheet, fields: Mapping[str, FieldReport], numbers: Mapping[str, int]) -> list[Spot]:
    """The values on a page; large ones first, so that the small ones lie above them. `numbers`: the doubtful ones."""
    found: list[Spot] = []
    here: dict[tuple[Box, ...], list[int]] = {}
    for pointer, report in reversed(list(fields.items())):
        places = [Box(*one.box) for one in report.origins if one.page == sheet.number and one.box is not None]
        if places:
            boxes = tuple(_shown(box, sheet) for box in places)
            found.append(Spot(pointer, boxes))
            here.setdefault(boxes, []).extend([numbers[pointer]] if pointer in numbers else [])
    shared = {boxes: ", ".join(map(str, sorted(doubts))) for boxes, doubts in here.items()}
    # The last one of a place lies on top and carries the label.
    labelled = [replace(spot, label=shared.pop(spot.boxes, "")) for spot in reversed(found)]
    labelled.reverse()
    return sorted(labelled, key=lambda spot: -max(_area(box) for box in spot.boxes))


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)


def _shown(box: Box, sheet: Sheet) -> Box:
    across = sheet.turned in (90, 270)
    width, height = (sheet.height, sheet.width) if across else (sheet.width, sheet.height)
    return Box(*(round(value, 1) for value in turned(box, sheet.turned, width, height)))


def pieces_of(text: str, fields: Mapping[str, FieldReport]) -> list[Piece]:
    """The text cut wherever a value begins or ends."""
    spans = [
        (one.span[0], one.span[1], pointer)
        for pointer, report in fields.items()
        for one in report.origins
        if one.span is not None and one.span[0] < one.span[1]
    ]
    cuts = sorted({0, len(text), *(at for low, high, _ in spans for at in (low, high) if at <= len(text))})
    starts: dict[int, list[tuple[int, int, str]]] = {}
    for low, high, pointer in spans:
        starts.setdefault(low, []).append((low, high, pointer))
    return list(_pieces(text, cuts, starts))


def _pieces(text: str, cuts: Sequence[int], starts: Mapping[int, Sequence[tuple[int, int, str]]]) -> Iterator[Piece]:
    live: list[tuple[int, int, str]] = []
    for low, high in pairwise(cuts):
        live = [span for span in live if span[1] > low] + list(starts.get(low, ()))
        here = sorted(live, key=lambda span: span[1] - span[0])
        yield Piece(text[low:high], tuple(dict.fromkeys(pointer for _, _, pointer in here)))
