"""How much of the flow charts is read from pictures: generated pages, rasterised and damaged, truth exact.

python -m tests.bench.scans                          the table of kinds of damage and resolutions
python -m tests.bench.scans --kinds light --dpi 150  part of it
python -m tests.bench.scans --failures FOLDER        and a picture of every page that is not all right

The words are given, so that it takes seconds, not minutes; `--engine` reads them with Tesseract too.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

from sopparse import pipeline
from sopparse.cli.words import table
from sopparse.geometry import Box
from sopparse.layout.blocks import lay_out
from sopparse.page import Document, Page
from sopparse.readers import pdf
from sopparse.readers.cuts import chart_cells
from sopparse.readers.image_rules import find_ruling, paths_of
from sopparse.readers.prepare import Picture, Prepared, prepare
from tests.drawing.reading import Counts, compare
from tests.drawing.sheet import make_drawing
from tests.drawing.styles import STYLES, write_pdf

POINTS = 72.0
DPIS = (150, 200, 300)
SEEDS = range(1, 25)
# A value is sure from this confidence on.
SURE = 0.8


@dataclass(frozen=True, slots=True)
class Case:
    seed: int
    messy: bool
    dpi: int
    kind: str

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.dpi}-{'messy' if self.messy else 'tidy'}-{self.seed}"


@dataclass(slots=True)
class Outcome:
    """What was counted of a case, what went wrong in words, and how sure right and wrong values were."""

    case: Case
    counts: Counts = field(default_factory=Counts)
    grid: bool = True
    causes: list[str] = field(default_factory=list)
    sure: list[tuple[str, float, bool]] = field(default_factory=list)


def source_of(case: Case) -> tuple[bytes, dict[str, Any]]:
    made = make_drawing(case.seed, messy=case.messy)
    return write_pdf(made, list(STYLES)[case.seed % len(STYLES)], case.seed), made.truth()


def pictures_of(source: bytes, case: Case) -> Iterator[Picture]:
    import numpy as np
    import pypdfium2

    from tests.degrade import degraded

    with pypdfium2.PdfDocument(source) as file:
        for number, page in enumerate(file):
            picture = np.asarray(page.render(scale=case.dpi / POINTS, rev_byteorder=True).to_pil().convert("RGB"))
            yield degraded(picture, case.dpi, case.kind, 100 * case.seed + number)


def prepared_of(source: bytes, case: Case) -> Iterator[Prepared]:
    for picture in pictures_of(source, case):
        yield prepare(picture, case.dpi)


def document_of(source: bytes, case: Case, engine: bool = False) -> Document:
    """The pages as scans; without the engine their words are those of the vector page."""
    if engine:
        return _read(source, case)
    given = pdf.read(source, "drawing.pdf")
    pages = [_page(page, one, case.dpi) for page, one in zip(given.pages, prepared_of(source, case), strict=True)]
    return replace(given, reading="ocr", pages=tuple(pages))


def _page(given: Page, prepared: Prepared, dpi: float) -> Page:
    from sopparse.readers.raster import trace

    ruling = find_ruling(prepared.drawn, prepared.faint, dpi)
    scale = POINTS / dpi
    words = [Box(*(v / scale for v in word.box)) for word in given.free if word.box is not None]
    cells = [ruling.cells[k] for k in sorted(chart_cells(ruling.cells))]
    drawn = trace(prepared.drawn, prepared.faint, cells, words, scale) if cells else ()
    return replace(given, kind="image", paths=paths_of(ruling.lines, scale) + drawn)


def _read(source: bytes, case: Case) -> Document:
    from PIL import Image

    from sopparse.readers.images import read

    pages = [Image.fromarray(picture) for picture in pictures_of(source, case)]
    out = BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], dpi=(case.dpi, case.dpi))
    return read(out.getvalue(), "scan.tif")


def outcome(case: Case, engine: bool = False) -> Outcome:
    source, truth = source_of(case)
    document = document_of(source, case, engine)
    laid = lay_out(document)
    parts = pipeline.extract(laid, pipeline.Options())
    out = Outcome(case)
    want = truth["sops"][0]["procedures"][0]
    got: dict[str, Any] = {"actors": [], "steps": [], "flow": {"nodes": [], "edges": []}}
    if parts:
        result = json.loads(pipeline.publish(document, parts, laid.furniture).model_dump_json(by_alias=True))
        if result["sops"][0]["procedures"]:
            got = result["sops"][0]["procedures"][0]
            _collect(out, want["flow"], got["flow"], result["report"]["fields"])
    right = compare(out.counts, want["flow"], got["flow"])
    out.grid = (len(got["actors"]), len(got["steps"])) == (len(want["actors"]), len(want["steps"]))
    if not right:
        out.causes = list(_causes(want, got))
    return out


def _collect(out: Outcome, want: dict[str, Any], got: dict[str, Any], fields: dict[str, Any]) -> None:
    """How sure each node and edge is, and whether it is right."""
    base = "/sops/0/procedures/0/flow"
    known, found = _keys(want), _keys(got)
    nodes = Counter(known.values())
    for i, node in enumerate(got["nodes"]):
        right = nodes[found[node["id"]]] > 0
        nodes[found[node["id"]]] -= 1
        out.sure.append(("node", fields[f"{base}/nodes/{i}"]["confidence"], right))
    edges = Counter((known[e["from"]], known[e["to"]]) for e in want["edges"])
    for i, edge in enumerate(got["edges"]):
        pair = (found[edge["from"]], found[edge["to"]])
        right = edges[pair] > 0
        edges[pair] -= 1
        out.sure.append(("edge", fields[f"{base}/edges/{i}"]["confidence"], right))


def _keys(flow: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    return {n["id"]: (n["step"], n["actor"], n["symbol"]) for n in flow["nodes"]}


def _causes(want: dict[str, Any], got: dict[str, Any]) -> Iterator[str]:
    if len(want["steps"]) != len(got["steps"]) or len(want["actors"]) != len(got["actors"]):
        sizes = [f"{len(one['steps'])}x{len(one['actors'])}" for one in (want, got)]
        yield f"grid {sizes[0]} read as {sizes[1]}"
        return
    expected, found = _keys(want["flow"]), _keys(got["flow"])
    missing = Counter(expected.values()) - Counter(found.values())
    extra = Counter(found.values()) - Counter(expected.values())
    for step, actor, kind in list(missing.elements()):
        other = next((e for e in extra.elements() if e[:2] == (step, actor)), None)
        if other is not None:
            extra[other] -= 1
            yield f"node {kind} read as {other[2]} (step {step} {actor})"
        else:
            yield f"node {kind} missing (step {step} {actor})"
    for step, actor, kind in extra.elements():
        yield f"node {kind} invented (step {step} {actor})"
    edges = [
        Counter((k[e["from"]], k[e["to"]]) for e in one["flow"]["edges"]) for one, k in ((want, expected), (got, found))
    ]
    for name, rest in (("missing", edges[0] - edges[1]), ("invented", edges[1] - edges[0])):
        for a, b in rest.elements():
            whole = a in expected.values() and b in expected.values() and a in found.values() and b in found.values()
            yield f"edge {name}{'' if whole else ' at a wrong node'} ({a[0]} {a[1]} > {b[0]} {b[1]})"


def picture_of(case: Case, folder: Path) -> None:
    """The first pages of a case with what was read of them drawn over."""
    import cv2

    source, _ = source_of(case)
    document = document_of(source, case)
    laid = lay_out(document)
    folder.mkdir(parents=True, exist_ok=True)
    for number, (prepared, page) in enumerate(zip(prepared_of(source, case), laid.document.pages, strict=True), 1):
        canvas = cv2.cvtColor(255 - prepared.drawn // 2, cv2.COLOR_GRAY2RGB)
        grids = [grid for grid in laid.grids if grid.page == number]
        cv2.imwrite(str(folder / f"{case.name}-{number}.png"), _painted(canvas, page, grids, case.dpi / POINTS))


def _painted(canvas: Picture, page: Page, grids: Iterable[Any], pixels: float) -> Picture:
    import cv2
    import numpy as np

    from sopparse.readers.shapes import find_drawing

    colours = {
        "process": (0, 160, 0),
        "decision": (200, 0, 200),
        "terminator": (200, 120, 0),
        "document": (0, 128, 255),
    }
    for grid in grids:
        cells = [cell.box for cell in grid.cells]
        for box in cells:
            a, b = (
                (round(box.x0 * pixels), round(box.top * pixels)),
                (round(box.x1 * pixels), round(box.bottom * pixels)),
            )
            cv2.rectangle(canvas, a, b, (230, 190, 120), 1)
        drawing = find_drawing(page.paths, page.words, cells)
        for symbol in drawing.symbols:
            points = np.round(np.array(symbol.outline) * pixels).astype(np.int32)
            cv2.polylines(canvas, [points], True, colours.get(symbol.kind, (0, 0, 255)), 2)
        for n, line in enumerate(drawing.connectors):
            colour = [(0, 0, 255), (255, 0, 0), (0, 140, 140), (160, 0, 160)][n % 4]
            colour = colour if None not in (line.source, line.target) else (0, 255, 255)
            points = np.round(np.array(line.points) * pixels).astype(np.int32)
            cv2.polylines(canvas, [points], False, colour, 2)
            if line.headed:
                cv2.circle(canvas, tuple(int(v) for v in points[-1]), 4, colour, -1)
    return canvas


def run(cases: Iterable[Case], engine: bool, workers: int) -> list[Outcome]:
    if workers < 2:
        return [outcome(case, engine) for case in cases]
    with ProcessPoolExecutor(workers) as pool:
        some = list(cases)
        return list(pool.map(outcome, some, [engine] * len(some)))


def rows_of(found: Iterable[Outcome]) -> list[list[str]]:
    groups: dict[tuple[str, int, bool], list[Outcome]] = {}
    for one in found:
        groups.setdefault((one.case.kind, one.case.dpi, one.case.messy), []).append(one)
    rows = []
    for (kind, dpi, messy), group in groups.items():
        total = Counts()
        for one in group:
            for name in Counts.__slots__:
                getattr(total, name).update(getattr(one.counts, name))
        grids = sum(one.grid for one in group) / len(group)
        whole = sum(not one.causes for one in group) / len(group)
        scores = [f"{total.f1(name):.4f}" for name in ("nodes", "edges", "conditions")]
        rows.append(
            [kind, str(dpi), "messy" if messy else "tidy", str(len(group)), f"{grids:.2f}", *scores, f"{whole:.2f}"]
        )
    return rows


def trust_rows(found: Iterable[Outcome]) -> list[list[str]]:
    """Whether wrong values are less sure than right ones: mean confidence, and the sure ones that are wrong."""
    values: dict[str, list[tuple[float, bool]]] = {}
    for one in found:
        for kind, confidence, right in one.sure:
            values.setdefault(kind, []).append((confidence, right))
    rows = []
    for kind, some in values.items():
        means = [[c for c, right in some if right is wanted] for wanted in (True, False)]
        sure = [right for c, right in some if c >= SURE]
        shown = [f"{sum(one) / len(one):.3f}" if one else "-" for one in means]
        rows.append(
            [
                kind,
                str(len(means[0])),
                str(len(means[1])),
                *shown,
                f"{_order(*means):.3f}",
                f"{len(sure)}",
                f"{sure.count(False)}",
            ]
        )
    return rows


def _order(right: list[float], wrong: list[float]) -> float:
    """How often a right value is surer than a wrong one (area under the curve)."""
    pairs = [(r > w) + 0.5 * (r == w) for r in right for w in wrong]
    return sum(pairs) / len(pairs) if pairs else 1.0


def report(found: list[Outcome], shown: int) -> None:
    heads = ["damage", "dpi", "set", "documents", "grid", "nodes", "edges", "conditions", "all right"]
    print(table([heads, *rows_of(found)]))
    print()
    print(
        table([["", "right", "wrong", "mean right", "mean wrong", "order", f">= {SURE}", "wrong"], *trust_rows(found)])
    )
    causes = Counter(cause.split(" (")[0] for one in found for cause in one.causes)
    print()
    print(table([["cause", "times"], *([cause, str(count)] for cause, count in causes.most_common(shown))]))


def main() -> None:
    from tests.degrade import KINDS

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kinds", nargs="*", default=list(KINDS))
    parser.add_argument("--dpi", nargs="*", type=int, default=list(DPIS))
    parser.add_argument("--seeds", nargs=2, type=int, default=[SEEDS.start, SEEDS.stop])
    parser.add_argument("--sets", nargs="*", default=["tidy", "messy"])
    parser.add_argument("--engine", action="store_true")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--causes", type=int, default=24)
    parser.add_argument("--failures", type=Path)
    given = parser.parse_args()
    cases = [
        Case(seed, messy == "messy", dpi, kind)
        for kind, dpi, messy, seed in product(given.kinds, given.dpi, given.sets, range(*given.seeds))
    ]
    found = run(cases, given.engine, given.workers)
    report(found, given.causes)
    if given.failures is not None:
        for one in found:
            if one.causes:
                print(one.case.name, "; ".join(one.causes))
                picture_of(one.case, given.failures)


if __name__ == "__main__":
    main()
