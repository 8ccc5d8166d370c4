"""Which result files there are: those that a manifest names, those in a folder, those that were named."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from glob import has_magic
from typing import TYPE_CHECKING, Any

from sopparse.errors import SourceUnreadable

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

    from sopparse.manifest import Line

SUFFIX = ".json"
# How many files are asked for together: a store far away answers them side by side.
TOGETHER = 64
# What a store says of a file that changes when its content does; the first that it knows.
_MARKS = ("ETag", "etag", "md5Hash", "mtime", "LastModified", "last_modified", "updated", "created")


@dataclass(frozen=True, slots=True)
class Stored:
    """A result file: its name in the index, where it is, and by what it is known to be unchanged."""

    name: str
    path: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Holding:
    """All result files of one place; `prefix` stands before their names where there are several places.

    `lines`: what its manifest says of each source; None: it has no manifest. `missing`: named there, but not there."""

    system: AbstractFileSystem
    prefix: str
    files: tuple[Stored, ...]
    lines: tuple[Line, ...] | None = None
    missing: tuple[str, ...] = ()


def gather(places: Sequence[str]) -> list[Holding]:
    """`places`: folders (with a manifest: only what it names), files, or URLs of either."""
    alone = len(places) == 1
    return [_holding(place, "" if alone else f"{place.rstrip('/')}/") for place in places]


def _holding(place: str, prefix: str) -> Holding:
    from fsspec.core import url_to_fs

    from sopparse.manifest import MANIFEST

    try:
        system, root = url_to_fs(place)
    except (ValueError, ImportError) as error:
        raise SourceUnreadable(f"{_printable(place)}: {error}", "Check the address of the folder.") from None
    if system.isfile(root):
        info = system.info(root)
        return Holding(system, prefix, (Stored(_printable(place), root, _stamp(info)),))
    if not system.isdir(root):
        raise SourceUnreadable(f"there is no folder or file {_printable(place)}", "Check the path.")
    inside = root.rstrip("/") + "/"
    found = {path[len(inside) :]: Stored(_printable(prefix + path[len(inside) :]), path, _stamp(info))
             for path, info in system.find(root, detail=True).items()}  # fmt: skip
    if MANIFEST in found:
        return _of_manifest(system, place, prefix, found)
    visible = [name for name in sorted(found, key=os.fsencode) if name.endswith(SUFFIX) and not _hidden(name)]
    return Holding(system, prefix, tuple(found[name] for name in visible))


def _of_manifest(system: AbstractFileSystem, place: str, prefix: str, found: dict[str, Stored]) -> Holding:
    from sopparse import manifest

    lines = tuple(manifest.read(place))
    named = dict.fromkeys(line.result for line in lines if line.result is not None)
    return Holding(
        system,
        prefix,
        tuple(found[name] for name in named if name in found),
        lines,
        tuple(prefix + name for name in named if name not in found),
    )


def _printable(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "replace")


def _hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def _stamp(info: dict[str, Any]) -> str:
    mark = next((info[key] for key in _MARKS if info.get(key)), "")
    return f"{info.get('size')} {mark}"


def contents(system: AbstractFileSystem, files: Sequence[Stored]) -> Iterator[tuple[Stored, bytes | Exception]]:
    """The bytes of each file, or why they cannot be read."""
    for start in range(0, len(files), TOGETHER):
        some = files[start : start + TOGETHER]
        # Asked for together, names with brackets would be taken for patterns.
        plain = [one.path for one in some if not has_magic(one.path)]
        read = system.cat(plain, on_error="return") if plain else {}
        for one in some:
            yield one, read[one.path] if one.path in read else _content(system, one.path)


def _content(system: AbstractFileSystem, path: str) -> bytes | Exception:
    try:
        content: bytes = system.cat_file(path)
    except Exception as error:  # Each driver has errors of its own kind.
        return error
    return content


def names_of(holdings: Iterable[Holding]) -> set[str]:
    return {one.name for holding in holdings for one in holding.files}
