"""What is there: the files that the sources name, one after the other, in the order of their names, unopened."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any

import sopparse
from sopparse.batch.names import local_path, shown
from sopparse.batch.places import Location, file_system
from sopparse.errors import SopError, SourceUnreadable

INSIDE = "!/"
# The folders that were entered, each with its name; the folder of the results has none.
_Seen = dict[tuple[int, int], str | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which files are taken: patterns of the shell for the name, or with a `/` for the path below the source."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def takes(self, path: str) -> bool:
        return not self.include or any(_matches(path, pattern) for pattern in self.include)

    def leaves(self, path: str) -> bool:
        return any(_matches(path, pattern) for pattern in self.exclude)


def _matches(path: str, pattern: str) -> bool:
    return fnmatchcase(path if "/" in pattern else path.rpartition("/")[2], pattern)


EVERYTHING = Choice()


@dataclass(frozen=True, slots=True)
class Found:
    """A file. `path` is what patterns are compared with; `named`: this very file was asked for; `inside`: only what an
    archive holds at or below this name."""

    name: str
    location: Location
    path: str
    named: bool = False
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that cannot be taken as a document. `ignored`: nobody asked for it, and it is none."""

    name: str
    location: Location
    error: SopError
    ignored: bool = False


def listing(sources: Iterable[str], out: str, choice: Choice) -> Iterator[Found | Trouble]:
    """Every file of the sources. `out`, where it lies in one of them, is passed over."""
    seen: _Seen = {}
    target = local_path(out)
    if target is not None and os.path.isdir(target):
        seen[_identity(os.stat(target))] = None
    for source in sources:
        path = local_path(source)
        if path is None:
            yield from _remote(source, out.rstrip("/"), choice)
        else:
            yield from _local(path, seen, choice)


def _local(source: str, seen: _Seen, choice: Choice) -> Iterator[Found | Trouble]:
    archive, inside, within = source.partition(INSIDE)
    if inside and not os.path.lexists(source) and os.path.isfile(archive):
        yield Found(shown(os.path.normpath(archive)), Location(archive), os.path.basename(archive), True, within)
    elif not os.path.lexists(source) and glob.has_magic(source):
        matches = sorted(glob.iglob(source, recursive=True), key=os.fsencode)
        if not matches:
            nothing = SourceUnreadable(
                f"nothing matches {shown(source)}", "Check the pattern; `ls` shows what is there."
            )
            yield Trouble(shown(source), Location(source), nothing)
        for match in matches:
            yield from _walk(match, seen, choice)
    else:
        yield from _walk(source, seen, choice, named=True)


def _walk(top: str, seen: _Seen, choice: Choice, named: bool = False) -> Iterator[Found | Trouble]:
    """The file, or the files in the folder and in those below. Links are followed, but no folder is entered twice."""
    above = os.path.basename(os.path.normpath(top)) if named else top
    waiting = [(top, os.path.normpath(top), above)]
    while waiting:
        place, name, path = waiting.pop()
        if path and choice.leaves(path):
            continue
        try:
            kind = os.stat(place)
            if stat.S_ISDIR(kind.st_mode):
                if _identity(kind) not in seen:
                    seen[_identity(kind)] = name
                    below = "" if place == top else f"{path}/"
                    inner = sorted(os.listdir(place), key=os.fsencode, reverse=True)
                    waiting += [(os.path.join(place, one), _joined(name, one), below + one) for one in inner]
                elif seen[_identity(kind)] not in (None, name):
                    yield _again(name, place, seen[_identity(kind)])
                continue
        except (OSError, ValueError) as error:
            if choice.takes(path):
                yield Trouble(shown(name), Location(place), sopparse.unreadable(shown(name), error))
            continue
        if stat.S_ISREG(kind.st_mode):
            yield Found(shown(name), Location(place), path, named and place == top)
        else:
            none = SourceUnreadable(f"{shown(name)} is no file, but a device, a pipe or a socket", "Leave it out.")
            yield Trouble(shown(name), Location(place), none, ignored=not (named and place == top))


def _joined(name: str, below: str) -> str:
    return below if name == "." else os.path.join(name, below)


def _identity(kind: os.stat_result) -> tuple[int, int]:
    return kind.st_dev, kind.st_ino


def _again(name: str, place: str, first: str | None) -> Trouble:
    error = SourceUnreadable(
        f"{shown(name)} is the same folder as {shown(first or '')}, by a link", "Nothing to repair: it is read there."
    )
    return Trouble(shown(name) + "/", Location(place), error, ignored=True)


def _remote(source: str, out: str, choice: Choice) -> Iterator[Found | Trouble]:
    """The same behind a URL: an object, a pattern, or everything below."""
    url, _, within = source.partition(INSIDE)
    try:
        system, inner = file_system(url)
        tops = sorted(system.glob(inner)) if glob.has_magic(inner) else [inner]
        for top in tops:
            shown_top = url.rstrip("/") if top == inner else system.unstrip_protocol(top)
            yield from _remote_walk(system, top, shown_top, out, choice, inside=within, named=top == inner)
        if not tops:
            raise FileNotFoundError
    except SopError as error:
        yield Trouble(shown(source), Location(source), error)
    except FileNotFoundError:
        nothing = SourceUnreadable(f"there is nothing at {shown(source)}", "Check the URL.")
        yield Trouble(shown(source), Location(source), nothing)
    except Exception as error:
        # Each driver has errors of its own kind.
        failed = SourceUnreadable(f"{shown(source)}: {type(error).__name__}: {error}", "Check the URL and your rights.")
        yield Trouble(shown(source), Location(source), failed)


def _remote_walk(
    system: Any, top: str, url: str, out: str, choice: Choice, inside: str, named: bool
) -> Iterator[Found | Trouble]:
    waiting = [(system.info(top), url, "")]
    while waiting:
        entry, place, path = waiting.pop()
        if place == out or (path and choice.leaves(path)):
            continue
        if entry["type"] == "directory":
            found = sorted(system.ls(entry["name"], detail=True), key=lambda one: str(one["name"]), reverse=True)
            for one in found:
                last = PurePosixPath(str(one["name"])).name
                # Some stores list a folder in itself.
                if str(one["name"]).rstrip("/") != str(entry["name"]).rstrip("/"):
                    waiting.append((one, f"{place.rstrip('/')}/{last}", f"{path}/{last}" if path else last))
        else:
            yield Found(shown(place), Location(place), path or place, named and not path, inside)


def count(sources: Iterable[str], out: str, choice: Choice) -> int:
    """How many files there are; an archive counts as one."""
    return sum(1 for _ in listing(sources, out, choice))
