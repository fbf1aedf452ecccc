"""The columns of sheets, declared once: what template, export and import call them, how a row of
the ledger fills them, and what a cell that somebody typed becomes. Pure but for the choices.

A column reads what it wrote: ``read(cell(value)) == value``. What it cannot read raises ValueError,
in Japanese, with the value, why not, and an example.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from exchange.reading import cells
from exchange.reading.cells import Problem
from exchange.writing import DAY, NUMBER, TEXT
from outsourcing.contractor_fields import as_typed
from outsourcing.corporate_numbers import EXAMPLE
from outsourcing.draft_forms import MOST_PERSONS, CountField
from outsourcing.folding import fold

SEPARATORS = re.compile(r"[、,，\n]")
DAY_EXAMPLE = "2018-04-01"
# The place of a row among those recorded of the same contract or link, from 1: pages name it so.
PLACE = "#"


@dataclass(frozen=True)
class Column:
    """``source``: where a row of the ledger has its values, as lookups from the sheet's model.
    ``name``: what it is called once it is read. ``told``: written for the reader's sake, and no
    change of the ledger when somebody edits it. ``blank``: what an empty cell means."""

    heading: str
    source: str | tuple[str, ...] = ""
    note: str = ""
    example: Any = ""
    _: KW_ONLY
    name: str = ""
    required: bool = False
    aliases: tuple[str, ...] = ()
    told: bool = False
    blank: Any = None
    width: float = 16

    kind = TEXT
    dashes = False  # whether － and なし say that there is nothing

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.source,) if isinstance(self.source, str) else self.source

    @property
    def field(self) -> str:
        return self.name or self.sources[0]

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be typed, where that can be listed."""
        return ()

    @property
    def only_choices(self) -> bool:
        """Whether a cell holds one of the choices, and nothing else."""
        return bool(self.choices)

    def cells(self, values: Sequence[Sequence]) -> Sequence:
        """The cells of many rows, of the values of each source."""
        return list(map(self.cell, *values))

    def cell(self, *values) -> Any:
        return values[0]

    def read(self, typed: Any) -> Any:
        """What a cell means. Raises ValueError."""
        if cells.is_blank(typed, dashes=self.dashes):
            if self.required:
                raise ValueError(f"{self.heading}を入力してください（例：{self.shown_example}）。")
            return self.blank
        try:
            return self.parse(typed)
        except Problem as problem:
            raise ValueError(f"{self.heading}：{problem}") from problem

    def parse(self, typed: Any) -> Any:
        return cells.text(typed)

    @property
    def shown_example(self) -> str:
        return str(self.example)

    def refusal(self, typed: Any, why: str) -> ValueError:
        example = f"（例：{self.shown_example}）" if self.shown_example else ""
        return ValueError(f"{self.heading}「{text_of(typed)}」{why}{example}。")


@dataclass(frozen=True)
class Text(Column):
    blank: Any = ""

    def cells(self, values):
        return values[0]


@dataclass(frozen=True)
class Day(Column):
    """``date1904``: of a book that counts days from 1904."""

    example: Any = DAY_EXAMPLE
    width: float = 13
    date1904: bool = False
    kind = DAY
    dashes = True

    def cells(self, values):
        return values[0]

    def parse(self, typed):
        return cells.day(typed, date1904=self.date1904)


@dataclass(frozen=True)
class Count(Column):
    """How many, as offices write it."""

    example: Any = 12345
    width: float = 12
    kind = NUMBER
    dashes = True

    def cells(self, values):
        return values[0]

    def parse(self, typed):
        try:
            return cells.whole(typed, most=MOST_PERSONS)
        except Problem:
            if not isinstance(typed, str):
                raise
        try:
            return CountField().to_python(typed)  # 5万
        except ValidationError as error:
            raise ValueError(f"{self.heading}：{error.messages[0]}") from error


@dataclass(frozen=True)
class Number(Count):
    """A number that names something: of a link, of a record, of a year."""

    example: Any = 1

    def parse(self, typed):
        return cells.whole(typed, least=1, most=999_999, units=())


@dataclass(frozen=True)
class Share(Column):
    """A percentage."""

    kind = NUMBER

    def cell(self, value):
        """A number below 1 could also be a share of 1: it says what it is."""
        if value is None:
            return None
        plain = Decimal(f"{value.normalize():f}")
        return f"{plain}%" if 0 < plain <= 1 else plain

    def parse(self, typed):
        share = cells.percent(typed)
        if not 0 <= share <= 100:
            raise self.refusal(typed, "は0から100までの数ではありません")
        return share


YES, NO = "はい", "いいえ"


@dataclass(frozen=True)
class YesNo(Column):
    example: Any = NO
    blank: Any = False
    words: tuple[str, str] = (YES, NO)
    width: float = 10

    @property
    def choices(self):
        return self.words

    def cell(self, value):
        return None if value is None else self.words[not value]

    def parse(self, typed):
        said = fold(text_of(typed))
        for word, truth in zip(self.words, (True, False), strict=True):
            if said == fold(word):
                return truth
        if self.words == (YES, NO) and cells.is_blank(typed, dashes=True):
            return False  # － beside ○
        try:
            return cells.yes_no(typed)
        except Problem:
            why = f"は「{self.words[0]}」でも「{self.words[1]}」でもありません"
            raise self.refusal(typed, why) from None


@dataclass(frozen=True)
class Choice(Column):
    """One of ``of``; ``also``: other words for a choice."""

    of: type[models.Choices] = models.TextChoices
    also: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def choices(self):
        return tuple(str(label) for label in self.of.labels)

    def cells(self, values):
        labels = dict(self.of.choices)
        return [labels.get(value, value) for value in values[0]]

    def parse(self, typed):
        plain = fold(text_of(typed))
        known = {fold(str(label)): value for value, label in self.of.choices}
        known |= {fold(word): value for word, value in self.also.items()}
        if plain not in known:
            raise self.refusal(
                typed, f"は選択肢にありません。選べるのは{'、'.join(self.choices)}です"
            )
        return known[plain]

    @property
    def shown_example(self):
        return self.example or self.choices[0]


@dataclass(frozen=True)
class Choices(Column):
    """Several of a list, in one cell. ``of`` gives the words of each code that can be known; a code
    that a later edition has stands as it is."""

    of: Callable[[], Mapping[str, str]] = dict
    blank: Any = ()
    width: float = 30
    CODE = re.compile(r"[0-9A-Za-z_()注-]{1,40}")

    @cached_property
    def choices(self):
        return tuple(self.of().values())

    only_choices = False

    def cells(self, values):
        known = self.of()
        seen = {codes: "、".join(_ordered(codes, known)) for codes in set(map(tuple, values[0]))}
        return [seen[tuple(codes)] for codes in values[0]]

    def parse(self, typed):
        known = {fold(words): code for code, words in self.of().items()}
        found = []
        for part in filter(None, map(str.strip, SEPARATORS.split(text_of(typed)))):
            code = known.get(fold(part))
            if code is None and self.CODE.fullmatch(unicodedata.normalize("NFKC", part)):
                code = unicodedata.normalize("NFKC", part)
            if code is None:
                raise self.refusal(part, "は選べません")
            found.append(code)
        return list(dict.fromkeys(found))


def _ordered(codes: Iterable[str], known: Mapping[str, str]) -> list[str]:
    codes = list(codes)
    first = [words for code, words in known.items() if code in codes]
    return first + [code for code in codes if code not in known]


class Named(NamedTuple):
    """What a cell names: 「総務課（001）」, or the code or the name alone."""

    name: str
    code: str


_NAMED = re.compile(r"(?P<name>.*)[（(](?P<code>[^（()）]+)[）)]", re.DOTALL)


@dataclass(frozen=True)
class NameAndCode(Column):
    """Something of a master, by its name and code: 総務課（001）."""

    width: float = 24

    def cell(self, name, code):
        return None if code is None else f"{name}（{code}）" if name else code

    def parse(self, typed):
        text = text_of(typed).strip()
        if match := _NAMED.fullmatch(text):
            return Named(match["name"].strip(), unicodedata.normalize("NFKC", match["code"]))
        return Named(text, text)


class _Company(NamedTuple):
    """As much of a contractor as its name is written of: a row of the model takes long to make."""

    name: str
    corporate_number: str | None
    public_id: UUID


@dataclass(frozen=True)
class Company(Column):
    """A contractor, as every page writes it. Read, it is the text: who is meant says
    ``contractor_fields.named``."""

    width: float = 34
    example: Any = f"株式会社見本（{EXAMPLE}）"

    def cells(self, values):
        seen = {}
        for pk, *company in set(zip(*values, strict=True)):
            seen[pk] = None if pk is None else as_typed(_Company(*company))
        return list(map(seen.get, values[0]))

    def parse(self, typed):
        return re.sub(r"\s*\n\s*", "", text_of(typed)).strip()


def company(heading: str, at: str, **more) -> Company:
    fields = ("pk", "name", "corporate_number", "public_id")
    lookups = tuple(f"{at}__{name}" for name in fields)
    return Company(heading, lookups, name=at, **more)


@dataclass(frozen=True)
class Code(Column):
    """A public code made of agency, fiscal year and serial; or what the file calls its own row."""

    letter: str = ""
    width: float = 18

    def cell(self, agency, year, serial):
        return None if serial is None else f"{agency}-{year}-{self.letter}{serial:05d}"

    def parse(self, typed):
        return "".join(unicodedata.normalize("NFKC", text_of(typed)).split())


def code(heading: str, at: str = "", *, letter: str = "", **more) -> Code:
    """``at``: the relation to what the code names; none where it is the row itself."""
    fields = ("agency__code", "fiscal_year", "serial")
    lookups = tuple(f"{at}__{name}" if at else name for name in fields)
    more.setdefault("name", at or "code")
    return Code(heading, lookups, letter=letter, **more)


text_of = cells.plain
