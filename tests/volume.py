"""Bound volumes as archives keep them: cover, contents, decree, SOPs, blank and upside-down pages, attachments."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import pypdfium2
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.drawing.paper import Paper, make_paper
from tests.drawing.printing import print_papers


@dataclass(frozen=True, slots=True)
class Volume:
    """`sops`: the truth of each SOP, its pages counted in the volume; `apart`: the pages that belong to none."""

    content: bytes
    sops: tuple[dict[str, Any], ...]
    apart: tuple[int, ...]


def make_volume(seed: int, count: int = 4) -> Volume:
    rng = Random(seed)
    papers = list(_papers(seed, count))
    bound = pypdfium2.PdfDocument.new()
    sops: list[dict[str, Any]] = []
    apart: list[int] = []

    def loose(*pages: Sequence[str]) -> None:
        for lines in pages:
            _bind(bound, _plain(lines), [0])
            apart.append(len(bound))

    loose(_cover(papers), _contents(papers), *_decree(papers))
    for k, paper in enumerate(papers):
        content = print_papers([paper], "spreadsheet" if k % 2 else "word", k)
        first = len(bound) + 1
        turns = [180 if rng.random() < 0.3 else 0 for _ in range(_pages(content))]
        _bind(bound, content, turns)
        sops += [{**sop, "pages": list(range(first, len(bound) + 1))} for sop in paper.truth["sops"]]
        between = rng.randrange(4)
        if between == 0:
            loose(())
        elif between == 1:
            loose(_attachment(rng))
        elif between == 2:
            loose((), _attachment(rng))
    out = io.BytesIO()
    bound.save(out)
    return Volume(out.getvalue(), tuple(sops), tuple(apart))


def _papers(seed: int, count: int) -> Sequence[Paper]:
    found: list[Paper] = []
    at = seed * 1000
    while len(found) < count:
        paper = make_paper(at, full=True)
        if paper is not None:
            found.append(paper)
        at += 1
    return found


def _pages(content: bytes) -> int:
    return len(pypdfium2.PdfDocument(content))


def _bind(bound: pypdfium2.PdfDocument, content: bytes, turns: Sequence[int]) -> None:
    source = pypdfium2.PdfDocument(content)
    for k, turn in enumerate(turns):
        page = source[k]
        page.set_rotation((page.get_rotation() + turn) % 360)
    bound.import_pages(source, list(range(len(turns))))


def _plain(lines: Sequence[str]) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for k, line in enumerate(lines):
        canvas.drawString(72, A4[1] - 90 - 18 * k, line)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _title(paper: Paper) -> str:
    title: str = paper.truth["sops"][0]["header"]["title"]
    return title


def _cover(papers: Sequence[Paper]) -> list[str]:
    agency = papers[0].truth["sops"][0]["header"]["agency"]["name"]
    return ["", "", "", "KUMPULAN STANDAR OPERASIONAL PROSEDUR", "", agency or "", "", "TAHUN 2031"]


def _contents(papers: Sequence[Paper]) -> list[str]:
    return ["DAFTAR ISI", "", *(f"{k}. SOP {_title(one)} ........ {4 + 2 * k}" for k, one in enumerate(papers, 1))]


def _decree(papers: Sequence[Paper]) -> list[list[str]]:
    first = [
        "KEPUTUSAN KEPALA DINAS",
        "NOMOR 188/17/KEP/2031",
        "TENTANG",
        "PENETAPAN STANDAR OPERASIONAL PROSEDUR",
        "",
        "Menimbang : a. bahwa untuk tertib administrasi perlu ditetapkan standar operasional prosedur;",
        "b. bahwa berdasarkan pertimbangan sebagaimana dimaksud dalam huruf a perlu ditetapkan",
        "dengan Keputusan Kepala Dinas;",
        "Mengingat : 1. Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah;",
        "2. Peraturan Pemerintah Nomor 18 Tahun 2016 tentang Perangkat Daerah;",
        "",
        "MEMUTUSKAN:",
        "Menetapkan :",
        "KESATU : Standar Operasional Prosedur sebagaimana tercantum dalam Lampiran.",
    ]
    second = [
        "KEDUA : Keputusan ini mulai berlaku pada tanggal ditetapkan.",
        "",
        "Ditetapkan di Lembah Sunyi",
        "pada tanggal 3 Februari 2031",
        "KEPALA DINAS,",
    ]
    return [first, second]


def _attachment(rng: Random) -> list[str]:
    return [
        "FORMULIR PENDAFTARAN",
        "",
        "Nama       : ........................................",
        "Alamat     : ........................................",
        "Keperluan  : ........................................",
        f"Lembar ke-{rng.randint(1, 9)}",
    ]
