"""Pages of a PDF as pictures: the only file that knows PDFium's renderer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

POINTS_PER_INCH = 72.0
# No picture gets more pixels than this (an A4 page at 600 dpi has 35 million): a poster of 200 inches is drawn smaller.
MOST_PIXELS = 36_000_000


def scale_for(width: float, height: float, dpi: float) -> float:
    """Pixels per point for a page of so many points, less than `dpi` says where the picture would be too large."""
    wanted = dpi / POINTS_PER_INCH
    return float(min(wanted, (MOST_PIXELS / max(width * height, 1.0)) ** 0.5))


def render(source: bytes, number: int, size: tuple[float, float], scale: float, turned: int) -> Image:
    """The page as displayed, then turned clockwise by `turned` degrees; `size` in points is that after turning.

    A page that PDFium cannot draw is white paper.
    """
    import pypdfium2
    from PIL import Image as Images

    pixels = max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)
    try:
        with pypdfium2.PdfDocument(source) as file:
            picture = file[number - 1].render(scale=scale).to_pil().convert("RGB")
    except (pypdfium2.PdfiumError, IndexError):
        return Images.new("RGB", pixels, "white")
    if turned:
        picture = picture.rotate(-turned, expand=True)
    # PDFium rounds the size up; what is drawn over the page counts on exact pixels.
    paper = Images.new("RGB", pixels, "white")
    paper.paste(picture, (0, 0))
    return paper


def sizes(source: bytes) -> list[tuple[float, float]]:
    """Width and height in points of each page as displayed; none where PDFium cannot open the file."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(source) as file:
            return [file[index].get_size() for index in range(len(file))]
    except pypdfium2.PdfiumError:
        return []


def straightened(picture: Image, shown: tuple[float, ...], size: tuple[float, float], scale: float) -> Image:
    """The picture of a page as it was read: made straight. `shown` leads from there to the page as displayed (points),
    `size` is that of the straight page, `scale` pixels per point."""
    from PIL import Image as Images

    pixels = max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)
    a, b, c, d, e, f, g, h, i = shown
    matrix = (a, b, c * scale, d, e, f * scale, g / scale, h / scale, i)
    data = [value / i for value in matrix[:8]]
    return picture.transform(pixels, Images.Transform.PERSPECTIVE, data, Images.Resampling.BILINEAR, fillcolor="white")
