"""Contracts: registered, corrected, transferred, voided, refused."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from outsourcing.actions import agencies, contracts
from outsourcing.actions.base import Conflict
from outsourcing.models import Contract, SectionTransfer, split_code
from outsourcing.scope import Scope
from tests import factories as make
from tests.snapshots import refused, signals, snapshot

pytestmark = pytest.mark.django_db

D = date


def stored(contract):
    return Contract.objects.get(pk=contract.pk)


class TestCodes:
    def test_a_code_is_made_of_agency_fiscal_year_and_serial(self):
        agency = make.agency(code="A15")
        codes = [make.contract(agency=agency).code for _ in range(3)]
        assert codes == ["A15-2017-00001", "A15-2017-00002", "A15-2017-00003"]
        assert split_code(codes[2]) == ("A15", 2017, 3)

    def test_serials_are_counted_within_an_agency(self):
        assert {make.contract().serial for _ in range(3)} == {1}

    @pytest.mark.parametrize(
        ("concluded", "code"),
        [
            (D(2017, 3, 31), "A15-2016-00001"),
            (D(2017, 4, 1), "A15-2017-00002"),
            (D(2018, 3, 31), "A15-2017-00002"),
            (D(2018, 4, 1), "A15-2018-00001"),
        ],
    )
    def test_serials_are_counted_within_the_fiscal_year_of_conclusion(self, concluded, code):
        agency = make.agency(code="A15")
        make.contract(agency=agency, concluded_on=D(2017, 10, 1))
        assert make.contract(agency=agency, concluded_on=concluded).code == code

    def test_a_serial_is_not_given_again_when_its_contract_is_voided(self):
        agency = make.agency()
        voided = make.contract(agency=agency)
        contracts.void_contract(voided, by=make.recorder(), on=D(2017, 5, 1), reason="重複")
        assert make.contract(agency=agency).serial == 2

    def test_the_code_stays_when_the_day_of_conclusion_is_corrected(self):
        contract = make.contract()
        code = contract.code
        contracts.correct(contract, by=make.recorder(), concluded_on=D(2016, 3, 1))
        assert stored(contract).code == code

    def test_many_are_numbered_in_their_order_agency_by_agency_and_year_by_year(self):
        ours, theirs = make.agency(), make.agency()
        make.contract(agency=ours)
        company = make.contractor()
        order = [(ours, 2017), (theirs, 2017), (ours, 2016), (ours, 2017), (theirs, 2017)]
        many = contracts.register_many(
            (
                make.unsaved_contract(agency=a, contractor=company, concluded_on=D(year, 5, 1))
                for a, year in order
            ),
            by=make.recorder(),
        )
        assert [contract.serial for contract in many] == [2, 1, 1, 3, 2]

    @pytest.mark.parametrize("code", ["", "A15-2017-1", "a15-2017-00001", "A15-17-00001", "42"])
    def test_what_is_no_code_is_none(self, code):
        assert split_code(code) is None


class TestSingleAndBulk:
    FIELDS = {
        "title": "健診業務",
        "concluded_on": D(2017, 3, 20),
        "first_day": D(2017, 4, 1),
        "agreed_last_day": D(2018, 3, 31),
        "work": "staff_health_check",
        "information": "personal",
        "clause": "prior_approval",
        "exempt_work": {"mailing": "第8条"},
        "items": {"8-4(1)": {"article": "第5条", "quote": ""}},
    }

    def test_give_identical_rows(self):
        by, company = make.recorder(), make.contractor()
        one = contracts.register(by=by, agency=make.agency(), contractor=company, **self.FIELDS)
        (many,) = contracts.register_many(
            [Contract(agency=make.agency(), contractor=company, **self.FIELDS)], by=by
        )
        own = {"id", "agency_id", "recorded_at"}
        first, second = (
            {
                k: v
                for k, v in Contract.objects.filter(pk=c.pk).values().get().items()
                if k not in own
            }
            for c in (one, many)
        )
        assert first == second

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"agreed_last_day": D(2017, 3, 31)}, "2017-03-31"),
            ({"title": ""}, "契約件名"),
            ({"title": "長" * 301}, "300"),
            ({"title": None}, "契約件名"),
            ({"clause": "maybe"}, "maybe"),
            ({"work": "gardening"}, "gardening"),
            ({"information": "secret"}, "secret"),
            ({"sensitivity": "extreme"}, "extreme"),
            ({"exempt_work": {"gardening": "第8条"}}, "gardening"),
            ({"items": {"8-4(2)": {}}}, "8-4(2)"),
            ({"first_day": None}, "初日"),
            ({"agreed_last_day": None}, "末日"),
            ({"concluded_on": None}, "締結日"),
            ({"persons": -1}, "本人の数"),
        ],
        ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
    )
    def test_refuse_alike_name_the_field_and_write_nothing(self, values, said):
        agency, company, by = make.agency(), make.contractor(), make.recorder()
        fields = self.FIELDS | {"contractor": company} | values
        before = snapshot()
        with pytest.raises(ValidationError) as single:
            contracts.register(by=by, agency=agency, **fields)
        sound = make.unsaved_contract(agency=agency, contractor=company)
        with pytest.raises(ValidationError) as bulk:
            contracts.register_many([sound, Contract(agency=agency, **fields)], by=by)
        (field,) = values
        assert field in single.value.message_dict
        label = str(Contract._meta.get_field(field).verbose_name)
        assert said in str(single.value) or said in label
        assert said in str(bulk.value)
        assert snapshot() == before

    def test_refuse_a_reason_for_no_termination(self):
        agency, company, by = make.agency(), make.contractor(), make.recorder()
        fields = self.FIELDS | {"contractor": company, "termination_reason": "契約違反"}
        with refused("解除日と解除の理由"):
            contracts.register(by=by, agency=agency, **fields)
        with refused("解除日と解除の理由"):
            contracts.register_many([Contract(agency=agency, **fields)], by=by)

    def test_bulk_names_the_row(self):
        agency, company = make.agency(), make.contractor()
        rows = [
            make.unsaved_contract(agency=agency, contractor=company, title=title)
            for title in ("甲", "", "丙")
        ]
        with refused("2行目：契約件名"):
            contracts.register_many(rows, by=make.recorder())

    def test_the_signal_is_sent_once_for_a_bulk(self):
        agency, company = make.agency(), make.contractor()
        rows = [make.unsaved_contract(agency=agency, contractor=company) for _ in range(7)]
        with signals() as sent:
            made = contracts.register_many(rows, by=make.recorder())
        assert sent == [frozenset(contract.pk for contract in made)]

    def test_nothing_at_all_sends_nothing(self):
        with signals() as sent:
            contracts.register_many([], by=make.recorder())
        assert sent == []

    def test_a_section_is_one_of_the_own_agency(self):
        section = agencies.open_section(
            by=make.recorder(), agency=make.agency(), code="1", name="よその課"
        )
        with refused("よその課"):
            make.contract(section=section)


class TestCorrections:
    def test_raise_the_version_by_one(self):
        contract = make.contract(title="誤")
        contracts.correct(contract, by=make.recorder(), title="正")
        assert (contract.version, stored(contract).version, stored(contract).title) == (2, 2, "正")

    def test_by_one_who_saw_an_older_version_are_a_conflict(self):
        contract = make.contract(title="元")
        theirs = stored(contract)
        contracts.correct(contract, by=make.recorder(), title="先")
        before = snapshot()
        with pytest.raises(Conflict) as conflict:
            contracts.correct(theirs, by=make.recorder(), title="後")
        assert conflict.value.row.title == "先"
        assert snapshot() == before

    def test_with_the_version_of_a_form_that_is_old_are_a_conflict(self):
        contract = make.contract(title="元")
        contracts.correct(contract, by=make.recorder(), title="先")
        with pytest.raises(Conflict):
            contracts.correct(stored(contract), by=make.recorder(), version=1, title="後")

    def test_move_the_end(self):
        contract = make.contract()
        contracts.correct(contract, by=make.recorder(), agreed_last_day=D(2018, 9, 30))
        assert stored(contract).last_day == D(2018, 9, 30)

    def test_cannot_put_the_end_before_the_start(self):
        contract = make.contract(first_day=D(2017, 4, 1))
        before = snapshot()
        with refused("2017-03-31", "2017-04-01"):
            contracts.correct(contract, by=make.recorder(), agreed_last_day=D(2017, 3, 31))
        assert snapshot() == before

    def test_cannot_give_it_a_section_of_another_agency(self):
        contract = make.contract()
        section = agencies.open_section(
            by=make.recorder(), agency=make.agency(), code="1", name="よその課"
        )
        with refused("よその課"):
            contracts.correct(contract, by=make.recorder(), section=section)

    @pytest.mark.parametrize("field", ["agency", "serial", "fiscal_year", "last_day"])
    def test_are_none_of_what_the_ledger_keeps_itself(self, field):
        contract = make.contract()
        with pytest.raises(ValueError, match=field):
            contracts.correct(contract, by=make.recorder(), **{field: getattr(contract, field)})


class TestTransfer:
    def test_passes_a_contract_to_another_section_and_keeps_where_it_was(self):
        agency, by = make.agency(), make.recorder()
        old, new = agencies.open_sections(
            [agencies.Section(agency=agency, code=code, name=f"第{code}課") for code in ("1", "2")],
            by=by,
        )
        contract = make.contract(agency=agency, section=old)
        contracts.transfer(contract, by=by, to=new, on=D(2017, 7, 1), reason="組織再編")
        assert stored(contract).section == new
        transfer = SectionTransfer.objects.get()
        assert (transfer.from_section, transfer.to_section) == (old, new)

    def test_stays_within_the_agency(self):
        by = make.recorder()
        theirs = agencies.open_section(by=by, agency=make.agency(), code="1", name="よその課")
        contract = make.contract()
        with refused("よその課"):
            contracts.transfer(contract, by=by, to=theirs, on=D(2017, 7, 1))


class TestVoiding:
    def test_asks_for_its_reason(self):
        contract = make.contract()
        before = snapshot()
        with refused("無効の理由"):
            contracts.void_contract(contract, by=make.recorder(), on=D(2017, 7, 1), reason="  ")
        assert snapshot() == before

    def test_happens_once(self):
        contract, by = make.contract(), make.recorder()
        contracts.void_contract(contract, by=by, on=D(2017, 7, 1), reason="重複")
        with refused("2017-07-01"):
            contracts.void_contract(contract, by=by, on=D(2017, 8, 1), reason="重複")

    def test_is_no_deletion(self):
        contract = make.contract()
        contracts.void_contract(contract, by=make.recorder(), on=D(2017, 7, 1), reason="重複")
        assert Contract.objects.get() == contract
        assert not Contract.objects.valid().exists()


class TestReading:
    def test_a_contract_is_in_force_from_its_first_to_its_last_day(self):
        make.contract(first_day=D(2017, 6, 1), last_day=D(2017, 8, 31))
        days = [D(2017, 5, 31), D(2017, 6, 1), D(2017, 8, 31), D(2017, 9, 1)]
        assert [Contract.objects.in_force(day).count() for day in days] == [0, 1, 1, 0]

    @pytest.mark.parametrize(
        ("first", "last", "years"),
        [
            (D(2017, 3, 31), D(2017, 3, 31), [2016]),
            (D(2017, 4, 1), D(2017, 4, 1), [2017]),
            (D(2017, 3, 31), D(2017, 4, 1), [2016, 2017]),
            (D(2015, 10, 1), D(2018, 4, 1), [2015, 2016, 2017, 2018]),
        ],
    )
    def test_a_contract_is_in_each_fiscal_year_it_shares_a_day_with(self, first, last, years):
        make.contract(first_day=first, last_day=last)
        found = [y for y in range(2014, 2020) if Contract.objects.in_fiscal_year(y).exists()]
        assert found == years

    def test_a_reader_sees_the_contracts_of_the_own_agencies(self):
        ours, theirs = make.contract(), make.contract()
        seen = Contract.objects.visible_to
        assert set(seen(Scope.everything())) == {ours, theirs}
        assert set(seen(Scope.of([ours.agency_id]))) == {ours}
        assert not seen(Scope.nothing()).exists()

    @pytest.mark.parametrize("depth", [1, 30])
    def test_a_contract_with_its_chain_is_read_in_six_queries(
        self, depth, django_assert_num_queries
    ):
        contract = make.contract()
        make.chain_in_one_go(contract=contract, depth=depth)
        with django_assert_num_queries(6):
            row = Contract.objects.with_chain().get(pk=contract.pk)
            links = list(row.subcontracts.all())
            for link in links:
                assert list(link.approvals.all()) == list(link.notifications.all()) == []
                assert link.contractor.name
            assert list(row.amendments.all()) == []
        assert len(links) == depth
