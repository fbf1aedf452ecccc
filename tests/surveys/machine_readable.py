"""A checker of the rules for machine-readable tables, apart from the code that writes them.

``problems`` reads an .xlsx with openpyxl (merged cells, formulas, types, hidden lines, pictures)
and with calamine (what another program sees), and says in words what breaks a rule.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

SUPPORT = ("コード表", "メタデータ")
NUMERIC = ("調査年度", "件数")
MAY_BE_EMPTY = ("法人区分", "件数")
CODED = {"機関コード": "機関名", "状況コード": "状況"}
LISTED = ("データの種類", "区分", "集計区分", "法人区分", *CODED)


def problems(data: bytes, tables: list[str]) -> list[str]:
    """What breaks a rule in the sheets named, コード表 and メタデータ; none: an empty list."""
    book = load_workbook(io.BytesIO(data))
    other = CalamineWorkbook.from_filelike(io.BytesIO(data))
    missing = [name for name in (*tables, *SUPPORT) if name not in book.sheetnames]
    if missing:
        return [f"no sheet {name}" for name in missing]
    found = []
    for name in (*tables, *SUPPORT):
        found += [f"{name}: {problem}" for problem in _sheet(book[name])]
        if other.get_sheet_by_name(name).merged_cell_ranges:
            found.append(f"{name}: merged cells")
        if _values(book[name]) != _calamine_values(other, name):
            found.append(f"{name}: the two readers disagree")
    if found:  # no use in reading what is no table
        return found
    codes = {(row["項目"], row["コード"]): row["名称"] for row in _records(book["コード表"])}
    for name in tables:
        found += [f"{name}: {problem}" for problem in _table(_records(book[name]), codes)]
    stated = {row["項目"] for row in _records(book["メタデータ"])}
    found += [
        f"メタデータ: no {item}"
        for item in ("件数の単位", "件数の空欄", "調査年度", "表題", "作成日", "データの種類")
        if item not in stated
    ]
    return found


def _sheet(page) -> Iterator[str]:
    """One table, its header in row 1, data from row 2, a cell a datum."""
    header = [cell.value for cell in page[1]]
    if page.merged_cells.ranges:
        yield "merged cells"
    if page._images or page._charts:
        yield "pictures"
    if any(line.hidden for line in page.row_dimensions.values()) or any(
        column.hidden for column in page.column_dimensions.values()
    ):
        yield "hidden rows or columns"
    if None in header or len(set(header)) != len(header) or not all(map(_is_text, header)):
        yield "the header is not one row of distinct names"
    for cells in page.iter_rows():
        if all(cell.value is None for cell in cells):
            yield f"row {cells[0].row} is empty"
        for cell in cells:
            if cell.data_type == "f":
                yield f"{cell.coordinate} is a formula"
            if cell.data_type == "d":
                yield f"{cell.coordinate} is a date by its format alone"
            if cell.comment:
                yield f"{cell.coordinate} has a comment"
            if _is_text(cell.value) and cell.value != cell.value.strip():
                yield f"{cell.coordinate} is padded with spaces"
            if _is_text(cell.value) and ("\n" in cell.value or "\r" in cell.value):
                yield f"{cell.coordinate} has line breaks"
            if cell.value == "":
                yield f"{cell.coordinate} is an empty text"


def _table(records: list[dict], codes: dict) -> Iterator[str]:
    seen = set()
    for number, record in enumerate(records, 2):
        for name, value in record.items():
            if value is None:
                if name not in MAY_BE_EMPTY:
                    yield f"row {number}: {name} is empty"
            elif (name in NUMERIC) != isinstance(value, int):
                yield f"row {number}: {name} is {value!r}"
        if isinstance(record["調査年度"], int) and not 1900 < record["調査年度"] < 2200:
            yield f"row {number}: {record['調査年度']} is no western year"
        for name in LISTED:
            if record[name] is not None and (name, record[name]) not in codes:
                yield f"row {number}: {name} {record[name]!r} is not in コード表"
        for code, label in CODED.items():
            if codes.get((code, record[code])) != record[label]:
                yield f"row {number}: {record[label]!r} is not what コード表 calls {record[code]!r}"
        key = (record["機関コード"], record["状況コード"])
        if key in seen:
            yield f"row {number}: {key} for the second time"
        seen.add(key)


def _records(page) -> list[dict]:
    header, *rows = _values(page)
    return [dict(zip(header, row, strict=True)) for row in rows]


def _values(page) -> list[list]:
    return [list(row) for row in page.iter_rows(values_only=True)]


def _calamine_values(book: CalamineWorkbook, name: str) -> list[list]:
    """calamine gives every number as a float and an empty cell as an empty text."""
    return [
        [
            None if value == "" else int(value) if isinstance(value, float) else value
            for value in row
        ]
        for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    ]


def _is_text(value) -> bool:
    return isinstance(value, str)
