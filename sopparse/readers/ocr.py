"""Pictures of text to words: the only file that knows Tesseract.

All pictures of a page are read by one call, as the pages of a list: starting the engine costs more than reading a cell.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sopparse.errors import EngineMissing
from sopparse.geometry import Box
from sopparse.readers.prepare import Picture

LANGUAGES = ("ind",)
# One block of text in each picture.
PAGE_MODE = 6
# A page of 100 cells takes 2 s; one that takes longer than this is noise.
MAX_SECONDS = 120
# Changes when the same pictures would give other words.
CACHE_FORM = 1
# What was read is kept up to so many bytes (a page takes 30 kB); then what was not asked for longest goes, down
# to this share. That is looked after at the first page a process keeps, and then at each so many.
CACHE_BYTES = 200 * 2**20
CACHE_LEFT = 0.8
LOOK_EVERY = 50
INSTALL = "sudo apt-get install tesseract-ocr tesseract-ocr-ind"


class Found(NamedTuple):
    """A word in a picture: its box in pixels, how sure it is (0 to 1), and its line, counted in the picture."""

    text: str
    box: Box
    read: float
    line: int


class Engine(NamedTuple):
    version: str
    languages: tuple[str, ...]


@cache
def engine() -> Engine:
    """The engine that is installed. Raises EngineMissing where it, or its Indonesian, is not."""
    # One thread is faster than several that wait for each other (4.5 s against 2.1 for a page).
    os.environ["OMP_THREAD_LIMIT"] = "1"
    import pytesseract

    try:
        version = str(pytesseract.get_tesseract_version())
        known = pytesseract.get_languages()
    except (pytesseract.TesseractNotFoundError, SystemExit):
        raise EngineMissing("Tesseract, which reads pictures of text, is not installed", f"Run: {INSTALL}") from None
    missing = [language for language in LANGUAGES if language not in known]
    if missing:
        raise EngineMissing(f"Tesseract lacks the language {', '.join(missing)}", f"Run: {INSTALL}")
    return Engine(version, LANGUAGES)


@contextmanager
def caching(wanted: bool) -> Iterator[None]:
    """Whether what was read is kept, and taken from what was kept, while the context lasts; no within a no stays no."""
    token = _CACHED.set(wanted and _CACHED.get())
    try:
        yield
    finally:
        _CACHED.reset(token)


def read_pictures(pictures: Sequence[Picture], dpi: float) -> list[list[Found]]:
    """The words in each of the (grey) pictures."""
    if not pictures:
        return []
    store = _store(pictures, dpi) if _CACHED.get() else None
    if store is not None and (kept := _kept(store)) is not None:
        return kept
    found = _recognised(pictures, dpi)
    if store is not None:
        _keep(store, found)
    return found


def _recognised(pictures: Sequence[Picture], dpi: float) -> list[list[Found]]:
    import pytesseract

    engine()
    with TemporaryDirectory(prefix="sopparse-") as folder:
        names = []
        for i, picture in enumerate(pictures):
            name = Path(folder, f"{i}.pgm")
            height, width = picture.shape
            name.write_bytes(b"P5 %d %d 255\n" % (width, height) + picture.tobytes())
            names.append(str(name))
        listed = Path(folder, "list.txt")
        listed.write_text("\n".join(names) + "\n")
        config = f"--psm {PAGE_MODE} --dpi {round(dpi)}"
        table = pytesseract.image_to_data(str(listed), lang="+".join(LANGUAGES), config=config, timeout=MAX_SECONDS)
    found: list[list[Found]] = [[] for _ in pictures]
    for page, word in _parsed(table):
        if page < len(found):
            found[page].append(word)
    return found


def _parsed(table: str) -> Iterator[tuple[int, Found]]:
    """The words of Tesseract's table of values, with the 0-based number of the picture."""
    line, last = -1, None
    for row in table.splitlines()[1:]:
        values = row.split("\t")
        if len(values) < 12 or values[0] != "5" or not values[11].strip():
            continue
        place = tuple(values[1:5])
        if place != last:
            line, last = (line + 1 if last is not None and last[0] == place[0] else 0), place
        x, y, w, h = (float(v) for v in values[6:10])
        sure = min(max(float(values[10]) / 100, 0.0), 1.0)
        yield int(values[1]) - 1, Found(values[11].strip(), Box(x, y, x + w, y + h), round(sure, 3), line)


# -- what was read before -------------------------------------------------------------------------------------------


_CACHED: ContextVar[bool] = ContextVar("cached", default=True)
_KEPT = itertools.count()


def _folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "sopparse", "ocr")


def _store(pictures: Sequence[Picture], dpi: float) -> Path:
    """Where the words of these pictures are kept: named by their content, the engine and its settings."""
    digest = hashlib.sha256(f"{CACHE_FORM} {engine()} {PAGE_MODE} {round(dpi)}".encode())
    for picture in pictures:
        digest.update(repr(picture.shape).encode())
        digest.update(picture.tobytes())
    return _folder() / f"{digest.hexdigest()}.json"


def _kept(store: Path) -> list[list[Found]] | None:
    try:
        pages = json.loads(store.read_text("utf-8"))
        found = [[Found(t, Box(*box), read, line) for t, box, read, line in page] for page in pages]
    except (OSError, ValueError, TypeError):
        return None
    with suppress(OSError):
        os.utime(store)
    return found


def _keep(store: Path, found: Sequence[Sequence[Found]]) -> None:
    # A cache that cannot be written is no reason not to read.
    with suppress(OSError):
        store.parent.mkdir(parents=True, exist_ok=True)
        part = store.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(found, ensure_ascii=False), "utf-8")
        part.replace(store)
        if next(_KEPT) % LOOK_EVERY == 0:
            _clear(store.parent)


def _clear(folder: Path) -> None:
    """Removes what was not asked for longest, where there is too much."""
    files = []
    for entry in os.scandir(folder):
        with suppress(OSError):
            known = entry.stat()
            files.append((known.st_mtime, known.st_size, entry.path))
    total = sum(size for _, size, _ in files)
    if total <= CACHE_BYTES:
        return
    for _, size, path in sorted(files):
        if total <= CACHE_LEFT * CACHE_BYTES:
            return
        with suppress(OSError):
            os.remove(path)
            total -= size
