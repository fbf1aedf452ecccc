"""Random small ledgers for the rules about what a contract says and what must be done by a day.
As with chains, everything happens within a few days, around the days on which the law changes.

Each is drawn as (days to ask about, contract or disclosure, who holds whom).
"""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from tests.guideline import oracle
from tests.strategies import NEAR, WINDOW

NOBODY = oracle.Companies()
LONGEST_DISPOSAL = 30

CLAUSES = ["prior_approval", "prior_notice", "unrestricted", "not_stated", "forbidden"]
ITEMS = sorted(oracle.SIX - {oracle.CLAUSE}) + [oracle.NOTE, "8-4(7)"]
MATTERS = ["responsible_person", "management", "work_structure", "inspection", "storage"]
CHECKLIST = ["capability", *sorted(oracle.SIX), "written_confirmation", "8-4(7)"]

# Across the days on which the law changes, and after both: half of the rules came with the later.
BEGINS = [
    *(date(2018, 10, 15), date(2018, 10, 20), date(2018, 10, 20), date(2019, 2, 20)),
    *(date(2017, 3, 25), date(2004, 9, 8)),
]
begins = st.sampled_from(BEGINS)
few = st.sampled_from([0, 1, 1, 2, 3])
flags = st.booleans()
mostly = st.sampled_from([True, True, True, False])


@st.composite
def texts(draw, often: str = "8-4(3)"):
    """What a contract says, as concluded and as amended; ``often``: what it is mostly about."""
    begin = draw(begins)
    first, last, ends = term(draw, begin)
    amendments = [amended(draw, begin, often) for _ in range(draw(few))]
    if len(amendments) > 1 and draw(flags):  # two of one day
        amendments[1] = amendments[1]._replace(day=amendments[0].day)
    lacking = {often} if draw(mostly) else set()
    contract = oracle.Contract(
        company=1,
        first=first,
        last=last,
        clause=draw(st.sampled_from(CLAUSES)),
        information=information(draw),
        terminated=terminated(draw, begin),
        amendments=tuple(draw(st.permutations(amendments + ends))),
        concluded=draw(st.none() | around(first, -9, 4)),
        items=frozenset(ITEMS) - lacking - draw(st.frozensets(st.sampled_from(ITEMS), max_size=2)),
        dispatched=draw(mostly),
        dispatch_said=not draw(mostly),
    )
    return walk(begin), contract, NOBODY


def amended(draw, begin: date, often: str) -> oracle.Amended:
    day = draw(around(begin, -2, WINDOW))
    said = st.dictionaries(st.sampled_from([often, often, often, *ITEMS]), flags, max_size=2)
    return oracle.Amended(
        day=day,
        clause=draw(st.sampled_from(["", "", "", *CLAUSES])),
        concluded=draw(st.none() | around(day, -6, 3)),
        items=tuple(draw(said).items()),
    )


@st.composite
def conduct(draw):
    """What a contract's own papers show: checks, confirmations, anonymization."""
    begin = draw(begins)
    first, last, ends = term(draw, begin)
    contract = oracle.Contract(
        company=1,
        first=first,
        last=last,
        clause="prior_approval",
        information=information(draw),
        terminated=terminated(draw, begin),
        amendments=tuple(ends),
        concluded=draw(st.none() | around(first, -9, 4)),
        medical=draw(mostly),
        checks=some(draw, around(begin, -9, WINDOW)),
        confirmed=tuple(recorded(draw, begin, MATTERS) for _ in range(draw(few))),
        judgements=judgements(draw, begin, draw(few)),
        measures=some(draw, around(begin, -2, WINDOW)),
    )
    return walk(begin, timedelta(days=8)), contract, NOBODY


@st.composite
def passed_down(draw):
    """Links, and the checklist of what was passed down to each."""
    begin = draw(begins)
    first, last, ends = term(draw, begin)
    return (
        walk(begin),
        oracle.Contract(
            company=1,
            first=first,
            last=last,
            clause="prior_approval",
            information=information(draw),
            terminated=terminated(draw, begin),
            amendments=tuple(ends),
            links=tuple(
                link(draw, begin, number)._replace(
                    checklist=tuple(recorded(draw, begin, CHECKLIST) for _ in range(draw(few)))
                )
                for number in range(1, draw(st.integers(1, 3)) + 1)
            ),
        ),
        NOBODY,
    )


@st.composite
def disposals(draw):
    """Contracts and links that end, and when the information was given back."""
    begin = draw(begins)
    first, last, ends = term(draw, begin)
    # Around the last good day of any law here.
    proofs = st.sampled_from([0, 5, 30, 30]).flatmap(
        lambda given: around(last + timedelta(days=given), -1, 2)
    )
    return (
        walk(begin, timedelta(days=LONGEST_DISPOSAL + 4)),
        oracle.Contract(
            company=1,
            first=first,
            last=last,
            clause="prior_approval",
            information=information(draw),
            terminated=terminated(draw, begin),
            amendments=tuple(ends),
            links=tuple(
                link(draw, begin, number)._replace(proofs=some(draw, proofs))
                for number in range(1, draw(st.integers(0, 2)) + 1)
            ),
            proofs=some(draw, proofs),
        ),
        NOBODY,
    )


@st.composite
def disclosures(draw):
    begin = draw(begins)
    done = st.none() | around(begin, -3, WINDOW)
    first = draw(around(begin, -1, NEAR))
    last = draw(st.none() | st.integers(0, NEAR).map(lambda length: first + timedelta(length)))
    disclosure = oracle.Disclosure(
        first=first,
        last=last,
        public=draw(flags),
        terms=draw(done),
        safety=draw(done),
        survey_decided=draw(done),
        survey_needed=draw(flags),
        surveyed=draw(done),
        measures_decided=draw(done),
        measures_needed=draw(mostly),
        judgements=judgements(draw, begin, draw(st.integers(0, 1))),
        measures=some(draw, around(begin, -2, WINDOW), most=1),
    )
    return walk(begin), disclosure, NOBODY


# Parts of them


def around(day: date, low: int, high: int):
    return st.integers(low, high).map(lambda number: day + timedelta(days=number))


def some(draw, days, most: int = 2) -> tuple[date, ...]:
    return tuple(draw(days) for _ in range(draw(st.integers(0, most))))


def term(draw, begin: date) -> tuple[date, date, list[oracle.Amended]]:
    """The first and the last day agreed, and sometimes an amendment of the last day: one that takes
    effect in time and does not end the contract before it does."""
    first, last = draw(around(begin, 0, 5)), draw(around(begin, 5, WINDOW))
    if draw(st.integers(0, 3)):
        return first, last, []
    effect = draw(st.integers(-2, (last - first).days + 1)) + (first - begin).days
    earliest = max((first - begin).days, effect - 1)
    new = draw(st.integers(earliest, WINDOW))
    return first, last, [oracle.Amended(begin + timedelta(effect), last=begin + timedelta(new))]


def terminated(draw, begin: date) -> date | None:
    return draw(st.one_of(st.none(), st.none(), around(begin, -1, WINDOW)))


def information(draw) -> str:
    return draw(st.sampled_from(["personal"] * 9 + ["statistics"]))


def link(draw, begin: date, number: int) -> oracle.Link:
    first = draw(around(begin, -2, NEAR))
    length = draw(st.none() | st.integers(0, NEAR))
    above = st.integers(1, number - 1) if number > 1 else st.none()
    return oracle.Link(
        number=number,
        company=number + 1,
        first=first,
        last=None if length is None else first + timedelta(days=length),
        parent=draw(above | st.none()),
        declared="subsidiary",
        handles=draw(mostly),
    )


def recorded(draw, begin: date, things: list[str]) -> oracle.Recorded:
    return oracle.Recorded(draw(around(begin, -3, WINDOW)), all_but_some(draw, things))


def all_but_some(draw, things: list[str]) -> frozenset[str]:
    return frozenset(things) - draw(st.frozensets(st.sampled_from(things), max_size=3))


def judgements(draw, begin: date, count: int) -> tuple[oracle.Judged, ...]:
    needed = st.sampled_from([True, True, False])
    return tuple(oracle.Judged(draw(around(begin, -3, NEAR)), draw(needed)) for _ in range(count))


def walk(begin: date, more: timedelta = timedelta(0)) -> list[date]:
    """All days on which anything that ends could be found to fail, and some more."""
    margin = timedelta(days=4)
    return list(oracle.days(begin - margin - more, begin + timedelta(WINDOW) + margin + more))
