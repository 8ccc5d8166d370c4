"""The questions that the index answers without being asked in SQL, and the command that makes it."""

from __future__ import annotations

import datetime
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from sopparse import model
from sopparse.cli import main
from sopparse.corpus import build, open_index
from tests import charts, factories
from tests.test_corpus import ROOT, complete, save


def duration(low: float | None, high: float | None) -> model.Duration:
    return model.Duration(text="waktu", minutes=None if low is high is None else (low, high))


def field(confidence: float = 1.0, absence: Any = None) -> model.FieldReport:
    signals = model.Signals(read=1, place=1, parse=confidence)
    return model.FieldReport(confidence=confidence, signals=signals, absence=absence)


def citation(state: Any, by: tuple[str, ...] = ()) -> model.Citation:
    status = model.RegulationStatus(state=state, by=by, as_of="2026-11-20")
    return model.Citation(text="PP Nomor 3 Tahun 2031", type="pp", number="3", year=2031, id="pp/2031/3", status=status)


def sop() -> model.Sop:
    steps = (
        charts.step(1, "Menerima", "a1", duration=duration(30, 60), outputs=("Surat", "Agenda")),
        charts.step(2, "Memeriksa", "a1", "a2", duration=duration(None, 90), requirements=("Surat",)),
        charts.step(3, "Menyetujui", "a2", duration=duration(None, None)),
        charts.step(4, "Mengarsipkan", "a1"),
    )
    flow = charts.flow("n1/1/a1 n2/2/a2/decision n3/3/a2", "n1 n2, n2 n1 no, n2 n3 yes")
    procedure = model.Procedure(actors=charts.actors("Staf", "Kepala"), steps=steps, flow=flow)
    silent = model.Procedure(actors=charts.actors("Staf"), steps=tuple(charts.step(n) for n in (1, 2, 3)))
    header = model.Header(title="Arsip", created="2031", effective="2031-02", agency=model.Agency(name="Dinas Arsip"))
    return model.Sop(
        pages=(1,), layout="sop-ap", header=header, procedures=(procedure, silent), related_sops=("SOP Lain",),
        legal_basis=(citation("replaced", ("pp/2032/1",)),), equipment=("Komputer", "Lemari"),
    )  # fmt: skip


@pytest.fixture
def target(tmp_path: Path) -> Path:
    fields = {
        "/sops/0/header/title": field(0.8),
        "/sops/0/header/revised": field(absence="stated-none"),
        "/sops/0/header/approver": field(absence="blank"),
    }
    finding = factories.finding("citation.test").model_copy(update={"path": "/sops/0/legal_basis/0"})
    save(tmp_path / "results", "satu", factories.result(sop(), name="satu.txt", fields=fields, findings=(finding,)))
    save(tmp_path / "results", "dua", factories.result(sop(), name="dua.txt"))
    build(tmp_path / "index.sqlite", [str(tmp_path / "results")])
    return tmp_path / "index.sqlite"


def asked(target: Path, view: str, *columns: str) -> list[tuple[Any, ...]]:
    """Of the SOP in `satu.txt`, or all rows where a view counts over SOPs."""
    with open_index(target) as index:
        (first,) = (row["sop"] for row in index.rows("documents") if row["document"] == "satu.txt")
        return [tuple(row[c] for c in columns) for row in index.rows(view) if row.get("sop", first) == first]


def test_times_are_intervals_and_say_what_is_open(target: Path):
    columns = ("minutes_low", "minutes_high", "steps_timed", "steps_open", "steps_untimed")
    assert asked(target, "times", *columns) == [(30, 150, 2, 1, 5)]
    assert asked(target, "time_shares", "step", "minutes", "share") == [(1, 60, 0.4), (2, 90, 0.6)]


def test_handoffs_are_not_counted_where_most_actors_are_unknown(target: Path):
    assert asked(target, "handoffs", "procedure", "steps", "coverage", "handoffs") == [
        (1, 4, 1.0, 1),
        (2, 3, 0.0, None),
    ]


def test_completeness_says_why_a_field_is_empty(target: Path):
    assert dict(asked(target, "completeness", "field", "state")) == {
        "number": "unknown", "title": "filled", "created": "filled", "revised": "stated-none", "effective": "filled",
        "approved": "unknown", "approver_position": "blank", "approver_name": "blank", "approver_nip": "blank",
        "agency": "filled",
    }  # fmt: skip


def test_ages_count_from_the_last_date(target: Path):
    years = (datetime.date.today() - datetime.date(2031, 2, 1)).days / 365.25
    ((last, found),) = asked(target, "ages", "last_date", "years")
    assert last == "2031-02"
    assert found == pytest.approx(years, abs=0.11)


def test_shapes_chains_and_sections(target: Path):
    assert asked(target, "shapes", "steps", "actors", "symbols", "decisions", "ways_back") == [(7, 3, 3, 1, 1)]
    chain = asked(target, "chains", "procedure", "step", "outputs", "next_step", "requirements")
    assert chain[:2] == [(1, 1, "Surat; Agenda", 2, "Surat"), (1, 2, None, 3, None)]
    assert len(chain) == 5
    columns = (
        "legal_basis",
        "equipment",
        "records",
        "steps_with_requirements",
        "steps_with_duration",
        "steps_with_outputs",
    )
    assert asked(target, "sections", *columns) == [(1, 2, 0, 1, 3, 1)]


def test_what_is_counted_over_sops(target: Path):
    assert asked(target, "regulations", "id", "sops", "agencies", "state", "replaced_by") == [
        ("pp/2031/3", 2, 1, "replaced", "pp/2032/1")
    ]
    assert asked(target, "actor_names", "label", "sops", "steps") == [("Kepala", 2, 4), ("Staf", 2, 6)]
    assert asked(target, "finding_counts", "agency", "code", "sops", "findings") == [
        ("Dinas Arsip", "citation.test", 1, 1)
    ]
    assert asked(target, "citation_findings", "title", "code") == [("Arsip", "citation.test")]
    assert asked(target, "related", "related") == [("SOP Lain",)]


def test_the_page_of_the_index_names_everything_in_it(target: Path):
    page = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    with open_index(target) as index:
        for name in (*index.tables(), *index.views()):
            assert f"`{name}`" in page, name
        for query in re.search(r"```sql\n(.*?)```", page, flags=re.DOTALL)[1].split(";\n"):  # type: ignore[index]
            if query.strip():
                list(index.query(query))


# The command


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def test_the_command_makes_an_index_and_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    save(tmp_path / "results", "satu", complete())
    target = tmp_path / "new" / "index.sqlite"
    assert run("index", tmp_path / "results", target, "--parquet", tmp_path / "tables") == 0
    assert "1 SOP; hasil: 1 baru" in capsys.readouterr().err
    assert (tmp_path / "tables" / "steps.parquet").is_file()
    assert run("index", tmp_path / "results", target, "--lang", "en") == 0
    assert "1 unchanged" in capsys.readouterr().err


def test_the_command_says_what_went_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    save(tmp_path / "results", "satu", complete())
    (tmp_path / "results" / "asing.json").write_text('{"type": "FeatureCollection"}')
    target = tmp_path / "index.sqlite"
    assert run("index", tmp_path / "results", target) == 1
    assert "asing.json" in capsys.readouterr().err
    assert run("index", tmp_path / "missing", target) == 3
    assert run("index", tmp_path / "results", tmp_path / "results" / "asing.json") == 3
    assert run("index", tmp_path / "results", "/proc/index.sqlite") == 10
    assert run("index", tmp_path / "results") == 2
    with sqlite3.connect(target) as held:
        held.execute("PRAGMA writable_schema = ON")
        held.execute("DELETE FROM sqlite_master WHERE name = 'sops'")
    assert run("index", tmp_path / "results", target) in (3, 10)
    assert "--rebuild" in capsys.readouterr().err
    assert run("index", tmp_path / "results", target, "--rebuild") == 1
    with open_index(target) as index:
        assert len(list(index.results())) == 1


def test_parquet_without_its_library_fails_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    save(tmp_path / "results", "satu", complete())
    assert run("index", tmp_path / "results", tmp_path / "index.sqlite", "--parquet", tmp_path / "tables") == 4
    assert not (tmp_path / "index.sqlite").exists()
