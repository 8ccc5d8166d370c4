"""Marks drawn over the picture of a page, with a legend beneath that says what each of them means.

Knows nothing of how the marks were found. Colours are those of Okabe and Ito (2008), which people with any kind of
colour vision tell apart; every meaning also differs by the kind of line, its fill, or its label.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sopparse.export import overlay_strokes as strokes
from sopparse.export.overlay_labels import Labels, Side
from sopparse.geometry import Box

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

Points = tuple[tuple[float, float], ...]
Kind = Literal["box", "outline", "line", "arrow"]
Dash = Literal["", "dashed", "dotted"]

BLACK, GREY = "#000000", "#8a8a8a"
ORANGE, SKY, GREEN, YELLOW = "#e69f00", "#56b4e9", "#009e73", "#f0e442"
BLUE, VERMILION, PURPLE = "#0072b2", "#d55e00", "#cc79a7"

# Letters of labels and of the legend, in points of the page; no fewer pixels than anybody can read.
LABEL_SIZE, LEGEND_SIZE = 4.8, 7.0
LEAST_PIXELS, LEAST_LEGEND_PIXELS = 9, 11
# What lies under a line stays visible: opacity of lines, 0 to 255.
LINE_OPACITY = 205
# The head of an arrow is this many line widths long.
HEAD = 3.2


@dataclass(frozen=True, slots=True)
class Style:
    """How one meaning is drawn. `width` and `inset` (how far inside its box it is drawn) in points; `tint` is the
    opacity of its fill, 0 to 1; `hatched` fills it with slanting lines."""

    colour: str
    width: float = 0.8
    dash: Dash = ""
    tint: float = 0.0
    hatched: bool = False
    inset: float = 0.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the legend: what a key looks like, and what it means."""

    key: str
    style: Style
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to draw, in points from the top left; a box is given by two opposite corners.

    What is `doubtful` gets a second, dashed frame (a line: a cross at its end). A label is put where it hides least,
    or, where it is for the `margin`, to the left.
    """

    kind: Kind
    key: str
    points: Points
    label: str = ""
    doubtful: bool = False
    margin: bool = False

    @classmethod
    def around(cls, box: Box, key: str, label: str = "", *, doubtful: bool = False, margin: bool = False) -> Mark:
        return cls("box", key, ((box.x0, box.top), (box.x1, box.bottom)), label, doubtful, margin)


def draw(
    image: Image, marks: Sequence[Mark], entries: Sequence[Entry], scale: float, heading: str, doubt: str = ""
) -> Image:
    """The picture with the marks, at its own size, and the legend of what occurs in it beneath.

    `scale` is in pixels per point. `doubt` says what the frame of doubtful marks means. Marks that come first lie
    lowest; every key needs an entry.
    """
    from PIL import Image as Images
    from PIL import ImageDraw

    page = image.convert("RGBA")
    styles = {entry.key: entry.style for entry in entries}
    cover = Images.new("RGBA", page.size, (0, 0, 0, 0))
    brush = ImageDraw.Draw(cover)
    labels = Labels(image.convert("L"), max(round(LABEL_SIZE * scale), LEAST_PIXELS))
    for mark in marks:
        # Each on its own would let fills add up; lines of one layer simply lie on those below.
        _draw_mark(brush, mark, styles[mark.key], scale)
    page.alpha_composite(cover)
    for mark in marks:
        if mark.label:
            points = tuple((x * scale, y * scale) for x, y in mark.points)
            side: Side = "left" if mark.margin else "along" if mark.kind in ("line", "arrow") else "around"
            labels.place(mark.label, points, side, styles[mark.key].colour)
    labels.draw(page)
    legend = _legend(marks, entries, heading, doubt, max(round(LEGEND_SIZE * scale), LEAST_LEGEND_PIXELS), page.width)
    whole = Images.new("RGB", (max(page.width, legend.width), page.height + legend.height), "white")
    whole.paste(page.convert("RGB"), (0, 0))
    whole.paste(legend, (0, page.height))
    return whole


def _draw_mark(brush: ImageDraw, mark: Mark, style: Style, scale: float) -> None:
    points = [(x * scale, y * scale) for x, y in mark.points]
    width = max(round(style.width * scale), 1)
    if mark.kind in ("box", "outline"):
        if mark.kind == "box":
            points = strokes.corners(points, style.inset * scale)
        _draw_area(brush, points, style, width, scale)
        if mark.doubtful:
            frame = strokes.corners(strokes.bounds(points), -1.2 * scale)
            strokes.polyline(brush, [*frame, frame[0]], strokes.rgba(VERMILION, 255), width, "dashed", scale)
        return
    ink = strokes.rgba(style.colour, LINE_OPACITY)
    if mark.kind == "arrow" and len(points) > 1:
        points = strokes.arrow_head(brush, points, ink, HEAD * width)
    strokes.polyline(brush, points, ink, width, style.dash, scale)
    if mark.doubtful:
        strokes.cross(brush, points[-1], strokes.rgba(VERMILION, 255), 2.5 * scale, width)


def _draw_area(brush: ImageDraw, points: Sequence[tuple[float, float]], style: Style, width: int, scale: float) -> None:
    if style.tint:
        brush.polygon(list(points), fill=strokes.rgba(style.colour, round(255 * style.tint)))
    if style.hatched:
        strokes.hatch(brush, strokes.bounds(points), strokes.rgba(style.colour, 150), scale)
    if style.width:
        ink = strokes.rgba(style.colour, LINE_OPACITY)
        strokes.polyline(brush, [*points, points[0]], ink, width, style.dash, scale)


# -- legend ---------------------------------------------------------------------------------------------------------


def _legend(marks: Sequence[Mark], entries: Sequence[Entry], heading: str, doubt: str, size: int, width: int) -> Image:
    """The heading and what is drawn, each meaning with a sample and how often it occurs, in columns."""
    from PIL import Image as Images
    from PIL import ImageDraw

    counts = Counter(mark.key for mark in marks)
    kinds: Mapping[str, Kind] = {mark.key: mark.kind for mark in marks}
    rows = [(kinds[e.key], e.style, False, f"{e.text} ({counts[e.key]})") for e in entries if counts[e.key]]
    unsure = sum(mark.doubtful for mark in marks)
    if unsure and doubt:
        rows.append(("box", Style(GREY, 0.0), True, f"{doubt} ({unsure})"))
    font = strokes.font(size)
    sample, pad = 3 * size, size // 2 + 2
    column = max((font.getlength(text) for *_, text in rows), default=0) + sample + 3 * pad
    columns = max(int((width - pad) // column), 1)
    lines = -(-len(rows) // columns)
    pitch = round(1.7 * size)
    needed = pad + max(column if rows else 0, font.getlength(heading) + pad)
    legend = Images.new("RGB", (max(width, round(needed)), pad * 3 + pitch * (lines + 1)), "white")
    brush = ImageDraw.Draw(legend, "RGBA")
    brush.line([(0, 0), (legend.width, 0)], fill=BLACK, width=max(size // 8, 1))
    brush.text((pad, pad), heading, fill=BLACK, font=font)
    for i, (kind, style, unsure_sample, text) in enumerate(rows):
        x, y = pad + (i // lines) * column, 2 * pad + pitch * (1 + i % lines)
        # The sample is a mark like any other, drawn at the size of the letters.
        scale = size / LEGEND_SIZE
        low, high = (x / scale, y / scale), ((x + sample - pad) / scale, (y + size) / scale)
        middle = (low[1] + high[1]) / 2
        ends = (low, high) if kind in ("box", "outline") else ((low[0], middle), (high[0], middle))
        _draw_mark(brush, Mark("box" if kind == "outline" else kind, "", ends, "", unsure_sample), style, scale)
        brush.text((x + sample, y - size * 0.1), text, fill=BLACK, font=font)
    return legend
