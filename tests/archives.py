"""Small archives: texts of one form that differ in their number, a file without an SOP, an empty one, a program."""

from __future__ import annotations

from pathlib import Path

from sopparse import manifest
from sopparse.manifest import Line
from tests.factories import form


def sop(number: int) -> str:
    return form().replace("12/ARSIP/2031", f"{number}/ARSIP/2031")


def fill(folder: Path) -> Path:
    (folder / "b").mkdir(parents=True)
    for name, number in (("a.txt", 1), ("b/a.txt", 2), ("b/copy.txt", 1)):
        (folder / name).write_text(sop(number))
    (folder / "decree.txt").write_text("Keputusan tentang hari libur.\n")
    (folder / "empty.txt").write_text("")
    (folder / "program").write_bytes(bytes(range(32)) * 9)
    return folder


def written(out: str = "out") -> dict[str, Line]:
    lines = list(manifest.read(out))
    assert [line.name for line in lines] == sorted({line.name for line in lines})
    return {line.name: line for line in lines}


def untimed(out: str = "out") -> list[Line]:
    return [line.model_copy(update={"seconds": None}) for line in manifest.read(out)]
