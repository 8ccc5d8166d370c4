"""How the program ends: the codes, and the endings that only the command line knows."""

from __future__ import annotations

from sopparse.errors import SopError

SOME_FAILED = 1
STOPPED = 130
FOREIGN_FORM = 9

EXIT_CODES = (
    (0, "a result was written (its `status` says how complete it is)"),
    (SOME_FAILED, "several files were given and some of them failed"),
    (2, "the command was not understood"),
    (3, "a file cannot be opened (missing, damaged, locked)"),
    (4, "a program or language file that the reading needs is missing (Tesseract with Indonesian, for scans)"),
    (5, "the file holds no word"),
    (6, "the file is neither text nor a PDF nor an image (office file ...)"),
    (7, "the file is too large"),
    (8, "the text is no procedure document"),
    (FOREIGN_FORM, "the document has another form (hospital, clinic ...): result written, without steps"),
    (10, "the result cannot be written"),
    (70, "an error inside the program"),
    (STOPPED, "stopped by Ctrl-C"),
)


class ForeignForm(SopError):
    """The result was written, but the document is of a form that is not read beyond its header."""

    exit_code = FOREIGN_FORM


class OutputUnwritable(SopError):
    """The result cannot be written to where it was asked for."""

    exit_code = 10


class Unexpected(SopError):
    """A fault of the program, kept to the one file on which it happened."""

    exit_code = 70


def exit_code_table() -> str:
    return "\b\nExit codes:\n" + "\n".join(f"  {code:3}  {meaning}" for code, meaning in EXIT_CODES)
