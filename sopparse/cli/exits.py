"""How the program ends: the codes, and the endings that only the command line knows."""

from __future__ import annotations

from sopparse.errors import OutputUnwritable, SopError, Unexpected

__all__ = ["EXIT_CODES", "ForeignForm", "OutputUnwritable", "Unexpected", "exit_code_table"]

SOME_FAILED = 1
STOPPED = 130
FOREIGN_FORM = 9
# How `sopparse lint` ends by the gravest message.
LINTED = {"note": 21, "warning": 22, "error": 23}

EXIT_CODES = (
    (0, "a result was written (its `status` says how complete it is)"),
    (SOME_FAILED, "several files were given and some of them failed"),
    (2, "the command was not understood"),
    (3, "a file cannot be opened (missing, damaged, locked)"),
    (4, "something needed is missing (Tesseract with Indonesian, for scans; pyarrow; a cluster that answers)"),
    (5, "the file holds no word"),
    (6, "the file is neither text nor a PDF nor an image (office file ...)"),
    (7, "the file is too large"),
    (8, "the text is no procedure document"),
    (FOREIGN_FORM, "the document has another form (hospital, clinic ...): result written, without steps"),
    (10, "the result cannot be written"),
    (LINTED["note"], "`lint --fail-on note`: notes"),
    (LINTED["warning"], "`lint`: warnings"),
    (LINTED["error"], "`lint`: errors"),
    (12, "a correction was refused: it does not fit the result, or would make it invalid"),
    (70, "an error inside the program"),
    (STOPPED, "stopped by Ctrl-C"),
)


class ForeignForm(SopError):
    """The result was written, but the document is of a form that is not read beyond its header."""

    exit_code = FOREIGN_FORM


def exit_code_table() -> str:
    return "\b\nExit codes:\n" + "\n".join(f"  {code:3}  {meaning}" for code, meaning in EXIT_CODES)
