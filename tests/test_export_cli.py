"""`sopparse export`: what is read, where it goes, and what is refused."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from sopparse import cli, model
from sopparse.errors import SopError
from tests import charts, factories

ROOT = Path(__file__).parent.parent


def run(*arguments: object, source: bytes | None = None) -> tuple[int, bytes, str]:
    outcome = CliRunner().invoke(cli.commands, ["export", *map(str, arguments)], input=source, standalone_mode=False)
    code = outcome.return_value
    if isinstance(outcome.exception, SopError):
        code = outcome.exception.exit_code
    elif outcome.exception is not None:
        code, message = 2, str(getattr(outcome.exception, "message", outcome.exception))
        return code, outcome.stdout_bytes, message
    return code or 0, outcome.stdout_bytes, outcome.stderr


def dumped(result: model.Result) -> str:
    return result.model_dump_json(by_alias=True)


@pytest.fixture
def one(tmp_path: Path) -> Path:
    path = tmp_path / "pinjam.json"
    path.write_text(dumped(charts.result(charts.loops())), encoding="utf-8")
    return path


@pytest.fixture
def three(tmp_path: Path) -> Path:
    path = tmp_path / "banyak.json"
    path.write_text(dumped(charts.result(charts.loops(), charts.plain(2), charts.paged())), encoding="utf-8")
    return path


@pytest.mark.parametrize(("form", "start"), [("bpmn", b"<?xml"), ("mermaid", b"---"), ("csv", b"PK"), ("xlsx", b"PK")])
def test_a_result_goes_to_a_file_or_to_standard_output(form: str, start: bytes, one: Path, tmp_path: Path):
    target = tmp_path / f"out/pinjam.{'zip' if form == 'csv' else form}"
    code, printed, message = run(one, "--format", form, "-o", target)
    assert (code, printed) == (0, b"")
    assert str(target) in message
    assert target.read_bytes().startswith(start)
    assert run(one, "--format", form)[1] == target.read_bytes()
    assert run("-", "--format", form, source=one.read_bytes())[1] == target.read_bytes()


def test_a_source_is_parsed_first():
    code, printed, _ = run(ROOT / "samples/tabs.txt", "--format", "mermaid")
    assert code == 0
    assert b"flowchart TD" in printed
    assert run("-", "--format", "mermaid", source=(ROOT / "samples/tabs.txt").read_bytes())[1] == printed


def test_every_procedure_gets_a_file(three: Path, one: Path, tmp_path: Path):
    assert run(three, "--format", "bpmn", "-o", tmp_path / "a.bpmn")[0] == 0
    assert run(three, one, "--format", "bpmn", "-o", tmp_path / "charts")[0] == 0
    assert sorted(path.name for path in tmp_path.glob("a*.bpmn")) == ["a-1.bpmn", "a-2.bpmn", "a-3.bpmn"]
    names = sorted(path.name for path in (tmp_path / "charts").iterdir())
    assert names == ["banyak-1.bpmn", "banyak-2.bpmn", "banyak-3.bpmn", "pinjam.bpmn"]


def test_several_diagrams_need_a_place(three: Path, one: Path):
    assert run(three, "--format", "mermaid")[0] == 2
    assert run(one, one, "--format", "mermaid")[0] == 2


def test_nothing_is_written_twice_or_over_a_source(one: Path, tmp_path: Path):
    other = tmp_path / "lain" / "pinjam.json"
    other.parent.mkdir()
    other.write_bytes(one.read_bytes())
    assert run(one, other, "--format", "bpmn", "-o", tmp_path / "charts")[0] == 2
    before = one.read_bytes()
    for form in ("bpmn", "xlsx", "csv"):
        assert run(one, "--format", form, "-o", one)[0] == 2
    assert one.read_bytes() == before


def test_csv_goes_into_a_folder_or_a_container(one: Path, tmp_path: Path):
    run(one, "--format", "csv", "-o", tmp_path / "tables", "--delimiter", "semicolon", "--bom")
    assert (tmp_path / "tables/steps.csv").read_bytes().startswith(b"\xef\xbb\xbfsop;procedure;")
    run(one, "--format", "csv", "-o", tmp_path / "tables.zip")
    assert zipfile.ZipFile(tmp_path / "tables.zip").read("steps.csv").startswith(b"sop,procedure,")


def test_lines_of_results_are_read(one: Path, tmp_path: Path):
    lines = "\n".join(dumped(charts.result(charts.plain(n))) for n in (2, 3)).encode()
    code, printed, _ = run("-", "--format", "xlsx", source=lines)
    assert code == 0
    assert load_workbook(io.BytesIO(printed))["steps"].max_row == 6


def test_it_goes_on_after_a_failure(one: Path, tmp_path: Path):
    broken = tmp_path / "rusak.json"
    broken.write_text(json.dumps({"sops": []}))
    code, _, message = run(one, broken, tmp_path / "tiada.json", "--format", "xlsx", "-o", tmp_path / "all.xlsx")
    assert code == 1
    assert "1 dari 3" in message
    assert message.count("->") == 2
    assert load_workbook(tmp_path / "all.xlsx")["sops"].max_row == 2
    assert run(broken, "--format", "xlsx", "-o", tmp_path / "none.xlsx")[0] == 3
    assert not (tmp_path / "none.xlsx").exists()


def test_without_a_procedure_there_is_no_diagram_but_a_table(tmp_path: Path):
    path = tmp_path / "kosong.json"
    path.write_text(dumped(factories.result(factories.sop(activities=()))))
    assert run(path, "--format", "bpmn", "-o", tmp_path / "x.bpmn")[0] == 8
    assert run(path, "--format", "csv", "-o", tmp_path / "x.zip")[0] == 0


def test_loading_the_exporters_loads_nothing_heavy():
    heavy = ("pandas", "xlsxwriter", "lxml", "xml.etree.ElementTree", "sopparse.model")
    listing = f"import sys, sopparse.cli, sopparse.export; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_nip_is_shown_on_request(tmp_path: Path):
    header = model.Header(approver=model.Approver(name="Budi Contoh", nip="197209041992031001"))
    sop = factories.sop().model_copy(update={"header": header})
    source = dumped(factories.result(sop)).encode()
    for options, nip, name in (
        ([], "19720904******1***", True),
        (["--show-nip", "--no-names"], "197209041992031001", False),
    ):
        run("-", "--format", "csv", "-o", tmp_path / "tabel", *options, source=source)
        table = (tmp_path / "tabel" / "sops.csv").read_text(encoding="utf-8")
        assert nip in table
        assert ("Budi Contoh" in table) == name
