"""A cluster of this machine's own: a scheduler, three workers, and what happens when they go."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sopparse import errors, manifest, pipeline
from sopparse.batch import cluster as cluster_module
from sopparse.batch.cluster import Terms, cluster, in_folder, release, supervised
from sopparse.batch.places import Location
from sopparse.batch.processes import Limits, Processes
from sopparse.batch.run import Event, Settings, run
from sopparse.batch.store import store_at
from sopparse.batch.work import Task, parser_version
from sopparse.cli import main
from tests.factories import form
from tests.poison import poisoned

ROOT = Path(__file__).parent.parent
LIMITS = Limits(seconds=20, memory=512 << 20)
GOOD = 15
WORKERS = 3
# Of a busy machine.
PATIENCE = 60.0
LINGER = 0.15


def lingering(task: Task) -> manifest.Line:
    """Long enough for a worker to be killed in the midst of it."""
    time.sleep(LINGER)
    return poisoned(task)


def started(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments, "--no-dashboard"], stdout=log, stderr=log, cwd=folder, env=env
        )


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "waited for too long"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def processes() -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    alive: dict[str, subprocess.Popen[bytes]] = {}
    yield alive
    for process in alive.values():
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory, processes: dict[str, Any]) -> str:
    folder = tmp_path_factory.mktemp("scheduler")
    file = folder / "scheduler.json"
    processes["scheduler"] = started(
        folder, "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)
    )

    def written() -> bool:
        return file.is_file() and file.read_text().rstrip().endswith("}")

    until(written)
    return str(json.loads(file.read_text())["address"])


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory, scheduler: str, processes: dict[str, Any]) -> str:
    """In a folder of their own: relative paths would lead elsewhere. Without a nanny: who is killed stays dead."""
    for number in range(WORKERS):
        folder = tmp_path_factory.mktemp("worker")
        processes[f"worker {number}"] = started(
            folder, "worker", scheduler, "--nthreads", "1", "--no-nanny", "--local-directory", str(folder)
        )
    return scheduler


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive, and beside it what one machine makes of it."""
    home = tmp_path_factory.mktemp("home")
    folder = home / "archive"
    folder.mkdir()
    for number in range(GOOD):
        (folder / f"good-{number:02d}.txt").write_text(form().replace("12/ARSIP/2031", f"{number}/ARSIP/2031"))
    (folder / "same.txt").write_bytes((folder / "good-03.txt").read_bytes())
    (folder / "empty.txt").write_bytes(b"")
    (folder / "segfault.txt").write_text("segfault:")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        list(run(["archive"], settings("near"), Processes(poisoned, 2, LIMITS)))
    return home


@pytest.fixture
def archive(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(home)
    return home / "archive"


def settings(out: str) -> Settings:
    return Settings(out, pipeline.Options())


def lines(out: Path) -> list[manifest.Line]:
    """The manifest without the one value that differs between two runs."""
    return [line.model_copy(update={"seconds": None}) for line in manifest.read(out)]


def files(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in (out / "results").rglob("*") if path.is_file()}


def far(address: str, out: str, work: Any = lingering) -> Iterator[Event]:
    with cluster(address, work, out, LIMITS) as crew:
        yield from run(["archive"], settings(out), crew)


# -- a cluster ------------------------------------------------------------------------------------------------------


def test_a_scheduler_without_workers(scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster_module, "WORKERS_SECONDS", 0.3)
    with pytest.raises(errors.ClusterUnreachable, match="no workers"):
        list(far(scheduler, str(tmp_path / "out")))


def test_a_worker_that_is_killed_loses_nothing(archive: Path, workers: str, processes: dict[str, Any]):
    """Also a file that ends the process that reads it has the same line as on one machine."""
    names = []
    for event in far(workers, "far"):
        names.append(event.line.name)
        # Each worker has a task in its hands now: `lingering` holds it long enough.
        if len(names) == WORKERS:
            processes["worker 0"].kill()
    assert len(names) == len(set(names)) == GOOD + 3
    near, away = archive.parent / "near", archive.parent / "far"
    assert lines(away) == lines(near)
    assert files(away) == files(near)
    assert {line.error.kind for line in lines(away) if line.error is not None} == {"SourceEmpty", "ProcessEnded"}
    assert list((away / ".parts").iterdir()) == []
    assert [event for event in far(workers, "far") if event.fresh] == []


def test_what_is_under_way_is_bounded_and_ends_with_the_run(
    archive: Path, workers: str, processes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cluster_module, "IN_FLIGHT", 2)
    with cluster(workers, lingering, "out", LIMITS) as crew:
        taken = 0
        task = Task("x", Location("archive/good-00.txt"), "0" * 64, 1, key="0" * 64, out="out")
        while crew.room():
            taken += 1
            crew.submit(replace(task, key=f"{taken:064}"))
            assert taken < 100
        assert 2 <= taken <= 2 * WORKERS
        until(lambda: any(reading(process.pid) for process in processes.values()))
    until(lambda: not any(reading(process.pid) for process in processes.values()))


def reading(worker: int) -> list[str]:
    """The processes in which a worker reads files."""
    try:
        return [
            child for thread in Path(f"/proc/{worker}/task").glob("*/children") for child in thread.read_text().split()
        ]
    except OSError:
        return []


def test_the_command(archive: Path, workers: str, capsys: pytest.CaptureFixture[str]):
    assert command("archive", "told", "--cluster", workers, "--exclude", "segfault.txt") == 1
    kinds = {line.name: line.status for line in manifest.read(archive.parent / "told")}
    assert kinds == {f"archive/{path.name}": "failed" if path.name == "empty.txt" else "done"
                     for path in archive.iterdir() if path.name != "segfault.txt"}  # fmt: skip
    assert "empty.txt" in capsys.readouterr().err


def test_a_scheduler_that_goes_leaves_a_manifest_to_go_on_from(archive: Path, workers: str, processes: dict[str, Any]):
    import dask

    done = []

    def interrupted() -> None:
        for event in far(workers, "lost"):
            done.append(event)
            if len(done) == 2:
                processes["scheduler"].kill()

    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}), pytest.raises(errors.ClusterUnreachable):
        interrupted()
    assert len(lines(archive.parent / "lost")) == len(done)
    list(run(["archive"], settings("lost"), Processes(poisoned, 2, LIMITS)))
    assert lines(archive.parent / "lost") == lines(archive.parent / "near")


# -- no cluster -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense", "tcp://", "gopher://127.0.0.1:70"])
def test_where_no_scheduler_is(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 0.5)
    with pytest.raises(errors.ClusterUnreachable) as told:
        list(far(address, str(tmp_path / "out")))
    assert told.value.exit_code == 4
    assert "dask scheduler" in told.value.next_step
    assert not (tmp_path / "out").exists()


def command(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["batch", *arguments])
    return int(ended.value.code or 0)


def test_the_command_without_a_cluster(archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any):
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 0.5)
    assert command("archive", "nowhere", "--cluster", "tcp://127.0.0.1:1") == 4
    assert "dask scheduler" in capsys.readouterr().err
    assert command("archive", "nowhere", "--cluster", "tcp://127.0.0.1:1", "--workers", "2") == 2
    assert command("archive", "memory://nowhere", "--cluster", "tcp://127.0.0.1:1") == 2
    assert not Path("nowhere").exists()


def test_without_dask_there_is_a_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(errors.ClusterUnreachable) as told:
        list(far("tcp://127.0.0.1:1", str(tmp_path / "out")))
    assert "pip install 'sopparse[cluster]'" in told.value.next_step


# -- a worker -------------------------------------------------------------------------------------------------------


@pytest.fixture
def terms(archive: Path) -> Iterator[Terms]:
    known = Terms("run-1", parser_version(), str(archive.parent), "out", LIMITS)
    yield known
    release(known.run)
    cluster_module._SEEN.clear()


def task(archive: Path) -> Task:
    return Task("x", Location("archive/good-00.txt"), "0" * 64, 1, key="0" * 64, out="out")


def test_a_worker_that_does_not_see_the_results_does_nothing(archive: Path, terms: Terms):
    told = supervised(poisoned, replace(terms, out="elsewhere"), task(archive))
    assert isinstance(told, errors.OutputUnwritable)
    assert not (archive.parent / "elsewhere").exists()


def test_a_worker_of_another_version_does_nothing(archive: Path, terms: Terms):
    told = supervised(poisoned, replace(terms, version="0.0.1+abc"), task(archive))
    assert isinstance(told, errors.ClusterUnreachable)
    assert "0.0.1+abc" in told.message


def test_relative_paths_need_the_folder_they_start_from(archive: Path, terms: Terms, tmp_path: Path):
    elsewhere = replace(terms, folder=str(tmp_path / "only-there"))
    told = supervised(poisoned, elsewhere, task(archive))
    assert isinstance(told, errors.ClusterUnreachable)
    assert "URLs or full paths" in told.next_step
    full = replace(task(archive), location=Location(str(archive / "good-00.txt")), out=str(tmp_path / "out"))
    store_at(str(tmp_path / "out")).write(cluster_module._sign(terms.run), [b""])
    done = supervised(poisoned, replace(elsewhere, out=str(tmp_path / "out")), full)
    assert not isinstance(done, errors.SopError)
    assert done.value is not None


def test_paths_start_where_the_run_was_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir("/")
    assert in_folder(str(tmp_path), lambda _: os.getcwd(), Task("x", Location("x"), "", 0)) == str(tmp_path)
