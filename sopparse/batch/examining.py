"""What a file is, before anyone parses it: a document with its digest, an archive of documents, or neither."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import IO

from sopparse.batch.listing import INSIDE, Choice, Found, Trouble
from sopparse.batch.names import local_path, shown
from sopparse.batch.places import CHUNK, MOST_DEPTH, Budget, Location, archive_in, is_zip, member, opened, unpacked
from sopparse.errors import OutputUnwritable, SopError, SourceNotText, SourceTooLarge, SourceUnreadable
from sopparse.readers import is_document, limit_of, too_large

# How much of a file tells its kind.
HEAD = 4096
# Files behind URLs that are fetched at a time, and that may wait until they are parsed.
FETCHED_AT_ONCE = 8
FETCHED_AHEAD = 16


@dataclass(frozen=True, slots=True)
class Document:
    """A source that can be parsed. `spooled` is a copy on this machine of what is not a file here."""

    name: str
    location: Location
    sha256: str
    size: int
    spooled: str | None = None


class Spool:
    """Copies of what is behind URLs or in archives, for processes of this machine; gone at the end."""

    def __init__(self) -> None:
        try:
            self._folder = tempfile.mkdtemp(prefix="sopparse-")
        except OSError as error:
            raise _no_room(error) from None

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def copy(self) -> Iterator[IO[bytes]]:
        """A new file, kept if it could be filled."""
        try:
            number, path = tempfile.mkstemp(dir=self._folder)
        except OSError as error:
            raise _no_room(error) from None
        os.close(number)
        try:
            with open(path, "wb") as file:
                yield file
        except BaseException:
            os.unlink(path)
            raise

    def drop(self, copy: str | None) -> None:
        if copy is not None:
            os.unlink(copy)


def _no_room(error: OSError) -> OutputUnwritable:
    place = tempfile.gettempdir()
    return OutputUnwritable(
        f"{place}: {error.strerror}", "Make room there, or set TMPDIR to another folder, and run the command again."
    )


_Look = list[Document | Trouble] | None


def examined(items: Iterable[Found | Trouble], choice: Choice, spool: Spool | None) -> Iterator[Document | Trouble]:
    """Every document in the files, in order. Without a spool nothing is copied."""
    with ThreadPoolExecutor(FETCHED_AT_ONCE) as threads:
        waiting: deque[tuple[Found | Trouble, Future[_Look] | None]] = deque()
        try:
            for item in items:
                remote = isinstance(item, Found) and local_path(item.location.url) is None
                waiting.append((item, threads.submit(_look, item, choice, spool) if remote else None))
                # What is here needs no fetching ahead.
                while waiting and (waiting[0][1] is None or len(waiting) > FETCHED_AHEAD):
                    yield from _all_in(*waiting.popleft(), choice, spool)
            while waiting:
                yield from _all_in(*waiting.popleft(), choice, spool)
        finally:
            for _, future in waiting:
                if future is not None:
                    future.cancel()


def _all_in(
    item: Found | Trouble, future: Future[_Look] | None, choice: Choice, spool: Spool | None
) -> Iterator[Document | Trouble]:
    look = _look(item, choice, spool) if future is None else future.result()
    if look is not None:
        yield from look
    elif isinstance(item, Found):
        try:
            with opened(item.location.url) as file:
                budget = Budget(file.seek(0, io.SEEK_END))
                file.seek(0)
                archive = archive_in(file, item.name)
                if archive is not None:
                    yield from _members(archive, item, budget, choice, spool)
        except SopError as error:
            yield Trouble(item.name, item.location, error)


def _look(item: Found | Trouble, choice: Choice, spool: Spool | None) -> _Look:
    """What a file is; None where it is an archive."""
    if isinstance(item, Trouble):
        return [item]
    try:
        with opened(item.location.url) as file:
            if archive_in(file, item.name) is not None:
                return None
            if item.inside:
                raise SourceNotText(f"{item.name} is no ZIP archive", f"Name it without {INSIDE}{item.inside}")
            if not choice.takes(item.path):
                return []
            copied = spool if local_path(item.location.url) is None else None
            return [_document(file, item, copied, None)]
    except OutputUnwritable:
        raise
    except SopError as error:
        return [Trouble(item.name, item.location, error)] if choice.takes(item.path) else []


def _members(
    archive: zipfile.ZipFile, outer: Found, budget: Budget, choice: Choice, spool: Spool | None
) -> Iterator[Document | Trouble]:
    count: dict[str, int] = {}
    met = False
    for index, info in enumerate(archive.infolist()):
        count[info.filename] = times = count.get(info.filename, 0) + 1
        rest = _rest(outer.inside, info.filename)
        if info.is_dir() or rest is None:
            continue
        met = True
        again = f" ({times})" if times > 1 else ""
        found = Found(
            f"{outer.name}{INSIDE}{shown(info.filename)}{again}",
            replace(outer.location, members=(*outer.location.members, index)),
            f"{outer.path}{INSIDE}{info.filename}",
            named=bool(outer.inside) and rest == "",
            inside=rest,
        )
        if not choice.leaves(found.path):
            yield from _member(archive, info, found, budget, choice, spool)
    if outer.inside and not met:
        nothing = SourceUnreadable(f"there is no {shown(outer.inside)} in {outer.name}", "List it: unzip -l")
        yield Trouble(f"{outer.name}{INSIDE}{shown(outer.inside)}", outer.location, nothing)


def _rest(inside: str, name: str) -> str | None:
    """What is still to be looked for in a member, where all at or below `inside` is wanted; None: it is not wanted."""
    if not inside or name == inside or name.startswith(inside.rstrip("/") + "/"):
        return ""
    return inside.removeprefix(name + INSIDE) if inside.startswith(name + INSIDE) else None


def _member(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    found: Found,
    budget: Budget,
    choice: Choice,
    spool: Spool | None,
) -> Iterator[Document | Trouble]:
    try:
        with member(archive, info, found.name) as file:
            packed = is_zip(file.read(4))
            file.seek(0)
            if not packed:
                looked = [_document(file, found, spool, budget)] if choice.takes(found.path) else []
            elif len(found.location.members) > MOST_DEPTH:
                raise SourceTooLarge(f"{found.name}: archives in archives in archives", "Unpack the outer ones.")
            else:
                with unpacked(file, budget, found.name) as copy:
                    inner = archive_in(copy, found.name)
                    if inner is not None:
                        yield from _members(inner, found, budget, choice, spool)
                        return
                    looked = [_document(copy, found, spool, None)] if choice.takes(found.path) else []
    except OutputUnwritable:
        raise
    except SopError as error:
        looked = [Trouble(found.name, found.location, error)] if choice.takes(found.path) else []
    yield from looked


def _document(file: IO[bytes], found: Found, spool: Spool | None, budget: Budget | None) -> Document | Trouble:
    """Reads the file to its end, as far as documents of its kind go."""
    chunk = file.read(CHUNK)
    if not found.named and not is_document(chunk[:HEAD]):
        other = SourceNotText(f"{found.name}: neither text nor a known kind of document", "Leave it out: --exclude")
        return Trouble(found.name, found.location, other, ignored=True)
    most, size, digest = limit_of(chunk), 0, hashlib.sha256()
    with spool.copy() if spool is not None else nullcontext() as copy:
        while chunk:
            size += len(chunk)
            digest.update(chunk)
            if budget is not None:
                budget.spend(len(chunk))
            if size > most:
                raise too_large(found.name, most)
            if copy is not None:
                _write(copy, chunk)
            chunk = file.read(CHUNK)
    return Document(found.name, found.location, digest.hexdigest(), size, copy.name if copy is not None else None)


def _write(copy: IO[bytes], chunk: bytes) -> None:
    try:
        copy.write(chunk)
    except OSError as error:
        raise _no_room(error) from None
