"""Office files to PDF by LibreOffice, without a window."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

FILTERS = {".docx": "writer_pdf_Export", ".xlsx": "calc_pdf_Export"}
_NO = {"type": "boolean", "value": "false"}
OPTIONS = {"UseTaggedPDF": _NO, "ExportBookmarks": _NO}
# For all files of one call; a file takes about half a second.
TIMEOUT_SECONDS = 600


def export(files: Sequence[Path], folder: Path, profile: Path) -> None:
    """Writes a PDF of each file into the folder."""
    program = shutil.which("soffice")
    if program is None:
        wanted = "apt-get install --no-install-recommends libreoffice-writer libreoffice-calc"
        raise SystemExit(f"LibreOffice is missing: {wanted}")
    # The same date in every export: unchanged papers give unchanged files.
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "0"}
    for suffix, name in FILTERS.items():
        some = [str(file) for file in files if file.suffix == suffix]
        if some:
            command = [program, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to"]
            command += [f"pdf:{name}:{json.dumps(OPTIONS)}", "--outdir", str(folder), *some]
            subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_SECONDS, env=environment)
