"""An archive from its sources to its manifest: nothing lost, nothing twice, nothing torn."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import fsspec
import pytest

import sopparse
from sopparse import errors
from sopparse.batch import work as working
from sopparse.batch.crew import Futures
from sopparse.batch.ledger import JOURNAL
from sopparse.batch.run import Event, Settings, plan, run
from sopparse.batch.work import Task, work
from sopparse.corrections import correct, operations_of
from sopparse.manifest import Line
from sopparse.model import Result
from sopparse.pipeline import Options
from tests.archives import fill, sop, untimed, written


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return fill(tmp_path / "in")


def settings(out: str = "out", **more: Any) -> Settings:
    return Settings(out, more.pop("options", Options()), **more)


def batch(*sources: str, to: Settings | None = None, by: Any = work, workers: int = 1) -> dict[str, Event]:
    with ThreadPoolExecutor(workers) as threads:
        events = list(run(sources or ["in"], to or settings(), Futures(by, threads, 3, here=True)))
    assert len({event.line.name for event in events}) == len(events), "each source once"
    return {event.line.name: event for event in events}


class Counting:
    """The work, with the names it was done for."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __call__(self, task: Task) -> Line:
        self.names.append(task.name)
        return work(task)


# The folder of the results


def test_every_source_has_its_line(archive: Path) -> None:
    events = batch()
    lines = written()
    assert {name: line.status for name, line in lines.items()} == {
        "in/a.txt": "done",
        "in/b/a.txt": "done",
        "in/b/copy.txt": "done",
        "in/decree.txt": "failed",
        "in/empty.txt": "failed",
        "in/program": "ignored",
    }
    assert set(events) == set(lines)
    first = lines["in/a.txt"]
    result = Result.model_validate_json((archive.parent / "out" / str(first.result)).read_bytes())
    assert result == sopparse.parse("in/a.txt")
    assert (first.sha256, first.pages, first.sops, first.grade) == (
        result.source.sha256,
        1,
        1,
        result.report.grade,
    )
    assert first.findings is not None
    assert sum(first.findings.model_dump().values()) == len(result.report.findings)
    assert first.key is not None
    assert first.result == f"results/{first.key[:2]}/{first.key}.json"
    error = lines["in/empty.txt"].error
    assert error is not None
    assert (error.kind, error.message, error.command) == (
        "SourceEmpty",
        "the file is empty",
        "sopparse parse in/empty.txt",
    )
    assert {path.name for path in (archive.parent / "out").iterdir() if not path.name.startswith(".")} == {
        "results",
        "manifest.jsonl",
    }


def test_equal_contents_are_parsed_once(archive: Path) -> None:
    counting = Counting()
    (archive / "z.txt").write_text(sop(1))
    events = batch(by=counting, workers=2)
    lines = written()
    assert counting.names.count("in/a.txt") == 1
    assert [lines[name].duplicate_of for name in ("in/a.txt", "in/b/copy.txt", "in/z.txt")] == [
        None,
        "in/a.txt",
        "in/a.txt",
    ]
    assert lines["in/b/copy.txt"].result == lines["in/a.txt"].result
    assert lines["in/b/copy.txt"].grade == lines["in/a.txt"].grade
    assert {name for name, event in events.items() if event.fresh and event.line.status == "done"} == {
        "in/a.txt",
        "in/b/a.txt",
    }
    assert events["in/z.txt"].duplicate
    assert len(list(Path("out/results").glob("*/*.json"))) == 2


def test_copies_of_a_failure_name_their_own_command(archive: Path) -> None:
    (archive / "zero").write_text("")
    batch()
    zero = written()["in/zero"]
    assert zero.duplicate_of == "in/empty.txt"
    assert zero.error is not None
    assert zero.error.command == "sopparse parse in/zero"


def test_formats_stand_beside_the_result(archive: Path) -> None:
    batch(to=settings(formats=("bpmn", "csv")))
    line = written()["in/a.txt"]
    base = str(line.result).removesuffix(".json")
    assert line.exports == (f"{base}.bpmn", f"{base}.csv.zip")
    assert b"<bpmn" in Path("out", line.exports[0]).read_bytes()
    assert zipfile.is_zipfile(Path("out", line.exports[1]))
    Path("out", line.exports[0]).unlink()
    batch(to=settings(formats=("bpmn", "csv", "mermaid")))
    assert [Path("out", path).exists() for path in written()["in/a.txt"].exports] == [True] * 3


def test_members_of_archives_and_urls_are_sources(archive: Path) -> None:
    with zipfile.ZipFile("old.zip", "w") as packed:
        packed.write("in/a.txt", "deep/a.txt")
        packed.writestr("bad.txt", "")
    fsspec.filesystem("memory").pipe_file("/far/b.txt", sop(7).encode())
    batch("in", "old.zip", "memory://far")
    lines = written()
    assert lines["old.zip!/deep/a.txt"].duplicate_of == "in/a.txt"
    assert lines["memory://far/b.txt"].status == "done"
    error = lines["old.zip!/bad.txt"].error
    assert error is not None
    assert error.command == "sopparse batch 'old.zip!/bad.txt' again/"
    result = Path("out", str(lines["memory://far/b.txt"].result))
    assert json.loads(result.read_bytes())["source"]["name"] == "b.txt"


def test_results_may_go_to_a_url(archive: Path) -> None:
    system = fsspec.filesystem("memory")
    system.store.clear()
    batch(to=settings("memory://results/2031/"))
    batch(to=settings("out"))
    assert untimed("memory://results/2031") == untimed("out")
    line = written("memory://results/2031")["in/a.txt"]
    assert system.cat_file(f"/results/2031/{line.result}") == Path("out", str(line.result)).read_bytes()
    again = batch(to=settings("memory://results/2031"))
    assert not any(event.fresh for event in again.values())


# Going on


def test_what_is_there_is_kept(archive: Path) -> None:
    batch()
    before = Path("out/manifest.jsonl").read_bytes()
    results = {path: path.stat().st_mtime_ns for path in Path("out/results").glob("*/*.json")}
    again = batch()
    assert not any(event.fresh for event in again.values())
    assert Path("out/manifest.jsonl").read_bytes() == before, "also the seconds of the first run"
    assert {path: path.stat().st_mtime_ns for path in results} == results


@pytest.mark.parametrize("damage", [b"", b"{", b'{"schema_version":"1.0"}'])
def test_torn_results_are_made_anew(archive: Path, damage: bytes) -> None:
    batch()
    path = Path("out", str(written()["in/a.txt"].result))
    whole = path.read_bytes()
    path.write_bytes(damage or whole[: len(whole) // 2])
    again = batch()
    assert [name for name, event in again.items() if event.fresh] == ["in/a.txt"]
    assert path.read_bytes() == whole


def test_a_lost_journal_loses_no_result(archive: Path) -> None:
    batch()
    expected = untimed()
    Path("out/manifest.jsonl").unlink()
    again = batch()
    assert not any(event.fresh for event in again.values() if event.line.status == "done")
    assert untimed() == expected


def test_torn_lines_are_passed_over(archive: Path) -> None:
    batch()
    expected = untimed()
    manifest_file = Path("out/manifest.jsonl")
    lines = manifest_file.read_bytes().splitlines(keepends=True)
    manifest_file.write_bytes(b"".join(lines[:3]))
    (Path("out") / JOURNAL).mkdir(exist_ok=True)
    (Path("out") / JOURNAL / "00000001.jsonl").write_bytes(b"".join(lines[3:])[:-40])
    batch()
    assert untimed() == expected


def test_changed_files_and_options_are_parsed(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch()
    (archive / "a.txt").write_text(sop(3))
    assert [name for name, event in batch().items() if event.fresh] == ["in/a.txt"]
    assert written()["in/b/copy.txt"].duplicate_of is None
    fresh = batch(to=settings(options=Options(minutes_per_day=300.0)))
    assert sum(event.fresh for event in fresh.values()) == 5
    monkeypatch.setattr(working, "parser_version", lambda: "0.0.2")
    assert sum(event.fresh for event in batch().values()) == 5


def test_corrections_live_on_in_a_result_of_other_options(archive: Path) -> None:
    first = next(event.line for event in batch().values() if event.line.status == "done")
    assert first.result is not None
    place = Path("out") / first.result
    patch = [{"op": "replace", "path": "/sops/0/header/title", "value": "Judul yang Benar"}]
    corrected = correct(Result.model_validate_json(place.read_bytes()), operations_of(patch, "uji.json"))
    place.write_text(corrected.model_dump_json(by_alias=True), encoding="utf-8")
    again = batch(to=settings(options=Options(minutes_per_day=480)))[first.name].line
    assert again.result is not None
    assert again.result != first.result
    result = Result.model_validate_json((Path("out") / again.result).read_bytes())
    assert result.sops[0].header.title == "Judul yang Benar"
    assert result.report.fields["/sops/0/header/title"].basis == "corrected"


def test_the_version_changes_with_the_vocabulary() -> None:
    known = dict(working._program(working.files(sopparse), ""))
    assert {"pipeline.py", "vocab/labels.toml", "vocab/regions.csv", "extract/header.py"} <= set(known)
    assert not any(name.startswith(("cli/", "batch/")) for name in known)


def test_failures_stand_until_they_are_tried_again(archive: Path) -> None:
    batch()
    expected = untimed()
    counting = Counting()
    batch(by=counting)
    assert not {"in/decree.txt", "in/empty.txt"} & set(counting.names)
    batch(by=counting, to=settings(retry_failed=True))
    assert {"in/decree.txt", "in/empty.txt"} <= set(counting.names)
    assert untimed() == expected


def test_a_failure_does_not_stand_against_a_result(archive: Path) -> None:
    def failing(task: Task) -> Line:
        return working.failed(task, errors.TimeExceeded("too long", "Raise it."))

    batch("in/a.txt", by=failing)
    batch("in/b/copy.txt", to=settings(retry_failed=True))
    (archive / "c.txt").write_text(sop(1))
    assert batch("in/c.txt")["in/c.txt"].line.status == "done"


def test_what_the_machine_lacked_is_tried_again(archive: Path) -> None:
    def lacking(task: Task) -> Line:
        return working.failed(task, errors.EngineMissing("no engine", "Install it."))

    batch(by=lacking)
    assert {line.status for line in written().values()} == {"failed", "ignored"}
    assert sum(event.line.status == "done" for event in batch().values()) == 3


def test_lines_of_other_sources_stay(archive: Path) -> None:
    batch("in/a.txt")
    batch("in/b")
    assert list(written()) == ["in/a.txt", "in/b/a.txt", "in/b/copy.txt"]
    assert written()["in/b/copy.txt"].duplicate_of == "in/a.txt"


def test_sources_that_overlap_are_taken_once(archive: Path) -> None:
    assert len(batch("in/a.txt", "in", "in/*.txt")) == 6


def test_a_file_that_changes_while_it_is_read_is_no_result(archive: Path) -> None:
    def changing(task: Task) -> Line:
        Path(task.location.url).write_text("other")
        return work(task)

    line = batch("in/a.txt", by=changing)["in/a.txt"].line
    assert line.error is not None
    assert "changed" in line.error.message
    assert batch("in/a.txt")["in/a.txt"].line.error is not None, "what is in it now is no SOP"
    (archive / "a.txt").write_text(sop(1))
    assert batch("in/a.txt")["in/a.txt"].line.status == "done", "the failure did not stand"


def test_a_plan_writes_nothing(archive: Path) -> None:
    wanted = settings()
    assert dict(plan(["in"], wanted)) == {
        "in/a.txt": "new",
        "in/b/a.txt": "new",
        "in/b/copy.txt": "duplicate",
        "in/decree.txt": "new",
        "in/empty.txt": "new",
        "in/program": "ignored",
    }
    assert not Path("out").exists()
    batch()
    assert set(dict(plan(["in"], wanted)).values()) == {"done", "duplicate", "failed", "ignored"}
    assert dict(plan(["in"], settings(retry_failed=True)))["in/empty.txt"] == "new"


def test_one_run_at_a_time(archive: Path) -> None:
    with ThreadPoolExecutor(1) as threads:
        first = run(["in"], settings(), Futures(work, threads, 3, here=True))
        next(first)
        with pytest.raises(errors.OutputUnwritable, match="another run"):
            batch()
        first.close()
    assert batch()


def test_whoever_stops_listening_loses_nothing(archive: Path) -> None:
    with ThreadPoolExecutor(1) as threads:
        first = run(["in"], settings(), Futures(work, threads, 1, here=True))
        done = [next(first), next(first)]
        first.close()
    assert set(written()) >= {event.line.name for event in done}


def test_results_that_cannot_be_written_end_the_run(archive: Path) -> None:
    Path("taken").write_text("")
    with pytest.raises(errors.OutputUnwritable):
        batch(to=settings("taken"))
    Path("out").mkdir()
    Path("out/results").write_text("")
    with pytest.raises(errors.OutputUnwritable):
        batch()


def test_executors_that_lose_a_worker_are_asked_again(archive: Path) -> None:
    names: list[str] = []

    def dying(task: Task) -> Line:
        names.append(task.name)
        if task.name == "in/a.txt" or names.count(task.name) == 1:
            raise RuntimeError("the worker is gone")
        return work(task)

    lines = {name: event.line for name, event in batch(by=dying).items()}
    assert lines["in/b/a.txt"].status == "done"
    assert lines["in/a.txt"].error is not None
    assert lines["in/a.txt"].error.kind == "ProcessEnded"


# From Python


def test_parse_many(archive: Path) -> None:
    found = dict(sopparse.parse_many("in", workers=1))
    assert set(found) == {"in/a.txt", "in/b/a.txt", "in/b/copy.txt", "in/decree.txt", "in/empty.txt"}
    assert found["in/a.txt"] == sopparse.parse("in/a.txt")
    empty = found["in/empty.txt"]
    assert isinstance(empty, sopparse.Failure)
    assert (empty.kind, empty.command) == ("SourceEmpty", "sopparse parse in/empty.txt")
    few = sopparse.parse_many([Path("in/b")], workers=1, include=["copy*"], minutes_per_day=300)
    assert [name for name, _ in few] == ["in/b/copy.txt"]


def test_parse_many_works_without_a_main_guard_and_stops_early(archive: Path) -> None:
    Path("script.py").write_text(
        "import sopparse\nfor name, result in sopparse.parse_many('in', workers=2):\n    print(name)\n    break\n"
    )
    done = subprocess.run([sys.executable, "script.py"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1
