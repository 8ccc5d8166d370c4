"""Where results go: a folder or what fsspec knows by a URL. Whatever is written is there as a whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any, Protocol

from sopparse.batch.names import local_path, shown
from sopparse.batch.places import file_system
from sopparse.errors import OutputUnwritable

# Half-written files: all in one folder, so that those of a killed run are found and taken away.
PARTS = ".parts"
LOCK = ".lock"


class Store(Protocol):
    """Paths are relative, with `/` between."""

    def read(self, path: str) -> bytes | None: ...

    def lines(self, path: str) -> Iterator[bytes]: ...

    def write(self, path: str, content: Iterable[bytes]) -> None: ...

    def names(self, folder: str) -> list[str]: ...

    def remove(self, path: str) -> None: ...


def store_at(out: str) -> Store:
    path = local_path(out)
    return _remote_at(out.rstrip("/")) if path is None else Folder(os.path.abspath(path))


# A process writes to one place, or to a few.
@lru_cache(maxsize=8)
def _remote_at(url: str) -> Remote:
    return Remote(*file_system(url))


def _unwritable(place: str, error: BaseException) -> OutputUnwritable:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else f"{type(error).__name__}: {error}"
    return OutputUnwritable(
        f"{shown(place)}: {reason}", "Make room there, or name another folder; then run the command again."
    )


class Folder:
    """A folder of this machine (or of a network disk that looks like one)."""

    def __init__(self, path: str) -> None:
        self.path = path

    def read(self, path: str) -> bytes | None:
        try:
            with open(os.path.join(self.path, path), "rb") as file:
                return file.read()
        except OSError:
            return None

    def lines(self, path: str) -> Iterator[bytes]:
        with suppress(FileNotFoundError), open(os.path.join(self.path, path), "rb") as file:
            yield from file

    def write(self, path: str, content: Iterable[bytes]) -> None:
        target = os.path.join(self.path, path)
        part = os.path.join(self.path, PARTS, f"{os.path.basename(path)}.{os.getpid()}")
        try:
            try:
                _write_through(part, content)
            except FileNotFoundError:
                os.makedirs(os.path.dirname(part), exist_ok=True)
                _write_through(part, content)
            try:
                os.replace(part, target)
            except FileNotFoundError:
                os.makedirs(os.path.dirname(target), exist_ok=True)
                os.replace(part, target)
        except OSError as error:
            with suppress(OSError):
                os.unlink(part)
            raise _unwritable(target, error) from None

    def names(self, folder: str) -> list[str]:
        try:
            return sorted(os.listdir(os.path.join(self.path, folder)))
        except OSError:
            return []

    def remove(self, path: str) -> None:
        with suppress(OSError):
            os.unlink(os.path.join(self.path, path))


def _write_through(part: str, content: Iterable[bytes]) -> None:
    """To the disk itself: a name must never stand for less than the whole, whatever happens to the machine."""
    with open(part, "wb") as file:
        file.writelines(content)
        file.flush()
        os.fsync(file.fileno())


class Remote:
    """A place behind a URL. Object stores put an object in place when it is complete; what another kind of store was
    left with when a run was killed is seen to be torn by the next."""

    def __init__(self, system: Any, path: str) -> None:
        self.system = system
        self.path = path

    def read(self, path: str) -> bytes | None:
        with suppress(FileNotFoundError), self._reached(path) as place:
            content: bytes = self.system.cat_file(place)
            return content
        return None

    def lines(self, path: str) -> Iterator[bytes]:
        with suppress(FileNotFoundError), self._reached(path) as place, self.system.open(place, "rb") as file:
            yield from file

    def write(self, path: str, content: Iterable[bytes]) -> None:
        with self._reached(path) as place:
            if isinstance(content, list):
                self.system.pipe_file(place, b"".join(content))
                return
            # Closing a file behind a URL puts it in place, even where its content ended with an error.
            with tempfile.NamedTemporaryFile() as copy:
                copy.writelines(content)
                copy.flush()
                self.system.put_file(copy.name, place)

    def names(self, folder: str) -> list[str]:
        self.system.invalidate_cache()
        with suppress(FileNotFoundError), self._reached(folder) as place:
            return sorted(str(name).rpartition("/")[2] for name in self.system.ls(place, detail=False))
        return []

    def remove(self, path: str) -> None:
        with suppress(FileNotFoundError), self._reached(path) as place:
            self.system.rm_file(place)

    @contextmanager
    def _reached(self, path: str) -> Iterator[str]:
        place = f"{self.path}/{path}"
        try:
            yield place
        except FileNotFoundError:
            raise
        except Exception as error:
            # Each driver has errors of its own kind.
            raise _unwritable(place, error) from None


@contextmanager
def alone(out: str) -> Iterator[Store]:
    """The store for one run. A second run on this machine is refused; what killed runs and workers left half-written is
    taken away."""
    path = local_path(out)
    if path is None:
        yield store_at(out)
        return
    import fcntl

    try:
        os.makedirs(os.path.join(path, PARTS), exist_ok=True)
        lock = os.open(os.path.join(path, LOCK), os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputUnwritable(
                f"{shown(path)}: another run writes to it now", "Wait until it is done, or name another folder."
            ) from None
        except OSError:
            pass  # A network disk that knows no locks.
        store = store_at(out)
        _clear(store)
        try:
            yield store
        finally:
            _clear(store)
    finally:
        os.close(lock)


def _clear(store: Store) -> None:
    for name in store.names(PARTS):
        store.remove(f"{PARTS}/{name}")
