"""Indonesian government SOPs (SOP AP) as checked, normalized JSON.

    import sopparse
    result = sopparse.parse("sop.txt")
    result.sops[0].header.title

Importing the package loads nothing heavy: the parser and the model come with their first use.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from sopparse.model import (
        Actor,
        Agency,
        Approver,
        Citation,
        Coverage,
        Duration,
        DurationPart,
        Edge,
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
]


def parse(source: str | os.PathLike[str] | bytes | BinaryIO, *, name: str | None = None, **options: Any) -> Result:
    """The result for one source: a path, the bytes themselves, or a file opened for reading bytes.

    `name` is how the source is called in the result, by default the file's own name. `options` are those of
    `sopparse.pipeline.Options`. Raises a child of `sopparse.errors.SopError` where there can be no result.
    """
    content, own_name = content_of(source)
    from sopparse.pipeline import Options, parse

    return parse(content, printable(name or own_name), Options(**options))


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
    from sopparse.errors import SourceUnreadable

    shown = printable(path)
    try:
        with open(path, "rb") as file:
            return _within_limit(file), os.path.basename(path)
    except FileNotFoundError:
        raise SourceUnreadable(f"there is no file {shown}", "Check the path; `ls` shows what is there.") from None
    except IsADirectoryError:
        raise SourceUnreadable(
            f"{shown} is a folder", f"Name the files in it: sopparse parse {shown.rstrip('/')}/*.txt -o results/"
        ) from None
    except PermissionError:
        raise SourceUnreadable(f"{shown} may not be read", f"Ask for the right to read it: chmod +r {shown}") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SourceUnreadable(f"{shown} cannot be opened: {reason}", "Check the path and the disk.") from None


def __getattr__(name: str) -> Any:
    if name in __all__:
        from sopparse import model

        return getattr(model, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
