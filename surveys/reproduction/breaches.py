"""The contracts in breach: which kind of work, to whom, in which shape, how deep.

The numbers are those of the report's sentences; which agency had which is not published and is
drawn by the seed. The facts are laid so that the rules must find a breach: nothing says it is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random
from typing import NamedTuple

from outsourcing.models import ApprovalResult, Clause, Contract, Relation, Subcontract
from surveys.reproduction import ordinary, upkeep
from surveys.reproduction.drafts import DAY, FIRST, LAST, Draft, Maker, Target, Workshop

OTHER_WORK = tuple(work for work in Contract.Work if work not in ordinary.MEDICAL)
# The depth of a chain, and how deep in it the link lies that breaks the contract.
DEPTHS = ((1, 1), (1, 1), (1, 1), (2, 2), (2, 1), (2, 2), (3, 3), (3, 2), (4, 4))
# Ways to be a 100% subsidiary on a day of the breach.
WHOLLY_OWNED = (
    *("direct", "indirect", "jointly", "declared"),
    *("sold_in_mid_term", "bought_in_mid_term"),
)
# Others, mostly outsiders, and those that come near.
NOT_WHOLLY_OWNED = (
    *["outsider"] * 40,
    *("majority", "nearly_all", "sold_before", "declared_against", "declared_subsidiary"),
)
# Shapes that fail on all of the link's days, so whenever a holding stands.
FROM_THE_START = ("forbidden", "forbidden_although_approved", "never_approved", "not_notified")
# Shapes whose breach began in a year before and reaches into fiscal 2017.
FROM_BEFORE = ("approved_late_from_before", "never_approved_from_before")


class Case(NamedTuple):
    """One breach to be: ``owner`` is one of WHOLLY_OWNED or NOT_WHOLLY_OWNED, ``depth`` the number
    of links of the chain and ``level`` the place in it of the link that breaks the contract."""

    work: str
    owner: str
    shape: str
    depth: int
    level: int


class Numbers(NamedTuple):
    """What the sentences say of the breaches on personal information."""

    total: int
    health_checks: int
    examinations: int
    owned: int
    owned_examinations: int

    @classmethod
    def of(cls, said: Mapping[str, int]) -> Numbers:
        return cls(
            said["personal_breaches"],
            said["personal_breaches_staff_health_check"],
            said["personal_breaches_medical_examination"],
            said["personal_breaches_to_wholly_owned"],
            said["personal_breaches_to_wholly_owned_medical"],
        )


def cases(random: Random, numbers: Numbers) -> list[Case]:
    """The breaches on personal information, in the order the agencies will get them."""
    draw = Draws(random)
    other = numbers.total - numbers.health_checks - numbers.examinations
    owned_other = numbers.owned - numbers.owned_examinations
    check, examination = ordinary.MEDICAL
    made = [draw.case(check) for _ in range(numbers.health_checks)]
    made += [
        draw.case(examination, owned=place < numbers.owned_examinations)
        for place in range(numbers.examinations)
    ]
    made += [
        draw.case(random.choice(OTHER_WORK), owned=place < owned_other) for place in range(other)
    ]
    random.shuffle(made)
    return made


def cases_on_statistics(random: Random, number: int) -> list[Case]:
    draw = Draws(random)
    return [draw.case(Contract.Work.SURVEY) for _ in range(number)]


class Draws:
    """Draws cases so that each shape, owner and depth comes as often as every other."""

    def __init__(self, random: Random):
        self.random = random
        self.shapes = cycle(random, tuple(SHAPES))
        self.owners = cycle(random, WHOLLY_OWNED)
        self.others = cycle(random, NOT_WHOLLY_OWNED)
        self.depths = cycle(random, DEPTHS)

    def case(self, work: str, *, owned=False) -> Case:
        owner = next(self.owners if owned else self.others)
        shape = next(self.shapes)
        if owner.endswith("in_mid_term") and shape not in FROM_THE_START:
            shape = self.random.choice(FROM_THE_START)
        return Case(work, owner, shape, *next(self.depths))


def cycle(random: Random, choices) -> Iterator:
    """Every choice as often as every other, in an order of its own each round."""
    while True:
        yield from random.sample(choices, len(choices))


def maker(case: Case) -> Maker:
    """Makes a contract whose chain breaks it within fiscal 2017, as ``case`` says."""

    def make(shop: Workshop, target: Target) -> Draft:
        prime = shop.companies.prime(case.work)
        draft = ordinary.begin(shop, target, case.work, prime, _term(case, shop))
        links = _links(draft, case, shop)
        culprit = links.pop(case.level - 1)
        SHAPES[case.shape](draft, links, culprit, shop)
        upkeep.keep(draft, shop)
        return draft

    return make


def _term(case: Case, shop: Workshop) -> tuple[date, date]:
    begin = 2016 if case.shape in FROM_BEFORE else shop.pick(2017, 2017, 2017, 2016)
    years = shop.pick(2, 3) if begin == 2016 else 1
    return FIRST.replace(year=begin), LAST.replace(year=begin + years)


def _links(draft: Draft, case: Case, shop: Workshop) -> list[Subcontract]:
    """The chain; nothing is said yet of approvals."""
    contract = draft.contract
    day = contract.first_day if case.shape in FROM_BEFORE else max(contract.first_day, FIRST)
    links: list[Subcontract] = []
    for level in range(1, case.depth + 1):
        # The first link by the end of June, so that what goes wrong does so before the year is out.
        day += shop.random.randrange(0, 90 if level == 1 else 6) * DAY
        fields = {"declared_relation": Relation.NONE}
        if level == case.level:
            fields = OWNERS[case.owner](draft, shop)
        # Only the last link has an end of its own, so that no link outlives the one above it.
        end = shop.pick(None, contract.agreed_last_day) if level == case.depth else None
        parent = links[-1] if links else None
        links.append(ordinary.pass_on(draft, shop, day, parent=parent, last_day=end, **fields))
    return links


# Who the link that breaks the contract goes to.


def _subsidiary(draft: Draft, shop: Workshop, share, relation=Relation.UNKNOWN, **days) -> dict:
    company = shop.companies.subsidiary(draft.contract.contractor, share, **days)
    return {"company": company, "declared_relation": relation}


def _outsider(draft, shop):
    return {"declared_relation": shop.pick(Relation.UNKNOWN, Relation.NONE)}


def _direct(draft, shop):
    return _subsidiary(draft, shop, 100, shop.pick(Relation.WHOLLY_OWNED, Relation.UNKNOWN))


def _indirect(draft, shop):
    between = shop.companies.subsidiary(draft.contract.contractor, 100)
    return {"company": shop.companies.subsidiary(between, 100)}


def _jointly(draft, shop):
    """60 % through a 100% subsidiary, 40 % directly."""
    prime = draft.contract.contractor
    company = shop.companies.subsidiary(shop.companies.subsidiary(prime, 100), 60)
    shop.companies.hold(prime, company, 40)
    return {"company": company, "declared_relation": Relation.WHOLLY_OWNED}


def _declared(draft, shop):
    fields = _subsidiary(draft, shop, 100, Relation.WHOLLY_OWNED, recorded=False)
    return fields | {
        "declared_evidence": "会社概要（架空）",
        "declared_on": draft.contract.concluded_on,
    }


def _sold_in_mid_term(draft, shop):
    return _subsidiary(draft, shop, 100, until=date(2017, 12, 31))


def _bought_in_mid_term(draft, shop):
    return _subsidiary(draft, shop, 100, since=date(2017, 10, 1))


def _majority(draft, shop):
    return _subsidiary(draft, shop, shop.pick(51, 60, 80), Relation.SUBSIDIARY)


def _nearly_all(draft, shop):
    return _subsidiary(draft, shop, "99.9999", Relation.SUBSIDIARY)


def _sold_before(draft, shop):
    """A 100% subsidiary until the day before fiscal 2017, and on no day of it."""
    return _subsidiary(draft, shop, 100, until=FIRST - DAY)


def _declared_against(draft, shop):
    """Declared to be a 100% subsidiary, which the recorded holdings do not bear out."""
    return _subsidiary(draft, shop, 60, Relation.WHOLLY_OWNED)


def _declared_subsidiary(draft, shop):
    return _subsidiary(draft, shop, 60, Relation.SUBSIDIARY, recorded=False)


OWNERS = {
    "outsider": _outsider,
    "direct": _direct,
    "indirect": _indirect,
    "jointly": _jointly,
    "declared": _declared,
    "sold_in_mid_term": _sold_in_mid_term,
    "bought_in_mid_term": _bought_in_mid_term,
    "majority": _majority,
    "nearly_all": _nearly_all,
    "sold_before": _sold_before,
    "declared_against": _declared_against,
    "declared_subsidiary": _declared_subsidiary,
}


# How it breaks the contract. ``links`` are the others of its chain.


def _approve(draft: Draft, shop: Workshop, links: list[Subcontract]) -> None:
    for link in links:
        ordinary.approve(draft, shop, link, link.first_day)


def _forbidden(draft, links, culprit, shop):
    draft.contract.clause = Clause.FORBIDDEN


def _forbidden_although_approved(draft, links, culprit, shop):
    draft.contract.clause = Clause.FORBIDDEN
    _approve(draft, shop, [*links, culprit])


def _never_approved(draft, links, culprit, shop):
    _approve(draft, shop, links)


def _rejected(draft, links, culprit, shop):
    _approve(draft, shop, links)
    ordinary.approve(draft, shop, culprit, culprit.first_day, result=ApprovalResult.REJECTED)


def _ended_by_itself(draft, links, culprit, shop):
    """Never approved, and ended by the contractor once it was asked about."""
    _approve(draft, shop, links)
    culprit.last_day = culprit.first_day + shop.random.randrange(30, 120) * DAY
    for link in links:  # those below end with it
        link.last_day = None


def _approved_late(draft, links, culprit, shop):
    _approve(draft, shop, links)
    late = 1 if shop.chance(0.2) else shop.random.randrange(1, 150)
    ordinary.approve(draft, shop, culprit, culprit.first_day + late * DAY)


def _approved_late_from_before(draft, links, culprit, shop):
    """Begun in fiscal 2016; of these breaches the shortest has one day in fiscal 2017."""
    _approve(draft, shop, links)
    late = 1 if shop.chance(0.6) else shop.random.randrange(1, 200)
    ordinary.approve(draft, shop, culprit, FIRST + late * DAY)


def _begun_on_the_last_day(draft, links, culprit, shop):
    """Passed on upon the last day of the year, in a contract that goes on, and approved after."""
    draft.contract.agreed_last_day = LAST.replace(year=2019)
    culprit.first_day = LAST
    for link in draft.links:
        link.last_day = None
        if link.parent is not None:
            link.first_day = max(link.first_day, link.parent.first_day)
    _approve(draft, shop, links)
    ordinary.approve(draft, shop, culprit, LAST + shop.random.randrange(1, 40) * DAY)


def _withdrawn(draft, links, culprit, shop):
    _approve(draft, shop, [*links, culprit])
    day = culprit.first_day + shop.random.randrange(10, 150) * DAY
    ordinary.approve(draft, shop, culprit, day, result=ApprovalResult.WITHDRAWN)


def _lapsed(draft, links, culprit, shop):
    _approve(draft, shop, links)
    first = culprit.first_day
    last = first + shop.random.randrange(30, 120) * DAY
    ordinary.approve(draft, shop, culprit, first, first_day=first, last_day=last)


def _day_unknown(draft, links, culprit, shop):
    _approve(draft, shop, links)
    draft.approve(culprit, None, applied_on=culprit.first_day)


def _not_notified(draft, links, culprit, shop):
    draft.contract.clause = Clause.PRIOR_NOTICE
    for link in links:
        draft.notify(link, link.first_day)


def _notified_late(draft, links, culprit, shop):
    _not_notified(draft, links, culprit, shop)
    draft.notify(culprit, culprit.first_day + shop.random.randrange(1, 150) * DAY)


def _clause_changed(draft, links, culprit, shop):
    """Free to pass on until an amendment asks approval of links old and new."""
    draft.contract.clause = Clause.UNRESTRICTED
    day = culprit.first_day + shop.random.randrange(30, 150) * DAY
    _approve(draft, shop, links)
    _amend(draft, day, Clause.PRIOR_APPROVAL)


def _forbidden_in_mid_link(draft, links, culprit, shop):
    """Approved, until an amendment forbids it."""
    _approve(draft, shop, [*links, culprit])
    _amend(draft, culprit.first_day + shop.random.randrange(30, 150) * DAY, Clause.FORBIDDEN)


def _amend(draft: Draft, day: date, clause: Clause) -> None:
    draft.amend(
        day, concluded_on=day - 7 * DAY, clause=clause, reason="再委託の条項の見直し（架空）"
    )


SHAPES = {
    "forbidden": _forbidden,
    "forbidden_although_approved": _forbidden_although_approved,
    "never_approved": _never_approved,
    "never_approved_from_before": _never_approved,
    "rejected": _rejected,
    "ended_by_itself": _ended_by_itself,
    "approved_late": _approved_late,
    "approved_late_from_before": _approved_late_from_before,
    "begun_on_the_last_day": _begun_on_the_last_day,
    "withdrawn": _withdrawn,
    "lapsed": _lapsed,
    "day_unknown": _day_unknown,
    "not_notified": _not_notified,
    "notified_late": _notified_late,
    "clause_changed": _clause_changed,
    "forbidden_in_mid_link": _forbidden_in_mid_link,
}
