"""Texts in the XML of a workbook: their escapes, the shared ones, and what of them is no text."""

from __future__ import annotations

import re

from exchange.reading import limits
from exchange.reading.archive import Archive
from exchange.reading.book import Refused
from exchange.reading.markup import REPAIR, TRUE, parse, spreadsheet_root

_PART = "共有文字列"
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
# Neither tabs nor line breaks; nor what Unicode has no character for.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
PRIVATE = re.compile("[\ue000-\uf8ff]")  # 外字


def unescaped(text: str) -> str:
    """``_x000D_`` as Excel writes what XML cannot hold; line breaks as one character."""
    if "_x" in text:
        text = _ESCAPE.sub(_character, text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text


def too_long(where: str, length: int) -> Refused:
    return Refused(
        f"{where}の文字が長すぎます（{length:,}文字）。一つのセルに書けるのは{limits.TEXT:,}文字までです。"
        "内容を分けるか短くして、保存し直してください。"
    )


def too_much_text() -> Refused:
    return Refused(
        f"ブック全体の文字が多すぎます（{limits.TEXTS:,}文字まで）。必要な行と列だけを新しいブックに移すか、"
        "ファイルを分けて保存してください。"
    )


class Strings:
    """The shared strings by number, and which of them are struck through, as a whole or in part."""

    def __init__(self, archive: Archive, part: str | None):
        self.texts: list[str] = []
        self.struck: set[int] = set()
        self.partly_struck: set[int] = set()
        if part is not None:
            self._collected = TextOfRuns()
            self._characters = 0
            parse(archive.pieces(part), _PART, self._begin)

    def _begin(self, prefix, local, namespace, parser):
        spreadsheet_root(_PART, "sst", local, namespace)
        self._item, self._skip = f"{prefix}si", len(prefix)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._collected.take

    def _start(self, tag, attributes):
        if tag == self._item:
            self._collected.clear()
        else:
            self._collected.start(tag[self._skip :], attributes)

    def _end(self, tag):
        if tag != self._item:
            self._collected.end(tag[self._skip :])
            return
        text = unescaped(self._collected.text)
        if len(text) > limits.TEXT:
            raise too_long(f"{len(self.texts) + 1:,}番目の文字列", len(text))
        self._characters += len(text)
        if self._characters > limits.TEXTS or len(self.texts) >= limits.CELLS:
            raise too_much_text()
        if self._collected.struck:
            self.struck.add(len(self.texts))
        elif self._collected.partly_struck:
            self.partly_struck.add(len(self.texts))
        self.texts.append(text)


class TextOfRuns:
    """The text of an ``si`` or ``is`` element: of its runs without their readings (ふりがな), and
    without those struck through, unless all are."""

    def __init__(self):
        self._buffer: list[str] = []
        self.take = self._buffer.append
        self.clear()

    def clear(self) -> None:
        self._buffer.clear()
        self._plain: list[str] = []
        self._struck: list[str] = []
        self._reading = 0
        self._run_struck = False

    def start(self, tag: str, attributes: dict) -> None:
        if tag == "t":
            self._buffer.clear()
        elif tag == "rPh":
            self._reading += 1
        elif tag == "r":
            self._run_struck = False
        elif tag == "strike":
            self._run_struck = attributes.get("val", "1") in TRUE

    def end(self, tag: str) -> None:
        if tag == "t":
            if not self._reading:
                parts = self._struck if self._run_struck else self._plain
                parts.extend(self._buffer)
            self._buffer.clear()
        elif tag == "rPh":
            self._reading -= 1
        elif tag == "r":
            self._run_struck = False

    @property
    def text(self) -> str:
        return "".join(self._plain or self._struck)

    @property
    def struck(self) -> bool:
        """Whether all of it is struck through."""
        return bool(self._struck) and not self._plain

    @property
    def partly_struck(self) -> bool:
        return bool(self._struck) and bool(self._plain)


def _character(match: re.Match) -> str:
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code <= 0xDFFF else chr(code)


def broken_index(where: str) -> Refused:
    return Refused(
        f"{where}が、ファイルにない文字列を指しています。ファイルが壊れています。{REPAIR}"
    )
