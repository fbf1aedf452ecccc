"""Workbooks made by hand, part by part, so that any part of them can be wrong."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
ROWS = '<row r="1"><c r="A1" t="inlineStr"><is><t>契約番号</t></is></c></row>'


def sheet(rows: str = ROWS, *, before: str = "", after: str = "") -> str:
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    )


def text_cell(at: str, text: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def strings(*items: str) -> str:
    """Shared strings; an item is what stands in its ``si``."""
    return f'{HEAD}<sst xmlns="{MAIN}">{"".join(f"<si>{item}</si>" for item in items)}</sst>'


def styles(cells: str, *, fonts: str = "<font/>", formats: str = "") -> str:
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><fonts>{fonts}</fonts>'
        f"<cellXfs>{cells}</cellXfs></styleSheet>"
    )


def parts(
    sheets: dict[str, str] | list[tuple[str, str]] | None = None,
    *,
    states: dict[str, str] | None = None,
    workbook: str = "",
    relations: str = "",
    more: dict[str, str | bytes] | None = None,
    **named: str,
) -> dict[str, str | bytes]:
    """The parts of a workbook by name: XML of sheets by their names; ``strings`` and ``styles``."""
    listed = list((sheets or {"契約": sheet()}).items() if not isinstance(sheets, list) else sheets)
    states = states or {}
    entries = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"'
        f' state="{states.get(name, "visible")}"/>'
        for n, (name, _) in enumerate(listed, start=1)
    )
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(listed) + 1)
    )
    files = {"strings": "sharedStrings", "styles": "styles"}
    targets += "".join(
        f'<Relationship Id="{kind}" Type="{OFFICE}/{files[kind]}" Target="{files[kind]}.xml"/>'
        for kind in named
    )
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": _relations(
            f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        ),
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{workbook}'
        f"<sheets>{entries}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(targets + relations),
        **{f"xl/worksheets/sheet{n}.xml": xml for n, (_, xml) in enumerate(listed, start=1)},
        **{f"xl/{files[kind]}.xml": xml for kind, xml in named.items()},
        **(more or {}),
    }


def packed(files: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def workbook(*args, **how) -> bytes:
    return packed(parts(*args, **how))


def one_sheet(rows: str, **how) -> bytes:
    """A workbook of one sheet, 契約, with this XML in its ``sheetData``."""
    around = {key: how.pop(key) for key in ("before", "after") if key in how}
    return workbook({"契約": sheet(rows, **around)}, **how)


def _relations(content: str) -> str:
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{content}</Relationships>'
