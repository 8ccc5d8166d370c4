"""Documents with known truth, of every kind that is read: for measuring how often values are right.

Texts in all forms, drawn pages, pages exported from office files, scans of drawn pages; and the real documents, where
they are at hand. The seed of a document decides all of it.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from random import Random
from typing import Any

from sopparse import pipeline
from sopparse.errors import SopError
from tests.degrade import HEAVY, degraded
from tests.drawing.paper import make_paper
from tests.drawing.printing import print_papers
from tests.drawing.styles import STYLES
from tests.generator import document
from tests.office import PAGES
from tests.quality.gate import SHARED

Json = dict[str, Any]
WORKERS = 2
# Seeds of the halves lie apart from each other and from those of the tests.
FIRST = {"fit": 200_000, "held": 600_000}


@dataclass(frozen=True, slots=True)
class Asked:
    """A document to be made and read. `group`: text, drawn, office, scan or real; `half`: fit or held."""

    group: str
    half: str
    seed: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    asked: Asked
    truth: Json
    result: Json


def generated(half: str, texts: int, drawn: int, office: int, scans: int) -> Iterator[Asked]:
    first = FIRST[half]
    yield from (Asked("text", half, first + k) for k in range(texts))
    yield from (Asked("drawn", half, first + k) for k in range(drawn))
    yield from (Asked("scan", half, first + 50_000 + k) for k in range(scans))
    names = sorted(path.stem for path in PAGES.glob("*.pdf"))
    some = names[::2] if half == "fit" else names[1::2]
    yield from (Asked("office", half, 0, name) for name in some[:office])


def real() -> Iterator[Asked]:
    """The real documents with gold, scans among them."""
    for gold in sorted((SHARED / "gold").glob("*.json")):
        yield Asked("real", "real", 0, gold.stem)


def read_all(asked: list[Asked]) -> list[Read]:
    """Each document read; what has no result or could not be drawn is left out."""
    with ProcessPoolExecutor(WORKERS) as pool:
        # The long ones first, so that both workers end at the same time.
        order = sorted(asked, key=lambda a: a.group not in ("scan", "real"))
        done = [one for one in pool.map(read, order) if one is not None]
    return sorted(done, key=lambda one: asked.index(one.asked))


def read(asked: Asked) -> Read | None:
    made = _made(asked)
    if made is None:
        return None
    name, source, truth = made
    return Read(asked, truth, parsed(name, source))


def parsed(name: str, source: bytes) -> Json:
    """The result as plain JSON; an empty one where there is none."""
    try:
        result = pipeline.parse(source, name)
    except SopError:
        return {"sops": [], "report": {"fields": {}, "findings": []}}
    plain: Json = json.loads(result.model_dump_json(by_alias=True))
    return plain


def _made(asked: Asked) -> tuple[str, bytes, Json] | None:
    if asked.group == "text":
        form, source, truth = document(asked.seed)
        return f"{form}.txt", source, truth
    if asked.group == "office":
        truth = json.loads((PAGES / f"{asked.name}.truth.json").read_text(encoding="utf-8"))
        return "office.pdf", (PAGES / f"{asked.name}.pdf").read_bytes(), truth
    if asked.group == "real":
        return _real(asked.name)
    paper = make_paper(asked.seed, connected=asked.seed % 5 == 0) or make_paper(asked.seed)
    if paper is None:
        return None
    pages = print_papers([paper], list(STYLES)[asked.seed % len(STYLES)], asked.seed)
    if asked.group == "drawn":
        return "drawn.pdf", pages, paper.truth
    return "scan.pdf", scanned(pages, asked.seed), paper.truth


def _real(name: str) -> tuple[str, bytes, Json]:
    number = name.removeprefix("seed-")
    (source, *_) = sorted([*(SHARED / "seeds").glob(f"{number}_*.txt"), *(SHARED / "corpus").glob(f"{name}.*")])
    gold = json.loads((SHARED / "gold" / f"{name}.json").read_text(encoding="utf-8"))
    return source.name, source.read_bytes(), gold


def scanned(pages: bytes, seed: int) -> bytes:
    """The pages as a scanner sees them: pictures of some resolution, leaning, unsharp, shadowed, grainy, compressed; of
    every third document badly damaged: stamped, worn, faxed, in the shadow of a fold."""
    import cv2
    import numpy as np
    import pypdfium2
    from PIL import Image

    rng, shades = Random(f"scan-{seed}"), np.random.default_rng(seed)
    dpi, lean = rng.choice((150, 200, 200, 300)), rng.choice((0.0, 0.0, rng.uniform(-1.5, 1.5)))
    blur, grain = rng.choice((0.0, 0.5, 0.9)), rng.choice((0, 4, 10))
    pictures = []
    with pypdfium2.PdfDocument(pages) as file:
        for page in file:
            picture = page.render(scale=dpi / 72).to_pil()
            if seed % 3 == 0:
                kind = HEAVY[seed // 3 % len(HEAVY)]
                pictures.append(Image.fromarray(degraded(np.asarray(picture.convert("RGB")), dpi, kind, seed)))
                continue
            seen = np.asarray(picture.convert("L")).astype(np.float32)
            height, width = seen.shape
            if lean:
                turn = cv2.getRotationMatrix2D((width / 2, height / 2), lean, 1.0)
                seen = cv2.warpAffine(seen, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255.0)
            if blur:
                seen = cv2.GaussianBlur(seen, (0, 0), blur * dpi / 200)
            seen = seen * rng.choice((1.0, 0.92)) + shades.normal(0, grain, seen.shape)
            pictures.append(Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8)))
    out = io.BytesIO()
    pictures[0].save(
        out, "PDF", resolution=dpi, save_all=True, append_images=pictures[1:], quality=rng.choice((60, 85))
    )
    return out.getvalue()
