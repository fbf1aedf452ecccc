"""Chains: work passed on, moved, ended, approved, notified, voided; and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from guideline.models import Finding
from outsourcing.actions import contracts, subcontracts
from outsourcing.actions.base import Conflict
from outsourcing.models import Approval, Notification, Subcontract
from tests import factories as make
from tests.snapshots import refused, signals, snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contract_rules")]

D = date
DAY = D(2017, 4, 1)


def stored(link):
    return Subcontract.objects.get(pk=link.pk)


def unsaved(contract, parent=None, **fields):
    fields["contractor"] = fields.get("contractor") or make.contractor()
    return Subcontract(contract=contract, parent=parent, **{"first_day": DAY} | fields)


class TestPassingOn:
    def test_numbers_the_links_of_each_contract_from_one(self):
        contract, other = make.contract(), make.contract()
        made = [make.link(contract=c).number for c in (contract, other, contract, contract)]
        assert made == [1, 1, 2, 3]

    def test_does_not_give_the_number_of_a_voided_link_again(self):
        contract = make.contract()
        link = make.link(contract=contract)
        subcontracts.void_link(link, by=make.recorder(), on=DAY, reason="誤記")
        assert make.link(contract=contract).number == 2

    def test_takes_agency_and_mark_from_the_contract(self):
        contract = make.contract()
        link = make.link(contract=contract)
        assert (link.agency_id, link.synthetic) == (contract.agency_id, False)
        (made,) = contracts.register_many(
            [
                make.unsaved_contract(
                    agency=make.agency(), contractor=make.contractor(), synthetic=True
                )
            ],
            by=make.recorder(),
        )
        assert make.approval(link=make.link(contract=made)).synthetic

    def test_below_a_link_of_another_contract_is_refused(self):
        theirs, ours = make.link(contract=make.contract()), make.contract()
        before = snapshot()
        with refused(str(theirs), "別の契約"):
            make.link(contract=ours, parent=theirs)
        with refused(str(theirs), "別の契約"):
            subcontracts.pass_on_many([unsaved(ours, theirs)], by=make.recorder())
        made = {"Contractor", "NamePart"}  # the company that the link would have gone to
        assert {k: v for k, v in snapshot().items() if k not in made} == {
            k: v for k, v in before.items() if k not in made
        }

    def test_below_a_voided_link_is_refused(self):
        contract, by = make.contract(), make.recorder()
        link = make.link(contract=contract)
        old = stored(link)  # read before it was voided
        subcontracts.void_link(link, by=by, on=DAY, reason="誤記")
        for parent in (link, old):
            with refused(str(link), "無効"):
                make.link(contract=contract, parent=parent)
            with refused(str(link), "無効"):
                subcontracts.pass_on_many([unsaved(contract, parent)], by=by)

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"last_day": D(2017, 3, 31)}, "2017-03-31"),
            ({"work": "gardening"}, "gardening"),
            ({"declared_relation": "cousin"}, "cousin"),
            ({"first_day": None}, "再委託期間の初日"),
            ({"place": "遠" * 301}, "300"),
        ],
        ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
    )
    def test_refuses_alike_singly_and_in_bulk(self, values, said):
        contract, company, by = make.contract(), make.contractor(), make.recorder()
        fields = {"contractor": company, "first_day": DAY} | values
        before = snapshot()
        with pytest.raises(ValidationError) as single:
            subcontracts.pass_on(by=by, contract=contract, **fields)
        assert list(single.value.message_dict) == list(values)
        with refused(said, "2行目"):
            subcontracts.pass_on_many(
                [unsaved(contract, contractor=company), Subcontract(contract=contract, **fields)],
                by=by,
            )
        assert snapshot() == before

    def test_in_bulk_gives_the_same_rows(self):
        by = make.recorder()
        singly, in_bulk = make.contract(), make.contract()
        companies = [make.contractor() for _ in range(4)]
        parents = [None, 0, 1, 0]
        one = []
        for company, parent in zip(companies, parents, strict=True):
            above = None if parent is None else one[parent]
            one.append(make.link(contract=singly, parent=above, contractor=company))
        many = [unsaved(in_bulk, contractor=company) for company in companies]
        for link, parent in zip(many, parents, strict=True):
            link.parent = None if parent is None else many[parent]
        subcontracts.pass_on_many(many, by=by)
        own = ("id", "contract_id", "parent_id", "agency_id", "recorded_at")

        def rows(contract):
            links = contract.subcontracts.order_by("number")
            return [
                {k: v for k, v in row.items() if k not in own} | {"parent": parent}
                for row, parent in zip(
                    links.values(), links.values_list("parent__number", flat=True), strict=True
                )
            ]

        assert rows(singly) == rows(in_bulk)
        assert [row["parent"] for row in rows(in_bulk)] == [None, 1, 2, 1]

    def test_in_bulk_takes_children_before_their_parents(self):
        contract = make.contract()
        top = unsaved(contract)
        child = unsaved(contract, top)
        subcontracts.pass_on_many([child, top], by=make.recorder())
        assert (stored(child).number, stored(child).parent) == (1, top)

    def test_in_bulk_refuses_a_circle(self):
        contract = make.contract()
        one, two, three = (unsaved(contract) for _ in range(3))
        one.parent, two.parent, three.parent = two, three, one
        with refused("循環"):
            subcontracts.pass_on_many([one, two, three], by=make.recorder())
        assert not Subcontract.objects.exists()

    def test_in_bulk_sends_the_signal_once(self):
        ledger = [make.contract() for _ in range(3)]
        rows = [unsaved(contract) for contract in ledger for _ in range(2)]
        with signals() as sent:
            subcontracts.pass_on_many(rows, by=make.recorder())
        assert sent == [frozenset(contract.pk for contract in ledger)]

    def test_goes_as_deep_as_it_goes(self):
        contract = make.contract()
        links = make.chain_in_one_go(contract=contract, depth=30)
        deepest = Finding.objects.get(contract=contract, subject=f"link:{links[-1].number}")
        assert (deepest.since, deepest.until) == (DAY, D(2018, 4, 1))


class TestMoving:
    def test_hangs_a_link_with_all_below_it_elsewhere(self):
        contract, by = make.contract(), make.recorder()
        top, middle, low = make.chain(contract=contract, depth=3)
        other = make.link(contract=contract)
        subcontracts.move(middle, by=by, parent=other)
        assert (stored(middle).parent, stored(low).parent) == (other, middle)
        subcontracts.move(middle, by=by, parent=None)
        assert stored(middle).parent is None
        assert stored(top).version == 1

    @pytest.mark.parametrize("below", [0, 1, 2], ids=["itself", "its child", "its grandchild"])
    def test_below_itself_or_what_hangs_on_it_is_refused(self, below):
        links = make.chain(contract=make.contract(), depth=3)
        before = snapshot()
        with refused(str(links[below]), "循環"):
            subcontracts.move(links[0], by=make.recorder(), parent=links[below])
        assert snapshot() == before

    def test_to_another_contract_is_refused(self):
        ours, theirs = (make.link(contract=make.contract()) for _ in range(2))
        before = snapshot()
        with refused(str(theirs), "別の契約"):
            subcontracts.move(ours, by=make.recorder(), parent=theirs)
        assert snapshot() == before

    def test_below_a_voided_link_is_refused(self):
        contract, by = make.contract(), make.recorder()
        voided, link = make.link(contract=contract), make.link(contract=contract)
        subcontracts.void_link(voided, by=by, on=DAY, reason="誤記")
        with refused(str(voided), "無効"):
            subcontracts.move(link, by=by, parent=voided)

    def test_of_a_link_somebody_else_changed_is_a_conflict(self):
        contract, by = make.contract(), make.recorder()
        above, link = make.link(contract=contract), make.link(contract=contract)
        theirs = stored(link)
        subcontracts.correct(link, by=by, place="大阪")
        with pytest.raises(Conflict):
            subcontracts.move(theirs, by=by, parent=above)
        assert stored(link).parent is None


class TestCorrecting:
    def test_ends_a_link(self):
        link = make.link(contract=make.contract())
        subcontracts.correct(link, by=make.recorder(), last_day=D(2017, 9, 30))
        assert stored(link).last_day == D(2017, 9, 30)

    def test_an_end_before_the_start_is_refused(self):
        link = make.link(contract=make.contract())
        before = snapshot()
        with refused("2017-03-31", "2017-04-01"):
            subcontracts.correct(link, by=make.recorder(), last_day=D(2017, 3, 31))
        assert snapshot() == before

    @pytest.mark.parametrize("field", ["parent", "contract", "number", "agency"])
    def test_leaves_alone_where_a_link_hangs(self, field):
        link = make.link(contract=make.contract())
        with pytest.raises(ValueError, match="link"):
            subcontracts.correct(link, by=make.recorder(), **{field: getattr(link, field)})


class TestDecisions:
    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"result": "perhaps"}, "perhaps"),
            ({"first_day": D(2017, 5, 1), "last_day": D(2017, 4, 30)}, "2017-04-30"),
            ({"document_number": "1" * 61}, "60"),
        ],
        ids=["result", "order", "length"],
    )
    def test_that_cannot_be_are_refused_alike_singly_and_in_bulk(self, values, said):
        link, by = make.link(contract=make.contract()), make.recorder()
        fields = {"result": "approved", "decided_on": DAY} | values
        before = snapshot()
        with refused(said):
            subcontracts.approve(link, by=by, **fields)
        with refused(said, "1行目"):
            subcontracts.record_many([Approval(subcontract=link, **fields)], by=by)
        assert snapshot() == before

    def test_decided_before_they_were_applied_for_are_taken_in(self):
        link = make.link(contract=make.contract())
        make.approval(link=link, applied_on=D(2017, 6, 1), decided_on=D(2017, 5, 1))
        assert Approval.objects.count() == 1

    def test_and_notices_in_bulk_give_the_same_rows_and_findings(self):
        by = make.recorder()
        singly, in_bulk = (make.link(contract=make.contract()) for _ in range(2))
        fields = {"result": "conditional", "decided_on": D(2017, 5, 1), "conditions": "秘密保持"}
        subcontracts.approve(singly, by=by, **fields)
        subcontracts.notify(singly, by=by, received_on=DAY, document_number="1号")
        subcontracts.record_many([Approval(subcontract=in_bulk, **fields)], by=by)
        notice = Notification(subcontract=in_bulk, received_on=DAY, document_number="1号")
        subcontracts.record_many([notice], by=by)
        own = ("id", "subcontract_id", "agency_id", "recorded_at")
        for model in (Approval, Notification):
            first, second = model.objects.order_by("pk").values()
            assert {k: v for k, v in first.items() if k not in own} == {
                k: v for k, v in second.items() if k not in own
            }
        days = Finding.objects.values_list("since", "until")
        assert list(days) == [(DAY, D(2017, 5, 1))] * 2

    def test_in_bulk_send_the_signal_once(self):
        links = [make.link(contract=make.contract()) for _ in range(3)]
        rows = [Approval(subcontract=link, result="approved", decided_on=DAY) for link in links]
        with signals() as sent:
            subcontracts.record_many(rows, by=make.recorder())
        assert sent == [frozenset(link.contract_id for link in links)]

    def test_that_are_voided_count_no_more(self):
        link = make.link(contract=make.contract())
        approval = make.approval(link=link)
        assert not Finding.objects.exists()
        subcontracts.void_record(approval, by=make.recorder(), on=DAY, reason="別の再委託の承認")
        assert Finding.objects.count() == 1


class TestVoiding:
    def test_a_link_takes_its_findings_along(self):
        link = make.link(contract=make.contract())
        assert Finding.objects.count() == 1
        subcontracts.void_link(link, by=make.recorder(), on=DAY, reason="誤記")
        assert not Finding.objects.exists()

    def test_a_link_that_others_hang_on_is_refused_and_names_them(self):
        contract, by = make.contract(), make.recorder()
        top, low = make.chain(contract=contract, depth=2)
        before = snapshot()
        with refused("再委託2"):
            subcontracts.void_link(top, by=by, on=DAY, reason="誤記")
        assert snapshot() == before
        subcontracts.void_link(low, by=by, on=DAY, reason="誤記")
        subcontracts.void_link(top, by=by, on=DAY, reason="誤記")
        assert not Subcontract.objects.valid().exists()
