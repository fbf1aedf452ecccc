"""Ａ社, Ｂ社 …: contractors without their names, the same company the same letter in one report.

Pure. Letters are given in the order in which companies are met; whoever prints the same report
twice, as a page and as a workbook, lets them be met in the same order.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

LETTERS = "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ"


def label(number: int) -> str:
    """Ａ社 of 0, Ｚ社 of 25, ＡＡ社 of 26."""
    letters = ""
    number += 1
    while number:
        number, place = divmod(number - 1, len(LETTERS))
        letters = LETTERS[place] + letters
    return f"{letters}社"


class Names:
    """Companies under their own names."""

    hides = False

    def meet(self, companies: Iterable[tuple[int, str]]) -> None:
        """Companies (key, name) in the order in which the report names them."""

    def of(self, company: int | None, name: str) -> str:
        return name

    def number(self, corporate_number: str | None) -> str:
        return corporate_number or ""

    def text(self, text: str) -> str:
        return text

    def row(self, row):
        """A finding's row (``exports.Row``) under these names."""
        return row._replace(
            title=self.text(row.title),
            contractor=self.of(row.contractor_key, row.contractor),
            number=self.number(row.number),
            link_contractor=self.of(row.link_contractor_key, row.link_contractor),
        )


class Letters(Names):
    """Companies as letters, also where free text has a name exactly, in either width."""

    hides = True

    def __init__(self):
        self._labels: dict[int, str] = {}
        # By the first character: [(name, label)], the longest first, of two alike the first met.
        self._by_start: dict[str, list[tuple[str, str]]] = defaultdict(list)

    def meet(self, companies: Iterable[tuple[int, str]]) -> None:
        met = set()
        for company, name in companies:
            if company not in self._labels:
                self._labels[company] = label(len(self._labels))
                if same := folded(name).strip():
                    self._by_start[same[0]].append((same, self._labels[company]))
                    met.add(same[0])
        for start in met:
            self._by_start[start].sort(key=lambda named: -len(named[0]))

    def of(self, company: int | None, name: str) -> str:
        """Who was never met has no letter, and no name either."""
        return self._labels.get(company, "") if name else ""

    def number(self, corporate_number: str | None) -> str:
        return ""

    def text(self, text: str) -> str:
        same, out, place = folded(text), [], 0
        while place < len(text):
            for name, letters in self._by_start.get(same[place], ()):
                if same.startswith(name, place):
                    out.append(letters)
                    place += len(name)
                    break
            else:
                out.append(text[place])
                place += 1
        return "".join(out)


def folded(text: str) -> str:
    """As long as the text: each letter or digit in one width and case."""
    return "".join(map(_folded, text))


@lru_cache(maxsize=8192)
def _folded(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).casefold()
    return plain if len(plain) == 1 else character
