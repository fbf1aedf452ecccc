"""What changes a term: amendments and terminations, taken back and refused."""

from __future__ import annotations

from datetime import date

import pytest

from outsourcing.actions import contracts
from outsourcing.models import Amendment, Contract
from tests import factories as make
from tests.snapshots import refused, signals, snapshot

pytestmark = pytest.mark.django_db

D = date


def stored(contract):
    return Contract.objects.get(pk=contract.pk)


class TestAmendments:
    def test_prolong_and_shorten(self):
        contract = make.contract(first_day=D(2017, 4, 1), last_day=D(2018, 3, 31))
        by = make.recorder()
        contracts.amend(contract, by=by, effective_on=D(2017, 9, 1), last_day=D(2018, 6, 30))
        assert stored(contract).last_day == D(2018, 6, 30)
        contracts.amend(contract, by=by, effective_on=D(2017, 10, 1), last_day=D(2017, 12, 31))
        assert stored(contract).last_day == D(2017, 12, 31)
        assert stored(contract).agreed_last_day == D(2018, 3, 31)

    def test_count_by_their_day_of_effect_not_by_the_order_they_are_recorded_in(self):
        contract, by = make.contract(), make.recorder()
        contracts.amend(contract, by=by, effective_on=D(2017, 10, 1), last_day=D(2017, 12, 31))
        contracts.amend(contract, by=by, effective_on=D(2017, 9, 1), last_day=D(2018, 6, 30))
        assert stored(contract).last_day == D(2017, 12, 31)

    def test_of_one_day_the_later_recorded_stands(self):
        contract, by, day = make.contract(), make.recorder(), D(2017, 10, 1)
        contracts.amend(contract, by=by, effective_on=day, last_day=D(2018, 6, 30))
        contracts.amend(contract, by=by, effective_on=day, last_day=D(2018, 5, 31))
        assert stored(contract).last_day == D(2018, 5, 31)

    def test_that_are_voided_leave_the_end_as_it_was(self):
        contract, by = make.contract(), make.recorder()
        amended = contracts.amend(
            contract, by=by, effective_on=D(2017, 9, 1), last_day=D(2018, 6, 30)
        )
        contracts.void_amendment(amended, by=by, on=D(2017, 9, 2), reason="誤記")
        assert stored(contract).last_day == D(2018, 3, 31)

    def test_that_are_voided_through_an_old_copy_of_the_contract_leave_no_wrong_end(self):
        contract, by = make.contract(), make.recorder()
        old = stored(contract)
        contracts.amend(contract, by=by, effective_on=D(2017, 9, 1), last_day=D(2018, 6, 30))
        contracts.void_amendment(old.amendments.get(), by=by, on=D(2017, 9, 2), reason="誤記")
        assert stored(contract).last_day == D(2018, 3, 31)

    def test_may_still_take_effect_the_day_after_the_end_but_no_later(self):
        by = make.recorder()
        in_time = make.contract(last_day=D(2017, 9, 30))
        contracts.amend(in_time, by=by, effective_on=D(2017, 10, 1), last_day=D(2018, 3, 31))
        assert stored(in_time).last_day == D(2018, 3, 31)
        late = make.contract(last_day=D(2017, 9, 30))
        before = snapshot()
        with refused("2017-10-02", "2017-09-30"):
            contracts.amend(late, by=by, effective_on=D(2017, 10, 2), last_day=D(2018, 3, 31))
        assert snapshot() == before

    def test_cannot_end_a_contract_before_they_take_effect(self):
        contract = make.contract()
        with refused("2017-08-30", "2017-09-01"):
            contracts.amend(
                contract,
                by=make.recorder(),
                effective_on=D(2017, 9, 1),
                last_day=D(2017, 8, 30),
            )

    def test_that_others_rest_on_cannot_be_voided_from_under_them(self):
        contract, by = make.contract(last_day=D(2017, 9, 30)), make.recorder()
        longer = contracts.amend(
            contract, by=by, effective_on=D(2017, 9, 1), last_day=D(2018, 3, 31)
        )
        contracts.amend(contract, by=by, effective_on=D(2018, 1, 1), last_day=D(2018, 6, 30))
        before = snapshot()
        with refused("2018-01-01", "2017-09-30"):
            contracts.void_amendment(longer, by=by, on=D(2018, 2, 1), reason="誤記")
        assert snapshot() == before

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({}, "どれか"),
            ({"clause": "maybe"}, "maybe"),
            ({"items": {"8-4(2)": {}}}, "8-4(2)"),
            ({"last_day": D(2018, 6, 30), "exempt_work": {"mailing": "第8条"}}, "軽微"),
            ({"clause": "forbidden", "exempt_work": {"gardening": "第8条"}}, "gardening"),
        ],
        ids=["nothing", "clause", "items", "exempt-alone", "exempt-unknown"],
    )
    def test_that_say_nothing_sensible_are_refused_singly_and_in_bulk(self, values, said):
        contract, by = make.contract(), make.recorder()
        before = snapshot()
        with refused(said):
            contracts.amend(contract, by=by, effective_on=D(2017, 9, 1), **values)
        row = Amendment(contract=contract, effective_on=D(2017, 9, 1), **values)
        with refused(said, "1行目"):
            contracts.amend_many([row], by=by)
        assert snapshot() == before

    def test_many_are_recorded_as_one_by_one(self):
        by = make.recorder()
        texts = [
            {"effective_on": D(2017, 9, 1), "last_day": D(2018, 6, 30)},
            {"effective_on": D(2017, 10, 1), "clause": "forbidden"},
        ]
        singly, in_bulk = make.contract(), make.contract()
        for text in texts:
            contracts.amend(singly, by=by, **text)
        contracts.amend_many([Amendment(contract=in_bulk, **text) for text in texts], by=by)
        own = ("id", "contract_id", "agency_id", "recorded_at")
        rows = [
            [{k: v for k, v in row.items() if k not in own} for row in c.amendments.values()]
            for c in (singly, in_bulk)
        ]
        assert rows[0] == rows[1]
        assert stored(singly).last_day == stored(in_bulk).last_day == D(2018, 6, 30)
        assert stored(singly).version == stored(in_bulk).version

    def test_many_send_the_signal_once(self):
        ledger = [make.contract() for _ in range(3)]
        text = {"effective_on": D(2017, 9, 1), "last_day": D(2018, 6, 30)}
        with signals() as sent:
            contracts.amend_many(
                [Amendment(contract=contract, **text) for contract in ledger], by=make.recorder()
            )
        assert sent == [frozenset(contract.pk for contract in ledger)]


class TestTermination:
    def test_ends_the_contract_on_its_day_and_keeps_the_end_agreed(self):
        contract = make.contract()
        contracts.terminate(contract, by=make.recorder(), on=D(2017, 10, 1), reason="契約違反")
        row = stored(contract)
        assert (row.last_day, row.agreed_last_day) == (D(2017, 10, 1), D(2018, 3, 31))

    def test_after_the_end_changes_no_day(self):
        contract = make.contract()
        contracts.terminate(contract, by=make.recorder(), on=D(2018, 5, 1), reason="契約違反")
        assert stored(contract).last_day == D(2018, 3, 31)

    def test_asks_for_its_reason(self):
        contract = make.contract()
        before = snapshot()
        with refused("解除の理由"):
            contracts.terminate(contract, by=make.recorder(), on=D(2017, 10, 1), reason="")
        assert snapshot() == before

    def test_outlasts_an_amendment_of_the_end(self):
        contract, by = make.contract(), make.recorder()
        contracts.terminate(contract, by=by, on=D(2017, 10, 1), reason="契約違反")
        contracts.amend(contract, by=by, effective_on=D(2017, 9, 1), last_day=D(2018, 6, 30))
        assert stored(contract).last_day == D(2017, 10, 1)

    @pytest.mark.parametrize("day", [D(2017, 8, 1), D(2017, 12, 1)], ids=["earlier", "later"])
    def test_can_be_put_on_another_day(self, day):
        contract, by = make.contract(), make.recorder()
        contracts.terminate(contract, by=by, on=D(2017, 10, 1), reason="契約違反")
        contracts.terminate(contract, by=by, on=day, reason="契約違反")
        assert stored(contract).last_day == day

    @pytest.mark.parametrize("day", [D(2017, 8, 1), D(2017, 12, 1)], ids=["earlier", "later"])
    def test_can_be_corrected_to_another_day(self, day):
        contract, by = make.contract(), make.recorder()
        contracts.terminate(contract, by=by, on=D(2017, 10, 1), reason="契約違反")
        contracts.correct(contract, by=by, terminated_on=day)
        assert stored(contract).last_day == day

    def test_can_be_taken_back(self):
        contract, by = make.contract(), make.recorder()
        contracts.terminate(contract, by=by, on=D(2017, 10, 1), reason="契約違反")
        contracts.correct(contract, by=by, terminated_on=None, termination_reason="")
        assert stored(contract).last_day == D(2018, 3, 31)

    def test_before_the_first_day_leaves_a_contract_without_a_day(self):
        contract = make.contract(first_day=D(2017, 4, 1))
        contracts.terminate(contract, by=make.recorder(), on=D(2017, 3, 15), reason="辞退")
        assert not Contract.objects.in_fiscal_year(2017).exists()
        assert not Contract.objects.in_fiscal_year(2016).exists()
