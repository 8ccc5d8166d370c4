"""Pages of `sopparse review` for the tests in a browser: a drawn chart, a text, hostile texts, sixty steps, a scan."""

from __future__ import annotations

import io
from functools import cache
from random import Random

from sopparse import model
from sopparse.review import review
from tests import charts, factories
from tests.test_review import drawn, hostile_result


@cache
def pages() -> dict[str, str]:
    result, source = drawn()
    return {
        "drawn": review(result, source),
        "text": review(factories.parsed(factories.form()), factories.form().encode()),
        "hostile": review(hostile_result(), source),
        "long": review(charts.result(long_procedure())),
    }


def long_procedure(count: int = 60) -> model.Procedure:
    """Sixty steps, each seventh a decision with a way back."""
    labels = (
        "Pemohon",
        "Petugas Pelayanan",
        "Kepala Seksi Pengaduan",
        "Kepala Bidang Arsip",
        "Sekretaris",
        "Kepala Dinas",
    )
    steps, nodes, links = [], [], []
    for n in range(1, count + 1):
        actor, decides = f"a{1 + (n * 7) % 6}", n % 7 == 0
        text = f"Memeriksa dan meneruskan berkas nomor {n} beserta lampirannya kepada petugas berikutnya"
        steps.append(charts.step(n, text, actor, requirements=("Berkas",), duration=charts.duration("30 menit")))
        nodes.append(f"n{n}/{n}/{actor}/{'decision' if decides else 'process'}")
        links += [f"n{n} n{n + 1}{' yes' * decides}"] * (n < count) + [f"n{n} n{n - 5} no"] * decides
    return model.Procedure(
        actors=charts.actors(*labels), steps=tuple(steps), flow=charts.flow(" ".join(nodes), ", ".join(links))
    )


def scan(pages_of: bytes) -> bytes:
    """The pages as a scanner gives them: 200 dots to the inch, grey paper, noise, a little aslant."""
    import numpy as np
    import pypdfium2
    from PIL import Image

    noise = np.random.default_rng(Random("scan").randrange(2**32))
    pictures = []
    with pypdfium2.PdfDocument(pages_of) as file:
        for page in file:
            picture = page.render(scale=200 / 72).to_pil().convert("RGB").rotate(0.4, fillcolor="white")
            array = np.asarray(picture, dtype="float32") * 0.9 + 14 + noise.normal(0, 5, (*picture.size[::-1], 3))
            pictures.append(Image.fromarray(array.clip(0, 255).astype("uint8")))
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], resolution=200, quality=80)
    return out.getvalue()
