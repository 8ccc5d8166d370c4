"""A worker process: takes tasks from a pipe, one at a time, and answers each. `Processes` starts and ends it."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from sopparse.errors import SopError, Unexpected

READY, VALUE, ERROR, NO_MEMORY = "ready", "value", "error", "no memory"


def serve(pipe: int, alive: int, memory: int | None) -> None:
    """Answers until the pipe is closed. `memory` (bytes) bounds this process, and each that it starts."""
    threading.Thread(target=_follow, args=(alive,), daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection: Connection[Any, Any] = Connection(pipe)
    with suppress(EOFError, OSError):
        # Loads the parser with it.
        work = connection.recv()
        # What is loaded now stays: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        if memory is not None:
            _bound(memory)
        connection.send((READY, None))
        while True:
            connection.send(_answer(work, connection.recv_bytes()))


def _answer(work: Any, data: bytes) -> tuple[str, Any]:
    try:
        return VALUE, work(pickle.loads(data))
    except MemoryError:
        return NO_MEMORY, None
    except SopError as error:
        return ERROR, error
    except Exception as error:
        return ERROR, Unexpected.of(error)


def _bound(memory: int) -> None:
    """Data, not address space: libraries reserve far more addresses than they ever fill."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (memory if most < 0 else min(memory, most), most))


def _follow(alive: int) -> None:
    """Ends with whoever started this process, with everything that this one started."""
    with suppress(OSError):
        os.read(alive, 1)
    os.killpg(os.getpgrp(), signal.SIGKILL)
