"""A page of findings, as an address asks for it: how many there are, which are shown, and the
addresses of the pages beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict

from audit import paging
from audit.conditions import Conditions
from audit.filters import FindingFilter
from audit.paging import COUNTED, FEW, PER_PAGE, Page, Place
from audit.rows import STATEMENTS, Rows
from audit.tables import FindingTable, order_asked
from outsourcing.filters import without
from outsourcing.models import Agency

PAGING = ("page", "after", "before", "count")


def address_of(query: str, **values) -> str:
    """The list by the conditions of ``query``, and some more."""
    return "?" + "&".join(filter(None, (query, urlencode(values))))


class Listing:
    """Findings in the order that ``sort`` asks for.

    Up to COUNTED they are counted, and their pages numbered; of more, pages follow each other from
    a place on, and ``count=exact`` counts them all the same.
    """

    def __init__(
        self,
        found: QuerySet | None,
        asked: QueryDict,
        *,
        on: date,
        conditions: Conditions | None = None,
        provisions: Sequence[str] = (),
    ):
        """Of some findings, or of those that meet ``conditions``, as of the day ``on``;
        ``provisions``: all that they can rest on."""
        self.asked, self.on = asked, on
        narrow = conditions is not None and conditions.is_narrow
        rare = conditions is not None and conditions.is_rare and not narrow
        order = order_asked(asked.get("sort"))
        few = narrow or (rare and bool(order.first))  # of breaches only the days are in order
        values = tuple(provisions) if order.first == "provision" and not few else ()
        self.order = order._replace(values=values, plain=few, loose=rare and not few)
        if conditions is None:
            self._parts, self.key = (lambda: [found]), None
            self.found = Rows(lambda: found, on)
        else:
            self._parts, self.key = (lambda: conditions.parts), conditions.key
            # In what order the rows are wanted decides how they are asked for.
            self.found = Rows(lambda: conditions.ordered(order.first), on, self.key)

    @classmethod
    def of(cls, found: FindingFilter) -> Listing:
        """Of a list's conditions; of none where one cannot be understood."""
        if not found.is_valid():
            return cls(found.qs, found.data, on=found.on)
        asked = found.conditions
        return cls(None, found.data, on=found.on, conditions=asked, provisions=asked.provisions)

    @cached_property
    def number(self) -> int:
        """How many there are: COUNTED + 1 for more than that, unless all are asked for."""
        if self.asked.get("count") == "exact":
            return paging.exactly(self._parts())
        if self.order.plain:
            return len(self._read)
        if self.key is None:
            return paging.counted(self._parts())
        return STATEMENTS.count((self.key, paging.COUNTED), lambda: paging.to_count(self._parts()))

    @cached_property
    def _read(self) -> list[tuple]:
        """All at once, in no order, by the columns of the order and their keys: of few, or of those
        that no order finds."""
        columns = (*self.order.columns, "pk")
        parts = (part.order_by().values_list(*columns)[: COUNTED + 1] for part in self._parts())
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
            return paging.last_page(self.found, self.order)
        if (place := self._place("before")) is not None:
            return paging.page_before(self.found, self.order, place)
        return paging.page_after(self.found, self.order, self._place("after"))

    def _numbered(self) -> list[dict]:
        start = (self.page - 1) * PER_PAGE
        if self.number > FEW and not self.order.plain:
            return paging.page_numbered(self.found, self.order, start)
        rows = sorted(self._read, reverse=self.order.descending)
        return self.found.of_keys([key for *_, key in rows[start : start + PER_PAGE]])

    @property
    def rows(self) -> list[dict]:
        return self.shown.rows

    def table(self, caption: str, *, ticks: bool = False) -> FindingTable:
        """The rows shown; ``ticks``: with boxes."""
        return FindingTable(
            self.rows,
            on=self.on,
            ticks=ticks,
            query=without(self.asked, *PAGING, "sort"),
            sort=self.asked.get("sort", "-since"),
            caption=caption,
        )

    @property
    def span(self) -> str:
        """Which of them are shown: 26～50"""
        before = (self.page - 1) * PER_PAGE
        return f"{before + 1:,}～{before + len(self.rows):,}"

    @property
    def page_of_pages(self) -> str:
        return f"{self.page:,} / {self.pages:,}"

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
        return address_of(self.query, **values)

    @cached_property
    def query(self) -> str:
        """The conditions and the order, as an address has them."""
        return without(self.asked, *PAGING)

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
