"""Where the bytes of a source are: in a file, behind a URL, inside of archives inside of those."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, Any

import sopparse
from sopparse.batch.names import local_path, shown
from sopparse.errors import EngineMissing, SopError, SourceTooLarge, SourceUnreadable
from sopparse.readers import MAX_PDF_BYTES

ZIP = b"PK"
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
# Archives inside of archives are opened to this depth.
MOST_DEPTH = 3
# An archive may grow to so many times its size, or to so many bytes if that is more: scans hardly shrink, texts shrink
# to a tenth, long tables of one word to a fiftieth; bombs begin above a thousand.
MOST_GROWTH = 200
FREE_GROWTH = 1 << 30
# The list of members is held in memory, at ten times its size in the file.
MOST_LISTED = 64 << 20
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Location:
    """A path or URL; for a member of an archive also its place there, and so on inwards (counted from 0)."""

    url: str
    members: tuple[int, ...] = ()


class Budget:
    """How many bytes may still come out of an archive and the archives in it."""

    def __init__(self, size: int) -> None:
        self.left = max(size * MOST_GROWTH, FREE_GROWTH)

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise SourceTooLarge(
                "the archive it is in grows out of all proportion when it is unpacked",
                "Unpack the archive by hand, if you trust it, and name the folder.",
            )


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Whatever reading can meet, as an error with a next step."""
    try:
        yield
    except zipfile.BadZipFile:
        raise SourceUnreadable(
            f"{name}: the archive is damaged", "Get the archive again, or repair it: zip -FF"
        ) from None
    except (zlib.error, lzma.LZMAError, EOFError, struct.error):
        raise SourceUnreadable(f"{name}: this part of the archive is damaged", "Get the archive again.") from None
    except NotImplementedError:
        raise SourceUnreadable(
            f"{name}: packed in a way that cannot be unpacked here", "Unpack the archive with the program that made it."
        ) from None
    except (OSError, ValueError) as error:
        raise sopparse.unreadable(name, error) from None


@contextmanager
def opened(url: str) -> Iterator[IO[bytes]]:
    """The file at a path or URL."""
    path = local_path(url)
    with reading(shown(url)):
        if path is not None:
            with open(path, "rb") as file:
                yield file
        else:
            system, inner = file_system(url)
            with system.open(inner, "rb") as file:
                yield file


def file_system(url: str) -> tuple[Any, str]:
    """The fsspec file system of a URL, and the path in it. Raises EngineMissing where its driver is not installed."""
    import fsspec

    try:
        return fsspec.core.url_to_fs(url)  # type: ignore[no-any-return]
    except ImportError as error:
        raise EngineMissing(
            f"{shown(url)}: {error}", "Install the driver beside sopparse, for s3:// for instance: pip install s3fs"
        ) from None
    except ValueError as error:
        raise SourceUnreadable(f"{shown(url)}: {error}", "Check the URL.") from None


def archive_in(file: IO[bytes], name: str) -> zipfile.ZipFile | None:
    """The archive in an opened file; None where it is another kind of file, or an office document."""
    if not is_zip(file.read(4)):
        file.seek(0)
        return None
    if _listed_bytes(file) > MOST_LISTED:
        raise SourceTooLarge(f"{name}: the archive lists too many files", "Unpack it, and name the folder.")
    file.seek(0)
    with reading(name):
        archive = zipfile.ZipFile(file)
    names = archive.NameToInfo
    if "[Content_Types].xml" in names or "mimetype" in names:
        file.seek(0)
        return None
    return archive


def is_zip(head: bytes) -> bool:
    return head.startswith(_ZIP_STARTS)


def _listed_bytes(file: IO[bytes]) -> int:
    """The size of the list at the end of a ZIP file, as its end says (PKWARE APPNOTE 4.3.16 and 4.3.14)."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(size - (1 << 16) - 22 - 76, 0))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        return 0
    listed: int = struct.unpack_from("<L", tail, end + 12)[0]
    large = tail.rfind(b"PK\x06\x06", 0, end)
    if listed == 0xFFFFFFFF and large >= 0 and len(tail) >= large + 48:
        listed = struct.unpack_from("<Q", tail, large + 40)[0]
    return listed


@contextmanager
def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Iterator[IO[bytes]]:
    if info.flag_bits & 1:
        raise SourceUnreadable(
            f"{name}: this part of the archive is locked with a password", "Unpack the archive, and name the folder."
        )
    with reading(name), archive.open(info) as file:
        yield file


@contextmanager
def unpacked(file: IO[bytes], budget: Budget, name: str) -> Iterator[IO[bytes]]:
    """An archive inside of an archive, as a file in which one can go back and forth."""
    from tempfile import SpooledTemporaryFile

    with SpooledTemporaryFile(CHUNK * 16) as copy:
        copied = 0
        while chunk := file.read(CHUNK):
            budget.spend(len(chunk))
            copied += len(chunk)
            if copied > MAX_PDF_BYTES:
                raise SourceTooLarge(f"{name}: an archive in an archive, and too large", "Unpack the outer archive.")
            copy.write(chunk)
        copy.seek(0)
        yield copy


def content_at(location: Location, name: str, most: Callable[[bytes], int]) -> bytes:
    """The bytes of a source, up to one more than `most` says of their beginning."""
    with ExitStack() as stack:
        file = stack.enter_context(opened(location.url))
        budget = Budget(file.seek(0, io.SEEK_END)) if location.members else None
        for depth, index in enumerate(location.members):
            assert budget is not None
            if depth:
                file = stack.enter_context(unpacked(file, budget, name))
            else:
                file.seek(0)
            archive = archive_in(file, name)
            if archive is None or index >= len(archive.infolist()):
                raise changed(name)
            file = stack.enter_context(member(archive, archive.infolist()[index], name))
        head = file.read(CHUNK)
        return head + file.read(max(most(head) + 1 - len(head), 0))


def changed(name: str) -> SopError:
    return SourceUnreadable(f"{name}: changed while the archive was read", "Run the same command again.")
