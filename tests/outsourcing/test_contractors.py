"""Contractors and who holds whom: added, corrected, dissolved, held, sold; and what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from guideline.models import Finding
from outsourcing import corporate_numbers
from outsourcing.actions import contractors
from outsourcing.actions.base import Conflict
from outsourcing.models import Contractor, Shareholding
from tests import factories as make
from tests.snapshots import refused, signals, snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contract_rules")]

D = date
DAY = D(2017, 4, 1)


def relations(link) -> list[tuple[str, str]]:
    """(from which day, which relation) as the stored findings of a link say it."""
    found = Finding.objects.filter(contract=link.contract_id, subject=link.subject)
    return [
        (part["since"], part["relation"])
        for finding in found.order_by("since")
        for part in finding.relations
    ]


@pytest.fixture
def family():
    """A prime contractor, a company it may hold, and an unapproved link to that company."""
    prime, daughter = make.contractor(name="親会社"), make.contractor(name="子会社")
    contract = make.contract(contractor=prime)
    return prime, daughter, make.link(contract=contract, contractor=daughter)


class TestNumbers:
    def test_are_taken_as_people_write_them(self):
        number = corporate_numbers.synthetic_number(777)
        written = f"{number[0]}-{number[1:5]}-{number[5:9]}-{number[9:]}"
        assert (
            contractors.add(
                by=make.recorder(), name="甲", corporate_number=written
            ).corporate_number
            == number
        )

    def test_with_a_wrong_check_digit_are_refused_with_the_number(self):
        number = corporate_numbers.synthetic_number(777)
        wrong = f"{int(number[0]) % 9 + 1}{number[1:]}"
        before = snapshot()
        with refused(wrong):
            contractors.add(by=make.recorder(), name="甲", corporate_number=wrong)
        with refused(wrong, "1行目：法人番号"):
            contractors.add_many(
                [Contractor(name="甲", corporate_number=wrong)], by=make.recorder()
            )
        assert snapshot() == before

    def test_of_another_contractor_are_refused(self):
        number = make.contractor().corporate_number
        before = snapshot()
        with refused(f"法人番号「{number}」", "既に登録"):
            contractors.add(by=make.recorder(), name="甲", corporate_number=number)
        with refused(f"法人番号「{number}」", "既に登録"):
            contractors.add_many(
                [Contractor(name="甲", corporate_number=number)], by=make.recorder()
            )
        assert snapshot() == before

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {
                "corporate_number": corporate_numbers.synthetic_number(5),
                "no_number_reason": "other",
            },
            {"no_number_reason": "lost"},
        ],
        ids=["neither", "both", "unknown"],
    )
    def test_or_a_reason_why_not_but_not_both(self, fields):
        before = snapshot()
        for action in (
            lambda: contractors.add(by=make.recorder(), name="甲", **fields),
            lambda: contractors.add_many([Contractor(name="甲", **fields)], by=make.recorder()),
        ):
            with pytest.raises(ValidationError):
                action()
        assert snapshot() == before


class TestNames:
    def test_are_found_in_full_and_half_width(self):
        made = contractors.add(
            by=make.recorder(), name="ＡＢＣ商事", kana="ｴｰﾋﾞｰｼｰ", no_number_reason="overseas"
        )
        assert made.search_name == "abc商事 え-び-し-"

    def test_that_are_corrected_are_found_under_the_new_one(self):
        made = make.contractor(name="旧社名")
        contractors.correct(made, by=make.recorder(), name="新社名")
        row = Contractor.objects.get(pk=made.pk)
        assert (row.name, row.search_name) == ("新社名", "新社名")

    def test_corrected_by_two_are_a_conflict(self):
        made = make.contractor()
        theirs = Contractor.objects.get(pk=made.pk)
        contractors.correct(made, by=make.recorder(), name="先")
        with pytest.raises(Conflict):
            contractors.correct(theirs, by=make.recorder(), name="後")
        assert Contractor.objects.get(pk=made.pk).name == "先"

    def test_missing_are_refused(self):
        with refused("名称"):
            contractors.add(by=make.recorder(), name="", no_number_reason="other")


class TestHoldings:
    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"share": Decimal("100.0001")}, "100.0001"),
            ({"share": Decimal("-1")}, "-1"),
            ({"share": Decimal("33.33333")}, "4"),
            ({"share": None}, "議決権割合"),
            ({"last_day": D(2017, 3, 31)}, "2017-03-31"),
            ({"first_day": None}, "保有開始日"),
        ],
        ids=["over", "under", "digits", "none", "order", "no start"],
    )
    def test_that_cannot_be_are_refused_alike_singly_and_in_bulk(self, values, said):
        holder, held, by = make.contractor(), make.contractor(), make.recorder()
        fields = {"holder": holder, "held": held, "share": 60, "first_day": DAY} | values
        before = snapshot()
        with pytest.raises(ValidationError) as single:
            contractors.hold(by=by, **fields)
        assert list(single.value.message_dict) == list(values)
        with refused(said, "1行目"):
            contractors.hold_many([Shareholding(**fields)], by=by)
        assert snapshot() == before

    def test_of_itself_are_refused_with_the_name(self):
        company = make.contractor(name="自社")
        with refused("自社"):
            make.holding(holder=company, held=company)

    def test_of_more_than_all_votes_together_are_taken_in(self):
        held = make.contractor()
        for _ in range(3):
            make.holding(holder=make.contractor(), held=held, share=60)
        assert Shareholding.objects.count() == 3

    def test_singly_and_in_bulk_give_the_same_rows(self):
        holder, held, by = make.contractor(), make.contractor(), make.recorder()
        fields = {"holder": holder, "held": held, "share": Decimal("33.3333"), "first_day": DAY}
        contractors.hold(by=by, **fields)
        contractors.hold_many([Shareholding(**fields)], by=by)
        first, second = (
            {k: v for k, v in row.items() if k not in ("id", "public_id", "recorded_at")}
            for row in Shareholding.objects.order_by("pk").values()
        )
        assert first == second

    def test_in_bulk_send_the_signal_once(self, family):
        prime, daughter, link = family
        other = make.link(contract=make.contract())
        rows = [
            Shareholding(holder=prime, held=held, share=100, first_day=DAY)
            for held in (daughter, other.contractor)
        ]
        with signals() as sent:
            contractors.hold_many(rows, by=make.recorder())
        assert sent == [frozenset({link.contract_id, other.contract_id})]


class TestFindingsFollow:
    """Each verb re-evaluates the contracts whose chains it touches, and no others."""

    def test_when_a_holding_is_recorded(self, family):
        prime, daughter, link = family
        assert relations(link) == [("2017-04-01", "unknown")]
        make.holding(holder=prime, held=daughter, first_day=D(2017, 8, 1))
        assert relations(link) == [("2017-04-01", "none"), ("2017-08-01", "wholly_owned")]

    def test_when_it_is_sold(self, family):
        prime, daughter, link = family
        holding = make.holding(holder=prime, held=daughter)
        contractors.correct_holding(holding, by=make.recorder(), last_day=D(2017, 9, 30))
        assert relations(link) == [("2017-04-01", "wholly_owned"), ("2017-10-01", "none")]

    def test_when_it_is_corrected_to_be_of_another_company(self, family):
        prime, daughter, link = family
        other = make.link(contract=link.contract)
        holding = make.holding(holder=prime, held=daughter)
        contractors.correct_holding(holding, by=make.recorder(), held=other.contractor)
        assert relations(link) == [("2017-04-01", "unknown")]
        assert relations(other) == [("2017-04-01", "wholly_owned")]

    def test_when_it_is_voided(self, family):
        prime, daughter, link = family
        holding = make.holding(holder=prime, held=daughter)
        contractors.void_holding(holding, by=make.recorder(), on=DAY, reason="別会社")
        assert relations(link) == [("2017-04-01", "unknown")]

    def test_far_below_the_company_whose_holding_changes(self, family):
        prime, daughter, link = family
        middle = make.contractor()
        make.holding(holder=middle, held=daughter)
        assert relations(link) == [("2017-04-01", "none")]
        make.holding(holder=prime, held=middle, share=60)
        assert relations(link) == [("2017-04-01", "subsidiary")]

    def test_round_a_circle_of_holdings(self, family):
        prime, daughter, link = family
        middle = make.contractor()
        make.holding(holder=middle, held=daughter, share=60)
        make.holding(holder=daughter, held=middle, share=40)
        make.holding(holder=prime, held=middle, share=60)
        assert relations(link) == [("2017-04-01", "subsidiary")]

    @pytest.mark.parametrize("gone", ["prime", "middle", "daughter"])
    @pytest.mark.parametrize("verb", ["dissolve", "correct"])
    def test_when_a_company_of_the_chain_is_dissolved(self, family, gone, verb):
        prime, daughter, link = family
        middle = make.contractor()
        make.holding(holder=prime, held=middle)
        make.holding(holder=middle, held=daughter)
        company = {"prime": prime, "middle": middle, "daughter": daughter}[gone]
        if verb == "dissolve":
            contractors.dissolve(company, by=make.recorder(), on=D(2017, 8, 1))
        else:
            contractors.correct(company, by=make.recorder(), dissolved_on=D(2017, 8, 1))
        assert relations(link) == [("2017-04-01", "wholly_owned"), ("2017-08-01", "none")]

    def test_when_it_is_dissolved_and_the_relation_only_declared(self):
        link = make.link(contract=make.contract(), declared_relation="subsidiary")
        contractors.dissolve(link.contractor, by=make.recorder(), on=D(2017, 8, 1))
        assert relations(link) == [("2017-04-01", "subsidiary"), ("2017-08-01", "none")]

    def test_and_those_of_other_contracts_are_not_even_looked_at(self, family):
        prime, daughter, link = family
        elsewhere = make.link(contract=make.contract())
        kept = Finding.objects.get(contract=elsewhere.contract_id).pk
        with signals() as sent:
            make.holding(holder=prime, held=daughter)
        assert sent == [frozenset({link.contract_id})]
        assert Finding.objects.get(contract=elsewhere.contract_id).pk == kept

    def test_and_nothing_is_told_where_no_chain_is_touched(self):
        with signals() as sent:
            make.holding(holder=make.contractor(), held=make.contractor())
        assert sent == []
