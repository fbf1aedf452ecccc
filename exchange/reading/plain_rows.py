"""Rows that look like nearly all rows, taken by a pattern instead of an event for each tag, which
is twice as fast. Expat is given every byte all the same, and what it says of the document counts.

A row is plain if it consists of cells with a value or a text and nothing else: no formula, entity,
comment, or formatted text. The text between ``<row`` and ``</row>`` can then mean nothing else,
provided that expat stands between two elements: which it does where it has just told the end of a
row, at the last byte it was given. Any other row goes the slow way, as if there were no other.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_CELL = (
    r'<c(?: r="([A-Z]{1,3}[0-9]{1,7})")?(?: s="([0-9]{1,6})")?(?: t="([a-zA-Z]{1,9})")?'
    r"(?: ?/>|>(?:<v>([^<&\r]++)</v>"
    r'|<is><t(?: xml:space="preserve")?>([^<&\r]++)</t></is>)?</c>)'
)
_ROW = re.compile(
    r'<row((?: [a-zA-Z0-9:]+="[^"<&\r\n\t]*+")*+)>'
    rf"((?:{_CELL.replace('([', '(?:[')})*+)</row>"
)
_ATTRIBUTE = re.compile(r' ([a-zA-Z0-9:]+)="([^"]*)"')
_END = b"</row>"

cells_of = re.compile(_CELL).findall  # address, style, type, value, text of each cell


class PlainRows:
    """Feeds a parser. ``between`` is set by whoever handles its events, at each end of a row."""

    def __init__(self, take: Callable[[dict, str], None], quiet: Callable, loud: Callable):
        self.between = False
        self._take, self._quiet, self._loud = take, quiet, loud
        self._rest = b""

    def feed(self, parser, piece: bytes) -> None:
        """All of ``piece``, but for a row that is not complete yet: it waits for the next."""
        content = self._rest + piece
        cut = content.rfind(_END) + len(_END)
        text = _decoded(content[:cut]) if cut >= len(_END) else ""
        if not text:
            self._rest = content
            self.finish(parser)
            return
        at = 0
        while at < len(text):
            at = self._plain(parser, text, at) if self.between else self._odd(parser, text, at)
        self._rest = content[cut:]

    def finish(self, parser) -> None:
        self.between = False
        parser.Parse(self._rest, False)
        self._rest = b""

    def _plain(self, parser, text: str, first: int) -> int:
        at = first
        while match := _ROW.match(text, at):
            self._take(dict(_ATTRIBUTE.findall(match[1])), match[2])
            at = match.end()
        if at > first:
            self._quiet(parser)
            parser.Parse(text[first:at].encode(), False)
            self._loud(parser)
        return at if at == len(text) else self._odd(parser, text, at)

    def _odd(self, parser, text: str, at: int) -> int:
        end = text.index("</row>", at)
        parser.Parse(text[at:end].encode(), False)
        self.between = False
        parser.Parse(_END, False)
        return end + len(_END)


def _decoded(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return ""  # expat will say what it is
