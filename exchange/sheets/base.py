"""A sheet: one kind of row of the ledger, as template, export and import share it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from django.db import models

from exchange import writing
from exchange.columns import PLACE, Choice, Column, text_of
from exchange.reading.cells import is_blank
from exchange.sheets.fetching import fetch
from outsourcing.folding import fold

BATCH = 2_000
AGENCY = "agency_id"

# What a cell of the first column says of its row: nothing, and it is taken in.
LEAVE_OUT, EXAMPLE = "取り込まない", "記入例"
TAKING = "取込み"


class RowTaking(models.TextChoices):
    LEAVE_OUT = LEAVE_OUT, LEAVE_OUT
    EXAMPLE = EXAMPLE, EXAMPLE


# The first of every sheet. Also a tick is understood.
LEFT_OUT = Choice(
    TAKING,
    name="left_out",
    note="空欄の行だけを取り込みます。「取り込まない」と「記入例」の行は取り込みません。",
    aliases=("取り込まない", "取込区分"),
    of=RowTaking,
    also=dict.fromkeys(("○", "〇", "✓", "1", "はい", "true", "×"), LEAVE_OUT),
    blank="",
    width=11,
)


class Chosen(NamedTuple):
    """Which rows: of these agencies (None: of all), and on these contracts (None: on all).
    ``whole``: together with others, those of all agencies there are."""

    agencies: tuple[int, ...] | None
    contracts: models.QuerySet | None = None
    whole: bool = False


class Wrong(NamedTuple):
    """What a cell holds and should not."""

    heading: str
    typed: Any
    message: str


class Row(NamedTuple):
    """A row that was read: what its columns mean, by their field, and what is wrong with it."""

    values: dict[str, Any]
    wrong: list[Wrong]


class Heading(NamedTuple):
    """The headings of a sheet that somebody sent: by place the column each is, those that are none,
    those that stand twice, and which columns must be there and are not."""

    columns: dict[int, Column]
    unknown: list[str]
    twice: list[str]
    missing: list[Column]


@dataclass(frozen=True, eq=False)
class Sheet:
    """``of``: how a row reaches its contract: "" where it is one, None where it has none.
    ``link``: how it reaches a link. ``numbered_by``: in which rows it is counted by ``PLACE``.
    ``order``: among the rows of one contract. ``finish``: makes of what was read what an action
    takes. ``office``: for the survey office alone."""

    key: str
    title: str
    model: type[models.Model]
    own: tuple[Column, ...]
    note: str = ""
    of: str | None = "contract"
    link: str = ""
    numbered_by: str = ""
    order: tuple[str, ...] = ("pk",)
    finish: Callable[[dict], dict] = dict
    office: bool = False

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return (LEFT_OUT, *self.own)

    # --- Out ---------------------------------------------------------------------------------

    def queryset(self, chosen: Chosen) -> models.QuerySet:
        """The rows that are facts; where they are numbered also those that were taken back, which
        were counted."""
        rows = self.model.objects.all() if self.numbered_by else self.model.objects.valid()
        if chosen.agencies is not None:
            rows = rows.filter(agency_id__in=chosen.agencies)
        if self.of is None:
            return rows.none() if chosen.contracts is not None else rows.order_by(*self._ordered)
        if self.of:
            rows = rows.filter(**{f"{self.of}__voided_on__isnull": True})
        if chosen.contracts is not None:
            rows = rows.filter(
                **{f"{self.of or 'pk'}__in": chosen.contracts.order_by().values("pk")}
            )
        return rows.order_by(*self._ordered)

    @cached_property
    def _ordered(self) -> tuple[str, ...]:
        at = f"{self.of}__" if self.of else ""
        has_code = self.of is not None or self._has("serial")
        code = (f"{at}fiscal_year", f"{at}serial") if has_code else ()
        agency = ("agency__code",) if self._has("agency") else ()
        return tuple(dict.fromkeys((*agency, *code, *self.order)))

    def _has(self, name: str) -> bool:
        return any(field.name == name for field in self.model._meta.local_fields)

    @cached_property
    def _gone(self) -> tuple[str, ...]:
        """Where it says that a row, or the link it hangs on, was taken back."""
        link = (f"{self.link}__voided_on",) if self.link else ()
        return ("voided_on", *link)

    @cached_property
    def lookups(self) -> tuple[str, ...]:
        """What is asked of the database: each once, the agency first, then what was taken back."""
        agency = AGENCY if self._has("agency") else "pk"
        counted = (self.numbered_by,) if self.numbered_by else ()
        asked = (source for column in self.own for source in column.sources)
        return tuple(
            dict.fromkeys((agency, *self._gone, *counted, *(s for s in asked if s != PLACE)))
        )

    def raw(self, chosen: Chosen, *beside: str) -> Iterator[tuple]:
        """The rows as the database has them: ``lookups``, what is asked beside them, and last the
        place of each."""
        # All at once: a cursor that is left open keeps others from writing on SQLite.
        rows = fetch(self.queryset(chosen), (*self.lookups, *beside))
        gone = len(self._gone) + 1
        if not self.numbered_by:
            yield from (row for row in rows if not any(row[1:gone]))
            return
        counted, last, place = self.lookups.index(self.numbered_by), None, 0
        for row in rows:
            place = place + 1 if row[counted] == last else 1
            last = row[counted]
            if not any(row[1:gone]):
                yield (*row, place)

    def cells(self, raw: Iterator[tuple]) -> Iterator[tuple]:
        """The cells of such rows."""
        at = {lookup: place for place, lookup in enumerate((*self.lookups, PLACE))}
        where = [(column, [at[source] for source in column.sources]) for column in self.own]
        raw = iter(raw)
        while batch := list(islice(raw, BATCH)):
            turned = list(zip(*batch, strict=True))
            blank = [None] * len(batch)
            made = [
                column.cells([turned[p] for p in places]) if places else blank
                for column, places in where
            ]
            yield from zip(blank, *made, strict=True)

    def rows(self, chosen: Chosen) -> Iterator[tuple]:
        return self.cells(self.raw(chosen))

    def parts(self, chosen: Iterable[Chosen]) -> Iterable[Chosen]:
        """Of several that follow each other, those to be asked for one after the other."""
        return chosen

    def by_agency(self, chosen: Chosen) -> dict[int, list[tuple]]:
        """The raw rows of each agency."""
        found: dict[int, list[tuple]] = {}
        for row in self.raw(chosen):
            found.setdefault(row[0], []).append(row)
        return found

    def count(self, chosen: Chosen) -> int:
        gone = {f"{name}__isnull": True for name in self._gone}
        return self.queryset(chosen).filter(**gone).count()

    def fields(self, lists: Mapping[str, str] = {}) -> list[writing.Field]:
        """As the writer takes them. ``lists``: by field, where on another sheet its choices are."""
        return [
            writing.Field(
                column.heading,
                column.kind,
                column.width,
                required=column.required,
                choices=lists.get(column.field, ""),
                strict=column.only_choices,
                prompt=prompt,
            )
            for column, prompt in zip(self.columns, self._prompts, strict=True)
        ]

    @cached_property
    def _prompts(self) -> list[str]:
        """What Excel tells whoever chooses a cell of each column."""
        return [
            "".join(
                (
                    "【必須】" if column.required else "",
                    column.note,
                    f"例：{column.shown_example}" if column.shown_example else "",
                )
            )
            for column in self.columns
        ]

    def example(self) -> list:
        """The row that shows how one is written."""
        return [EXAMPLE, *(_example(column) for column in self.own)]

    # --- In ----------------------------------------------------------------------------------

    @cached_property
    def by_heading(self) -> dict[str, Column]:
        return {
            plain(name): column
            for column in reversed(self.columns)
            for name in (*column.aliases, column.heading)
        }

    def match(self, headings: Sequence[Any]) -> Heading:
        """Which columns these are, in whatever order they stand."""
        found, unknown, twice = {}, [], []
        for place, heading in enumerate(headings):
            if is_blank(heading):
                continue
            column = self.by_heading.get(plain(text_of(heading)))
            if column is None:
                unknown.append(text_of(heading))
            elif column in found.values():
                twice.append(text_of(heading))
            else:
                found[place] = column
        missing = [c for c in self.columns if c.required and c not in found.values()]
        return Heading(found, unknown, twice, missing)

    def read(self, columns: Mapping[int, Column], typed: Sequence[Any]) -> Row:
        """What a row says, of the columns that ``match`` found; every error of it at once."""
        values, wrong = {}, []
        for place, column in columns.items():
            if column.told:
                continue
            value = typed[place] if place < len(typed) else None
            try:
                values[column.field] = self.value(column, value)
            except ValueError as error:
                wrong.append(Wrong(column.heading, value, str(error)))
        return Row(values if wrong else self.finish(values), wrong)

    def value(self, column: Column, typed: Any) -> Any:
        """What one cell says. Raises ValueError."""
        value = column.read(typed)
        longest = self._longest.get(column.field) if isinstance(value, str) else None
        if longest and len(value) > longest:
            raise ValueError(
                f"{column.heading}「{value[:20]}…」は{len(value):,}字で、{longest:,}字を超えています。"
            )
        return value

    @cached_property
    def _longest(self) -> dict[str, int | None]:
        fields = self.model._meta.local_concrete_fields
        return {field.name: getattr(field, "max_length", None) for field in fields}


def plain(heading: str) -> str:
    """A heading as it is looked up: without marks that forms put beside it."""
    return fold(heading).translate(_MARKS)


_MARKS = str.maketrans("", "", "*＊※・:【】[]「」")


def _example(column: Column) -> Any:
    shown = column.shown_example if column.required else column.example
    if column.told or shown == "":
        return None
    return column.read(shown) if column.kind == writing.DAY else shown
