"""Who does the work: anyone who takes tasks while there is room, and gives back what became of them."""

from __future__ import annotations

import queue
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from sopparse.batch.work import Task
from sopparse.errors import MemoryExceeded, OutputUnwritable, ProcessEnded, SopError

T = TypeVar("T")
# A task on which a process died is tried so many times: the machine may have been at fault.
ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """A task after its turn: its value, or why there is none. `ends`: what ended the processes that tried it."""

    task: Task
    value: T | None
    error: SopError | None = None
    ends: tuple[str, ...] = ()


class Crew(Protocol[T]):
    # Whether the workers see the files of this machine.
    here: bool

    def room(self) -> bool:
        """Whether one more task can be taken: what is under way is bounded."""
        ...

    def submit(self, task: Task) -> None: ...

    def finished(self, wait: bool) -> list[Done[T]]:
        """What is finished. To wait is to return as soon as something is, or after a while without anything.

        Raises OutputUnwritable where going on makes no sense."""
        ...

    def close(self) -> None:
        """Ends what is under way."""
        ...


def no_memory(limit: str) -> MemoryExceeded:
    return MemoryExceeded(f"more memory than {limit}", "Raise --memory-limit, or cut the file into smaller ones.")


class Futures(Generic[T]):
    """A crew behind any executor of `concurrent.futures`: threads, a process pool, the workers of a cluster.

    It has no limits of its own: an executor cannot end what it has begun."""

    def __init__(self, work: Callable[[Task], T], executor: Executor, in_flight: int, here: bool = False) -> None:
        self.here = here
        self._work = work
        self._executor = executor
        self.in_flight = in_flight
        self._ends: dict[Future[T], tuple[Task, tuple[str, ...]]] = {}
        self._finished: queue.SimpleQueue[Future[T]] = queue.SimpleQueue()

    def room(self) -> bool:
        return len(self._ends) < self.in_flight

    def submit(self, task: Task) -> None:
        self._submit(task, ())

    def _submit(self, task: Task, ends: tuple[str, ...]) -> None:
        future = self._executor.submit(self._work, task)
        self._ends[future] = (task, ends)
        future.add_done_callback(self._finished.put)

    def finished(self, wait: bool) -> list[Done[T]]:
        found: list[Done[T]] = []
        try:
            future = self._finished.get(timeout=1.0) if wait else self._finished.get_nowait()
            while True:
                found.extend(self._done(future))
                future = self._finished.get_nowait()
        except queue.Empty:
            return found

    def _done(self, future: Future[T]) -> list[Done[T]]:
        task, ends = self._ends.pop(future)
        error = future.exception()
        if error is None:
            return [Done(task, future.result(), None, ends)]
        if isinstance(error, OutputUnwritable):
            raise error
        ends = (*ends, f"{type(error).__name__}: {error}")
        if len(ends) < ATTEMPTS:
            self._submit(task, ends)
            return []
        if isinstance(error, MemoryError):
            return [Done(task, None, no_memory("the process had"), ends)]
        ended = ProcessEnded(ends[-1], "Try the file alone; look at the log of the worker.")
        return [Done(task, None, ended, ends)]

    def close(self) -> None:
        for future in self._ends:
            future.cancel()
