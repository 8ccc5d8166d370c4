"""A paper as DOCX: tables of exact heights, figures anchored over them by place."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

from tests.office.figures import Figure, attribute, emu, figures, properties, quoted, text_colour, text_size
from tests.office.paper import INSET, Paper, columns
from tests.office.table import LEFT, TOP, Cell, Table, chart_table, form_table

_SPACES = (
    ' xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = (
    _HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/word/settings.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/></Types>'
)
_RELATIONS = _HEAD + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SETTINGS = (
    f"{_HEAD}<w:settings{_SPACES}><w:compat>"
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    "</w:compat></w:settings>"
)
_SHAPE = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
# Of the paragraph that holds the figures, above the table.
_ANCHOR_HEIGHT = 1.0


def write_docx(paper: Paper) -> bytes:
    document = f"{_HEAD}<w:document{_SPACES}><w:body>{_body(paper)}</w:body></w:document>"
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'{_RELATIONS}<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'{_RELATIONS}<Relationship Id="rId1" Type="{_OFFICE}/settings" '
        'Target="settings.xml"/></Relationships>',
        "word/document.xml": document,
        "word/settings.xml": _SETTINGS,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def _twips(points: float) -> int:
    return round(points * 20)


def _body(paper: Paper) -> str:
    wide, high = paper.drawing.size
    landscape = attribute("w:orient", "landscape", wide > high)
    size = f'<w:pgSz w:w="{_twips(wide)}" w:h="{_twips(high)}"{landscape}/>'
    parts = [
        _table(form_table(paper, wide - 80), paper, 9.0, [""] * 99),
        f"<w:p><w:pPr><w:sectPr>{size}{_margins(40, 40)}</w:sectPr></w:pPr></w:p>",
    ]
    for number, chart in enumerate(paper.drawing.sheets):
        xs = columns(chart)
        runs = [_run(f, paper, 100 * number + i) for i, f in enumerate(figures(paper, chart))]
        drawn = "".join(runs) if paper.look.anchor != "row" else ""
        before = "<w:pageBreakBefore/>" if number else ""
        spacing = f'<w:spacing w:before="0" w:after="0" w:line="{_twips(_ANCHOR_HEIGHT)}" w:lineRule="exact"/>'
        parts.append(f"<w:p><w:pPr>{before}{spacing}</w:pPr>{drawn}</w:p>")
        table = chart_table(paper, chart)
        rows = [""] * len(table.heights)
        if not drawn:
            rows[0] = "".join(runs)
        parts.append(_table(table, paper, paper.look.size, rows, xs[0] - LEFT))
    last = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
    return "".join(parts) + f"{last}<w:sectPr>{size}{_margins(TOP - _ANCHOR_HEIGHT, LEFT)}</w:sectPr>"


def _margins(top: float, side: float) -> str:
    return (
        f'<w:pgMar w:top="{_twips(top)}" w:bottom="200" w:left="{_twips(side)}" w:right="200" '
        'w:header="0" w:footer="0" w:gutter="0"/>'
    )


# -- tables ---------------------------------------------------------------------------------------------------------


def _table(table: Table, paper: Paper, size: float, anchored: list[str], indent: float = 0.0) -> str:
    look = paper.look
    inner = look.rules if look.rules in ("double", "dotted", "dashed") else "single"
    outer = "double" if look.rules == "frame" else inner
    rule = f'w:sz="{max(2, round(min(look.rule, 0.75) * 8))}" w:space="0" w:color="000000"'
    sides = [(side, outer) for side in ("top", "left", "bottom", "right")] + [("insideH", inner), ("insideV", inner)]
    borders = "".join(f'<w:{side} w:val="{kind}" {rule}/>' for side, kind in sides)
    inset = f'<w:left w:w="{_twips(INSET)}" w:type="dxa"/><w:right w:w="{_twips(INSET)}" w:type="dxa"/>'
    grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in table.widths)
    start = {(cell.row, cell.column): cell for cell in table.cells}
    covered = {(cell.row + i, cell.column): cell for cell in table.cells for i in range(1, cell.rows)}
    rows = []
    for at, height in enumerate(table.heights):
        exact = "" if height is None else f'<w:trHeight w:val="{_twips(height)}" w:hRule="exact"/>'
        cells, k = [], 0
        while k < len(table.widths):
            cell = start.get((at, k)) or covered[at, k]
            first = cell.row == at
            cells.append(_cell(cell, table, paper, size, first, anchored[at] if k == 0 else ""))
            k += cell.columns
        rows.append(f"<w:tr><w:trPr><w:cantSplit/>{exact}</w:trPr>{''.join(cells)}</w:tr>")
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{_twips(sum(table.widths))}" w:type="dxa"/>'
        f'<w:tblInd w:w="{_twips(indent)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{inset}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _cell(cell: Cell, table: Table, paper: Paper, size: float, first: bool, anchored: str) -> str:
    width = sum(table.widths[cell.column : cell.column + cell.columns])
    span = f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
    merged = "" if cell.rows == 1 else '<w:vMerge w:val="restart"/>' if first else "<w:vMerge/>"
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="BFBFBF"/>' if paper.look.shaded and cell.size else ""
    middle = f'{shade}<w:vAlign w:val="center"/>' if cell.centred else ""
    texts = cell.text.split("\n") if first else [""]
    paragraphs = "".join(
        _paragraph(text, paper, cell.size or size, cell.centred, cell.bold, anchored if i == 0 else "")
        for i, text in enumerate(texts)
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/>{span}{merged}{middle}</w:tcPr>{paragraphs}</w:tc>'
    )


def _paragraph(text: str, paper: Paper, size: float, centred: bool, bold: bool, anchored: str, colour: str = "") -> str:
    font = paper.look.font
    shape = f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}"/>{"<w:b/>" if bold else ""}'
    shape += f'<w:color w:val="{colour}"/>' if colour else ""
    shape += f'<w:sz w:val="{round(size * 2)}"/></w:rPr>'
    run = f'<w:r>{shape}<w:t xml:space="preserve">{quoted(text)}</w:t></w:r>' if text else ""
    where = '<w:jc w:val="center"/>' if centred else ""
    return f'<w:p><w:pPr><w:spacing w:before="0" w:after="0"/>{where}{shape}</w:pPr>{anchored}{run}</w:p>'


# -- figures --------------------------------------------------------------------------------------------------------


def _run(figure: Figure, paper: Paper, number: int) -> str:
    look = paper.look
    x, y, width, height = figure.box
    if figure.preset == "line":
        # LibreOffice turns lines of this form that stand upright.
        figure = replace(figure, preset="straightConnector1")
    if look.anchor == "page":
        across, down = "page", "page"
    elif look.anchor == "paragraph":
        across, down, x, y = "column", "paragraph", x - LEFT, y - (TOP - _ANCHOR_HEIGHT)
    else:
        across, down, x, y = "column", "paragraph", x - LEFT - INSET, y - TOP
    box = attribute("txBox", 1, figure.kind == "label")
    kind = "<wps:cNvCnPr/>" if figure.kind == "line" else f"<wps:cNvSpPr{box}/>"
    inner = ""
    if figure.text:
        words = _paragraph(figure.text, paper, text_size(figure), True, False, "", text_colour(figure, look))
        inner = f"<wps:txbx><w:txbxContent>{words}</w:txbxContent></wps:txbx>"
    body = '<wps:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr" wrap="square"/>'
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" '
        f'relativeHeight="{251658240 + 1024 * number}" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="{across}"><wp:posOffset>{emu(x)}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="{down}"><wp:posOffset>{emu(y)}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{emu(width)}" cy="{emu(height)}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        f'<wp:docPr id="{number + 1}" name="Bentuk {number + 1}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{_SHAPE}"><wps:wsp>{kind}<wps:spPr>{properties(figure, look, 0, 0)}</wps:spPr>'
        f"{inner}{body}</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent></w:r>"
    )
