"""What is found in folders, archives and behind URLs, and what it is called."""

from __future__ import annotations

import io
import os
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from sopparse import errors
from sopparse.batch import places
from sopparse.batch.examining import Document, Spool, examined
from sopparse.batch.listing import EVERYTHING, Choice, Trouble, count, listing
from sopparse.batch.names import quoted, shown
from sopparse.batch.places import content_at
from tests.factories import form

SOP = form()


def look(*sources: str | Path, choice: Choice = EVERYTHING, out: str = "") -> dict[str, Document | Trouble]:
    with Spool() as spool:
        found = list(examined(listing(map(str, sources), out, choice), choice, spool))
        for item in found:
            if isinstance(item, Document) and item.spooled is not None:
                assert os.path.getsize(item.spooled) == item.size
    names = [item.name for item in found]
    assert len(names) == len(set(names)), "no name twice"
    return {item.name: item for item in found}


def kinds(found: dict[str, Document | Trouble]) -> dict[str, str]:
    return {
        name: "document" if isinstance(item, Document) else "ignored" if item.ignored else type(item.error).__name__
        for name, item in found.items()
    }


def packed(members: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def memory() -> Iterator[Any]:
    system = fsspec.filesystem("memory")
    system.store.clear()
    system.pseudo_dirs[:] = [""]
    yield system
    system.store.clear()


# Folders


def test_folders_are_read_by_content_and_in_order(here: Path) -> None:
    for name in ("b/2.txt", "b/10.bin", "a.doc", "b/c/x"):
        (here / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (here / "in" / name).write_text(SOP)
    (here / "in/photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    (here / "in/program.pdf").write_bytes(bytes(range(32)) * 50)
    (here / "in/letter.docx").write_bytes(packed({"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}))
    found = look("./in//")
    assert kinds(found) == {
        "in/a.doc": "document",
        "in/b/10.bin": "document",
        "in/b/2.txt": "document",
        "in/b/c/x": "document",
        "in/letter.docx": "document",
        "in/photo.txt": "document",
        "in/program.pdf": "ignored",
    }
    assert list(found) == sorted(found)


def test_what_is_named_is_not_ignored(here: Path) -> None:
    (here / "program").write_bytes(bytes(range(32)) * 50)
    (here / "empty").write_bytes(b"")
    os.mkfifo(here / "pipe")
    assert kinds(look("program", "empty", "pipe", "missing", "no*such")) == {
        "program": "document",
        "empty": "document",
        "pipe": "SourceUnreadable",
        "missing": "SourceUnreadable",
        "no*such": "SourceUnreadable",
    }


def test_this_folder_gives_bare_names(here: Path) -> None:
    (here / "a.txt").write_text(SOP)
    assert list(look(".")) == ["a.txt"]


def test_links_are_followed_but_no_folder_twice(here: Path) -> None:
    (here / "in/deep").mkdir(parents=True)
    (here / "in/deep/a.txt").write_text(SOP)
    (here / "in/deep/up").symlink_to("..")
    (here / "in/same").symlink_to("deep")
    (here / "in/self").symlink_to("self")
    (here / "in/gone").symlink_to("nowhere")
    found = look("in")
    assert kinds(found) == {
        "in/deep/a.txt": "document",
        "in/deep/up/": "ignored",
        "in/gone": "SourceUnreadable",
        "in/same/": "ignored",
        "in/self": "SourceUnreadable",
    }
    assert "the same folder as in/deep" in found["in/same/"].error.message  # type: ignore[union-attr]


def test_the_results_are_no_sources(here: Path) -> None:
    (here / "in/out/results").mkdir(parents=True)
    (here / "in/out/results/a.json").write_text(SOP)
    (here / "in/a.txt").write_text(SOP)
    assert list(look("in", out="in/out")) == ["in/a.txt"]


def test_special_files_are_not_opened(here: Path) -> None:
    (here / "in").mkdir()
    os.mkfifo(here / "in/pipe")
    assert kinds(look("in")) == {"in/pipe": "ignored"}


def test_what_cannot_be_read_is_said(here: Path) -> None:
    (here / "in/locked").mkdir(parents=True)
    (here / "in/locked/a.txt").write_text(SOP)
    # Reading this one fails for everybody, the other two for all but the superuser.
    (here / "in/broken").symlink_to("/proc/self/mem")
    (here / "in/b.txt").write_text(SOP)
    os.chmod(here / "in/b.txt", 0)
    os.chmod(here / "in/locked", 0)
    found = kinds(look("in"))
    os.chmod(here / "in/locked", 0o700)
    assert found["in/broken"] == "SourceUnreadable"
    if os.geteuid() != 0:
        assert found["in/b.txt"] == found["in/locked"] == "SourceUnreadable"


def test_names_too_long_are_said(here: Path) -> None:
    assert kinds(look("x" * 5000)) == {"x" * 5000: "SourceUnreadable"}
    (here / "in").mkdir()
    deep = subprocess.run(
        ["bash", "-c", "cd in; for i in $(seq 25); do mkdir $0 && cd $0; done; echo > leaf", "d" * 200],
        capture_output=True,
        check=False,
    )
    assert deep.returncode == 0
    found = look("in")
    assert set(kinds(found).values()) == {"SourceUnreadable"}
    assert "File name too long" in next(iter(found.values())).error.message  # type: ignore[union-attr]


def test_names_that_are_no_text(here: Path) -> None:
    (here / "in").mkdir()
    for name in (b"\xff.txt", b"a\\xff.txt", b"line\nbreak", "\u202etxt.exe".encode()):
        (here / "in" / os.fsdecode(name)).write_text(SOP)
    found = look("in")
    assert list(found) == [r"in/a\\xff.txt", r"in/line\u000abreak", r"in/\u202etxt.exe", r"in/\xff.txt"]
    assert all(name.isprintable() for name in found)
    for item in found.values():
        assert content_at(item.location, item.name, len) == SOP.encode()


@pytest.mark.parametrize("name", ["plain.txt", "two words", "it's", "-o", "\udcff.txt", "a\nb", "x\\y\u202e"])
def test_names_in_commands_mean_the_same_file(here: Path, name: str) -> None:
    (here / name).write_text("found")
    done = subprocess.run(["bash", "-c", f"cat {quoted(name)}"], capture_output=True, check=True)
    assert done.stdout == b"found"
    assert shown(name).isprintable()


@pytest.mark.parametrize(
    ("include", "exclude", "expected"),
    [
        (("*.txt",), (), ["a.txt", "b/c.txt"]),
        ((), ("b",), ["a.txt", "d.htm"]),
        ((), ("*.txt",), ["b/e.htm", "d.htm"]),
        (("b/*",), ("*.txt",), ["b/e.htm"]),
    ],
)
def test_patterns(here: Path, include: tuple[str, ...], exclude: tuple[str, ...], expected: list[str]) -> None:
    for name in ("a.txt", "b/c.txt", "b/e.htm", "d.htm"):
        (here / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (here / "in" / name).write_text(SOP)
    found = look("in", choice=Choice(include, exclude))
    assert list(found) == [f"in/{name}" for name in expected]


def test_globs(here: Path) -> None:
    for name in ("2030/a.txt", "2031/a.txt", "2031/b.txt", "2031/c.bin"):
        (here / name).parent.mkdir(exist_ok=True)
        (here / name).write_text(SOP)
    (here / "2031/c.bin").write_bytes(bytes(100))
    assert kinds(look("203?/a*")) == {"2030/a.txt": "document", "2031/a.txt": "document"}
    assert kinds(look("2031/*"))["2031/c.bin"] == "ignored"
    assert count(["203?"], "", EVERYTHING) == 4


# Archives


def test_archives_hold_documents(here: Path) -> None:
    inner = packed({"deep/b.txt": SOP, "letter.odt": packed({"mimetype": "x", "content.xml": "<x/>"})})
    content = {"a.txt": SOP, "folder/": b"", "folder/inner.zip": inner, "tool.exe": bytes(100)}
    (here / "old").write_bytes(packed(content))
    found = look("old")
    assert kinds(found) == {
        "old!/a.txt": "document",
        "old!/folder/inner.zip!/deep/b.txt": "document",
        "old!/folder/inner.zip!/letter.odt": "document",
        "old!/tool.exe": "ignored",
    }
    again = found["old!/folder/inner.zip!/deep/b.txt"]
    assert content_at(again.location, again.name, len) == SOP.encode()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("old.zip!/a.txt", ["old.zip!/a.txt"]),
        ("old.zip!/f", ["old.zip!/f/i.zip!/b.txt", "old.zip!/f/i.zip!/c.txt", "old.zip!/f/x.txt"]),
        ("old.zip!/f/i.zip!/b.txt", ["old.zip!/f/i.zip!/b.txt"]),
        ("old.zip!/missing", ["old.zip!/missing"]),
    ],
)
def test_parts_of_archives_can_be_named(here: Path, source: str, expected: list[str]) -> None:
    inner = packed({"b.txt": SOP, "c.txt": SOP})
    (here / "old.zip").write_bytes(packed({"a.txt": SOP, "f/i.zip": inner, "f/x.txt": SOP}))
    found = look(source)
    assert list(found) == expected
    assert ("missing" in source) == isinstance(found[expected[0]], Trouble)


def test_two_members_of_one_name_are_two(here: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", SOP)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.txt", SOP + "x")
    (here / "old.zip").write_bytes(file.getvalue())
    found = look("old.zip")
    assert list(found) == ["old.zip!/a.txt", "old.zip!/a.txt (2)"]
    assert len({item.sha256 for item in found.values() if isinstance(item, Document)}) == 2


def test_long_and_strange_names_in_archives(here: Path) -> None:
    names = ("x" * 5000 + ".txt", "../../etc/passwd", "/absolute.txt", "bell\x07.txt")
    (here / "old.zip").write_bytes(packed(dict.fromkeys(names, SOP)))
    found = look("old.zip")
    assert set(kinds(found).values()) == {"document"}
    assert f"old.zip!/{'x' * 5000}.txt" in found
    assert not Path("/etc/passwd.txt").exists()


def test_damaged_archives_cost_what_is_damaged(here: Path) -> None:
    content = bytearray(packed({"a.txt": SOP, "b.txt": SOP + "2", "c.txt": SOP}, zipfile.ZIP_STORED))
    content[content.index(b"SOP") + 40] ^= 0xFF
    (here / "bits.zip").write_bytes(content)
    (here / "half.zip").write_bytes(content[: len(content) // 2])
    locked = bytearray(packed({"a.txt": SOP}))
    listed = locked.index(b"PK\x01\x02")
    locked[6] |= 1
    locked[listed + 8] |= 1
    (here / "locked.zip").write_bytes(locked)
    found = look(".")
    assert kinds(found) == {
        "bits.zip!/a.txt": "SourceUnreadable",
        "bits.zip!/b.txt": "document",
        "bits.zip!/c.txt": "document",
        "half.zip": "SourceUnreadable",
        "locked.zip!/a.txt": "SourceUnreadable",
    }
    assert "password" in found["locked.zip!/a.txt"].error.message  # type: ignore[union-attr]


def test_bombs_are_bounded(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "FREE_GROWTH", 1 << 20)
    text = b"a " * 500_000
    bomb = packed({f"{number}.txt": text for number in range(10)})
    assert len(bomb) * places.MOST_GROWTH < 3 * len(text)
    (here / "bomb.zip").write_bytes(bomb)
    states = list(kinds(look("bomb.zip")).values())
    assert states[0] == "document"
    assert states[-1] == "SourceTooLarge"
    nested = SOP.encode()
    for _ in range(6):
        nested = packed({"in.zip": nested} if nested.startswith(b"PK") else {"a.txt": nested})
    (here / "nested.zip").write_bytes(nested)
    assert set(kinds(look("nested.zip")).values()) == {"SourceTooLarge"}


def test_an_archive_that_lists_too_much_is_refused(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "old.zip").write_bytes(packed({f"{number}": "x" for number in range(100)}))
    monkeypatch.setattr(places, "MOST_LISTED", 1000)
    assert kinds(look("old.zip")) == {"old.zip": "SourceTooLarge"}


# URLs


def test_urls_are_sources(memory: Any) -> None:
    for name in ("a.txt", "b/c.txt", "b/d.txt"):
        memory.pipe_file(f"/archive/{name}", SOP.encode())
    memory.pipe_file("/archive/old.zip", packed({"x.txt": SOP}))
    memory.pipe_file("/archive/program", bytes(100))
    memory.pipe_file("/archive/out/results/r.json", SOP.encode())
    everything = {
        "memory://archive/a.txt": "document",
        "memory://archive/b/c.txt": "document",
        "memory://archive/b/d.txt": "document",
        "memory://archive/old.zip!/x.txt": "document",
        "memory://archive/program": "ignored",
    }
    assert kinds(look("memory://archive/", out="memory://archive/out/")) == everything
    assert list(look("memory://archive/b/*")) == ["memory:///archive/b/c.txt", "memory:///archive/b/d.txt"]
    assert list(look("memory://archive/b/c.txt")) == ["memory://archive/b/c.txt"]
    assert list(look("memory://archive/old.zip!/x.txt")) == ["memory://archive/old.zip!/x.txt"]
    assert kinds(look("memory://archive/none")) == {"memory://archive/none": "SourceUnreadable"}


def test_many_objects_come_in_their_order(memory: Any) -> None:
    for number in range(60):
        memory.pipe_file(f"/archive/{number:03d}.txt", f"{SOP}{number}".encode())
    assert list(look("memory://archive")) == [f"memory://archive/{number:03d}.txt" for number in range(60)]


def test_a_missing_driver_is_said() -> None:
    found = look("s3://bucket/archive")
    assert kinds(found) == {"s3://bucket/archive": "EngineMissing"}
    assert "s3fs" in found["s3://bucket/archive"].error.next_step  # type: ignore[union-attr]
    assert kinds(look("nonsense://x")) == {"nonsense://x": "SourceUnreadable"}


def test_file_urls_are_paths(here: Path) -> None:
    (here / "a.txt").write_text(SOP)
    assert list(look(f"file://{here}/a.txt")) == [f"{here}/a.txt"]


def test_errors_can_be_sent_to_another_process() -> None:
    import pickle

    sent = pickle.loads(pickle.dumps(errors.TimeExceeded("a", "b")))
    assert (type(sent), sent.message, sent.next_step) == (errors.TimeExceeded, "a", "b")
