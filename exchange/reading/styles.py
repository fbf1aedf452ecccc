"""Of the styles of a workbook what changes how a cell is read: dates, percents, strike-through."""

from __future__ import annotations

from typing import NamedTuple

from exchange.reading import limits
from exchange.reading.archive import Archive
from exchange.reading.markup import TRUE, Broken, parse, spreadsheet_root
from exchange.reading.serials import Shown, shown_as

_PART = "書式"


class Styles(NamedTuple):
    """By the number of a cell's style, as text: it stands so in the cell."""

    shown: dict[str, Shown]
    struck: frozenset[str]


def read_styles(archive: Archive, part: str | None) -> Styles:
    if part is None:
        return Styles({}, frozenset())
    reading = _Reading()
    parse(archive.pieces(part), _PART, reading.begin)
    shown = {}
    for index, (number, _) in enumerate(reading.cells):
        kind = shown_as(number, reading.formats.get(number))
        if kind is not None:
            shown[str(index)] = kind
    struck = frozenset(
        str(index) for index, (_, font) in enumerate(reading.cells) if font in reading.struck
    )
    return Styles(shown, struck)


class _Reading:
    def __init__(self):
        self.formats: dict[int, str] = {}  # texts of own formats by number
        self.struck: set[int] = set()  # fonts
        self.fonts = -1
        self.cells: list[tuple[int, int]] = []  # format and font of each style
        self._inside: list[str] = []

    def begin(self, prefix, local, namespace, parser):
        spreadsheet_root(_PART, "styleSheet", local, namespace)
        self._skip = len(prefix)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def _start(self, tag, attributes):
        tag = tag[self._skip :]
        above = self._inside[-1] if self._inside else ""
        self._inside.append(tag)
        if len(self._inside) > 50:
            raise Broken(_PART, "入れ子が深すぎる")
        if tag == "numFmt" and above == "numFmts":
            number = _number(attributes.get("numFmtId"))
            self.formats[number] = attributes.get("formatCode", "")[:1000]
        elif tag == "font" and above == "fonts":
            self.fonts += 1
        elif tag == "strike" and above == "font" and self._inside[-3:-2] == ["fonts"]:
            if attributes.get("val", "1") in TRUE:
                self.struck.add(self.fonts)
        elif tag == "xf" and above == "cellXfs":
            if len(self.cells) >= limits.STYLES:
                raise Broken(_PART, f"書式が{limits.STYLES:,}種類を超える")
            cell = _number(attributes.get("numFmtId")), _number(attributes.get("fontId"))
            self.cells.append(cell)

    def _end(self, _tag):
        if self._inside:
            self._inside.pop()


def _number(text: str | None) -> int:
    try:
        return int((text or "0")[:10])
    except ValueError:
        return 0
