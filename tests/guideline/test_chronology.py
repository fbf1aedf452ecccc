"""What the time line tells of a contract in the ledger: every fact, with its first and last day."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from guideline import actions
from guideline.chronology import chronology
from guideline.intervals import FOREVER
from guideline.law import law
from guideline.timeline import draw
from outsourcing.actions import contracts, records, subcontracts
from outsourcing.models import Contract
from tests import factories as make
from tests.pages import client_of, text

pytestmark = pytest.mark.django_db


def groups_of(contract: Contract):
    read = Contract.objects.with_chain().get(pk=contract.pk)
    targets = read.inspection_targets.valid().filter(inspection__voided_on__isnull=True)
    return chronology(read, targets.select_related("inspection"), read.findings.all(), law())


def days(contract: Contract, kind: str, whom: str = "契約") -> list[tuple]:
    """First and last day of the facts of a kind; None: no end is known."""
    return [
        (
            fact.since and date.fromordinal(fact.since),
            None if fact.until == FOREVER else date.fromordinal(max(fact.since, fact.until - 1)),
        )
        for group in groups_of(contract)
        if group.whom == whom
        for fact in group.facts
        if fact.kind == kind and fact.since is not None
    ]


class TestTheTerm:
    def test_is_from_the_first_to_the_last_day(self):
        assert days(make.contract(), "term") == [(date(2017, 4, 1), date(2018, 3, 31))]

    def test_a_termination_leaves_a_part_that_was_lost_and_the_end_first_agreed(self):
        contract = make.contract()
        contracts.terminate(contract, by=make.recorder(), on=date(2017, 12, 1), reason="不適切")
        assert days(contract, "term") == [(date(2017, 4, 1), date(2017, 12, 1))]
        assert days(contract, "lost") == [(date(2017, 12, 2), date(2018, 3, 31))]
        assert days(contract, "terminated") == [(date(2017, 12, 1), date(2017, 12, 1))]
        assert days(contract, "agreed") == [(date(2018, 3, 31), date(2018, 3, 31))]

    def test_one_terminated_before_it_began_has_no_day(self):
        contract = make.contract(concluded_on=date(2017, 3, 1))
        contracts.terminate(contract, by=make.recorder(), on=date(2017, 3, 15), reason="辞退")
        (group,) = groups_of(contract)
        term, _ = group.lanes[0].facts
        assert (term.since, term.until) == (date(2017, 4, 1).toordinal(),) * 2
        assert "期間に日がない" in term.what
        assert days(contract, "lost") == [(date(2017, 4, 1), date(2018, 3, 31))]
        assert draw([group], date(2017, 4, 1)).sheets

    def test_an_amendment_stands_on_its_day_of_effect(self):
        contract = make.contract()
        day = date(2018, 1, 10)
        contracts.amend(
            contract, by=make.recorder(), effective_on=day, last_day=date(2018, 4, 30),
            clause="forbidden",
        )  # fmt: skip
        contract.refresh_from_db()
        assert days(contract, "amendment") == [(day, day)]
        assert days(contract, "term") == [(date(2017, 4, 1), date(2018, 4, 30))]
        assert days(contract, "lost") == []


class TestTheChain:
    def test_links_stand_in_the_order_of_the_tree(self):
        contract = make.contract()
        first = make.link(contract=contract)
        make.link(contract=contract)
        below = make.link(contract=contract, parent=first)
        make.link(contract=contract, parent=below)
        found = [(group.whom, group.depth) for group in groups_of(contract)]
        assert found == [
            ("契約", 0),
            ("再委託1", 1),
            ("再委託3", 2),
            ("再委託4", 3),
            ("再委託2", 1),
        ]

    def test_without_a_last_day_of_its_own_a_link_ends_with_who_passed_the_work_on(self):
        contract = make.contract()
        giver = make.link(contract=contract, last_day=date(2017, 9, 30))
        make.link(contract=contract, parent=giver, first_day=date(2017, 5, 1))
        make.link(contract=contract)
        assert days(contract, "link", "再委託1") == [(date(2017, 4, 1), date(2017, 9, 30))]
        assert days(contract, "inherited", "再委託2") == [(date(2017, 5, 1), date(2017, 9, 30))]
        assert days(contract, "inherited", "再委託3") == [(date(2017, 4, 1), date(2018, 3, 31))]

    def test_voided_links_are_no_facts_and_what_is_under_them_is_not_lost(self):
        contract = make.contract()
        chain = make.chain(contract=contract, depth=2)
        subcontracts.void_link(
            chain[1], by=make.recorder(), on=date(2018, 1, 1), reason="誤って登録した"
        )
        assert [group.whom for group in groups_of(contract)] == ["契約", "再委託1"]


class TestApprovals:
    @pytest.fixture
    def link(self):
        return make.link(contract=make.contract())

    @pytest.mark.parametrize(
        ("fields", "valid"),
        [
            ({"decided_on": date(2017, 4, 1)}, (date(2017, 4, 1), date(2018, 3, 31))),
            (
                {"decided_on": date(2017, 4, 1), "last_day": date(2017, 12, 31)},
                (date(2017, 4, 1), date(2017, 12, 31)),
            ),
            # Decided after its first valid day, it counts from the decision on.
            (
                {"decided_on": date(2017, 7, 1), "first_day": date(2017, 4, 1)},
                (date(2017, 7, 1), date(2018, 3, 31)),
            ),
            (
                {"decided_on": date(2017, 3, 1), "first_day": date(2017, 4, 1)},
                (date(2017, 4, 1), date(2018, 3, 31)),
            ),
        ],
    )
    def test_are_valid_from_the_decision_or_the_first_day_whichever_is_later(
        self, link, fields, valid
    ):
        make.approval(link=link, **fields)
        decided = fields["decided_on"]
        assert days(link.contract, "approved", "再委託1") == [valid]
        assert days(link.contract, "decided", "再委託1") == [(decided, decided)]

    def test_a_withdrawal_ends_them_the_day_before_it_takes_effect(self, link):
        make.approval(link=link)
        make.approval(link=link, result="withdrawn", decided_on=date(2017, 10, 2))
        assert days(link.contract, "approved", "再委託1") == [(date(2017, 4, 1), date(2017, 10, 1))]
        assert days(link.contract, "withdrawn", "再委託1") == [
            (date(2017, 10, 2), date(2017, 10, 2))
        ]

    def test_refused_ones_are_never_valid(self, link):
        make.approval(link=link, result="rejected")
        assert days(link.contract, "approved", "再委託1") == []
        assert days(link.contract, "rejected", "再委託1") == [(date(2017, 4, 1),) * 2]

    def test_one_whose_day_is_not_known_counts_for_nothing_and_is_listed(self, link):
        make.approval(link=link, decided_on=None)
        assert days(link.contract, "approved", "再委託1") == []
        scene = draw(groups_of(link.contract), date(2018, 1, 1))
        assert [(row.since, row.whom) for row in scene.rows if "決定日が不明" in row.what] == [
            (None, "再委託1")
        ]

    def test_notices_stand_on_the_day_they_were_received(self, link):
        subcontracts.notify(link, by=make.recorder(), received_on=date(2017, 4, 2))
        assert days(link.contract, "notice", "再委託1") == [(date(2017, 4, 2),) * 2]


class TestInspections:
    def test_windows_are_those_of_the_law_years_from_the_first_day(self):
        contract = make.contract(first_day=date(2016, 7, 1), last_day=date(2018, 8, 31))
        # The last two months are less than 90 days, and join their neighbour.
        assert days(contract, "window") == [
            (date(2016, 7, 1), date(2017, 6, 30)),
            (date(2017, 7, 1), date(2018, 8, 31)),
        ]

    def test_links_have_windows_where_they_handle_information_in_the_contracts_term(self):
        contract = make.contract()
        make.link(contract=contract, first_day=date(2017, 3, 1), last_day=date(2017, 12, 31))
        make.link(contract=contract, handles_information=False)
        assert days(contract, "window", "再委託1") == [(date(2017, 4, 1), date(2017, 12, 31))]
        assert days(contract, "window", "再委託2") == []

    def test_survey_answers_need_none(self):
        contract = make.contract(information=Contract.Information.STATISTICS)
        assert days(contract, "window") == []

    @pytest.mark.parametrize(
        ("fields", "kind"),
        [
            ({"method": "on_site"}, "on-site"),
            ({"method": "documents"}, "off-site"),
            ({"method": "remote", "not_on_site_reason": "遠隔地"}, "reasoned"),
        ],
    )
    def test_visits_say_whether_they_were_on_site(self, fields, kind):
        contract = make.contract()
        link = make.link(contract=contract)
        make.inspection(contract=contract, day=date(2017, 11, 1), **fields)
        make.inspection(contract=contract, link=link, day=date(2017, 11, 2), **fields)
        assert days(contract, kind) == [(date(2017, 11, 1),) * 2]
        assert days(contract, kind, "再委託1") == [(date(2017, 11, 2),) * 2]

    def test_voided_ones_are_no_facts(self):
        contract = make.contract()
        visit = make.inspection(contract=contract)
        target = visit.targets.get()
        records.void_record(target, by=make.recorder(), on=date(2018, 1, 1), reason="誤り")
        assert days(contract, "on-site") == []


class TestFindings:
    def test_each_stored_one_stands_with_whom_it_is_about_and_no_other(self):
        contract = make.contract()
        for link in make.chain(contract=contract, depth=3):
            make.approval(link=link, decided_on=date(2017, 8, 1))
        stored = sorted(
            (f.since, f.until, f.subject if f.subject.startswith("link:") else "契約")
            for f in contract.findings.exclude(until=None)
        )
        told = sorted(
            (
                date.fromordinal(fact.since),
                date.fromordinal(fact.until),
                group.whom.replace("再委託", "link:"),
            )
            for group in groups_of(contract)
            for fact in group.facts
            if fact.kind in ("breach", "violation", "attention") and fact.until != FOREVER
        )
        assert len(stored) > 12
        assert told == stored
        going_on = contract.findings.filter(until=None).count()
        everything = [fact for group in groups_of(contract) for fact in group.facts]
        assert sum(fact.until == FOREVER for fact in everything) == going_on > 0

    def test_excused_days_are_drawn_apart_from_the_others(self):
        contract = make.contract()
        make.link(contract=contract)
        reason = actions.ask(
            by=make.recorder(), contract=contract, rule="unapproved-subcontract", subject="link:1",
            first_day=date(2017, 5, 1), last_day=date(2017, 5, 31), reason="災害のため",
            asked_on=date(2017, 6, 1),
        )  # fmt: skip
        actions.approve(reason, by=make.officer(contract.agency), on=date(2017, 6, 2))
        assert days(contract, "excused", "再委託1") == [(date(2017, 5, 1), date(2017, 5, 31))]
        assert days(contract, "breach", "再委託1") == [
            (date(2017, 4, 1), date(2017, 4, 30)),
            (date(2017, 6, 1), date(2018, 3, 31)),
        ]


class TestPages:
    @pytest.fixture
    def contract(self):
        contract = make.contract(title="<健康診断>業務")
        chain = make.chain(contract=contract, depth=3)
        make.approval(link=chain[0])
        make.approval(link=chain[1], decided_on=None)
        make.inspection(contract=contract)
        return contract

    @pytest.mark.parametrize("name", ["contract", "contract-timeline"])
    def test_have_the_picture_and_every_line_of_it_in_words(self, contract, name):
        client = client_of(make.officer(contract.agency))
        response = client.get(reverse(name, args=[contract.code]), {"as_of": "2018-01-31"})
        page = text(response)
        scene = draw(groups_of(contract), date(2018, 1, 31))
        table = page[page.index("timeline__table") :]
        table = table[: table.index("</table>")]
        assert table.count("<tr>") == 1 + len(scene.rows)
        picture = "".join(re.findall(r"<svg class=\"timeline__sheet\".*?</svg>", page, re.DOTALL))
        drawn = sum(len(sheet.marks) for sheet in scene.sheets)
        assert picture.count("<title>") == drawn
        assert picture.count('role="img"') == len(scene.sheets)
        assert "基準日 2018-01-31" in picture
        assert "style=" not in picture
        assert "&lt;健康診断&gt;業務の時系列" in picture

    def test_numbers_in_the_picture_are_plain(self, contract):
        client = client_of(make.officer(contract.agency))
        page = text(client.get(reverse("contract-timeline", args=[contract.code])))
        assert re.findall(r' (?:x|y|width|height)="[^"]*[^0-9.\-"][^"]*"', page) == []
