"""`sopparse batch` as a person meets it: what it says, and how it may be stopped."""

from __future__ import annotations

import json
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click import ClickException
from click.testing import CliRunner

from sopparse import cli, errors
from tests.archives import fill, sop, untimed, written


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return fill(tmp_path / "in")


def shell(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sopparse", "batch", *arguments], capture_output=True, text=True, **options
    )


def test_the_command_says_what_failed(archive: Path) -> None:
    done = shell("in", "out", "--workers", "1", "--json-log", "log.jsonl", "--hours-per-day", "7")
    assert done.returncode == 1
    assert "3 dari 5 berkas selesai" in done.stderr
    assert "2 baru dibaca, 0 sudah ada, 1 sama isinya" in done.stderr
    assert "1 lainnya bukan dokumen" in done.stderr
    assert "  $ sopparse parse --hours-per-day 7 in/empty.txt" in done.stderr
    assert done.stdout == ""
    log = [json.loads(line) for line in Path("log.jsonl").read_text().splitlines()]
    assert [entry["event"] for entry in log] == ["start", *["source"] * 6, "end"]
    assert {entry["line"]["name"] for entry in log[1:-1]} == set(written())
    assert (log[-1]["done"], log[-1]["failed"], log[-1]["ignored"]) == (3, 2, 1)
    fine = shell("--from-file", "-", "out", "--lang", "en", input="in/a.txt\nin/b\n")
    assert fine.returncode == 0
    assert "3 of 3 files done" in fine.stderr


def test_the_plan_is_printed(archive: Path) -> None:
    done = CliRunner().invoke(cli.commands, ["batch", "in", "out", "--dry-run", "--include", "*.txt"])
    assert done.exit_code == 0
    assert done.stdout.splitlines()[:2] == ["new\tin/a.txt", "new\tin/b/a.txt"]
    assert "5 berkas: 4 akan dibaca" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["in"], 2),
        (["in", "in/a.txt"], 2),
        (["in", "out", "--memory-limit", "1"], 2),
        (["in", "out", "--hours-per-day", "nan"], 2),
        (["--from-file", "missing", "out"], 3),
    ],
)
def test_commands_that_make_no_sense_are_refused(archive: Path, arguments: list[str], code: int) -> None:
    error = CliRunner().invoke(cli.commands, ["batch", *arguments], standalone_mode=False).exception
    assert isinstance(error, ClickException | errors.SopError)
    assert error.exit_code == code
    assert not Path("out").exists()


def test_a_full_disk_is_said_and_nothing_is_torn(archive: Path) -> None:
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    done = shell("in", "out", preexec_fn=small_files)
    assert done.returncode == 10
    assert "Traceback" not in done.stderr
    assert not list(Path("out/results").glob("*/*"))
    assert not list(Path("out/.parts").iterdir())
    assert shell("in", "out").returncode == 1
    assert len(written()) == 6


def many(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:03d}.txt").write_text(sop(number // 2 if number % 10 == 1 else number))


def test_ctrl_c_keeps_what_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    many(tmp_path / "in", 150)
    command = [sys.executable, "-m", "sopparse", "batch", "in", "out", "--workers", "1", "--json-log", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for _ in range(5):
            running.stdout.readline()
        running.send_signal(signal.SIGINT)
        begin = time.monotonic()
        _, said = running.communicate()
    assert time.monotonic() - begin < 5
    assert running.returncode == 130
    assert "Dihentikan; yang selesai tetap ada." in said
    assert "Traceback" not in said
    assert 4 <= len(written()) < 150


def test_kills_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    many(tmp_path / "in", 80)
    (tmp_path / "in/empty.txt").write_text("")
    command = [sys.executable, "-m", "sopparse", "batch", "in", "--workers", "2", "whole"]
    subprocess.run(command, capture_output=True, check=False)
    command[-1] = "out"
    rng = random.Random(7)
    for _ in range(3):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            time.sleep(rng.uniform(0.6, 1.8))
            running.kill()
    while subprocess.run(command, capture_output=True, check=False).returncode == 10:
        time.sleep(0.05)
    assert len(written()) == 81
    assert untimed() == untimed("whole")
    for line in written().values():
        if line.result is not None:
            assert Path("out", line.result).read_bytes() == Path("whole", line.result).read_bytes()
    assert not list(Path("out/.parts").iterdir())
