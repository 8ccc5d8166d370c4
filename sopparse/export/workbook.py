"""A workbook of tables: a sheet for each, with filters, widths and heads that stay in view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

# The same tables give the same bytes: files inside of containers carry this date.
EPOCH = (1980, 1, 1, 0, 0, 0)
# Limits of a worksheet: characters of a cell and of its name, rows, widths in characters.
LONGEST_CELL = 32_767
LONGEST_NAME = 31
MOST_ROWS = 1_048_575
NARROWEST, WIDEST = 8, 60


def workbook(frames: Mapping[str, DataFrame]) -> bytes:
    """The tables as the sheets of one workbook. A cell stays text: nothing that a document says is computed."""
    import datetime
    import io

    from xlsxwriter import Workbook

    container = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(container, options) as made:
        made.set_properties({"created": datetime.datetime(*EPOCH)})
        head = made.add_format({"bold": True, "bg_color": "#DDE6EE", "border": 1, "valign": "vcenter"})
        wrapped = made.add_format({"text_wrap": True, "valign": "top"})
        for name, frame in frames.items():
            _sheet(made, name[:LONGEST_NAME], frame, head, wrapped)
    return container.getvalue()


def _sheet(made: Workbook, name: str, frame: DataFrame, head: Format, wrapped: Format) -> None:
    sheet = made.add_worksheet(name)
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
    if len(frame.columns):
        sheet.autofilter(0, 0, min(len(frame), MOST_ROWS), len(frame.columns) - 1)


def _fitting(cell: str) -> str:
    cell = plain(cell)
    return cell if len(cell) <= LONGEST_CELL else cell[: LONGEST_CELL - 1] + "…"


def _width(column: str, cells: Any) -> float:
    """As wide as most of its texts, so that one long text does not push the others out of view."""
    lengths = sorted(len(cell) if isinstance(cell, str) else 6 for cell in cells if cell is not None)
    usual = lengths[int(len(lengths) * 0.9)] if lengths else 0
    # The filter's button hides about three characters of a head.
    return min(WIDEST, max(NARROWEST, len(column) + 3, usual + 2))


def plain(cell: Any) -> Any:
    # A lone half of a surrogate pair cannot be written as UTF-8.
    return cell.encode("utf-8", "replace").decode() if isinstance(cell, str) else cell
