"""Is S a subsidiary of P on this day, and from when to when? Pure.

会社法第2条第3号, 施行規則第3条, by the majority of votes alone: S is a subsidiary of P when P,
together with P's other subsidiaries, holds more than half of S's votes; a 100% subsidiary when P
and P's 100% subsidiaries hold all of them. It is the least set of companies closed under this,
starting from P and never P itself, so circles of holdings neither hang it nor make a company its
own proof. Control in substance is not modelled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

WHOLE = 1_000_000  # 100 %, in units of a ten-thousandth of a percent
HALF = WHOLE // 2

WHOLLY_OWNED, SUBSIDIARY, NONE, UNKNOWN = "wholly_owned", "subsidiary", "none", "unknown"


class Holding(NamedTuple):
    """``holder`` has ``share`` (0.0001 %) of the votes of ``held`` on the days [since, until)."""

    holder: int
    held: int
    share: int
    since: int
    until: int


class Part(NamedTuple):
    """On the days [since, until) the relation was this, known from "holdings" or as "declared"."""

    since: int
    until: int
    relation: str
    basis: str


class Holdings:
    """Who holds whom. A company dissolved on a day neither holds nor is held from that day on."""

    def __init__(self, holdings: Iterable[Holding], dissolved: Mapping[int, int] | None = None):
        self.dissolved = dissolved or {}
        self._of_holder: dict[int, list[Holding]] = defaultdict(list)
        self._of_held: dict[int, list[Holding]] = defaultdict(list)
        for holding in holdings:
            alive = self._while_both_exist(holding)
            # Kept even when no day is left: that holdings are on record at all decides the basis.
            self._of_held[holding.held].append(alive)
            self._of_holder[holding.holder].append(alive)

    def _while_both_exist(self, holding: Holding) -> Holding:
        ends = [self.dissolved[c] for c in (holding.holder, holding.held) if c in self.dissolved]
        return holding._replace(until=min([holding.until, *ends]))

    def holders(self) -> set[int]:
        """Who holds anything at all, on whatever day."""
        return set(self._of_holder)

    def recorded(self, company: int) -> bool:
        """Whether anybody's holding in ``company`` is on record."""
        return company in self._of_held

    def subsidiaries(self, parent: int, day: int, *, wholly: bool = False) -> set[int]:
        """The (100%) subsidiaries of ``parent`` on ``day``."""
        found: set[int] = set()
        votes: dict[int, int] = defaultdict(int)
        holders = [parent]
        while holders:
            for holding in self._of_holder.get(holders.pop(), ()):
                if not holding.since <= day < holding.until:
                    continue
                votes[holding.held] += holding.share
                enough = votes[holding.held] >= WHOLE if wholly else votes[holding.held] > HALF
                if enough and holding.held != parent and holding.held not in found:
                    found.add(holding.held)
                    holders.append(holding.held)
        return found

    def relation(self, parent: int, company: int, day: int) -> str:
        """What ``company`` is to ``parent`` on ``day``, by the holdings on record."""
        if company in self.subsidiaries(parent, day, wholly=True):
            return WHOLLY_OWNED
        return SUBSIDIARY if company in self.subsidiaries(parent, day) else NONE

    def parts(
        self, parent: int, company: int, declared: str, since: int, until: int
    ) -> tuple[Part, ...]:
        """The relation on the days [since, until), as parts without gap.

        Where holdings in ``company`` are on record they decide; else what was declared does.
        """
        if company == parent:
            return (Part(since, until, NONE, "holdings"),)
        if self.recorded(company):
            return self._by_holdings(parent, company, since, until)
        return self._by_declaration(company, declared, since, until)

    def _by_holdings(self, parent: int, company: int, since: int, until: int) -> tuple[Part, ...]:
        days = sorted({since, *(d for d in self._turning_days(company) if since < d < until)})
        parts: list[Part] = []
        for begin, end in zip(days, [*days[1:], until], strict=True):
            relation = self.relation(parent, company, begin)
            if parts and parts[-1].relation == relation:
                parts[-1] = parts[-1]._replace(until=end)
            else:
                parts.append(Part(begin, end, relation, "holdings"))
        return tuple(parts)

    def _by_declaration(self, company: int, declared: str, since: int, until: int):
        end = max(since, min(until, self.dissolved.get(company, until)))
        if declared == NONE:
            end = until  # nothing that dissolution could end
        parts = (Part(since, end, declared, "declared"), Part(end, until, NONE, "declared"))
        return tuple(part for part in parts if part.since < part.until)

    def _turning_days(self, company: int) -> set[int]:
        """The days on which anything that could make ``company`` a subsidiary begins or ends."""
        days: set[int] = set()
        seen = {company}
        companies = [company]
        while companies:
            for holding in self._of_held.get(companies.pop(), ()):
                days.update((holding.since, holding.until))
                if holding.holder not in seen:
                    seen.add(holding.holder)
                    companies.append(holding.holder)
        return days
