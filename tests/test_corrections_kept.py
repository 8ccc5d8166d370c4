"""Corrections outlive a new parsing, serve as gold, and come by the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sopparse import cli, corrections, model
from sopparse.errors import CorrectionRefused
from sopparse.evaluate import compare
from tests import factories
from tests.test_corrections import DURATION, HEADER, corrected, dumped, op, parsed


def test_corrections_are_applied_again_to_the_same_result():
    operations = corrections.read_patch(
        json.dumps(
            [
                op("test", "/source/sha256", parsed().source.sha256),
                op("test", f"{DURATION}/text", "10 menit"),
                op("replace", f"{DURATION}/text", "2 hari"),
                op("test", "/sops/0/equipment/0", "Komputer"),
                op("remove", "/sops/0/equipment/0"),
                op("add", "/sops/0/equipment/-", "Printer"),
            ]
        ).encode(),
        "uji",
    )
    once = corrections.correct(parsed(), operations)
    again = corrections.reapply(parsed(), once.report.corrections)
    assert (again.applied, again.lost) == (3, 0)
    assert again.result == once


def test_a_correction_that_no_longer_fits_is_a_finding_and_is_not_forgotten():
    operations = (
        model.Correction(op="test", path="/sops/0/header/title", value="Judul lama"),
        model.Correction(op="replace", path="/sops/0/header/title", value="Judul baru"),
        model.Correction(op="test", path="/sops/0/header/number", value="12/ARSIP/2031"),
        model.Correction(op="replace", path="/sops/0/header/number", value="13/ARSIP/2031"),
    )
    again = corrections.reapply(parsed(), operations)
    assert (again.applied, again.lost) == (1, 1)
    found = next(one for one in again.result.report.findings if one.code == "correction.not-applied")
    assert (found.path, found.severity) == ("/sops/0/header/title", "error")
    assert "Judul baru" in found.message
    assert again.result.sops[0].header.number == "13/ARSIP/2031"
    assert again.result.report.corrections == operations
    assert again.result.status == "partial"


def test_a_correction_that_the_parser_now_makes_itself_confirms():
    title = parsed().sops[0].header.title
    operations = (
        model.Correction(op="test", path="/sops/0/header/title", value="Penerbitan Surat lzin"),
        model.Correction(op="replace", path="/sops/0/header/title", value=title),
    )
    again = corrections.reapply(parsed(), operations)
    assert (again.applied, again.lost) == (1, 0)
    assert again.result.report.fields["/sops/0/header/title"].basis == "corrected"


def test_corrections_of_another_source_are_refused():
    other = (model.Correction(op="test", path="/source/sha256", value="f" * 64),)
    with pytest.raises(CorrectionRefused):
        corrections.reapply(parsed(), other)


def test_a_corrected_result_is_gold():
    after = corrected(parsed(), op("replace", "/sops/0/header/title", "Judul lain"))
    counts = compare(dumped(after), dumped(parsed())).counts
    wrong = {name for name, one in counts.items() if one.exact < one.expected}
    assert wrong == {"header.title"}


# -- the command ----------------------------------------------------------------------------------------------------


def run(*arguments: str) -> tuple[int, str]:
    """The exit code and what was said on standard error."""
    done = CliRunner().invoke(cli.commands, arguments, standalone_mode=False)
    assert done.exception is None, done.output
    return done.return_value or 0, done.stderr


def test_correct_and_parse_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "uji.txt").write_text(factories.form(HEADER), encoding="utf-8")
    patch = [op("test", f"{DURATION}/text", "10 menit"), op("replace", f"{DURATION}/text", "2 jam")]
    (tmp_path / "p.json").write_text(json.dumps(patch), encoding="utf-8")
    assert run("parse", "uji.txt", "-o", "uji.json")[0] == 0
    assert run("correct", "uji.json", "p.json", "-o", "uji.json")[0] == 0
    once = (tmp_path / "uji.json").read_bytes()
    assert model.Result.model_validate_json(once).sops[0].procedures[0].steps[1].duration.minutes == (120, 120)  # type: ignore[union-attr]
    code, said = run("parse", "uji.txt", "-o", "uji.json", "--lang", "en")
    assert code == 0
    assert "1 earlier corrections applied again" in said
    assert (tmp_path / "uji.json").read_bytes() == once
    assert run("parse", "uji.txt", "-o", "new.json", "--corrections", "p.json")[0] == 0
    assert (tmp_path / "new.json").read_bytes() == once
    assert run("correct", "uji.json", "p.json", "-o", "uji.json")[0] == 12
    assert (tmp_path / "uji.json").read_bytes() == once


def test_corrections_of_another_document_are_not_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    other = corrected(factories.parsed(factories.form()), op("replace", "/sops/0/header/title", "Judul lain"))
    (tmp_path / "uji.json").write_text(other.model_dump_json(by_alias=True), encoding="utf-8")
    (tmp_path / "uji.txt").write_text(factories.form(HEADER), encoding="utf-8")
    code, said = run("parse", "uji.txt", "-o", "uji.json", "--lang", "en")
    assert code == 0
    assert "belong to another document" in said
    assert b"Judul lain" not in (tmp_path / "uji.json").read_bytes()


def test_corrections_that_cannot_be_read_are_not_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "uji.txt").write_text(factories.form(), encoding="utf-8")
    old = '{"schema_version": "0.1", "source": {"sha256": "x"}, "report": {"corrections": [{"what": 1}]}}'
    (tmp_path / "uji.json").write_text(old, encoding="utf-8")
    assert run("parse", "uji.txt", "-o", "uji.json")[0] == 12
    assert (tmp_path / "uji.json").read_text(encoding="utf-8") == old
