"""The unit of work: one source, from its bytes to its result in the store. Any process of any machine can do it."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from pydantic import ValidationError

import sopparse
from sopparse import pipeline
from sopparse.batch.examining import Document
from sopparse.batch.names import local_path, quoted
from sopparse.batch.places import Location, content_at
from sopparse.batch.store import Store, store_at
from sopparse.errors import OutputUnwritable, SopError, SourceUnreadable, Unexpected
from sopparse.manifest import Findings, Line
from sopparse.model import Failure, Result
from sopparse.readers import limit_of

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


# Rooms on which no result depends.
_AFTER = ("batch", "cli", "compare", "corpus", "corrections", "evaluate", "export", "lint", "review", "show")

_USUAL = pipeline.Options()


@dataclass(frozen=True, slots=True)
class Task:
    """One content under the first of its names. `size` in bytes; `spooled`: a copy on this machine; `earlier`: the key
    of another result of it, whose corrections live on."""

    name: str
    location: Location
    sha256: str
    size: int
    key: str = ""
    out: str = ""
    formats: tuple[str, ...] = ()
    options: pipeline.Options = _USUAL
    spooled: str | None = None
    earlier: str | None = None


def task_of(document: Document, options: pipeline.Options) -> Task:
    """The task of a source whose result goes nowhere yet."""
    one = document
    return Task(one.name, one.location, one.sha256, one.size, options=options, spooled=one.spooled)


@cache
def parser_version() -> str:
    """The version, with a digest of the program and its vocabulary: who changes either gets new results."""
    digest = hashlib.sha256()
    for name, content in _program(files(sopparse), ""):
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return f"{sopparse.__version__}+{digest.hexdigest()[:12]}"


def _program(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir() and (path or entry.name not in _AFTER) and entry.name != "__pycache__":
            yield from _program(entry, f"{path}{entry.name}/")
        elif entry.name.endswith((".py", ".toml", ".csv")):
            yield path + entry.name, entry.read_bytes()


def key_of(sha256: str, options: pipeline.Options) -> str:
    """What makes a result: the content, the parser, the options."""
    parts = (sha256, parser_version(), json.dumps(asdict(options), sort_keys=True))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def result_path(key: str) -> str:
    return f"results/{key[:2]}/{key}.json"


def work(task: Task) -> Line:
    """The line of a source, after its result is in the store; a whole one that is there already is kept.

    Raises OutputUnwritable and MemoryError; every other failure is in the line."""
    begin = time.perf_counter()
    store = store_at(task.out)
    try:
        result = _kept(store, task.key)
        fresh = result is None
        if result is None:
            try:
                content = content_of(task)
            except SopError as error:
                # What could not be fetched may be there next time: without a key, this does not stand.
                return failed(replace(task, key=""), error, time.perf_counter() - begin)
            result = _corrected(store, task, parsed(task, content))
            store.write(result_path(task.key), [result.model_dump_json(by_alias=True).encode(), b"\n"])
        exports = tuple(_exported(store, task, result, fresh))
    except (OutputUnwritable, MemoryError):
        raise
    except SopError as error:
        return failed(task, error, time.perf_counter() - begin)
    return _done(task, result, exports, time.perf_counter() - begin if fresh else None)


def _kept(store: Store, key: str) -> Result | None:
    content = store.read(result_path(key))
    if content is None:
        return None
    try:
        return Result.model_validate_json(content)
    except ValidationError:
        return None


def parsed(task: Task, content: bytes) -> Result:
    """The result of a source. Whatever goes wrong is a SopError, but for MemoryError."""
    name = task.name.rpartition("/")[2] or task.name
    try:
        return pipeline.parse(content, name, task.options)
    except (SopError, MemoryError):
        raise
    except Exception as error:
        if _lacks_memory(error):
            raise MemoryError from error
        raise Unexpected.of(error) from error


def _corrected(store: Store, task: Task, result: Result) -> Result:
    """With what people corrected in an earlier result of the same content."""
    before = None if task.earlier is None else store.read(result_path(task.earlier))
    if before is None:
        return result
    from sopparse.corrections import reapply
    from sopparse.corrections.earlier import corrections_in

    _, operations = corrections_in(before, task.name)
    return reapply(result, operations, task.options.minutes_per_day).result if operations else result


def content_of(task: Task) -> bytes:
    here = task.spooled or (None if task.location.members else local_path(task.location.url))
    if here is not None:
        content, _ = sopparse.content_of(here)
    else:
        content = content_at(task.location, task.name, limit_of)
    if hashlib.sha256(content).hexdigest() != task.sha256:
        raise SourceUnreadable(f"{task.name}: changed while it was read", "Run the same command again.")
    return content


def _lacks_memory(error: Exception) -> bool:
    """OpenCV says in its own way that there is no memory."""
    import sys

    cv2 = sys.modules.get("cv2")
    return cv2 is not None and isinstance(error, cv2.error) and error.code == cv2.Error.StsNoMem


def _done(task: Task, result: Result, exports: tuple[str, ...], seconds: float | None) -> Line:
    severities: list[str] = [finding.severity for finding in result.report.findings]
    return Line(
        name=task.name,
        status="done",
        sha256=task.sha256,
        key=task.key,
        result=result_path(task.key),
        media_type=result.source.media_type,
        reading=result.source.reading,
        pages=result.source.pages,
        sops=len(result.sops),
        layouts=tuple(sorted({sop.layout for sop in result.sops})),
        completeness=result.status,
        grade=result.report.grade,
        confidence=result.report.confidence,
        findings=Findings(**{name: severities.count(name) for name in Findings.model_fields}),
        exports=exports,
        seconds=None if seconds is None else round(seconds, 3),
    )


def failed(task: Task, error: SopError, seconds: float | None = None) -> Line:
    return Line(
        name=task.name,
        status="failed",
        sha256=task.sha256,
        key=task.key or None,
        error=failure(task.name, task.location, error, task.options),
        seconds=None if seconds is None else round(seconds, 3),
    )


def failure(name: str, location: Location, error: SopError, options: pipeline.Options | None = None) -> Failure:
    message = error.message.removeprefix(f"{name}: ").removeprefix(f"{name.rpartition('/')[2]}: ")
    command = command_of(name, location, options or _USUAL)
    return Failure(kind=type(error).__name__, message=message, next_step=error.next_step, command=command)


def command_of(name: str, location: Location, options: pipeline.Options) -> str:
    """What shows the trouble again, on this one source."""
    hours = options.minutes_per_day / 60
    more = "" if options == _USUAL else f" --hours-per-day {hours:g}"
    path = None if location.members else local_path(location.url)
    if path is not None:
        return f"sopparse parse{more} {quoted(path)}"
    return f"sopparse batch{more} {quoted(name)} again/"


# -- exports --------------------------------------------------------------------------------------------------------


def _exported(store: Store, task: Task, result: Result, fresh: bool) -> Iterator[str]:
    """The paths of the result in other notations, each written unless it is there."""
    from sopparse.export import EXPORTERS, Drawing, places
    from sopparse.export.chart import Wording

    base = result_path(task.key).removesuffix(".json")
    for form in task.formats:
        exporter = EXPORTERS[form]()
        if isinstance(exporter, Drawing):
            found = places([result])
            for number, (_, place) in enumerate(found, start=1):
                path = f"{base}{f'-{number}' if len(found) > 1 else ''}{exporter.suffix}"
                if fresh or store.read(path) is None:
                    store.write(path, [exporter.render(result, place, Wording.usual()).encode()])
                yield path
        else:
            path = f"{base}.csv{exporter.suffix}" if form == "csv" else base + exporter.suffix
            if fresh or store.read(path) is None:
                store.write(path, [exporter.render([result])])
            yield path
