"""The few ways in which there can be no result; each has its exit code and a next step for the person."""

from __future__ import annotations

from typing import Self


class SopError(Exception):
    """No result is possible. `next_step` tells the person what to do now."""

    exit_code = 1

    def __init__(self, message: str, next_step: str) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __reduce__(self) -> tuple[type[SopError], tuple[str, str]]:
        # Errors travel between processes: an exception is made anew from its arguments.
        return type(self), (self.message, self.next_step)


class SourceUnreadable(SopError):
    """The source cannot be opened: it does not exist, is a folder, or may not be read."""

    exit_code = 3


class EngineMissing(SopError):
    """A program or language file that the reading needs is not installed."""

    exit_code = 4


class ClusterUnreachable(EngineMissing):
    """The scheduler or the workers that a run needs are not there, or cannot do the work."""


class SourceEmpty(SopError):
    """The source holds no word."""

    exit_code = 5


class SourceNotText(SopError):
    """The bytes are none of the kinds of source that can be read."""

    exit_code = 6


class SourceTooLarge(SopError):
    """The source is larger than any real document of its kind."""

    exit_code = 7


class NoProcedure(SopError):
    """The words were read, but nothing in them looks like a procedure document."""

    exit_code = 8


class CorrectionRefused(SopError):
    """A JSON Patch that is not one, does not fit the result, or would make it invalid."""

    exit_code = 12


class OutputUnwritable(SopError):
    """The result cannot be written to where it was asked for."""

    exit_code = 10


class LimitExceeded(SopError):
    """The file took more than it was allowed."""

    exit_code = 7


class TimeExceeded(LimitExceeded):
    """The file took more time than it was allowed."""


class MemoryExceeded(LimitExceeded):
    """The file took more memory than it was allowed."""


class Unexpected(SopError):
    """A fault of the program, kept to the one file on which it happened."""

    exit_code = 70

    @classmethod
    def of(cls, error: Exception) -> Self:
        return cls(
            f"{type(error).__name__}: {error}", "Please report it with the file and what `sopparse --version` says."
        )


class ProcessEnded(Unexpected):
    """The process that worked on the file ended without an answer."""
