"""Results as tidy tables, for spreadsheets and analysis: a container of CSV files, or a workbook. See `table_rows`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sopparse.export.table_rows import COLUMNS, TABLES, documents, findings, parts_of

if TYPE_CHECKING:
    from pandas import DataFrame
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

    from sopparse.model import Result

# The same result gives the same bytes: files inside of containers carry this date.
EPOCH = (1980, 1, 1, 0, 0, 0)
# What spreadsheets take for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Limits of a worksheet: characters of a cell, rows, widths in characters.
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_575
NARROWEST, WIDEST = 8, 60


def frames(results: Sequence[Result]) -> dict[str, DataFrame]:
    """All tables by name; a table without rows keeps its columns."""
    import pandas

    parts = list(parts_of(results))
    tables = {name: [row for part in parts for row in rows(part)] for name, rows in TABLES.items()}
    tables["findings"] = [row for key, result in documents(results) for row in findings(key, result)]
    return {name: pandas.DataFrame(rows, columns=COLUMNS[name], dtype=object) for name, rows in tables.items()}


def render_csv(results: Sequence[Result], *, delimiter: str = ",", bom: bool = False) -> bytes:
    """The tables as one ZIP container of CSV files."""
    import io
    import zipfile

    container = io.BytesIO()
    with zipfile.ZipFile(container, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in csv_files(results, delimiter=delimiter, bom=bom).items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return container.getvalue()


def csv_files(results: Sequence[Result], *, delimiter: str = ",", bom: bool = False) -> dict[str, bytes]:
    """The content of each CSV file by its name, UTF-8, with a byte order mark if Excel is to read it."""
    encoding = "utf-8-sig" if bom else "utf-8"
    return {
        f"{name}.csv": _guarded(frame).to_csv(None, sep=delimiter, index=False, lineterminator="\n").encode(encoding)
        for name, frame in frames(results).items()
    }


def _guarded(frame: DataFrame) -> DataFrame:
    """An apostrophe before what a spreadsheet would compute: opening a table must not run what a document says."""
    return frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else _plain(cell))


def _plain(cell: Any) -> Any:
    # A lone half of a surrogate pair cannot be written as UTF-8.
    return cell.encode("utf-8", "replace").decode() if isinstance(cell, str) else cell


def render_xlsx(results: Sequence[Result]) -> bytes:
    """The tables as the sheets of one workbook, with filters, widths and heads that stay in view."""
    import datetime
    import io

    from xlsxwriter import Workbook

    container = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(container, options) as workbook:
        workbook.set_properties({"created": datetime.datetime(*EPOCH)})
        head = workbook.add_format({"bold": True, "bg_color": "#DDE6EE", "border": 1, "valign": "vcenter"})
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        for name, frame in frames(results).items():
            _sheet(workbook, name, frame, head, wrapped)
    return container.getvalue()


def _sheet(workbook: Workbook, name: str, frame: DataFrame, head: Format, wrapped: Format) -> None:
    sheet = workbook.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    for index, column in enumerate(frame.columns):
        sheet.write_string(0, index, column, head)
        sheet.set_column(index, index, _width(column, frame[column]), wrapped)
    for number, row in enumerate(frame.head(MOST_ROWS).itertuples(index=False), start=1):
        for index, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, index, _fitting(cell), wrapped)
            elif isinstance(cell, bool):
                sheet.write_boolean(number, index, cell, wrapped)
            elif cell is not None and cell == cell:
                sheet.write_number(number, index, cell, wrapped)
    sheet.autofilter(0, 0, min(len(frame), MOST_ROWS), len(frame.columns) - 1)


def _fitting(cell: str) -> str:
    cell = _plain(cell)
    return cell if len(cell) <= LONGEST_CELL else cell[: LONGEST_CELL - 1] + "…"


def _width(column: str, cells: Any) -> float:
    """As wide as most of its texts, so that one long text does not push the others out of view."""
    lengths = sorted(len(cell) if isinstance(cell, str) else 6 for cell in cells if cell is not None)
    usual = lengths[int(len(lengths) * 0.9)] if lengths else 0
    # The filter's button hides about three characters of a head.
    return min(WIDEST, max(NARROWEST, len(column) + 3, usual + 2))
