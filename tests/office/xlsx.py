"""A paper as XLSX: the form and the table on two sheets, figures anchored to the cells below them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field

from tests.office.figures import Figure, attribute, emu, figures, properties, quoted, text_colour, text_size
from tests.office.paper import PAPERS, Paper, columns, lines
from tests.office.table import LEFT, TOP, Cell, Table, chart_table, form_table

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DRAWING = (
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
# Width of a column in points for each unit of its width; LibreOffice, Liberation Sans of 10 points.
UNIT = 5.547
FORM_SIZE = 9.0
_PICTURE = '<drawing r:id="rId1"/>'


def write_xlsx(paper: Paper) -> bytes:
    parts = _package()
    parts["xl/styles.xml"] = _styles(paper)
    wide, _ = paper.drawing.size
    form = form_table(paper, wide - 80)
    for row, height in enumerate(form.heights):
        if height is None:
            form.heights[row] = _needed(form, row, paper)
    parts["xl/worksheets/sheet1.xml"] = _sheet(_Page([form]), paper, (40, 40), drawn=False)
    page = _Page([chart_table(paper, chart) for chart in paper.drawing.sheets])
    parts["xl/worksheets/sheet2.xml"] = _sheet(page, paper, (LEFT, TOP), drawn=True)
    parts["xl/drawings/drawing1.xml"] = _drawing(paper, page)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, _HEAD + text)
    return out.getvalue()


@dataclass(slots=True)
class _Page:
    """Tables one below the other on a sheet, each on a page of its own."""

    tables: list[Table]
    starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        at = 0
        for table in self.tables:
            self.starts.append(at)
            at += len(table.heights)

    @property
    def heights(self) -> list[float]:
        return [height or 12.0 for table in self.tables for height in table.heights]


def _needed(table: Table, row: int, paper: Paper) -> float:
    """The height of a row that its words need; a cell over several rows asks for its share."""
    need = 1.0
    for cell in table.cells:
        if cell.row <= row < cell.row + cell.rows:
            width = sum(table.widths[cell.column : cell.column + cell.columns])
            # Capitals are broad.
            need = max(need, lines(cell.text, 0.75 * width, FORM_SIZE, paper.look.font) / cell.rows)
    return need * FORM_SIZE * 1.3 + 2


# -- parts ----------------------------------------------------------------------------------------------------------


def _package() -> dict[str, str]:
    kind = "application/vnd.openxmlformats-officedocument."
    places = {
        "xl/workbook.xml": "spreadsheetml.sheet.main",
        "xl/styles.xml": "spreadsheetml.styles",
        "xl/worksheets/sheet1.xml": "spreadsheetml.worksheet",
        "xl/worksheets/sheet2.xml": "spreadsheetml.worksheet",
        "xl/drawings/drawing1.xml": "drawing",
    }
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}{one}+xml"/>' for name, one in places.items())
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="SOP" sheetId="1" r:id="rId1"/>'
        '<sheet name="Diagram" sheetId="2" r:id="rId2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(
            ("worksheet", "worksheets/sheet1.xml"), ("worksheet", "worksheets/sheet2.xml"), ("styles", "styles.xml")
        ),
        "xl/worksheets/_rels/sheet2.xml.rels": _relations(("drawing", "../drawings/drawing1.xml")),
    }


def _relations(*targets: tuple[str, str]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{i}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


# Of the cells: plain, centred, bold, centred and bold; the last again in the size of the heading.
_STYLES = ((False, False), (True, False), (False, True), (True, True))


def _styles(paper: Paper) -> str:
    look = paper.look
    line = "hair" if look.rule < 0.5 else "thin" if look.rule < 1 else "medium"
    line = look.rules if look.rules in ("double", "dotted", "dashed") else line
    sizes = [(10.0, "Liberation Sans", False)]
    sizes += [(size, look.font, bold) for size in (look.size, FORM_SIZE, 6.5) for bold in (False, True)]
    fonts = "".join(
        f'<font>{"<b/>" if bold else ""}<sz val="{size}"/><name val="{name}"/></font>' for size, name, bold in sizes
    )
    border = "".join(
        f'<{side} style="{line}"><color rgb="FF000000"/></{side}>' for side in ("left", "right", "top", "bottom")
    )
    formats = ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>']
    for group in range(3):
        for centred, bold in _STYLES:
            middle = attribute("vertical", "center" if centred else "top") + attribute("horizontal", "center", centred)
            fill = 2 if group == 2 and look.shaded else 0
            formats.append(
                f'<xf numFmtId="49" fontId="{1 + 2 * group + bold}" fillId="{fill}" borderId="1" xfId="0" '
                'applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">'
                f'<alignment wrapText="1"{middle}/></xf>'
            )
    return (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="{len(sizes)}">{fonts}</fonts><fills count="3"><fill><patternFill '
        'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill '
        'patternType="solid"><fgColor rgb="FFBFBFBF"/></patternFill></fill></fills><borders count="2"><border>'
        f'<left/><right/><top/><bottom/></border><border>{border}</border></borders><cellStyleXfs count="1">'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(formats)}">{"".join(formats)}</cellXfs></styleSheet>'
    )


def _style(cell: Cell, drawn: bool) -> int:
    group = 2 if cell.size is not None else 0 if drawn else 1
    return 1 + 4 * group + _STYLES.index((cell.centred, cell.bold))


def _sheet(page: _Page, paper: Paper, corner: tuple[float, float], drawn: bool) -> str:
    widths = page.tables[0].widths
    wide, high = paper.drawing.size
    columns_ = "".join(
        f'<col min="{k}" max="{k}" width="{width / UNIT:.4f}" customWidth="1"/>' for k, width in enumerate(widths, 1)
    )
    heights = page.heights
    cells: dict[tuple[int, int], tuple[str, int]] = {}
    merged = []
    for start, table in zip(page.starts, page.tables, strict=True):
        for cell in table.cells:
            row, column = start + cell.row, cell.column
            for i in range(cell.rows):
                for j in range(cell.columns):
                    cells[row + i, column + j] = ("" if i or j else cell.text, _style(cell, drawn))
            if cell.rows > 1 or cell.columns > 1:
                merged.append(f"{_name(row, column)}:{_name(row + cell.rows - 1, column + cell.columns - 1)}")
    rows = []
    for row, height in enumerate(heights):
        inner = "".join(_cell(row, k, *cells[row, k]) for k in range(len(widths)))
        rows.append(f'<row r="{row + 1}" ht="{height:.2f}" customHeight="1">{inner}</row>')
    ranges = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    joined = f'<mergeCells count="{len(merged)}">{ranges}</mergeCells>' if merged else ""
    left, top = corner
    breaks = "".join(f'<brk id="{start}" max="16383" man="1"/>' for start in page.starts[1:])
    count = len(page.starts) - 1
    parted = f'<rowBreaks count="{count}" manualBreakCount="{count}">{breaks}</rowBreaks>' if breaks else ""
    size = attribute("paperSize", PAPERS[paper.drawing.size]) + attribute("scale", paper.look.scale if drawn else 100)
    size += attribute("orientation", "landscape" if wide > high else "portrait")
    return (
        f'<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheetFormatPr defaultRowHeight="12.75"/>'
        f"<cols>{columns_}</cols><sheetData>{''.join(rows)}</sheetData>{joined}"
        f'<pageMargins left="{left / 72:.4f}" right="0.1" top="{top / 72:.4f}" bottom="0.1" header="0" footer="0"/>'
        f"<pageSetup{size}/>{parted}{_PICTURE if drawn else ''}</worksheet>"
    )


def _name(row: int, column: int) -> str:
    return f"{chr(65 + column)}{row + 1}"


def _cell(row: int, column: int, text: str, style: int) -> str:
    inner = f'<is><t xml:space="preserve">{quoted(text)}</t></is>' if text else ""
    return f'<c r="{_name(row, column)}" s="{style}"{attribute("t", "inlineStr", bool(text))}>{inner}</c>'


# -- figures --------------------------------------------------------------------------------------------------------


def _drawing(paper: Paper, page: _Page) -> str:
    out = []
    number = len(paper.drawing.plan.nodes) + 1
    for start, chart in zip(page.starts, paper.drawing.sheets, strict=True):
        above = sum(page.heights[:start])
        for figure in figures(paper, chart):
            number += 1
            out.append(_anchored(figure, paper, page, columns(chart)[0], above - TOP, number))
    return f"<xdr:wsDr {_DRAWING}>{''.join(out)}</xdr:wsDr>"


def _anchored(figure: Figure, paper: Paper, page: _Page, left: float, lowered: float, number: int) -> str:
    look = paper.look
    x, y, width, height = figure.box if not figure.turned else figure.outer
    ends = []
    for tag, px, py in (("from", x - left, y + lowered), ("to", x + width - left, y + height + lowered)):
        column, across = _within(px, page.tables[0].widths)
        row, down = _within(py, page.heights)
        ends.append(
            f"<xdr:{tag}><xdr:col>{column}</xdr:col><xdr:colOff>{emu(across)}</xdr:colOff>"
            f"<xdr:row>{row}</xdr:row><xdr:rowOff>{emu(down)}</xdr:rowOff></xdr:{tag}>"
        )
    shape = properties(figure, look, figure.box[0] - left, figure.box[1] + lowered)
    own = number if figure.node is None else figure.node + 1
    name = f'<xdr:cNvPr id="{own}" name="Bentuk {own}"/>'
    if figure.kind == "line" and figure.preset is not None and _keeps(figure):
        ends_at = f"<xdr:cNvCxnSpPr>{_glue(figure, paper)}</xdr:cNvCxnSpPr>"
        inner = f"<xdr:nvCxnSpPr>{name}{ends_at}</xdr:nvCxnSpPr><xdr:spPr>{shape}</xdr:spPr>"
        inner = f'<xdr:cxnSp macro="">{inner}</xdr:cxnSp>'
    else:
        box = ' txBox="1"' if figure.kind == "label" else ""
        inner = (
            f'<xdr:sp macro="" textlink=""><xdr:nvSpPr>{name}<xdr:cNvSpPr{box}/></xdr:nvSpPr>'
            f"<xdr:spPr>{shape}</xdr:spPr>{_words(figure, paper)}</xdr:sp>"
        )
    return f"<xdr:twoCellAnchor>{''.join(ends)}{inner}<xdr:clientData/></xdr:twoCellAnchor>"


def _keeps(figure: Figure) -> bool:
    """Whether LibreOffice leaves a connector as it is: it routes bent ones anew, along the longer way, half and half.

    The others are drawn as shapes of the same form, which it keeps.
    """
    _, _, width, height = figure.box
    if figure.preset in ("straightConnector1", "line"):
        return True
    return figure.adjust is not None and width > height and abs(figure.adjust - 0.5) < 0.01


def _glue(figure: Figure, paper: Paper) -> str:
    """To which points of which symbols the connector is glued; the points of an ellipse are eight, of others four."""
    out = ""
    for tag, end in zip(("stCxn", "endCxn"), figure.glued, strict=True):
        if end is not None:
            node, side = end
            ellipse = paper.look.presets[paper.drawing.plan.nodes[node].shape] == "ellipse"
            out += f'<a:{tag} id="{node + 1}" idx="{"tlbr".index(side) * (2 if ellipse else 1)}"/>'
    return out


def _words(figure: Figure, paper: Paper) -> str:
    body = '<a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/>'
    if not figure.text:
        return f'<xdr:txBody>{body}<a:lstStyle/><a:p><a:endParaRPr lang="id-ID" sz="600"/></a:p></xdr:txBody>'
    colour = f'<a:solidFill><a:srgbClr val="{text_colour(figure, paper.look)}"/></a:solidFill>'
    run = (
        f'<a:rPr lang="id-ID" sz="{round(text_size(figure) * 100)}">{colour}'
        f'<a:latin typeface="{paper.look.font}"/></a:rPr>'
        f"<a:t>{quoted(figure.text)}</a:t>"
    )
    return f'<xdr:txBody>{body}<a:lstStyle/><a:p><a:pPr algn="ctr"/><a:r>{run}</a:r></a:p></xdr:txBody>'


def _within(place: float, sizes: list[float]) -> tuple[int, float]:
    """The column or row that a place lies in, and how far from its start."""
    for index, size in enumerate(sizes):
        if place < size:
            return index, max(place, 0.0)
        place -= size
    return len(sizes), place
