"""A page of findings, as an address asks for it: how many there are, which are shown, and the
addresses of the pages beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

from django.db.models import QuerySet
from django.http import QueryDict

from audit import paging
from audit.conditions import overdue_among
from audit.filters import FindingFilter
from audit.paging import COUNTED, FEW, PER_PAGE, Page, Place
from audit.tables import READ, FindingTable, order_asked
from guideline.models import Finding
from outsourcing.models import Agency
from outsourcing.prepared import Composed

PAGING = ("page", "after", "before", "count")


def without_paging(asked: QueryDict) -> QueryDict:
    """The conditions alone, as an address has them, and the order."""
    query = asked.copy()
    for name in PAGING:
        query.pop(name, None)
    return query


class Listing:
    """Findings in the order that ``sort`` asks for.

    Up to COUNTED they are counted, and their pages numbered; of more, pages follow each other from
    a place on, and ``count=exact`` counts them all the same.
    """

    def __init__(
        self,
        found: QuerySet,
        asked: QueryDict,
        *,
        parts: Sequence[QuerySet] = (),
        provisions: Sequence[str] = (),
        narrow: bool = False,
    ):
        """``parts``: the same findings as they are better counted; ``provisions``: all that they
        can rest on; ``narrow``: better sorted than looked for in order."""
        self.found, self.asked = found, asked
        self.parts = parts or [found]
        order = order_asked(asked.get("sort"))
        values = tuple(provisions) if order.first == "provision" and not narrow else ()
        self.order = order._replace(values=values, plain=narrow)

    @classmethod
    def of(cls, found: FindingFilter) -> Listing:
        """Of a list's conditions; of none where one cannot be understood."""
        if not found.is_valid():
            return cls(found.qs, found.data)
        asked = found.conditions
        return cls(
            asked.ordered(order_asked(found.data.get("sort")).first),
            found.data,
            parts=asked.parts,
            provisions=asked.provisions,
            narrow=asked.is_narrow,
        )

    @cached_property
    def number(self) -> int:
        """How many there are: COUNTED + 1 for more than that, unless all are asked for."""
        if self.asked.get("count") == "exact":
            return paging.exactly(self.parts)
        return len(self._read) if self.order.plain else paging.counted(self.parts)

    @cached_property
    def _read(self) -> list[dict]:
        """All at once, in no order: of few, or of those that no order finds."""
        columns = ("pk", *self.order.columns)
        parts = (part.order_by().values(*columns)[: COUNTED + 1] for part in self.parts)
        return [row for part in parts for row in part][: COUNTED + 1]

    @property
    def is_exact(self) -> bool:
        return self.number <= COUNTED or self.asked.get("count") == "exact"

    @property
    def is_numbered(self) -> bool:
        return self.number <= COUNTED

    @cached_property
    def pages(self) -> int:
        return max(1, -(-self.number // PER_PAGE))

    @cached_property
    def page(self) -> int:
        text = self.asked.get("page", "1")
        number = int(text) if text.isdecimal() and len(text) < 9 else 1
        return min(max(number, 1), self.pages)

    @cached_property
    def shown(self) -> Page:
        if not self.number:
            return Page([], None, None)
        if self.is_numbered:
            return Page(self._numbered(), None, None)
        if self.asked.get("page") == "last":
            return paging.last_page(self.found, self.order, read)
        if (place := self._place("before")) is not None:
            return paging.page_before(self.found, self.order, place, read)
        return paging.page_after(self.found, self.order, self._place("after"), read)

    def _numbered(self) -> list[dict]:
        start = (self.page - 1) * PER_PAGE
        if self.number > FEW and not self.order.plain:
            return list(paging.page_numbered(self.found, self.order, start, keys_of, of_keys))
        some = self.order.sorted(self._read)[start : start + PER_PAGE]
        return list(of_keys([row["pk"] for row in some]))

    @property
    def rows(self) -> list[dict]:
        return self.shown.rows

    def table(self, caption: str, on: date, *, ticks: bool = False) -> FindingTable:
        """The rows shown, with the state of their correction as of a day; ``ticks``: with boxes."""
        overdue = overdue_among(self.rows, on)
        sort = self.asked.get("sort", "-since")
        return FindingTable(
            self.rows, on=on, overdue=overdue, ticks=ticks, caption=caption, order_by=sort
        )

    @property
    def first_number(self) -> int:
        return (self.page - 1) * PER_PAGE + 1

    @property
    def last_number(self) -> int:
        return self.first_number + len(self.rows) - 1

    @property
    def links(self) -> dict[str, str]:
        """The addresses of the pages beside this one: first, previous, next, last."""
        return self._numbered_links() if self.is_numbered else self._links_to_places()

    @property
    def exact_link(self) -> str:
        return self._with(count="exact")

    def _numbered_links(self) -> dict[str, str]:
        found = {}
        if self.page > 1:
            found |= {"first": self._with(), "previous": self._with(page=self.page - 1)}
        if self.page < self.pages:
            found |= {"next": self._with(page=self.page + 1), "last": self._with(page=self.pages)}
        return found

    def _links_to_places(self) -> dict[str, str]:
        shown, found = self.shown, {}
        if shown.before is not None:
            found |= {"first": self._with(), "previous": self._with(before=self._say(shown.before))}
        if shown.after is not None:
            found |= {"next": self._with(after=self._say(shown.after)),
                      "last": self._with(page="last")}  # fmt: skip
        return found

    def _with(self, **values) -> str:
        query = without_paging(self.asked)
        for name, value in values.items():
            query[name] = str(value)
        return f"?{query.urlencode()}"

    def _place(self, name: str) -> Place | None:
        place = paging.read(self.asked.get(name, ""), self.order)
        if place is None or self.order.first != "agency_id":
            return place
        # An address names the agency by its code, and no key.
        key = Agency.objects.filter(code=place.values[0]).values_list("pk", flat=True).first()
        return key and place._replace(values=(key, *place.values[1:]))

    def _say(self, place: Place) -> str:
        if self.order.first != "agency_id":
            return paging.written(place)
        row = next((r for r in self.rows if r["agency_id"] == place.values[0]), None)
        code = row["agency__code"] if row else Agency.objects.get(pk=place.values[0]).code
        return paging.written(place._replace(values=(code, *place.values[1:])))


def keys_of(rows: QuerySet) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def read(rows: QuerySet) -> Iterator[dict]:
    """What a table shows of findings. Their keys first, which an index has."""
    return of_keys(keys_of(rows))


def of_keys(keys: list[int]) -> Iterator[dict]:
    """What a table shows of findings, in the order of their keys."""
    found = {}
    for start in range(0, len(keys), PER_PAGE):
        some = keys[start : start + PER_PAGE]
        # Always as many places: the same statement for any page, the last key filling them up.
        places = dict(zip(PLACES, [*some, *[some[-1]] * PER_PAGE], strict=False))
        for row in ROWS.rows("page", _of_places, places):
            found[row[0]] = dict(zip(READ, row, strict=True))
    return (found[key] for key in keys if key in found)


ROWS = Composed()
# Stand for keys while the statement is composed; no finding has them.
PLACES = [-9_007_199_254_740_000 - number for number in range(PER_PAGE)]


def _of_places() -> QuerySet:
    return Finding.objects.filter(pk__in=PLACES).values_list(*READ)
