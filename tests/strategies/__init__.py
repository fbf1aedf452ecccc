"""Random small ledgers as plain data, for the oracle. Everything happens within a few days, so that
edges collide often; some windows lie across a day on which the law changes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.guideline.oracle import Amended, Companies, Contract, Decided, Held, Link

WINDOW = 14  # days
MARGIN = timedelta(days=4)  # beyond which no finding may reach on either side
BEGINS = [date(2017, 3, 25), date(2004, 9, 8), date(2018, 10, 15)]

CLAUSES = ["forbidden", "prior_approval", "prior_notice", "unrestricted", "not_stated"]
RESULTS = ["approved", "approved", "conditional", "rejected", "withdrawn", "withdrawn"]
RELATIONS = ["wholly_owned", "subsidiary", "none", "unknown"]
WORK = ["core", "testing", "data_entry"]
COMPANIES = range(1, 7)
# In ten-thousandths of a percent: exactly half and one more, exactly all and one less.
UNITS = [
    *(1_000_000, 999_999, 700_000, 600_000, 510_000, 500_001, 500_000, 400_000),
    *(300_000, 300_000, 250_000, 200_001, 200_000, 1, 0),
]
SHARES = [Decimal(units) / 10_000 for units in UNITS]

NEAR = 8
numbers = st.integers(0, WINDOW)
near = st.integers(0, NEAR)
freed = st.frozensets(st.sampled_from(WORK), max_size=2)


def window(begin: date) -> tuple[date, date]:
    """All days on which anything of a ledger made here could be found to fail, and some more."""
    return begin - MARGIN, begin + timedelta(days=WINDOW) + MARGIN


@st.composite
def contracts(draw, begin: date, clauses=CLAUSES):
    def day(low=0, high=WINDOW):
        return begin + timedelta(days=draw(st.integers(low, high)))

    def maybe(value):
        return draw(st.one_of(st.none(), value))

    def decided():
        # Within a few days, so that several decisions meet.
        first, last = _ordered(maybe(near), draw(st.none() | st.none() | numbers))
        day = draw(st.sampled_from([None, *range(NEAR), *range(NEAR)]))
        return Decided(draw(st.sampled_from(RESULTS)), *_on(begin, day, first, last))

    def link(number):
        first, last = _ordered(draw(st.integers(-2, WINDOW // 2)), maybe(numbers))
        above = st.integers(1, number - 1) if number > 1 else st.none()
        return Link(
            number=number,
            company=draw(st.sampled_from(COMPANIES)),
            first=_day(begin, first),
            last=_day(begin, last),
            # Mostly deep: chains of four are wanted, not four links side by side.
            parent=draw(st.one_of(above, above, st.none())),
            work=draw(st.sampled_from(WORK)),
            declared=draw(st.sampled_from(RELATIONS)),
            decisions=tuple(decided() for _ in range(draw(st.integers(0, 4)))),
            notices=tuple(day(-1) for _ in range(draw(st.integers(0, 2)))),
        )

    first, last = day(0, 5), day(5)
    return Contract(
        company=draw(st.sampled_from(COMPANIES)),
        first=first,
        last=last,
        clause=draw(st.sampled_from(clauses)),
        exempt=draw(st.just(frozenset()) | st.just(frozenset()) | freed),
        information=draw(st.sampled_from(["personal", "personal", "statistics"])),
        terminated=_day(begin, draw(st.one_of(st.none(), st.none(), st.integers(-1, WINDOW)))),
        amendments=tuple(
            Amended(day(), draw(st.sampled_from(clauses)), draw(st.just(frozenset()) | freed))
            for _ in range(draw(st.sampled_from([0, 0, 1, 2, 3])))
        ),
        links=tuple(link(number) for number in range(1, draw(st.integers(1, 4)) + 1)),
    )


@st.composite
def companies(draw, begin: date):
    """Holdings between a handful of companies: circles, exact halves, more than all, changes."""

    def holding():
        holder, held = draw(st.permutations(COMPANIES))[:2]
        first, last = _ordered(draw(st.integers(-2, WINDOW)), draw(st.one_of(st.none(), numbers)))
        return Held(holder, held, draw(st.sampled_from(SHARES)), *_on(begin, first, last))

    dissolved = draw(st.dictionaries(st.sampled_from(COMPANIES), numbers, max_size=2))
    return Companies(
        holdings=tuple(holding() for _ in range(draw(st.integers(0, 8)))),
        dissolved={company: _day(begin, number) for company, number in dissolved.items()},
    )


@st.composite
def ledgers(draw, clauses=CLAUSES):
    """(first day of the window, a contract with its chain, who holds whom)"""
    begin = draw(st.sampled_from(BEGINS))
    return begin, draw(contracts(begin, clauses)), draw(companies(begin))


@st.composite
def holdings(draw):
    """(first day of the window, who holds whom), enough of them to make chains."""
    begin = draw(st.sampled_from(BEGINS))
    return begin, draw(companies(begin))


def _day(begin: date, number: int | None) -> date | None:
    return None if number is None else begin + timedelta(days=number)


def _on(begin: date, *numbers: int | None) -> tuple[date | None, ...]:
    return tuple(_day(begin, number) for number in numbers)


def _ordered(first: int | None, last: int | None):
    """An end before its start cannot be recorded."""
    if first is not None and last is not None and last < first:
        return last, first
    return first, last
