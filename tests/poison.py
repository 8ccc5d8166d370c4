"""Work that does to a worker what bad files do: `poisoned` is the real work, but for contents that name a poison."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from sopparse.batch.work import Task, work
from sopparse.manifest import Line

# Longer than any test.
FOREVER = 600


def poisoned(task: Task) -> Line:
    first, *_ = Path(task.spooled or task.location.url).read_bytes().splitlines() or [b""]
    name, _, rest = first.partition(b":")
    if name == b"hang":
        time.sleep(FOREVER)
    elif name == b"child":
        # A program that the reading starts, as Tesseract is; it says where it can be found.
        sleeper = subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({FOREVER})"])
        Path(os.fsdecode(rest)).write_text(str(sleeper.pid))
        sleeper.wait()
    elif name == b"segfault":
        ctypes.string_at(0)
    elif name == b"memory":
        _ = [bytes(1 << 20) for _ in range(1 << 14)]
    elif name == b"leave":
        os._exit(7)
    elif name == b"once" and not Path(os.fsdecode(rest)).exists():
        Path(os.fsdecode(rest)).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    elif name == b"fault":
        raise ZeroDivisionError("division by zero")
    return work(task)
