"""Laws that are not: editions made up around the days of a ledger. And justifications."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from tests.guideline import oracle
from tests.strategies.duties import CHECKLIST, MATTERS, all_but_some, mostly

SEVEN = sorted(oracle.SIX | {"8-4(7)"})
SCOPES = [
    *(frozenset({"handling"}), frozenset({"management", "work"})),
    *(frozenset({"handling", "management", "work"}), frozenset({"work"})),
]
ALL = frozenset(oracle.RULES) | frozenset(oracle.DISCLOSURE_RULES)


@st.composite
def made_up(draw, rule: str, of: oracle.Contract | oracle.Disclosure, walk: list[date]):
    """One to three editions, of which some lack the rule, mostly in force before the first day."""
    within = [day for day in walk if of.first <= day <= (of.last or walk[-1])] or walk
    first = draw(st.sampled_from([walk[0] - timedelta(days=30)] * 4 + [*within[:2], walk[-1]]))
    more = draw(st.sets(st.sampled_from(within), max_size=2))
    return tuple(edition(draw, rule, day) for day in sorted({first, *more}))


def edition(draw, rule: str, first: date) -> oracle.Edition:
    return oracle.Edition(
        first=first,
        rules=ALL if draw(mostly) else ALL - {rule},
        windows=draw(st.sampled_from(["rolling", "fiscal"])),
        short_window_days=draw(st.sampled_from([90, 90, 200, 0])),
        short_term_days=draw(st.sampled_from([90, 90, 366, 0])),
        grace_days=draw(st.sampled_from([10, 10, 0])),
        disposal_days=draw(st.sampled_from([30, 5, 0])),
        items=all_but_some(draw, SEVEN),
        matters=all_but_some(draw, MATTERS),
        scopes=draw(st.sampled_from(SCOPES)),
        checklist=all_but_some(draw, CHECKLIST),
    )


@st.composite
def excuses(draw, of: oracle.Contract | oracle.Disclosure, rule: str, walk: list[date]):
    """Up to two justifications of the rule, mostly none."""
    if isinstance(of, oracle.Disclosure):
        subjects = ["disclosure"]
    else:
        subjects = sorted(oracle.RULES[rule].subjects(of, oracle.LAW)) or ["contract"]
    found = []
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        first, last = sorted([draw(st.sampled_from(walk)), draw(st.sampled_from(walk))])
        found.append(oracle.Excused(rule, draw(st.sampled_from(subjects)), first, last))
    return tuple(found)
