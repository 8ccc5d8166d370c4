"""A file that hangs, crashes or eats memory costs that file only."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sopparse import errors, manifest
from sopparse.batch import processes
from sopparse.batch.places import Location
from sopparse.batch.processes import Limits, Processes
from sopparse.batch.run import Event, Settings, run
from sopparse.batch.work import Task
from sopparse.pipeline import Options
from tests.factories import form
from tests.poison import poisoned

# A good file takes a tenth of the time, on a machine with nothing else to do.
LIMITS = Limits(seconds=2, memory=512 << 20)
GOOD = 12


def good(number: int) -> str:
    return form().replace("12/ARSIP/2031", f"{number}/ARSIP/2031")


# In the midst of the good ones, so that some wait behind it in the pipe of its worker.
POISONS = ("hang", "segfault", "memory", "leave", "fault")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Event]:
    """What became of each file of an archive with everything in it that may go wrong."""
    folder = tmp_path_factory.mktemp("archive")
    for number in range(GOOD):
        (folder / f"good-{number:02d}.txt").write_text(good(number))
    for name in POISONS:
        (folder / f"good-05-{name}.txt").write_text(f"{name}:")
    (folder / "zero").write_bytes(b"")
    (folder / "locked.pdf").write_bytes(locked_pdf())
    (folder / "unreadable.txt").symlink_to("/proc/self/mem")
    (folder / "loop").symlink_to(".")
    (folder / os.fsdecode(b"\xff\xfe.txt")).write_text(good(77))
    (folder / "\udcfe-empty.txt").write_text("")
    with zipfile.ZipFile(folder / "long.zip", "w") as archive:
        archive.writestr("x" * 5000 + ".txt", good(78))
        archive.writestr("x" * 5000 + "-empty.txt", "")
    return finished(folder)


def locked_pdf() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, encrypt=StandardEncryption("secret"))
    canvas.drawString(72, 700, "SOP")
    canvas.save()
    return file.getvalue()


def finished(folder: Path, workers: int = 2) -> dict[str, Event]:
    settings = Settings(str(folder.parent / "out"), Options())
    events = run([str(folder)], settings, Processes(poisoned, workers, LIMITS))
    return {event.line.name.removeprefix(f"{folder}/"): event for event in events}


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("hang", "TimeExceeded", "more than 2 seconds"),
        ("segfault", "ProcessEnded", "the process was ended by SIGSEGV"),
        ("memory", "MemoryExceeded", "more memory than 512 MB"),
        ("leave", "ProcessEnded", "the process ended with code 7"),
    ],
)
def test_a_bad_file_has_its_record(found: dict[str, Event], name: str, kind: str, message: str) -> None:
    event = found[f"good-05-{name}.txt"]
    error = event.line.error
    assert event.line.status == "failed"
    assert error is not None
    assert (error.kind, error.message) == (kind, message)
    assert error.command == f"sopparse parse {event.line.name}"
    assert len(event.ends) == 2, "it was tried once more"


def test_a_fault_of_the_program_stays_with_its_file(found: dict[str, Event]) -> None:
    error = found["good-05-fault.txt"].line.error
    assert error is not None
    assert (error.kind, error.message) == ("Unexpected", "ZeroDivisionError: division by zero")
    assert not found["good-05-fault.txt"].ends, "it is not tried again: nothing ended"


@pytest.mark.parametrize(
    ("name", "status", "kind", "says"),
    [
        ("zero", "failed", "SourceEmpty", "empty"),
        ("locked.pdf", "failed", "SourceUnreadable", "password"),
        ("unreadable.txt", "failed", "SourceUnreadable", "Input/output error"),
        ("loop/", "ignored", "SourceUnreadable", "same folder"),
        ("\\xfe-empty.txt", "failed", "SourceEmpty", "empty"),
        (f"long.zip!/{'x' * 5000}-empty.txt", "failed", "SourceEmpty", "empty"),
    ],
)
def test_what_cannot_be_read_has_its_record(
    found: dict[str, Event], name: str, status: str, kind: str, says: str
) -> None:
    line = found[name].line
    assert line.error is not None
    assert (line.status, line.error.kind) == (status, kind)
    assert says in line.error.message


def test_only_the_bad_files_are_lost(found: dict[str, Event]) -> None:
    others = {name: event for name, event in found.items() if event.line.status == "done"}
    expected = {f"good-{number:02d}.txt" for number in range(GOOD)}
    assert set(others) == expected | {"\\xff\\xfe.txt", f"long.zip!/{'x' * 5000}.txt"}
    assert len(found) == len(others) + len(POISONS) + 6
    assert not any(event.ends for event in others.values()), "those that waited behind a bad file are not blamed"


def test_what_a_killed_worker_started_ends_with_it(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive/child").write_text(f"child:{tmp_path / 'pid'}")
    assert finished(tmp_path / "archive", workers=1)["child"].line.status == "failed"
    assert not alive(int((tmp_path / "pid").read_text()))


def test_a_second_try_may_succeed(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive/once.txt").write_text(f"once:{tmp_path / 'tried'}\n{good(99)}")
    event = finished(tmp_path / "archive", workers=1)["once.txt"]
    assert event.line.status == "done"
    assert event.ends == ("was ended by SIGKILL",)


def test_large_files_get_more_time() -> None:
    assert Limits().seconds_for(0) == processes.SECONDS
    assert Limits().seconds_for(10 << 20) == processes.SECONDS + 10 * processes.SECONDS_PER_MB
    assert Limits(seconds=7).seconds_for(10 << 20) == 7


def test_workers_that_cannot_start_end_the_run(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(good(1))
    crew = Processes(unloadable, 1, LIMITS)
    with pytest.raises(errors.Unexpected, match="no worker can be started"):
        list(run([str(tmp_path / "good.txt")], Settings(str(tmp_path / "out"), Options()), crew))


def test_no_worker_outlives_its_parent(tmp_path: Path) -> None:
    (tmp_path / "hang.txt").write_text(f"child:{tmp_path / 'pid'}")
    script = (
        "from tests.test_batch_processes import started; import time\n"
        f"crew = started({str(tmp_path / 'hang.txt')!r})\n"
        "crew.finished(wait=True); print('waiting', flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    with parent:
        until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "")
        parent.kill()
    child = int((tmp_path / "pid").read_text())
    until(lambda: not alive(child))


def test_tasks_too_large_for_a_pipe_wait_for_a_worker(tmp_path: Path) -> None:
    path = tmp_path / "good.txt"
    path.write_text("leave:")
    with closing(Processes(name_length, 1, LIMITS)) as crew:
        for length in (10, 300_000, 10, 300_000):
            crew.submit(Task("x" * length, Location(str(path)), "", 0))
        lengths: list[int | None] = []
        while len(lengths) < 4:
            lengths += [done.value for done in crew.finished(wait=True)]
    assert lengths == [10, 300_000, 10, 300_000]


# What is used from other processes


def started(path: str) -> Processes[manifest.Line]:
    crew = Processes(poisoned, 1, Limits(seconds=600))
    crew.submit(Task("hang.txt", Location(path), "", 0))
    return crew


def name_length(task: Task) -> int:
    return len(task.name)


class _Unloadable:
    def __call__(self, task: Task) -> manifest.Line:
        raise NotImplementedError

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (3,)


unloadable = _Unloadable()


def alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def until(happened: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)
