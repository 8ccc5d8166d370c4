"""Office files to PDF by LibreOffice, without a window."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

FILTERS = {".docx": "writer_pdf_Export", ".xlsx": "calc_pdf_Export"}
_NO = {"type": "boolean", "value": "false"}
OPTIONS = {"UseTaggedPDF": _NO, "ExportBookmarks": _NO}
# For all files of one call; a file takes about half a second.
TIMEOUT_SECONDS = 600


# What differs between two exports of one file: when it was made, and hashes of that.
_MADE = re.compile(rb"(?<=/CreationDate\(D:)\d{14}|(?<=<)[0-9A-F]{32}(?=>)|(?<=/DocChecksum /)[0-9A-F]{32}")


def export(files: Sequence[Path], folder: Path, profile: Path) -> None:
    """Writes a PDF of each file into the folder; unchanged files give unchanged PDFs."""
    program = shutil.which("soffice")
    if program is None:
        wanted = "apt-get install --no-install-recommends libreoffice-writer libreoffice-calc"
        raise SystemExit(f"LibreOffice is missing: {wanted}")
    for suffix, name in FILTERS.items():
        some = [str(file) for file in files if file.suffix == suffix]
        if some:
            command = [program, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to"]
            command += [f"pdf:{name}:{json.dumps(OPTIONS)}", "--outdir", str(folder), *some]
            subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_SECONDS)
    for file in files:
        made = folder / f"{file.stem}.pdf"
        # As long as before: the file holds the places of its parts.
        made.write_bytes(
            _MADE.sub(lambda found: b"20260101000000" if len(found[0]) == 14 else b"0" * 32, made.read_bytes())
        )
