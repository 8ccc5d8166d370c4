"""`sopparse review`"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

import sopparse
from sopparse.cli.exits import Unexpected, exit_code_table
from sopparse.cli.inputs import is_result, name_of, validated
from sopparse.cli.output import write
from sopparse.cli.summary import progress, report_failures
from sopparse.cli.words import say, sentence
from sopparse.errors import SopError, SourceUnreadable

if TYPE_CHECKING:
    from sopparse.model import Result
    from sopparse.review import Entry

INDEX = "index.html"
SUFFIX = ".review.html"
# Longer names are cut: a file name has 255 bytes on most disks.
LONGEST_NAME = 80

_Failures = list[tuple[str, SopError]]


@click.command(epilog=exit_code_table())
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "-o", "--output", metavar="OUT", help="The page (.html); of several documents a folder, with index.html over all."
)
@click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="PATH",
    help="The document of a result, or a folder with the documents; found by name and content. May be repeated.",
)
@click.option(
    "--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Language of page and messages."
)
def review(files: tuple[str, ...], output: str | None, sources: tuple[str, ...], lang: str) -> int:
    """Write a page on which a person checks what was read beside the document, and corrects it.

    FILE is a document, a result of `sopparse parse`, or a folder of results (also one that `sopparse batch` wrote).
    The page opens from disk in any browser and loads nothing. It saves corrections as a JSON Patch for
    `sopparse correct`.

    \b
    Examples:
      sopparse review sop.pdf                                sop.review.html in this folder
      sopparse review sop.json --source sop.pdf -o sop.html  a result, with the pages of its document
      sopparse review results/ --source archive/ -o check/   one page each, and index.html, most doubtful first

    A document that stands beside its result, or in this folder, is found without --source.
    """
    if files.count("-") > 1:
        raise click.UsageError("standard input (-) can be read only once")
    several = len(files) > 1 or any(os.path.isdir(file) for file in files)
    if several and (output is None or output.endswith(".html")):
        raise click.UsageError("several documents need a folder: -o OUT/")
    failures: _Failures = []
    found = _documents(files, _Sources(sources), failures, lang)
    if several:
        assert output is not None
        return _many(found, Path(output), failures, lang)
    for one in found:
        target = Path(output or _stem(one.name) + SUFFIX)
        target = target / (_stem(one.name) + SUFFIX) if target.is_dir() else target
        if os.path.realpath(target) in {os.path.realpath(file) for file in files}:
            raise click.UsageError(f"{target} is the source; choose another place for the page")
        write(_page(one, lang), target)
        click.echo(str(target))
        if one.without_pages:
            click.echo(say("review.no_pages", lang, name=one.name), err=True)
    for name, failure in failures:
        click.echo(sentence(failure, name, lang), err=True)
    return failures[0][1].exit_code if failures else 0


@dataclass(frozen=True, slots=True)
class _Document:
    """A result with the bytes of its document, where they were found."""

    name: str
    result: Result
    source: bytes | None = None
    turns: Mapping[int, int] = field(default_factory=dict)

    @property
    def without_pages(self) -> bool:
        return self.source is None


def _many(found: Iterator[_Document], folder: Path, failures: _Failures, lang: str) -> int:
    from sopparse.review import entry_of, index_page

    entries: list[Entry] = []
    taken: set[str] = {INDEX}
    for one in found:
        name = next(name for n in range(len(taken) + 1) if (name := _page_name(one.name, n)).casefold() not in taken)
        taken.add(name.casefold())
        write(_page(one, lang, INDEX), folder / name)
        entries.append(entry_of(one.result, name))
    shown = [(name, sentence(failure, name, lang).splitlines()[0]) for name, failure in failures]
    write(index_page(entries, shown, sopparse.__version__, lang), folder / INDEX)
    click.echo(str(folder / INDEX))
    return report_failures(failures, len(entries) + len(failures), str(folder), lang)


def _page(one: _Document, lang: str, index: str | None = None) -> str:
    from sopparse.review import review as page

    return page(one.result, one.source, turns=one.turns, index=index, lang=lang)


def _page_name(name: str, taken: int) -> str:
    return f"{_stem(name)}{f'-{taken + 1}' if taken else ''}.html"


def _stem(name: str) -> str:
    stem = "stdin" if name == "-" else Path(name.replace("\\", "/")).stem
    return re.sub(r"[^\w.-]+", "_", stem)[:LONGEST_NAME].strip(".") or "sop"


# -- documents ------------------------------------------------------------------------------------------------------


def _documents(files: Sequence[str], sources: _Sources, failures: _Failures, lang: str) -> Iterator[_Document]:
    """The documents of all files; what cannot be read goes to the failures."""
    every = [one for file in files for one in _expanded(file, failures)]
    for number, (name, path) in enumerate(every, start=1):
        with progress(number, len(every), name, lang):
            try:
                yield from _read(path, name, sources)
            except SopError as failure:
                failures.append((name_of(name), failure))


def _expanded(file: str, failures: _Failures) -> Iterator[tuple[str, str]]:
    """The names and paths that a file or folder stands for."""
    from sopparse.manifest import MANIFEST, read

    if not os.path.isdir(file):
        yield file, file
    elif (Path(file) / MANIFEST).is_file():
        for line in read(file):
            if line.status == "done" and line.result is not None and line.duplicate_of is None:
                yield line.name, str(Path(file) / line.result)
            elif line.status == "failed":
                why = line.error.message if line.error is not None else "no result"
                failures.append((line.name, SourceUnreadable(why, "Run `sopparse batch --retry-failed`.")))
    else:
        yield from ((str(path), str(path)) for path in sorted(Path(file).glob("*.json")))


def _read(path: str, name: str, sources: _Sources) -> Iterator[_Document]:
    content, own_name = sopparse.content_of(sys.stdin.buffer if path == "-" else path)
    if not is_result(content):
        yield _parsed(content, "stdin" if path == "-" else sopparse.printable(own_name))
        return
    for result in validated(content, name_of(name)):
        yield _Document(result.source.name, result, sources.of(result, (Path(path).parent, Path(name).parent, Path())))


def _parsed(content: bytes, name: str) -> _Document:
    from sopparse import pipeline

    try:
        stages = pipeline.stages(content, name)
        if not stages.parts:
            raise pipeline.no_procedure(name)
        result = pipeline.publish(stages.laid.document, stages.parts, stages.laid.furniture)
    except SopError:
        raise
    except Exception as error:
        raise Unexpected.of(error) from error
    turns = {page.number: page.turned for page in stages.laid.document.pages if page.turned}
    return _Document(name, result, content, turns)


class _Sources:
    """The documents that were named, by file name; looked for once."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._named: list[Path] = []
        self._inside: dict[str, list[Path]] = {}
        for path in paths:
            if not os.path.exists(path):
                raise click.UsageError(f"--source {path}: there is no such file or folder")
            if os.path.isfile(path):
                self._named.append(Path(path))
            for folder, _, names in os.walk(path):
                for name in names:
                    self._inside.setdefault(sopparse.printable(name), []).append(Path(folder) / name)

    def of(self, result: Result, folders: Sequence[Path]) -> bytes | None:
        """The bytes from which the result was made, known by their digest; also looked for in `folders`."""
        name = result.source.name
        near = [folder / name for folder in folders if os.sep not in name]
        for path in (*self._named, *self._inside.get(name, ()), *near):
            content = _content(path)
            if content is not None and hashlib.sha256(content).hexdigest() == result.source.sha256:
                return content
        if self._named:
            raise SourceUnreadable(
                f"{self._named[0]} is not the document from which the result of {name} was made",
                "Name the document itself with --source, or parse this one.",
            )
        return None


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (OSError, ValueError):
        return None
