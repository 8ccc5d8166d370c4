"""Indonesian government SOPs (SOP AP) as checked, normalized JSON.

    import sopparse
    result = sopparse.parse("sop.txt")
    result.sops[0].header.title

Importing the package loads nothing heavy: the parser and the model come with their first use.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from sopparse.errors import SopError
    from sopparse.model import (
        Actor,
        Agency,
        Approver,
        Citation,
        Coverage,
        Duration,
        DurationPart,
        Edge,
        Failure,
        FieldReport,
        Finding,
        Flow,
        Header,
        Node,
        Procedure,
        Region,
        RegulationStatus,
        Report,
        Result,
        Signals,
        Sop,
        Source,
        Step,
    )

__version__ = "0.1.0"

__all__ = [
    "Actor",
    "Agency",
    "Approver",
    "Citation",
    "Coverage",
    "Duration",
    "DurationPart",
    "Edge",
    "Failure",
    "FieldReport",
    "Finding",
    "Flow",
    "Header",
    "Node",
    "Procedure",
    "Region",
    "RegulationStatus",
    "Report",
    "Result",
    "Signals",
    "Sop",
    "Source",
    "Step",
    "__version__",
    "parse",
    "parse_many",
]


def parse(source: str | os.PathLike[str] | bytes | BinaryIO, *, name: str | None = None, **options: Any) -> Result:
    """The result for one source: a path, the bytes themselves, or a file opened for reading bytes.

    `name` is how the source is called in the result, by default the file's own name. `options` are those of
    `sopparse.pipeline.Options`. Raises a child of `sopparse.errors.SopError` where there can be no result.
    """
    content, own_name = content_of(source)
    from sopparse.pipeline import Options, parse

    return parse(content, printable(name or own_name), Options(**options))


def parse_many(
    sources: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    workers: int | None = None,
    timeout_seconds: float | None = None,
    memory_mb: int | None = 2048,
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
    **options: Any,
) -> Iterator[tuple[str, Result | Failure]]:
    """Each source with its result, or with why there is none, in the order in which they are finished.

    A source is a file, a folder with all below it, a pattern, a ZIP archive, an fsspec URL. What is met in a folder
    or archive and is no document is passed over. `workers` processes (as many as the machine has cores) do the work;
    a file that crashes one, or takes more time or memory than it may, costs that file only. No more than some results
    wait for the caller. For a folder of results that can be resumed, see `sopparse batch`.

        for name, result in sopparse.parse_many("archive/", exclude=["*.tmp"]):
            if isinstance(result, sopparse.Failure):
                print(name, result.kind, result.message)
            else:
                print(name, result.report.grade)
    """
    from sopparse.batch.listing import Choice
    from sopparse.batch.many import parse_each, parse_task
    from sopparse.batch.processes import Limits, Processes, cores
    from sopparse.pipeline import Options

    limits = Limits(timeout_seconds, None if memory_mb is None else memory_mb << 20)
    given = [sources] if isinstance(sources, (str, os.PathLike)) else sources
    crew = Processes(parse_task, workers or cores(), limits)
    return parse_each(given, Choice(tuple(include), tuple(exclude)), Options(**options), crew)


def printable(name: str) -> str:
    """The name as text that can be written as UTF-8: undecodable bytes of a file name are replaced."""
    return os.fsencode(name).decode("utf-8", "replace")


def content_of(source: str | os.PathLike[str] | bytes | BinaryIO) -> tuple[bytes, str]:
    """The bytes and the name of a source, as far as it takes to know that it is too large."""
    if isinstance(source, bytes):
        return source, "bytes"
    if isinstance(source, (str, os.PathLike)):
        return _file_content(os.fspath(source))
    content = _within_limit(source)
    if not isinstance(content, bytes):
        raise TypeError("the file must be opened for reading bytes: open(path, 'rb')")
    return content, os.path.basename(str(getattr(source, "name", "stream")))


def _within_limit(file: BinaryIO) -> bytes:
    from sopparse.readers import MAX_BYTES, limit_of

    content = file.read(MAX_BYTES + 1)
    if isinstance(content, bytes) and len(content) <= limit_of(content):
        content += file.read(limit_of(content) + 1 - len(content))
    return content


def _file_content(path: str) -> tuple[bytes, str]:
    try:
        with open(path, "rb") as file:
            return _within_limit(file), os.path.basename(path)
    except (OSError, ValueError) as error:
        raise unreadable(printable(path), error) from None


def unreadable(shown: str, error: OSError | ValueError) -> SopError:
    """What a person is told where a file cannot be opened or read."""
    from sopparse.errors import SourceUnreadable

    if isinstance(error, FileNotFoundError):
        return SourceUnreadable(f"there is no file {shown}", "Check the path; `ls` shows what is there.")
    if isinstance(error, IsADirectoryError):
        return SourceUnreadable(
            f"{shown} is a folder", f"Parse all that is in it: sopparse batch {shown.rstrip('/')}/ results/"
        )
    if isinstance(error, PermissionError):
        return SourceUnreadable(f"{shown} may not be read", f"Ask for the right to read it: chmod +r {shown}")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return SourceUnreadable(f"{shown} cannot be opened: {reason}", "Check the path and the disk.")


def __getattr__(name: str) -> Any:
    if name in __all__:
        from sopparse import model

        return getattr(model, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
