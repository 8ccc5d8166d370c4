"""Results as tidy tables, for spreadsheets and analysis: a container of CSV files, or a workbook. See `rows`.

The key of a document part is `sop` (`name#1`), unique over all results.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from sopparse.export.workbook import EPOCH, plain, workbook
from sopparse.privacy import Disclosure, names_of, shown
from sopparse.rows import STEP_FIELDS, TABLES, Part, Row, findings

if TYPE_CHECKING:
    from pandas import DataFrame

    from sopparse.model import Result

# What spreadsheets take for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")

MASKED = Disclosure()
# Columns by which rows are found, in other tables and in the results.
KEYS = frozenset(("sop", "document", "sha256", "path"))

# fmt: off
COLUMNS: dict[str, list[str]] = {
    "sops": [
        "sop", "document", "number", "title", "agency", "units", "government", "region", "region_level", "region_code",
        "address", "created", "revised", "effective", "approved", "revision", "approver_position", "approver_name",
        "approver_rank", "approver_nip", "procedures", "steps", "actors", "status", "grade", "confidence", "errors",
        "warnings", "notes", "layout", "reading", "pages", "sha256",
    ],
    "actors": ["sop", "procedure", "actor", "position", "label", "group", "role", "unit", "steps", "confidence"],
    "steps": [
        "sop", "procedure", "procedure_title", "step", "printed_number", "activity", "actors", "actor", "requirements",
        "duration", "duration_min", "duration_max", "duration_unit", "duration_working", "minutes_low", "minutes_high",
        "iso8601", "outputs", "note", *(f"confidence_{field}" for field in STEP_FIELDS),
    ],
    "citations": [
        "sop", "item", "text", "type", "issuer", "region", "number", "year", "about", "id", "state", "replaced_by",
        "as_of", "confidence",
    ],
    "lists": ["sop", "section", "item", "text", "confidence"],
    "nodes": ["sop", "procedure", "node", "step", "actor", "actor_label", "symbol", "text"],
    "edges": ["sop", "procedure", "source", "target", "source_step", "target_step", "condition", "basis"],
    "findings": ["sop", "severity", "code", "path", "message", "message_en", "pages"],
}
# fmt: on


def documents(results: Sequence[Result]) -> Iterator[tuple[str, Result]]:
    """Each result with a name of its own: that of the source, with a part of its digest where two are called alike."""
    count = Counter(result.source.name for result in results)
    taken: set[str] = set()
    for result in results:
        name = result.source.name
        key = f"{name}@{result.source.sha256[:8]}" if count[name] > 1 else name
        unique = next(k for n in range(1, len(results) + 1) if (k := key if n == 1 else f"{key}({n})") not in taken)
        taken.add(unique)
        yield unique, result


def parts_of(results: Sequence[Result]) -> Iterator[Part]:
    for key, result in documents(results):
        for s, sop in enumerate(result.sops):
            yield Part(f"{key}#{s + 1}", result, sop, f"/sops/{s}")


def _findings(key: str, result: Result) -> Iterator[Row]:
    for number, row in findings(result):
        yield {"sop": key if number is None else f"{key}#{number}", **row}


def frames(results: Sequence[Result], disclosure: Disclosure = MASKED) -> dict[str, DataFrame]:
    """All tables by name; a table without rows keeps its columns."""
    import pandas

    parts = list(parts_of(results))
    tables = {name: [row for part in parts for row in rows(part)] for name, rows in TABLES.items()}
    tables["findings"] = [row for key, result in documents(results) for row in _findings(key, result)]
    names = () if disclosure.names else names_of(results)
    return {
        name: pandas.DataFrame([_row(row, disclosure, names) for row in rows], columns=COLUMNS[name], dtype=object)
        for name, rows in tables.items()
    }


def _row(row: Row, disclosure: Disclosure, names: Collection[str]) -> Row:
    """What of a person is shown. Keys stay as they are."""
    return {key: cell if key in KEYS else shown(cell, disclosure, names) for key, cell in row.items()}


def render_csv(
    results: Sequence[Result], *, delimiter: str = ",", bom: bool = False, disclosure: Disclosure = MASKED
) -> bytes:
    """The tables as one ZIP container of CSV files."""
    import io
    import zipfile

    container = io.BytesIO()
    with zipfile.ZipFile(container, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in csv_files(results, delimiter=delimiter, bom=bom, disclosure=disclosure).items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return container.getvalue()


def csv_files(
    results: Sequence[Result], *, delimiter: str = ",", bom: bool = False, disclosure: Disclosure = MASKED
) -> dict[str, bytes]:
    """The content of each CSV file by its name, UTF-8, with a byte order mark if Excel is to read it."""
    encoding = "utf-8-sig" if bom else "utf-8"
    return {
        f"{name}.csv": _guarded(frame).to_csv(None, sep=delimiter, index=False, lineterminator="\n").encode(encoding)
        for name, frame in frames(results, disclosure).items()
    }


def _guarded(frame: DataFrame) -> DataFrame:
    """An apostrophe before what a spreadsheet would compute: opening a table must not run what a document says."""
    return frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else plain(cell))


def render_xlsx(results: Sequence[Result], *, disclosure: Disclosure = MASKED) -> bytes:
    """The tables as the sheets of one workbook."""
    return workbook(frames(results, disclosure))
