"""A crew of the workers of a Dask cluster.

Each worker does its tasks in processes of its own (`Processes`): a file has the same limits, second try and error as on
one machine, and the manifest is the same. What a lost worker had under way is given to another one.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic

from sopparse.batch.crew import Crew, Done, Futures, T
from sopparse.batch.names import local_path, shown
from sopparse.batch.processes import Limits, Processes
from sopparse.batch.store import PARTS, store_at
from sopparse.batch.work import Task, parser_version
from sopparse.errors import ClusterUnreachable, OutputUnwritable, SopError

CONNECT_SECONDS = 10.0
WORKERS_SECONDS = 30.0
CLOSE_SECONDS = 2.0
# Tasks under way for each thread of the cluster: one is done, others are on their way to it and back.
IN_FLIGHT = 4
# How often the workers are counted: they may come and go.
COUNT_SECONDS = 2.0
# Processes of earlier runs that were not told of their end.
IDLE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Terms:
    """What every worker is told of a run. `folder`: what relative paths start from; `out` as it was named."""

    run: str
    version: str
    folder: str
    out: str
    limits: Limits


@contextmanager
def cluster(address: str, work: Callable[[Task], T], out: str, limits: Limits) -> Iterator[Crew[T]]:
    """The crew behind the scheduler at `address`, for one run. Raises ClusterUnreachable where there is none."""
    client = _client(address)
    terms = Terms(secrets.token_hex(16), parser_version(), os.getcwd(), out, limits)
    try:
        yield _Cluster(client, work, terms)
    finally:
        store_at(out).remove(_sign(terms.run))
        _leave(client, terms.run)


def _leave(client: Any, run: str) -> None:
    """Ends what the run left on the workers. A cluster that does not answer is not waited for."""

    def leave() -> None:
        with suppress(Exception):
            if client.status == "running":
                client.run(release, run, on_error="ignore")
        with suppress(Exception):
            client.close(timeout=CLOSE_SECONDS)

    leaving = threading.Thread(target=leave, daemon=True)
    leaving.start()
    leaving.join(2 * CLOSE_SECONDS)


def _sign(run: str) -> str:
    """Lies in the folder of the results while a run goes on: a worker that does not find it there would put results
    into a folder of its own, where nobody looks for them."""
    return f"{PARTS}/cluster.{run}"


def _client(address: str) -> Any:
    try:
        import distributed
    except ImportError:
        raise ClusterUnreachable(
            "--cluster needs Dask, which is not installed", "pip install 'sopparse[cluster]'"
        ) from None
    try:
        open_client: Any = distributed.Client
        client = open_client(address, timeout=CONNECT_SECONDS, set_as_default=False, name="sopparse")
    except (OSError, ValueError) as error:
        raise ClusterUnreachable(
            f"there is no scheduler at {shown(address)}: {error}",
            "Start it: dask scheduler --port 8786; its address is tcp://HOST:8786",
        ) from None
    try:
        client.wait_for_workers(1, timeout=WORKERS_SECONDS)
    except (OSError, ValueError):
        client.close()
        raise ClusterUnreachable(
            f"the scheduler at {shown(address)} has no workers",
            f"Start some: dask worker {shown(address)} --nthreads 1",
        ) from None
    return client


class _Cluster(Generic[T]):
    here = False

    def __init__(self, client: Any, work: Callable[[Task], T], terms: Terms) -> None:
        self._client = client
        self._terms = terms
        self._signed = False
        # Not pure: a task that is given a second time must be done a second time.
        self._futures = _Futures(partial(supervised, work, terms), client.get_executor(pure=False), IN_FLIGHT)
        self._counted = 0.0

    def room(self) -> bool:
        now = time.monotonic()
        if now - self._counted > COUNT_SECONDS:
            with suppress(OSError):  # `finished` will hear of it.
                self._futures.in_flight = IN_FLIGHT * max(sum(self._client.nthreads().values()), 1)
            self._counted = now
        return self._futures.room()

    def submit(self, task: Task) -> None:
        if not self._signed:
            store_at(self._terms.out).write(_sign(self._terms.run), [b""])
            self._signed = True
        self._futures.submit(task)

    def finished(self, wait: bool) -> list[Done[T]]:
        try:
            return [_opened(done) for done in self._futures.finished(wait)]
        except CancelledError:
            raise ClusterUnreachable("the scheduler is gone", f"Start it and its workers. {_AGAIN}") from None

    def close(self) -> None:
        with suppress(Exception):
            self._futures.close()


_AGAIN = "Then run the same command again: nothing is lost."


class _Futures(Futures[Done[T] | SopError]):
    def _done(self, future: Future[Done[T] | SopError]) -> list[Done[Done[T] | SopError]]:
        from distributed.scheduler import KilledWorker

        error = future.exception()
        if error is None or isinstance(error, (KilledWorker, OSError)):
            return super()._done(future)
        # Not the file's fault: a worker that cannot even begin, for instance because it has no sopparse.
        raise ClusterUnreachable(
            f"a worker cannot do the work: {type(error).__name__}: {error}", f"Look at its log. {_AGAIN}"
        ) from error


def _opened(done: Done[Done[T] | SopError]) -> Done[T]:
    """What the worker made of a task."""
    if isinstance(done.value, SopError):
        raise done.value
    if done.value is None:
        return Done(done.task, None, done.error, done.ends)
    return replace(done.value, ends=(*done.ends, *done.value.ends))


# -- on the worker --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Own:
    """The processes of one thread of the worker for one run."""

    thread: int
    crew: Processes[Any]
    used: float


_OWN: dict[tuple[str, int], _Own] = {}
_LOCK = threading.Lock()
_SEEN: set[str] = set()


def supervised(work: Callable[[Task], T], terms: Terms, task: Task) -> Done[T] | SopError:
    """The task within its limits; an error instead where this worker cannot do any task of the run."""
    unfit = _unfit(terms, task)
    if unfit is not None:
        return unfit
    try:
        crew = _own(work, terms)
        crew.submit(task)
        while True:
            for done in crew.finished(wait=True):
                return done
    except SopError as error:
        release(terms.run)
        return error
    except OSError as error:
        return ClusterUnreachable(f"the worker on {socket.gethostname()}: {error}", f"Make room there. {_AGAIN}")


def _own(work: Callable[[Task], T], terms: Terms) -> Processes[T]:
    thread, now = threading.get_ident(), time.monotonic()
    with _LOCK:
        for key, old in [*_OWN.items()]:
            if old.thread == thread and key[0] != terms.run and now - old.used > IDLE_SECONDS:
                _OWN.pop(key).crew.close()
        own = _OWN.get((terms.run, thread))
        if own is None:
            own = _Own(thread, Processes(partial(in_folder, terms.folder, work), 1, terms.limits), now)
            _OWN[terms.run, thread] = own
        own.used = now
        return own.crew


def release(run: str) -> None:
    """Ends the processes of a run on this worker."""
    with _LOCK:
        for key in [key for key in _OWN if key[0] == run]:
            _OWN.pop(key).crew.close()


def in_folder(folder: str, work: Callable[[Task], T], task: Task) -> T:
    """Relative paths mean the same here as where the run was started."""
    if os.getcwd() != folder:
        with suppress(OSError):  # Then no path of the run is relative: `_unfit` saw to it.
            os.chdir(folder)
    return work(task)


def _unfit(terms: Terms, task: Task) -> SopError | None:
    host = socket.gethostname()
    if parser_version() != terms.version:
        return ClusterUnreachable(
            f"the worker on {host} has another sopparse: {parser_version()} instead of {terms.version}",
            "Install the same version there, and start the worker again.",
        )
    places = [path for path in (local_path(terms.out), local_path(task.location.url)) if path is not None]
    if not os.path.isdir(terms.folder) and not all(map(os.path.isabs, places)):
        return ClusterUnreachable(
            f"the worker on {host} has no folder {shown(terms.folder)}", "Name sources and OUT by URLs or full paths."
        )
    if not _sees(terms):
        return OutputUnwritable(
            f"the worker on {host} does not see {shown(terms.out)}", "Name a folder that all machines share, or a URL."
        )
    return None


def _sees(terms: Terms) -> bool:
    """Whether this worker writes to where the run looks for its results."""
    if terms.run not in _SEEN:
        out = local_path(terms.out)
        store = store_at(terms.out if out is None else os.path.join(terms.folder, out))
        if store.read(_sign(terms.run)) is None:
            return False
        _SEEN.add(terms.run)
    return True
