"""What a person meets: output, messages, exit codes, start-up. The parser itself is replaced where a test is about
what the command line makes of its answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from click import ClickException
from click.testing import CliRunner, Result

import sopparse
from sopparse import cli, errors, vocab
from sopparse.cli import exits
from sopparse.cli.words import say
from sopparse.readers import MAX_BYTES
from tests.factories import finding, result, sop

HEAVY = ("pydantic", "regex", "rapidfuzz", "click", "sopparse.model", "sopparse.pipeline")


class Options:
    def __init__(self, minutes_per_day: float = 450.0, cached: bool = True) -> None:
        self.minutes_per_day = minutes_per_day
        self.cached = cached


class FakePipeline(types.ModuleType):
    """Answers each source by the word it holds; remembers what it was asked."""

    Options = Options

    def __init__(self) -> None:
        super().__init__("sopparse.pipeline")
        self.asked: list[tuple[bytes, str, float]] = []
        self.cached: list[bool] = []

    def parse(self, source: bytes, name: str, options: Options) -> Any:
        self.asked.append((source, name, options.minutes_per_day))
        self.cached.append(options.cached)
        word = source.split()[0].decode() if source.split() else ""
        if word == "empty":
            raise errors.SourceEmpty(f"{name}: the file holds no word", "Check how the file was saved.")
        if word == "decree":
            raise errors.NoProcedure(f"{name}: no procedure in it", "Name a file with a procedure.")
        if word == "bug":
            raise ZeroDivisionError("division by zero")
        if word == "clinic":
            return result(sop(layout="sop-puskesmas", activities=()), status="failed", grade="poor")
        return result(name=name, findings=(finding(), finding(severity="note")))


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> FakePipeline:
    fake = FakePipeline()
    monkeypatch.setitem(sys.modules, "sopparse.pipeline", fake)
    monkeypatch.setattr(sopparse, "pipeline", fake, raising=False)
    return fake


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], str]:
    def write_file(name: str, text: str = "sop") -> str:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return str(path)

    return write_file


def run(*arguments: str, source: bytes | None = None) -> tuple[int, Result]:
    """The exit code as `main` would give it, and what was printed."""
    outcome = CliRunner().invoke(cli.commands, list(arguments), input=source, standalone_mode=False)
    if isinstance(outcome.exception, ClickException | errors.SopError):
        return outcome.exception.exit_code, outcome
    if outcome.exception is not None:
        raise outcome.exception
    return outcome.return_value or 0, outcome


def shell(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "sopparse", *arguments], capture_output=True, text=True, **options)


# One file


def test_prints_json_and_a_summary_apart(pipeline, write):
    code, printed = run("parse", write("alat.txt"))
    assert code == 0
    assert json.loads(printed.stdout)["source"]["name"] == "alat.txt"
    assert "sangat baik (keyakinan 0,93), lengkap; 1 SOP, 2 langkah" in printed.stderr
    assert "0 galat, 1 peringatan, 1 catatan" in printed.stderr


def test_speaks_english(pipeline, write):
    _, printed = run("parse", write("alat.txt"), "--lang", "en")
    assert "excellent (confidence 0.93), complete; 1 SOP, 2 steps" in printed.stderr


def test_edges_are_written_under_their_published_names(pipeline, write):
    _, printed = run("parse", write("alat.txt"), "--compact")
    assert printed.stdout.count("\n") == 1
    assert set(json.loads(printed.stdout)) == {"schema_version", "source", "status", "sops", "report"}


def test_reads_standard_input(pipeline):
    code, printed = run("parse", "-", source=b"sop")
    assert code == 0
    assert pipeline.asked == [(b"sop", "stdin", 450.0)]
    assert json.loads(printed.stdout)["source"]["name"] == "stdin"


def test_the_cache_can_be_left_out(pipeline: FakePipeline, write: Callable[..., str]) -> None:
    run("parse", write("alat.txt"))
    run("parse", write("alat.txt"), "--no-cache")
    assert pipeline.cached == [True, False]


def test_hours_of_a_day_become_minutes(pipeline, write):
    run("parse", write("alat.txt"), "--hours-per-day", "5")
    assert pipeline.asked[0][2] == 300.0


@pytest.mark.parametrize("hours", ["0", "-1", "25", "nan", "inf", "many"])
def test_refuses_impossible_hours(pipeline, write, hours):
    code, _ = run("parse", write("alat.txt"), "--hours-per-day", hours)
    assert code == 2


def test_reads_no_more_than_the_limit(pipeline, tmp_path):
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1000)
    run("parse", str(path))
    assert len(pipeline.asked[0][0]) == MAX_BYTES + 1


def test_reads_large_pdfs_to_their_end(pipeline, tmp_path):
    path = tmp_path / "large.pdf"
    path.write_bytes(b"%PDF-1.7\n" + b" " * (MAX_BYTES + 1000))
    run("parse", str(path))
    assert len(pipeline.asked[0][0]) == path.stat().st_size


def test_writes_a_file(pipeline, write, tmp_path):
    code, printed = run("parse", write("alat.txt"), "-o", str(tmp_path / "new/alat.json"))
    assert code == 0
    assert printed.stdout == ""
    assert json.loads((tmp_path / "new/alat.json").read_text())["status"] == "complete"
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["alat.json"]


def test_writes_into_a_folder(pipeline, write, tmp_path):
    run("parse", write("alat.txt"), "-o", f"{tmp_path}/out/")
    assert (tmp_path / "out/alat.json").is_file()


def test_a_device_is_written_to_and_not_replaced(pipeline, write):
    code, _ = run("parse", write("alat.txt"), "-o", os.devnull)
    assert code == 0
    assert not Path(os.devnull).is_file()


def test_a_failure_leaves_the_old_result(pipeline, write, tmp_path):
    old = tmp_path / "alat.json"
    old.write_text("old")
    code, _ = run("parse", write("alat.txt", "empty"), "-o", str(old))
    assert code == 5
    assert old.read_text() == "old"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_said(pipeline, write):
    code, printed = run("parse", write("alat.txt"), "-o", "/dev/full")
    assert code == 10
    assert "hasil tidak dapat ditulis" in printed.stderr


@pytest.mark.parametrize(("word", "code"), [("empty", 5), ("decree", 8), ("bug", 70)])
def test_failures_have_their_code_and_a_next_step(pipeline, write, word, code):
    found, printed = run("parse", write("alat.txt", word))
    assert found == code
    assert printed.stdout == ""
    assert "\n  -> " in printed.stderr
    assert "Traceback" not in printed.stderr


def test_a_foreign_form_is_written_and_named(pipeline, write):
    code, printed = run("parse", write("alat.txt", "clinic"))
    assert code == exits.FOREIGN_FORM == 9
    assert json.loads(printed.stdout)["sops"][0]["layout"] == "sop-puskesmas"
    assert "bukan SOP AP" in printed.stderr
    assert "sop-puskesmas" in printed.stderr


def test_unreadable_sources(tmp_path):
    for path in (tmp_path / "missing.txt", tmp_path, tmp_path / "missing" / "x.txt", Path("x" * 300)):
        code, printed = run("parse", str(path))
        assert code == 3, path
        assert "berkas tidak dapat dibuka" in printed.stderr


def test_a_name_that_is_no_text(pipeline, tmp_path):
    path = os.fsencode(tmp_path) + b"/\xff.txt"
    try:
        Path(os.fsdecode(path)).write_text("sop")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    code, printed = run("parse", os.fsdecode(path))
    assert code == 0
    assert json.loads(printed.stdout)["source"]["name"] == "\ufffd.txt"


# Several files


def test_goes_on_after_a_failure(pipeline, write, tmp_path):
    files = [write("a.txt"), write("b.txt", "empty"), write("c.txt", "clinic"), write("d.txt", "bug"), write("e.txt")]
    code, printed = run("parse", *files, "-o", str(tmp_path / "out"))
    assert code == exits.SOME_FAILED
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["a.json", "c.json", "e.json"]
    table, failures = printed.stderr.split("Tidak selesai (3):")
    assert "2 dari 5 berkas selesai." in table
    assert table.count("sangat baik") == 2
    for name in ("b.txt", "c.txt", "d.txt"):
        assert name in failures
    assert failures.count("  -> ") == 3


def test_several_results_are_one_line_each(pipeline, write):
    code, printed = run("parse", write("a.txt"), write("b.txt"))
    assert code == 0
    assert [json.loads(line)["source"]["name"] for line in printed.stdout.splitlines()] == ["a.txt", "b.txt"]


@pytest.mark.parametrize(
    ("label", "files", "output"),
    [
        ("two results under one name", ["a/x.txt", "b/x.txt"], "out"),
        ("a result over its source", ["x.json"], "x.json"),
        ("results among the sources", ["x.json", "y.txt"], "."),
        ("standard input twice", ["-", "-"], "out"),
    ],
)
def test_refuses_to_overwrite(pipeline, write, tmp_path, monkeypatch, label, files, output):
    monkeypatch.chdir(tmp_path)
    for file in files:
        if file != "-":
            write(file)
    code, _ = run("parse", *files, "-o", output)
    assert code == 2, label
    assert pipeline.asked == []


# The program as a whole


def test_help_and_version_start_without_the_parser():
    listing = (
        "import sys; from sopparse import cli\n"
        "try: cli.main(['--help'])\n"
        f"except SystemExit: print([m for m in {HEAVY} if m != 'click' and m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert shell("--version").stdout.split()[-1] == sopparse.__version__


def test_importing_the_package_loads_nothing_heavy():
    listing = f"import sys, sopparse; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_reader_that_stops_is_no_error():
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; '{sys.executable}' -m sopparse schema | true"], capture_output=True, text=True
    )
    assert done.stderr == ""


def test_stopping_has_its_own_code(pipeline, write, monkeypatch, capfd):
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "parse", stop)
    monkeypatch.setattr(cli.signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as ended:
        cli.main(["parse", write("a.txt"), write("b.txt")])
    assert ended.value.code == exits.STOPPED
    assert "Dihentikan." in capfd.readouterr().err


def test_messages_outside_the_parse_command():
    done = shell("evaluate", "/missing.json", "/missing.json")
    assert done.returncode == 3
    assert "  -> " in done.stderr
    assert "Traceback" not in done.stderr
    assert shell("nonsense").returncode == 2


def test_every_exit_code_is_in_the_table():
    def family(kind: type[errors.SopError]) -> set[int]:
        return {kind.exit_code}.union(*(family(child) for child in kind.__subclasses__()))

    listed = {code for code, _ in exits.EXIT_CODES}
    assert family(errors.SopError) <= listed
    assert {0, exits.SOME_FAILED, exits.STOPPED} <= listed


def test_every_failure_has_its_sentence():
    known = vocab.load("messages")["failure"]

    def names(kind: type[errors.SopError]) -> set[str]:
        return {kind.__name__}.union(*(names(child) for child in kind.__subclasses__()))

    assert names(errors.SopError) == set(known)


def messages() -> list[tuple[str, dict[str, Any]]]:
    return [(f"{t}.{k}", e) for t, es in vocab.load("messages").items() if t != "decimal" for k, e in es.items()]


@pytest.mark.parametrize(("key", "entry"), messages(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_message_says_the_same_in_both_languages(key, entry):
    holes = [{name for _, name, _, _ in Formatter().parse(entry[lang]) if name} for lang in ("id", "en")]
    assert holes[0] == holes[1]
    for example in entry["examples"]:
        assert set(example) >= holes[0]
        assert say(key, "id", **example)


# The package as a library


def test_parse_takes_paths_bytes_and_files(pipeline, write):
    path = write("alat.txt")
    sopparse.parse(path)
    sopparse.parse(Path(path))
    sopparse.parse(b"sop")
    sopparse.parse(b"sop", name="surat.txt", minutes_per_day=300)
    with open(path, "rb") as file:
        sopparse.parse(file)
    assert [asked[1:] for asked in pipeline.asked] == [
        ("alat.txt", 450.0),
        ("alat.txt", 450.0),
        ("bytes", 450.0),
        ("surat.txt", 300),
        ("alat.txt", 450.0),
    ]


def test_parse_says_what_is_wrong_with_a_text_file(pipeline, write):
    with open(write("alat.txt")) as file, pytest.raises(TypeError, match="rb"):
        sopparse.parse(file)


def test_model_names_come_with_the_package():
    from sopparse import model

    for name in set(sopparse.__all__) - {"parse", "parse_many", "__version__"}:
        assert getattr(sopparse, name) is getattr(model, name)
    assert set(sopparse.__all__) <= set(dir(sopparse))
    with pytest.raises(AttributeError):
        sopparse.Nonsense  # noqa: B018
