"""Results, wherever they are: in files that hold them, in sources that are parsed first, in folders and indexes."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import sopparse
from sopparse.cli.parsing import result_of
from sopparse.cli.summary import progress
from sopparse.errors import SopError, SourceUnreadable

if TYPE_CHECKING:
    from sopparse.model import Result

MINUTES_PER_DAY = 450.0

# How a JSON file begins: an object with a key. (An RTF file begins with a brace, too.)
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"')
# How an SQLite file begins.
_DATABASE = b"SQLite format 3\0"


def results_of(file: str) -> list[Result]:
    """The results in a file, or that of a source; `-`: standard input."""
    content = sys.stdin.buffer.read() if file == "-" else None
    if content is None:
        try:
            with open(file, "rb") as opened:
                content = opened.read() if _JSON.match(opened.read(64)) and not opened.seek(0) else None
        except (OSError, ValueError):
            content = None  # the parser says what is wrong with the file
    if content is None:
        return [result_of(file, MINUTES_PER_DAY)]
    if not _JSON.match(content):
        return [result_of(content, MINUTES_PER_DAY)]
    return validated(content, name_of(file))


def is_result(content: bytes) -> bool:
    """Whether these bytes begin as a result does."""
    return _JSON.match(content) is not None


def validated(content: bytes, name: str) -> list[Result]:
    """The result in the JSON, or those on its lines."""
    from pydantic import ValidationError

    from sopparse.model import Result

    content = content.removeprefix(b"\xef\xbb\xbf")
    lines = [line for line in content.splitlines() if line.strip()]
    try:
        if len(lines) > 1 and all(line.startswith(b'{"') for line in lines):
            return [Result.model_validate_json(line) for line in lines]
        return [Result.model_validate_json(content)]
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = "/".join(map(str, first["loc"]))
        raise SourceUnreadable(
            f"{name}: the JSON is no result of this version: {place or 'syntax'}: {first['msg']}",
            "Write it anew: sopparse parse SOURCE -o RESULT.json",
        ) from None


def name_of(file: str) -> str:
    return "stdin" if file == "-" else sopparse.printable(file)


def each_file(
    files: Sequence[str], failures: list[tuple[str, SopError]], lang: str
) -> Iterator[tuple[str, list[Result]]]:
    """The results of each file, with a sign of progress; goes on after a failure."""
    for number, file in enumerate(files, start=1):
        with progress(number, len(files), file, lang):
            try:
                yield file, results_of(file)
            except SopError as failure:
                failures.append((name_of(file), failure))


def many_results(place: str, failures: list[tuple[str, SopError]]) -> Iterator[Result]:
    """The results of a source, a result, a folder of them (also one that `sopparse batch` wrote), or an index; one in
    memory at a time. What cannot be read goes to the failures."""
    from sopparse.corpus import open_index

    try:
        if _is_database(place):
            with open_index(place) as index:
                yield from index.results()
        elif "://" in place or os.path.isdir(place):
            yield from _in_folder(place, failures)
        else:
            yield from results_of(place)
    except SopError as failure:
        failures.append((name_of(place), failure))


def _is_database(place: str) -> bool:
    try:
        with open(place, "rb") as file:
            return file.read(len(_DATABASE)) == _DATABASE
    except (OSError, ValueError):
        return False  # whoever reads it says what is wrong


def _in_folder(place: str, failures: list[tuple[str, SopError]]) -> Iterator[Result]:
    from sopparse.corpus.gathering import contents, gather

    for holding in gather([place]):
        failures.extend((name, _gone(name)) for name in holding.missing)
        for stored, content in contents(holding.system, holding.files):
            try:
                if isinstance(content, Exception):
                    raise SourceUnreadable(f"{stored.name}: {content}", "Check the file and its disk.")
                yield from validated(content, stored.name)
            except SopError as failure:
                failures.append((stored.name, failure))


def _gone(name: str) -> SopError:
    return SourceUnreadable(f"{name}: the manifest names it, but it is not there", "Run `sopparse batch` again.")
