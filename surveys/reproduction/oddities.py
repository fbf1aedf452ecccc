"""What is rare but belongs in any ledger: breaches outside the year, and papers that look wrong.

None of it breaks a contract within fiscal 2017. So many of each are laid with any seed.
"""

from __future__ import annotations

from datetime import date

from outsourcing.models import ApprovalResult, Clause, Relation
from surveys.reproduction import ordinary, upkeep, vocabulary
from surveys.reproduction.drafts import DAY, FIRST, LAST, Draft, Maker, Target, Workshop

# From before fiscal 2017 to beyond it.
YEARS = (date(2016, 4, 1), date(2019, 3, 31))


def maker(lay) -> Maker:
    """Makes a contract of several years, asking prior approval, on which ``lay`` works."""

    def make(shop: Workshop, target: Target) -> Draft:
        work = shop.weighted(vocabulary.works_of(target.agency, target.information))
        draft = ordinary.begin(shop, target, work, shop.companies.prime(work), YEARS)
        lay(draft, shop)
        upkeep.keep(draft, shop)
        return draft

    return make


def _approved_link(draft: Draft, shop: Workshop, first: date, **fields):
    link = ordinary.pass_on(draft, shop, first, **fields)
    ordinary.approve(draft, shop, link, first - shop.random.randrange(0, 10) * DAY)
    return link


def _a_day(shop: Workshop) -> date:
    """Some day of fiscal 2017, in its first ten months."""
    return FIRST + shop.random.randrange(0, 300) * DAY


# Breaches that ended before the year, or begin after it.


def _repaired_before(draft, shop):
    """Passed on in fiscal 2016 and approved late; 2017-04-01 is the last day to be in time."""
    link = ordinary.pass_on(draft, shop, date(2016, 9, 1) + shop.random.randrange(0, 60) * DAY)
    ordinary.approve(draft, shop, link, FIRST - shop.pick(0, 0, 1, 30, 60, 87) * DAY)


def _notified_before(draft, shop):
    draft.contract.clause = Clause.PRIOR_NOTICE
    link = ordinary.pass_on(draft, shop, date(2016, 10, 3))
    draft.notify(link, FIRST - shop.pick(0, 1, 45) * DAY)


def _ended_before(draft, shop):
    """Never approved, and ended with fiscal 2016."""
    ordinary.pass_on(draft, shop, date(2016, 7, 1), last_day=FIRST - DAY)


def _lapses_after(draft, shop):
    """Approved for fiscal 2017 only, or for little more, while the link goes on."""
    link = ordinary.pass_on(draft, shop, FIRST)
    last = LAST + shop.pick(0, 0, 30, 60, 89, 90) * DAY
    ordinary.approve(draft, shop, link, FIRST, first_day=FIRST, last_day=last)


def _begins_after(draft, shop):
    ordinary.pass_on(draft, shop, LAST + shop.random.randrange(1, 60) * DAY)


# Orderly, but not plain.


def _renewed(draft, shop):
    """Two approvals, the second from the day after the first."""
    link, turn = ordinary.pass_on(draft, shop, FIRST), _a_day(shop)
    ordinary.approve(draft, shop, link, FIRST - 5 * DAY, first_day=FIRST, last_day=turn)
    ordinary.approve(draft, shop, link, turn - 20 * DAY, first_day=turn + DAY)


def _withdrawn_after_the_end(draft, shop):
    end = _a_day(shop)
    link = _approved_link(draft, shop, date(2016, 6, 1), last_day=end)
    ordinary.approve(draft, shop, link, end + DAY, result=ApprovalResult.WITHDRAWN)


def _tightened_in_time(draft, shop):
    """The clause comes to ask approval on a day by which it has been given."""
    draft.contract.clause = shop.pick(Clause.UNRESTRICTED, Clause.NOT_STATED)
    link, day = ordinary.pass_on(draft, shop, YEARS[0]), _a_day(shop)
    ordinary.approve(draft, shop, link, day - shop.pick(0, 10) * DAY)
    draft.amend(
        day, clause=Clause.PRIOR_APPROVAL, clause_article="第7条", reason="条項の見直し（架空）"
    )


def _loosened(draft, shop):
    """Passed on without approval from the day on which none was needed any more."""
    day = _a_day(shop)
    draft.amend(day, clause=Clause.UNRESTRICTED, reason="条項の見直し（架空）")
    ordinary.pass_on(draft, shop, day)


def _items_added(draft, shop):
    draft.contract.items.pop("8-4(6)", None)
    draft.amend(_a_day(shop), items={"8-4(6)": {"article": "第20条"}}, reason="条項の追加（架空）")


def _shortened(draft, shop):
    day = _a_day(shop)
    draft.amend(day, last_day=day + 30 * DAY, reason="業務期間の短縮（架空）")


def _terminated_on_the_first_day(draft, shop):
    draft.terminate(FIRST, "業務の廃止（架空）")


def _holding_changes(draft, shop):
    """Approved, to a company that becomes a 100% subsidiary of the prime contractor in the year."""
    day = _a_day(shop)
    company = shop.companies.subsidiary(draft.contract.contractor, 60, until=day)
    shop.companies.hold(draft.contract.contractor, company, 100, since=day + DAY)
    _approved_link(draft, shop, FIRST, company=company, declared_relation=Relation.SUBSIDIARY)


# Implausible papers, taken in as they are.


def _decided_before_applied(draft, shop):
    link = ordinary.pass_on(draft, shop, FIRST)
    ordinary.approve(draft, shop, link, FIRST - 3 * DAY, applied_on=FIRST)


def _undated_beside_dated(draft, shop):
    link = _approved_link(draft, shop, FIRST)
    draft.approve(link, None, document_number="架空承第（番号不明）号")


def _outside_the_term(draft, shop):
    if shop.chance(0.5):
        _approved_link(draft, shop, YEARS[0] - shop.random.randrange(1, 9) * DAY)
    else:
        _approved_link(draft, shop, FIRST, last_day=YEARS[1] + shop.random.randrange(1, 9) * DAY)


def _outlives_its_parent(draft, shop):
    parent = _approved_link(draft, shop, FIRST, last_day=date(2017, 12, 28))
    _approved_link(draft, shop, FIRST, parent=parent, last_day=LAST)


def _holdings_over_whole(draft, shop):
    company = shop.companies.subsidiary(draft.contract.contractor, 80)
    shop.companies.hold(shop.company(draft.contract.work), company, 40)
    _approved_link(draft, shop, FIRST, company=company, declared_relation=Relation.SUBSIDIARY)


def _declared_against_holdings(draft, shop):
    company = shop.companies.subsidiary(draft.contract.contractor, 100)
    _approved_link(draft, shop, FIRST, company=company, declared_relation=Relation.NONE)


def _concluded_late(draft, shop):
    draft.contract.concluded_on = YEARS[0] + shop.random.randrange(1, 30) * DAY


def _terminated_after_the_end(draft, shop):
    draft.contract.agreed_last_day = LAST
    draft.terminate(LAST + shop.random.randrange(1, 30) * DAY, "履行の遅延（架空）")


def _to_a_dissolved_company(draft, shop):
    company = shop.companies.dissolved(draft.contract.work, date(2017, 1, 31))
    _approved_link(draft, shop, FIRST, company=company)


def _to_itself(draft, shop):
    _approved_link(draft, shop, FIRST, company=draft.contract.contractor)


def _approved_and_withdrawn_at_once(draft, shop):
    """And approved again before anything was passed on."""
    link, day = ordinary.pass_on(draft, shop, FIRST), FIRST - 20 * DAY
    ordinary.approve(draft, shop, link, day)
    ordinary.approve(draft, shop, link, day, result=ApprovalResult.WITHDRAWN)
    ordinary.approve(draft, shop, link, FIRST - 3 * DAY)


COUNTS = (
    (_repaired_before, 70),
    (_notified_before, 12),
    (_ended_before, 8),
    (_lapses_after, 24),
    (_begins_after, 6),
    (_renewed, 12),
    (_withdrawn_after_the_end, 6),
    (_tightened_in_time, 8),
    (_loosened, 6),
    (_items_added, 40),
    (_shortened, 12),
    (_terminated_on_the_first_day, 3),
    (_holding_changes, 10),
    (_decided_before_applied, 12),
    (_undated_beside_dated, 9),
    (_outside_the_term, 12),
    (_outlives_its_parent, 5),
    (_holdings_over_whole, 3),
    (_declared_against_holdings, 6),
    (_concluded_late, 15),
    (_terminated_after_the_end, 2),
    (_to_a_dissolved_company, 2),
    (_to_itself, 2),
    (_approved_and_withdrawn_at_once, 2),
)


def makers() -> list[Maker]:
    """One for each oddity to be, those that matter most first."""
    return [maker(lay) for lay, number in COUNTS for _ in range(number)]
