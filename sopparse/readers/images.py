"""Image files to documents: PNG, JPEG, TIFF of many pages, WebP; every page is read as a scan."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sopparse.errors import SourceEmpty, SourceTooLarge, SourceUnreadable
from sopparse.evidence import Issue, issue
from sopparse.page import Document, Engine, Page
from sopparse.readers.prepare import Picture
from sopparse.readers.scan import POINTS, Start, printed_dpi, read_picture

if TYPE_CHECKING:
    from PIL.Image import Image

MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "TIFF": "image/tiff", "WEBP": "image/webp", "GIF": "image/gif"}
FORMATS = (*MEDIA_TYPES, "MPO")
# A2 at 600 dpi has 139 million dots; more is no page, or a bomb. What is larger than the second number is read smaller.
MOST_DOTS = 140_000_000
READ_DOTS = 12_000_000
# No letter can be read on a page of fewer dots along its longer side.
LEAST_SIDE = 200
# The field of cameras that says how a picture was turned; 1 is not at all.
ORIENTATION = 0x0112
# As many frames of a file are read (bound volumes have up to 400 pages).
MOST_FRAMES = 400
# Files state this many dots per inch where they know nothing: screens, cameras.
UNKNOWN_DPI = (72.0, 96.0)
# Fields of PNG files that change how the picture is shown, or may.
NOT_PLAIN = ("transparency", "exif", "raw profile", "xml:", "xmp")
# How PNG files end, and the name of their field that may say how the picture was turned; sought in so many bytes.
PNG_END, EXIF_FIELD, PNG_TAIL = b"IEND", b"eXIf", 4096
# What an A4 page would have at least and at most, if the statement were true.
LEAST_DPI, MOST_DPI = 60.0, 700.0


def read(source: bytes, name: str) -> Document:
    """The pages of an image file. Raises SourceUnreadable, SourceTooLarge, SourceEmpty or EngineMissing."""
    from sopparse.readers.ocr import engine

    known = engine()
    pages: list[Page] = []
    found_dpi, issues = 0, []
    media, frames = _open(source, name)
    index = line = 0
    for number, frame in enumerate(_pictures(source, frames, name), start=1):
        if isinstance(frame, Issue):
            issues.append(frame)
            break
        picture, stated = frame
        dpi = printed_dpi((picture.shape[1], picture.shape[0]), stated)
        size = (picture.shape[1] * POINTS / dpi, picture.shape[0] * POINTS / dpi)
        page = read_picture(picture, size, dpi, Start(number, index, line))
        index += len(page.free)
        line = max((word.line for word in page.free), default=line - 1) + 1
        found_dpi = found_dpi or round(dpi)
        pages.append(page)
    if not any(page.free for page in pages):
        raise SourceEmpty(f"{name}: no word can be read in the picture", "Scan the page again, at 300 dots per inch.")
    return Document(
        name=name,
        sha256=hashlib.sha256(source).hexdigest(),
        media_type=media,
        reading="ocr",
        pages=tuple(pages),
        issues=tuple(issues),
        engine=Engine("tesseract", known.version, known.languages, found_dpi),
    )


def _open(source: bytes, name: str) -> tuple[str, Image]:
    from PIL import Image as Images

    # Our own limit counts, and it is an error, not a warning.
    Images.MAX_IMAGE_PIXELS = None
    try:
        picture = Images.open(io.BytesIO(source), formats=FORMATS)
    except Exception:
        raise SourceUnreadable(
            f"{name}: the image is damaged or of a kind that cannot be read", "Save it as PNG or JPEG and try again."
        ) from None
    return MEDIA_TYPES.get(picture.format or "", "image/jpeg"), picture


def _pictures(source: bytes, frames: Image, name: str) -> Iterator[tuple[Picture, float] | Issue]:
    """Each frame as an array, with the dots per inch that it states; an issue where the file breaks off.

    Of an animation only the first frame is a page."""
    from PIL import ImageSequence

    count = int(getattr(frames, "n_frames", 1)) if frames.format == "TIFF" else 1
    number = 0
    try:
        for number, frame in enumerate(ImageSequence.Iterator(frames), start=1):
            _check(frame.size, name)
            decoded = _from_png(source, frame)
            yield _array(frame) if decoded is None else decoded, _stated(frame)
            if number >= min(count, MOST_FRAMES):
                break
    except (OSError, ValueError, SyntaxError, EOFError):
        if number <= 1:
            raise SourceUnreadable(
                f"{name}: the image breaks off or is damaged", "Get the file again, or save it anew from a viewer."
            ) from None
        yield issue("document.page-broken", pages=str(number))
        return
    if count > MOST_FRAMES:
        yield issue("document.page-broken", pages=f"{MOST_FRAMES + 1}-{count}")


def _check(size: tuple[int, int], name: str) -> None:
    if size[0] * size[1] > MOST_DOTS:
        raise SourceTooLarge(
            f"{name}: {size[0]} x {size[1]} dots, more than any page has", "Scan the page at 300 dots per inch."
        )
    if max(size) < LEAST_SIDE or min(size) < LEAST_SIDE / 4:
        raise SourceEmpty(
            f"{name}: {size[0]} x {size[1]} dots are too few to read a page", "Scan the page at 300 dots per inch."
        )


def _from_png(source: bytes, frame: Image) -> Picture | None:
    """What `_array` says, a fifth sooner: None for other files than plain whole PNG, and for what is damaged."""
    import cv2
    import numpy as np

    end = source[-PNG_TAIL:]
    plain = frame.format == "PNG" and frame.mode in ("L", "RGB")
    plain = plain and not any(str(field).lower().startswith(NOT_PLAIN) for field in frame.info)
    if not plain or _smaller(frame.size) != frame.size or PNG_END not in end or EXIF_FIELD in end:
        return None
    way = cv2.IMREAD_COLOR_RGB if frame.mode == "RGB" else cv2.IMREAD_GRAYSCALE
    return cv2.imdecode(np.frombuffer(source, "uint8"), way | cv2.IMREAD_IGNORE_ORIENTATION)


def _array(frame: Image) -> Picture:
    """Grey or red-green-blue, on white paper, upright as its file says, not larger than is read."""
    import numpy as np
    from PIL import Image as Images
    from PIL import ImageOps

    frame.draft("RGB", _smaller(frame.size))
    # It copies what need not be turned, too.
    picture: Any = ImageOps.exif_transpose(frame) if frame.getexif().get(ORIENTATION, 1) != 1 else frame
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        deep = np.asarray(picture, dtype="float32")
        top = float(deep.max()) or 1.0
        picture = Images.fromarray(np.clip(deep * (255.0 / top), 0, 255).astype("uint8"))
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        picture = Images.new("RGB", seen.size, "white")
        picture.paste(seen, mask=seen.getchannel("A"))
    if picture.mode not in ("L", "RGB"):
        picture = picture.convert("L" if picture.mode == "1" else "RGB")
    wanted = _smaller(picture.size)
    if wanted != picture.size:
        picture = picture.resize(wanted, Images.Resampling.BOX)
    return np.asarray(picture)


def _smaller(size: tuple[int, int]) -> tuple[int, int]:
    scale = (READ_DOTS / (size[0] * size[1])) ** 0.5
    return size if scale >= 1 else (max(round(size[0] * scale), 1), max(round(size[1] * scale), 1))


def _stated(frame: Image) -> float:
    """The dots per inch that the file states, after making it smaller; A4 is assumed where it states none."""
    try:
        stated = float(frame.info.get("dpi", (0, 0))[0])
    except (TypeError, ValueError, IndexError):
        stated = 0.0
    if stated in UNKNOWN_DPI or not LEAST_DPI <= stated <= MOST_DPI:
        # One dot per inch is no sheet of paper: the size decides.
        return 1.0
    wanted = _smaller(frame.size)
    return stated * wanted[0] / frame.size[0]


def shown(source: bytes, name: str) -> Iterator[tuple[Picture, tuple[float, float]]]:
    """The pages as they were read, with their size in points; for whoever draws over them."""
    _, frames = _open(source, name)
    for frame in _pictures(source, frames, name):
        if isinstance(frame, Issue):
            return
        picture, stated = frame
        dpi = printed_dpi((picture.shape[1], picture.shape[0]), stated)
        yield picture, (picture.shape[1] * POINTS / dpi, picture.shape[0] * POINTS / dpi)
