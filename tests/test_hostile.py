"""Sources that are no SOP, or no text: a result or an error with its own exit code and next step, soon."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest

from sopparse import model, pipeline, vocab
from sopparse.errors import NoProcedure, SopError, SourceTooLarge
from sopparse.readers import MAX_BYTES
from tests.factories import HEAD, LISTS, form
from tests.generator import hostile
from tests.generator.words import load

# The names of the families in tests/generator/foreign.toml, by the layout that each must be recognised as.
FAMILIES = {
    "puskesmas": "sop-puskesmas", "hospital": "spo-rumah-sakit", "checklist": "daftar-tilik", "decree": "peraturan",
    "regulation": "peraturan", "iso": "iso-qms", "service": "standar-pelayanan", "police": "polri",
}  # fmt: skip
NO_DOCUMENTS = ("letter", "price_list", *(f"prose-{name}" for name in load("foreign")["prose"]))
# Seconds of the processor for 50 000 characters; the worst (25 000 words, each in a cell) takes two.
PATIENCE = 6.0


@cache
def sources() -> dict[str, bytes]:
    return dict(hostile())


@pytest.mark.parametrize("name", [name for name, _ in hostile()])
def test_a_result_or_a_reason(name: str) -> None:
    started = time.process_time()
    try:
        result = pipeline.parse(sources()[name], name)
    except SopError as error:
        reason: SopError | None = error
    else:
        reason = None
        assert result.report.coverage.words == result.report.coverage.placed + len(result.report.coverage.unplaced)
    if reason is not None:
        assert reason.exit_code > 1
        assert reason.next_step
        assert name in reason.message
    assert time.process_time() - started < PATIENCE


@pytest.mark.parametrize(("name", "family"), FAMILIES.items())
def test_foreign_forms_are_named_and_not_parsed(name: str, family: str) -> None:
    result = pipeline.parse(sources()[name], name)
    assert [one.layout for one in result.sops] == [family]
    assert not any(one.procedures or one.legal_basis or one.qualifications for one in result.sops)
    found = [one for one in result.report.findings if one.code == "document.foreign-form"]
    assert found[0].severity == "error"
    assert vocab.load("formats")[family]["name_en"] in found[0].message_en
    assert result.status != "complete"


def test_the_header_of_a_foreign_form_is_read() -> None:
    header = pipeline.parse(sources()["puskesmas"], "x").sops[0].header
    assert header.number == "440/021/SOP/2019"
    assert header.revision == "01"


@pytest.mark.parametrize("name", NO_DOCUMENTS)
def test_other_texts_are_no_procedures(name: str) -> None:
    with pytest.raises(NoProcedure):
        pipeline.parse(sources()[name], name)


def repeated(unit: str, size: int = 50_000) -> str:
    return (unit * (size // len(unit) + 1))[:size]


START = "NOMOR SOP\t12\nTANGGAL PEMBUATAN\t3 Mei 2031\nNAMA SOP\tPinjam Arsip\n" + LISTS + "\n"
SHAPES = {
    "one long line": repeated("Peraturan Menteri Nomor 2 Tahun 2031 tentang Arsip "),
    "one long word": repeated("aaBb"),
    "short lines": repeated("ab\n"),
    "tabs": repeated("a\t"),
    "rows": repeated("a\tb\tc\td 3 menit\n"),
    "wide rows": repeated("x\t" * 200 + "5 menit\n"),
    "labels": repeated("Nomor SOP\nDasar Hukum\nKeterkaitan\nPeringatan\nKegiatan Waktu Output\n"),
    "labels of one list": repeated("Dasar Hukum\n"),
    "labels in a line": repeated("Dasar Hukum x Nama SOP Kualifikasi Pelaksana "),
    "numbers": repeated("1. 2. 3. 4. 5 6 7 "),
    "pipes": repeated("|") + "x",
    "pipes of a frame": repeated("|--") + "x",
    "HTML rows": "<table>" + repeated("<tr><td>1</td><td>Menerima</td><td>3 menit</td><td>Surat</td></tr>\n"),
    "spans": "<table>" + repeated("<tr><td colspan=60 rowspan=60>1</td><td rowspan=60 colspan=60>2</td></tr>"),
    "open tags": repeated("<td <a "),
    "lines of tags": repeated("<div>a"),
    "comments": repeated("<!-- "),
    "styles": repeated("<style> "),
    "quotes": repeated('1;"a\n""b";c;d;e\n'),
    "bullets": repeated("- • "),
    "emphasis": repeated("__a "),
    "known things": repeated("Laptop Printer "),
    "letterhead": repeated("DINAS SOSIAL KABUPATEN TIRTAMUKTI "),
    "pages": repeated("a\f"),
    "headings": repeated("No\tKegiatan\tWaktu\tOutput\n"),
    "headings without borders": repeated("No Kegiatan Kelengkapan Waktu Output\n1 Menerima 3 menit Surat\n"),
    "one ligature": repeated("\ufdfa", 20_000),
}


@pytest.mark.parametrize("name", SHAPES)
def test_time_grows_with_the_text(name: str) -> None:
    started = time.process_time()
    try:
        pipeline.parse((START + SHAPES[name]).encode(), name)
    except SourceTooLarge:
        pytest.fail("this is not large")
    assert time.process_time() - started < PATIENCE


@pytest.mark.parametrize(("borders", "count"), [("\t", 2_000), (" ", 1_000)])
def test_long_tables(borders: str, count: int) -> None:
    rows = [f"{n}\tMenerima surat\t\t\tBerkas\t{n % 50 + 1} menit\tSurat" for n in range(1, count + 1)]
    text = form(head=HEAD, rows="\n".join(rows))
    if borders == " ":
        text = "\n".join(" ".join(line.split("\t")) for line in text.split("\n"))
    started = time.process_time()
    result = pipeline.parse(text.encode(), "x")
    assert time.process_time() - started < 2 * PATIENCE
    found: list[model.Step] = [step for p in result.sops[0].procedures for step in p.steps]
    assert 0.95 * count <= len(found) <= 1.05 * count


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "besar.txt"
    with path.open("wb") as file:
        file.truncate(100 * 2**20)
    started = time.process_time()
    done = subprocess.run(
        [sys.executable, "-m", "sopparse", "parse", str(path), "-o", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert time.process_time() - started < 3 * PATIENCE
    assert done.returncode == SourceTooLarge.exit_code
    assert "Traceback" not in done.stderr
    assert MAX_BYTES < 100 * 2**20
