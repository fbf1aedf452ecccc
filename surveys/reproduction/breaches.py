"""The contracts in breach: which kind of work, to whom, in which shape, how deep.

The numbers are the report's; which agency had which is not published and is drawn by the seed. The
facts are laid so that the rules must find a breach: nothing here says that it is one.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from outsourcing.models import ApprovalResult, Clause, Contract, Contractor, Relation, Subcontract
from surveys.reproduction import vocabulary
from surveys.reproduction.companies import Companies
from surveys.reproduction.drafts import Draft

# Of the 68 breaches on personal information, as the report says.
STAFF_HEALTH_CHECKS, MEDICAL_EXAMINATIONS = 42, 17
TO_WHOLLY_OWNED_MEDICAL, TO_WHOLLY_OWNED_OTHER = 11, 1

MEDICAL = (Contract.Work.STAFF_HEALTH_CHECK, Contract.Work.MEDICAL_EXAMINATION)
OTHER_WORK = tuple(work for work in Contract.Work if work not in MEDICAL)

SHAPES = (
    "forbidden",
    "forbidden_although_approved",
    "never_approved",
    "rejected",
    "approved_late",
    "withdrawn",
    "lapsed",
    "day_unknown",
    "not_notified",
    "notified_late",
    "clause_changed",
)
# Ways to be a 100% subsidiary on a day of the breach.
WHOLLY_OWNED = ("direct", "indirect", "jointly", "declared", "sold_in_mid_term")
# Shapes that fail from the link's first day on, while a holding sold in mid-term still stands.
FROM_THE_START = ("forbidden", "never_approved", "rejected", "not_notified")


class Case(NamedTuple):
    """One breach to be: ``owned`` is one of WHOLLY_OWNED or empty."""

    work: str
    owned: str
    shape: str
    depth: int


def cases(random: Random, personal: int, statistics: int) -> tuple[list[Case], list[Case]]:
    """The breaches of both kinds of information, in the order the agencies will get them."""
    other = personal - STAFF_HEALTH_CHECKS - MEDICAL_EXAMINATIONS
    medical_elsewhere = MEDICAL_EXAMINATIONS - TO_WHOLLY_OWNED_MEDICAL
    works = [
        *[(Contract.Work.STAFF_HEALTH_CHECK, False)] * STAFF_HEALTH_CHECKS,
        *[(Contract.Work.MEDICAL_EXAMINATION, True)] * TO_WHOLLY_OWNED_MEDICAL,
        *[(Contract.Work.MEDICAL_EXAMINATION, False)] * medical_elsewhere,
        *[(random.choice(OTHER_WORK), True)] * TO_WHOLLY_OWNED_OTHER,
        *[(random.choice(OTHER_WORK), False) for _ in range(other - TO_WHOLLY_OWNED_OTHER)],
    ]
    shapes, owners = _cycle(random, SHAPES), _cycle(random, WHOLLY_OWNED)
    depths = _cycle(random, (1, 1, 1, 2, 2, 3, 4))
    made = [
        _case(random, work, next(owners) if owned else "", next(shapes), next(depths))
        for work, owned in works
    ]
    random.shuffle(made)
    survey = [_case(random, Contract.Work.SURVEY, "", next(shapes), 1) for _ in range(statistics)]
    return made, survey


def _case(random: Random, work: str, owned: str, shape: str, depth: int) -> Case:
    if owned == "sold_in_mid_term" and shape not in FROM_THE_START:
        shape = random.choice(FROM_THE_START)
    return Case(work, owned, shape, depth)


def _cycle(random: Random, choices):
    """Every choice comes as often as every other, in an order of its own each round."""
    while True:
        yield from random.sample(choices, len(choices))


def lay(draft: Draft, case: Case, companies: Companies, random: Random) -> None:
    """Lay a chain whose deepest link breaks the contract within fiscal 2017."""
    contract = draft.contract
    first = max(contract.first_day, date(2017, 4, 1)) + timedelta(days=random.randrange(0, 90))
    parent, givers = None, [contract.contractor]
    links = []
    for level in range(1, case.depth + 1):
        last = level == case.depth
        company = (
            _recipient(case, companies, contract.contractor, givers, random)
            if last
            else companies.subcontractor(contract.work, *givers)
        )
        parent = draft.link(
            company,
            first,
            parent=parent,
            last_day=random.choice((None, contract.agreed_last_day)),
            work=random.choice(vocabulary.LINK_WORK.get(case.work, vocabulary.OTHER_LINK_WORK)),
            place=random.choice(("東京都", "大阪府", "愛知県", "福岡県", "北海道")),
            **(_declared(case, random) if last else {"declared_relation": Relation.NONE}),
        )
        givers.append(company)
        links.append(parent)
    SHAPE[case.shape](draft, links, first, random)


def _recipient(case, companies: Companies, prime: Contractor, givers, random) -> Contractor:
    if case.owned == "direct":
        return companies.subsidiary(prime, 100)
    if case.owned == "sold_in_mid_term":
        return companies.subsidiary(prime, 100, until=date(2017, 12, 31))
    if case.owned == "declared":
        return companies.subsidiary(prime, 100, recorded=False)
    if case.owned in ("indirect", "jointly"):
        between = companies.subsidiary(prime, 100)
        if case.owned == "indirect":
            return companies.subsidiary(between, 100)
        company = companies.subsidiary(between, 60)
        companies.hold(prime, company, 40)
        return company
    if random.random() < 0.15:  # a subsidiary, though not a 100% one
        return companies.subsidiary(prime, random.choice((51, 60, 80)))
    return companies.subcontractor(case.work, *givers)


def _declared(case: Case, random: Random) -> dict:
    if case.owned == "declared":
        return {
            "declared_relation": Relation.WHOLLY_OWNED,
            "declared_evidence": "会社概要（架空）",
            "declared_on": date(2017, 4, 3),
        }
    if case.owned and case.owned != "sold_in_mid_term":
        return {"declared_relation": random.choice((Relation.WHOLLY_OWNED, Relation.UNKNOWN))}
    return {"declared_relation": Relation.UNKNOWN}


def _approve_all(draft: Draft, links: list[Subcontract], first: date) -> None:
    for link in links:
        draft.approve(link, first, applied_on=first - timedelta(days=14))


def _forbidden(draft, links, first, random):
    draft.contract.clause = Clause.FORBIDDEN


def _forbidden_although_approved(draft, links, first, random):
    draft.contract.clause = Clause.FORBIDDEN
    _approve_all(draft, links, first)


def _never_approved(draft, links, first, random):
    _approve_all(draft, links[:-1], first)


def _rejected(draft, links, first, random):
    _approve_all(draft, links[:-1], first)
    draft.approve(links[-1], first, result=ApprovalResult.REJECTED)


def _approved_late(draft, links, first, random):
    _approve_all(draft, links[:-1], first)
    draft.approve(links[-1], first + timedelta(days=random.randrange(1, 150)))


def _withdrawn(draft, links, first, random):
    _approve_all(draft, links, first)
    day = first + timedelta(days=random.randrange(10, 150))
    draft.approve(links[-1], day, result=ApprovalResult.WITHDRAWN)


def _lapsed(draft, links, first, random):
    _approve_all(draft, links[:-1], first)
    last = first + timedelta(days=random.randrange(30, 120))
    draft.approve(links[-1], first, first_day=first, last_day=last)


def _day_unknown(draft, links, first, random):
    _approve_all(draft, links[:-1], first)
    draft.approve(links[-1], None, applied_on=first)


def _not_notified(draft, links, first, random):
    draft.contract.clause = Clause.PRIOR_NOTICE
    for link in links[:-1]:
        draft.notify(link, first)


def _notified_late(draft, links, first, random):
    _not_notified(draft, links, first, random)
    draft.notify(links[-1], first + timedelta(days=random.randrange(1, 150)))


def _clause_changed(draft, links, first, random):
    draft.contract.clause = Clause.UNRESTRICTED
    day = first + timedelta(days=random.randrange(30, 150))
    _approve_all(draft, links[:-1], first)
    draft.amend(day, clause=Clause.PRIOR_APPROVAL, reason="再委託の条項の見直し（架空）")


SHAPE = {
    "forbidden": _forbidden,
    "forbidden_although_approved": _forbidden_although_approved,
    "never_approved": _never_approved,
    "rejected": _rejected,
    "approved_late": _approved_late,
    "withdrawn": _withdrawn,
    "lapsed": _lapsed,
    "day_unknown": _day_unknown,
    "not_notified": _not_notified,
    "notified_late": _notified_late,
    "clause_changed": _clause_changed,
}
