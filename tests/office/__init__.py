"""SOP pages written as DOCX and XLSX with drawn shapes and exported to PDF by LibreOffice, with their exact truth.

`python -m tests.office` writes `pages/` anew (it needs LibreOffice); the tests only read them.
"""

from __future__ import annotations

from pathlib import Path

PAGES = Path(__file__).parent / "pages"
