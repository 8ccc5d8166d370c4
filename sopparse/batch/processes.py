"""A crew of own processes, each file within its limits: one that hangs, crashes or eats memory costs that file only."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as first_of
from typing import Any, Generic

from sopparse.batch.crew import ATTEMPTS, Done, T, no_memory
from sopparse.batch.work import Task
from sopparse.batch.worker import ERROR, NO_MEMORY, READY, VALUE
from sopparse.errors import OutputUnwritable, ProcessEnded, SopError, TimeExceeded, Unexpected

# Reading takes at most so long, and for each MB so much longer. A generated scan has 0.2 MB and takes 3 s, 200 pages of
# drawn charts have 1.6 MB and take 23 s; real pages are up to ten times slower, and machines, too.
SECONDS = 300.0
SECONDS_PER_MB = 150.0
# A page of text takes 0.1 GB, 200 pages of drawn charts take 0.3, the largest picture that is read takes 1.5.
MEMORY = 2 << 30
# Importing the parser takes 1 s, on a busy machine some.
START_SECONDS = 120.0
STARTS = 3
# Tasks are handed out ahead for so long, so that no worker waits for the next small file; those of slow files are not,
# so that at the end no worker has several of them while others have none.
AHEAD_SECONDS = 0.2
MOST_AHEAD = 16
# What surely fits into a pipe beside others. Larger tasks go only to a worker that is waiting for one.
SMALL_TASK = 4096
# Own import path, so that a script, a notebook or a test can be the parent.
_START = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from sopparse.batch.worker import serve
serve(*json.loads(sys.argv[2]))
"""
# One thread each: the workers are as many as the cores.
_ONE_THREAD = ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")


@dataclass(frozen=True, slots=True)
class Limits:
    """For each file. Without `seconds` it is SECONDS and more for large files; `memory` in bytes, None: no limit."""

    seconds: float | None = None
    memory: int | None = MEMORY

    def seconds_for(self, size: int) -> float:
        return SECONDS + SECONDS_PER_MB * size / 2**20 if self.seconds is None else self.seconds


@dataclass(frozen=True, slots=True)
class _Job:
    task: Task
    data: bytes
    ends: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class _Worker:
    """`jobs` are in its pipe, the first of them under way since `since`."""

    process: subprocess.Popen[bytes]
    connection: Connection[Any, Any]
    since: float
    ready: bool = False
    jobs: deque[_Job] = field(default_factory=deque)


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Processes(Generic[T]):
    """Supervises `workers` processes that do `work`, a function of a module. They are started when they are needed."""

    here = True

    def __init__(self, work: Callable[[Task], T], workers: int, limits: Limits | None = None) -> None:
        self._work = work
        self._most = workers
        self._limits = limits or Limits()
        self._workers: list[_Worker] = []
        self._waiting: deque[_Job] = deque()
        self._pace = AHEAD_SECONDS
        self._failed_starts = 0
        # Nothing is ever written to it: whoever reads it learns that this process is gone.
        self._pipes: list[int] = []
        # What a killed process leaves behind is taken away with it.
        self._temporary = tempfile.TemporaryDirectory(prefix="sopparse-", ignore_cleanup_errors=True)

    def room(self) -> bool:
        if self._waiting:
            return False
        return len(self._workers) < self._most or any(len(w.jobs) < self._ahead() for w in self._workers)

    def submit(self, task: Task) -> None:
        self._waiting.append(_Job(task, pickle.dumps(task)))
        self._hand_out()

    def finished(self, wait: bool) -> list[Done[T]]:
        done: list[Done[T]] = []
        busy = [worker for worker in self._workers if worker.jobs or not worker.ready]
        if busy:
            patience = min(min(map(self._deadline, busy)) - time.monotonic(), 1.0) if wait else 0.0
            heard = first_of([worker.connection for worker in busy], max(patience, 0.0))
            for worker in busy:
                if worker.connection in heard:
                    self._hear(worker, done)
                elif time.monotonic() > self._deadline(worker):
                    self._late(worker, done)
        self._hand_out()
        return done

    def close(self) -> None:
        for worker in [*self._workers]:
            self._end(worker)
        while self._pipes:
            os.close(self._pipes.pop())
        self._temporary.cleanup()

    # -- handing out ------------------------------------------------------------------------------------------------

    def _ahead(self) -> int:
        return max(1, min(MOST_AHEAD, int(AHEAD_SECONDS / max(self._pace, 1e-6))))

    def _hand_out(self) -> None:
        while self._waiting:
            worker = self._free(self._waiting[0])
            if worker is None:
                return
            job = self._waiting.popleft()
            if not worker.jobs:
                worker.since = time.monotonic()
            worker.jobs.append(job)
            try:
                worker.connection.send_bytes(job.data)
            except OSError:
                return  # It is dead; `finished` will hear of it.

    def _free(self, job: _Job) -> _Worker | None:
        """Who takes the job next. What ended a process before has the next one for itself."""
        idle = [worker for worker in self._workers if not worker.jobs]
        if idle:
            return idle[0]
        if len(self._workers) < self._most:
            return self._start()
        if job.ends or len(job.data) > SMALL_TASK:
            return None
        open_ones = [worker for worker in self._workers if not worker.jobs[0].ends]
        least = min(open_ones, key=lambda worker: len(worker.jobs), default=None)
        return least if least is not None and len(least.jobs) < self._ahead() else None

    def _start(self) -> _Worker:
        ours, theirs = Pipe()
        self._pipes = self._pipes or [*os.pipe()]
        pipes = (theirs.fileno(), self._pipes[0])
        process = subprocess.Popen(
            [sys.executable, "-c", _START, json.dumps(sys.path), json.dumps([*pipes, self._limits.memory])],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=pipes,
            # A session of its own: Ctrl-C does not reach it, and all that it starts can be ended with it.
            start_new_session=True,
            env={**os.environ, **dict.fromkeys(_ONE_THREAD, "1"), "TMPDIR": self._temporary.name},
        )
        theirs.close()
        worker = _Worker(process, ours, time.monotonic())
        self._workers.append(worker)
        ours.send(self._work)
        return worker

    # -- answers ----------------------------------------------------------------------------------------------------

    def _hear(self, worker: _Worker, done: list[Done[T]]) -> None:
        try:
            while worker.connection.poll():
                kind, value = worker.connection.recv()
                if kind == NO_MEMORY:
                    self._lost(worker, done, "no memory", lambda: no_memory(_megabytes(self._limits.memory)))
                    return
                self._answered(worker, done, kind, value)
        except (EOFError, OSError):
            reason = self._reason(worker)
            self._lost(worker, done, reason, lambda: ended(reason))

    def _answered(self, worker: _Worker, done: list[Done[T]], kind: str, value: Any) -> None:
        now = time.monotonic()
        if kind == READY:
            worker.ready, self._failed_starts = True, 0
        else:
            self._pace += (now - worker.since - self._pace) / 8
            job = worker.jobs.popleft()
            if kind == ERROR and isinstance(value, OutputUnwritable):
                raise value
            error = value if kind == ERROR else None
            done.append(Done(job.task, value if kind == VALUE else None, error, job.ends))
        worker.since = now

    def _deadline(self, worker: _Worker) -> float:
        allowed = self._limits.seconds_for(worker.jobs[0].task.size) if worker.ready else START_SECONDS
        return worker.since + allowed

    def _late(self, worker: _Worker, done: list[Done[T]]) -> None:
        allowed = self._deadline(worker) - worker.since
        late = TimeExceeded(f"more than {allowed:.0f} seconds", "Raise --timeout, or cut the file into smaller ones.")
        self._lost(worker, done, "took too long", lambda: late)

    def _lost(self, worker: _Worker, done: list[Done[T]], reason: str, error: Callable[[], SopError]) -> None:
        """Ends the worker. Only the job that was under way is blamed; the others behind it wait for another worker."""
        self._end(worker)
        jobs = [*worker.jobs]
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= STARTS:
                raise Unexpected(
                    f"no worker can be started: the last one {reason}",
                    "Check the installation, or raise --memory-limit.",
                )
        elif jobs:
            job = jobs.pop(0)
            ends = (*job.ends, reason)
            if len(ends) < ATTEMPTS:
                jobs.append(_Job(job.task, job.data, ends))
            else:
                done.append(Done(job.task, None, error(), ends))
        self._waiting.extendleft(reversed(jobs))

    def _reason(self, worker: _Worker) -> str:
        code = worker.process.wait()
        if code >= 0:
            return f"ended with code {code}"
        try:
            return f"was ended by {signal.Signals(-code).name}"
        except ValueError:
            return f"was ended by signal {-code}"

    def _end(self, worker: _Worker) -> None:
        """With everything that it started: the group is ended while its first process still holds its number."""
        self._workers.remove(worker)
        try:
            os.killpg(worker.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            worker.process.kill()
        worker.process.wait()
        worker.connection.close()


def ended(reason: str) -> ProcessEnded:
    return ProcessEnded(f"the process {reason}", "Look at the file in a viewer; if it is in order, please report it.")


def _megabytes(memory: int | None) -> str:
    return "the machine has" if memory is None else f"{memory >> 20} MB"
