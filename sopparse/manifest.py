"""The manifest of an archive: one line for each source, what became of it, and where its result is."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sopparse.errors import SourceUnreadable
from sopparse.model import Failure, Grade, Probability, Status, Text

MANIFEST = "manifest.jsonl"


class Findings(BaseModel):
    """How many findings a result has, by severity."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    error: int
    warning: int
    note: int


class Line(BaseModel):
    """One source. Names are unique; control characters, backslashes and undecodable bytes in them are escaped.

    `ignored`: met in a folder or archive, and no document (`error` says why). `result` and `exports` are relative to
    the folder of the manifest. Equal contents have one result: all but the first of their lines, by name, say with
    `duplicate_of` which line that is. `seconds` is the only value that differs between two runs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text
    status: Literal["done", "failed", "ignored"]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    result: Text | None = None
    duplicate_of: Text | None = None
    media_type: Text | None = None
    reading: Text | None = None
    pages: int | None = None
    sops: int | None = None
    layouts: tuple[Text, ...] = ()
    completeness: Status | None = None
    grade: Grade | None = None
    confidence: Probability | None = None
    findings: Findings | None = None
    exports: tuple[Text, ...] = ()
    error: Failure | None = None
    seconds: float | None = None

    @property
    def doubtful(self) -> bool:
        """Whether a person should look at the result before it is used."""
        return self.status == "done" and (self.completeness != "complete" or self.grade in ("fair", "poor"))


def dump(line: Line) -> str:
    return line.model_dump_json(by_alias=True) + "\n"


def lines(content: Iterable[bytes]) -> Iterator[Line]:
    """The lines that are whole; what a broken disk left of others is passed over."""
    for text in content:
        try:
            yield Line.model_validate_json(text)
        except ValidationError:
            continue


def read(out: str | os.PathLike[str]) -> Iterator[Line]:
    """The lines of the manifest in a folder (or fsspec URL), in the order of their names."""
    place = os.fspath(out).rstrip("/")
    import fsspec

    try:
        opened = fsspec.open(f"{place}/{MANIFEST}", "rb")
        with opened as file:
            yield from lines(file)
    except FileNotFoundError:
        raise SourceUnreadable(
            f"there is no {MANIFEST} in {place}", f"Make it first: sopparse batch SOURCE {place}"
        ) from None
