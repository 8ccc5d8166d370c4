"""Results with defaults, so that a test shows only what matters to it. All names are invented."""

from __future__ import annotations

from typing import Any, Literal

from sopparse import model, pipeline
from sopparse.page import Document
from sopparse.readers import read

SHA = "0" * 64


def finding(code: str = "test.code", severity: Literal["note", "warning", "error"] = "warning") -> model.Finding:
    return model.Finding(code=code, severity=severity, path="/sops/0", message="Uji.", message_en="Test.")


def sop(
    title: str | None = "Peminjaman Alat Peraga",
    *,
    layout: str = "sop-ap",
    activities: tuple[str, ...] = ("Menerima daftar alat", "Mencatat daftar alat"),
) -> model.Sop:
    steps = tuple(model.Step(number=n, activity=activity) for n, activity in enumerate(activities, start=1))
    procedures = (model.Procedure(steps=steps),) if steps else ()
    return model.Sop(pages=(1,), layout=layout, header=model.Header(title=title), procedures=procedures)


def result(
    *sops: model.Sop,
    name: str = "alat.txt",
    confidence: float = 0.93,
    findings: tuple[model.Finding, ...] = (),
    **more: Any,
) -> model.Result:
    return model.Result(
        source=model.Source(name=name, sha256=SHA, media_type="text/plain", pages=1, reading="text"),
        status=more.get("status", "complete"),
        sops=sops or (sop(),),
        report=model.Report(
            confidence=confidence,
            grade=more.get("grade", "excellent"),
            fields=more.get("fields", {}),
            findings=findings,
            coverage=model.Coverage(words=10, placed=10),
        ),
    )


HEAD = "No\tKegiatan\tPelaksana\t\tMutu Baku\t\t\n\t\tStaf\tKepala Seksi\tKelengkapan\tWaktu\tOutput"
ROWS = (
    "1\tMenerima berkas permohonan\t\t\tBerkas\t5 menit\tBerkas diterima\n"
    "2\tMemeriksa berkas permohonan\t\t\tBerkas diterima\t10 menit\tBerkas lengkap\n"
    "3\tMenandatangani surat izin\t\t\tBerkas lengkap\t1 hari\tSurat izin"
)
LISTS = (
    "DASAR HUKUM\tKUALIFIKASI PELAKSANA\n1. Undang-Undang Nomor 3 Tahun 2031 tentang Arsip Desa\t1. Mampu mengetik\n"
    "KETERKAITAN\tPERALATAN/PERLENGKAPAN\nSOP Peminjaman Arsip\t1. Komputer\n"
    "PERINGATAN\tPENCATATAN DAN PENDATAAN\nApabila terlambat maka layanan terhenti\tDisimpan sebagai data manual"
)


def form(header: str | None = None, lists: str = LISTS, head: str = HEAD, rows: str = ROWS) -> str:
    """A small SOP in a tab-separated text."""
    if header is None:
        header = "PEMERINTAH KABUPATEN TIRTAMUKTI\tNOMOR SOP\t12/ARSIP/2031\n\tNAMA SOP\tPenerbitan Surat Izin"
    return "\n".join(part for part in (header, lists, *((head, rows) if rows else ())) if part) + "\n"


def parsed(text: str | bytes, name: str = "uji.txt") -> model.Result:
    return pipeline.parse(text.encode() if isinstance(text, str) else text, name)


def codes(result: model.Result) -> set[str]:
    return {one.code for one in result.report.findings}


def document(text: str | bytes) -> Document:
    return read(text.encode() if isinstance(text, str) else text, "uji.txt")


def cells(text: str | bytes) -> list[list[str]]:
    """The texts of the cells of each row that holds words."""
    return [[cell.text for cell in row.cells] for page in document(text).pages for row in page.rows if row.cells]
