"""年度更新: what a draft takes over from the contract it goes on from, and what it never does."""

from __future__ import annotations

from datetime import date

import pytest

from outsourcing.actions import contracts, records, renewals, subcontracts
from outsourcing.models import (
    AnonymizationDecision,
    AnonymizationMeasure,
    CapabilityCheck,
    Contract,
    Draft,
    FlowDownRecord,
    Notification,
    WrittenConfirmation,
)
from tests import factories as make

pytestmark = pytest.mark.django_db

LAST = date(2018, 3, 31)


@pytest.fixture
def agency():
    return make.agency(code="A01")


def renew(contract: Contract, *, number: str = "30-1") -> Draft:
    return renewals.renew_many({contract: number}, by=make.recorder())[0]


def test_everything_that_was_agreed_with_the_year_advanced(agency):
    section, officer = make.section(agency=agency, code="001"), make.officer(agency)
    company = make.contractor(name="株式会社見本")
    contract = make.contract(
        agency=agency,
        contractor=company,
        section=section,
        number="29-105",
        title="平成29年度健康診断",
        work="staff_health_check",
        work_detail="採血",
        information_detail="氏名、健診結果",
        persons=1200,
        sensitivity="high",
        special_care=True,
        clause="prior_approval",
        clause_article="第5条",
        clause_quote="承認を受けること",
        exempt_work={"mailing": "第5条第2項", "transport": "第5条第2項"},
        items={"8-4(1)": {"article": "第3条", "quote": "秘密を守る"}},
        uses_dispatched_workers=True,
        dispatch_article="第9条",
    )
    contracts.put_in_charge(contract, by=officer, officer=officer)
    draft = renew(contract, number="30-77")
    assert draft.typed == {
        "number": ["30-77"],
        "title": ["平成30年度健康診断"],
        "section": ["001"],
        "contractor": [f"株式会社見本（{company.corporate_number}）"],
        "concluded_on": ["2018-04-01"],
        "first_day": ["2018-04-01"],
        "last_day": ["2019-03-31"],
        "work": ["staff_health_check"],
        "work_detail": ["採血"],
        "information": ["personal"],
        "information_detail": ["氏名、健診結果"],
        "persons": ["1200"],
        "sensitivity": ["high"],
        "special_care": ["on"],
        "clause": ["prior_approval"],
        "clause_article": ["第5条"],
        "clause_quote": ["承認を受けること"],
        "exempt-mailing": ["第5条第2項"],
        "exempt-transport": ["第5条第2項"],
        "items-8-4(1)-said": ["said"],
        "items-8-4(1)-article": ["第3条"],
        "items-8-4(1)-quote": ["秘密を守る"],
        "uses_dispatched_workers": ["on"],
        "dispatch_article": ["第9条"],
    }
    assert (draft.renews, draft.section, draft.officer) == (contract, section, officer)
    assert (draft.agency, draft.title, draft.contract) == (agency, "平成30年度健康診断", None)


def test_a_day_of_conclusion_only_where_the_term_began_with_it(agency):
    earlier = make.contract(agency=agency, concluded_on=date(2017, 3, 20))
    assert "concluded_on" not in renew(earlier).typed


def test_what_is_synthetic_stays_synthetic(agency):
    made = make.unsaved_contract(agency=agency, contractor=make.contractor())
    made.synthetic = True
    contract = contracts.register_many([made], by=make.recorder())[0]
    assert renew(contract).synthetic


def test_clause_and_items_as_amended_by_the_last_day(agency):
    contract = make.contract(
        agency=agency,
        clause="forbidden",
        items={"8-4(1)": {"article": "第3条"}, "8-4(3)": {"article": "第4条"}},
    )

    def amend(day: date, **fields):
        contracts.amend(contract, by=make.recorder(), effective_on=day, **fields)

    amend(
        date(2017, 10, 1),
        clause="prior_approval",
        clause_article="第7条",
        items={"8-4(1)": None, "8-4(4)": {"article": "第8条"}},
    )
    amend(LAST, items={"8-4(5)": {"article": "第10条"}})
    amend(date(2018, 4, 1), clause="unrestricted", items={"8-4(6)": {"article": "第11条"}})
    typed = renew(contract).typed
    assert (typed["clause"], typed["clause_article"]) == (["prior_approval"], ["第7条"])
    said = {name for name in typed if name.endswith("-said")}
    assert said == {f"items-8-4({n})-said" for n in (3, 4, 5)}


def test_the_chain_with_links_that_reached_the_end(agency):
    contract = make.contract(agency=agency)
    first = make.link(contract=contract, work="mailing", place="東京", work_detail="封入")
    ended = make.link(contract=contract, last_day=date(2018, 3, 30))
    below_ended = make.link(contract=contract, parent=ended)
    under = make.link(contract=contract, parent=first, last_day=LAST)
    outlives = make.link(contract=contract, parent=under, last_day=date(2018, 4, 1))
    later = make.link(contract=contract, first_day=date(2018, 4, 1))
    typed = renew(contract).typed
    renewed = {name: v for name, v in typed.items() if name.endswith("-renews")}
    assert renewed == {
        "links-0-renews": [str(first.number)],
        "links-1-renews": [str(under.number)],
        "links-2-renews": [str(outlives.number)],
    }
    assert {str(row.number) for row in (ended, below_ended, later)}.isdisjoint(
        value for values in renewed.values() for value in values
    )
    assert "links-0-under" not in typed
    assert (typed["links-1-under"], typed["links-2-under"]) == (["0"], ["1"])
    # No last day: it still runs to the end of what it hangs on.
    assert "links-0-last_day" not in typed
    assert typed["links-1-last_day"] == typed["links-2-last_day"] == ["2019-03-31"]
    assert typed["links-0-first_day"] == ["2018-04-01"]
    assert (typed["links-0-work"], typed["links-0-place"]) == (["mailing"], ["東京"])


def test_a_link_moved_under_a_later_one_still_comes_after_it(agency):
    contract = make.contract(agency=agency)
    first, second = make.link(contract=contract), make.link(contract=contract)
    subcontracts.move(first, by=make.recorder(), parent=second)
    typed = renew(contract).typed
    assert (typed["links-0-renews"], typed["links-1-renews"]) == (["2"], ["1"])
    assert typed["links-1-under"] == ["0"]


def test_a_voided_link_is_none(agency):
    contract = make.contract(agency=agency)
    link = make.link(contract=contract)
    subcontracts.void_link(link, by=make.recorder(), on=LAST, reason="誤り")
    assert not [name for name in renew(contract).typed if name.startswith("links-")]


def test_what_was_done_is_never_copied(agency):
    contract = make.contract(agency=agency)
    link = make.link(contract=contract)
    bare = renew(contract).typed
    Draft.objects.all().update(voided_on=LAST, void_reason="破棄")
    by = make.recorder()
    make.approval(link=link, conditions="条件", document_number="第1号")
    subcontracts.record_many([Notification(subcontract=link, received_on=date(2017, 4, 1))], by=by)
    make.inspection(contract=contract)
    make.inspection(contract=contract, link=link)
    day = date(2017, 4, 1)
    for row in (
        FlowDownRecord(subcontract=link, items=["capability"], recorded_on=day),
        CapabilityCheck(contract=contract, checked_on=day, method="実地"),
        WrittenConfirmation(contract=contract, matters=["management"], confirmed_on=day),
        AnonymizationDecision(contract=contract, decided_on=day, needed=True),
        AnonymizationMeasure(contract=contract, done_on=day, method="置換え"),
    ):
        records.record(row, by=by)
    assert renew(contract).typed == bare
    kinds = ("approval", "notice", "flow_down", "visits", "confirmations", "checked", "decided")
    assert not [name for name in bare if any(kind in name for kind in kinds)]


def test_a_draft_is_no_fact(agency):
    contract = make.contract(agency=agency)
    make.link(contract=contract)
    before = contract.findings.count()
    renew(contract)
    assert contract.findings.count() == before
    assert Contract.objects.count() == 1
