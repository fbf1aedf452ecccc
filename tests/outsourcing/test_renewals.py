"""年度更新: which contracts are offered to be renewed, and how many, or one, are."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Role
from outsourcing.actions import contractors, contracts, renewals, sections
from outsourcing.models import Contract, Draft
from tests import factories as make
from tests.pages import client_of

pytestmark = pytest.mark.django_db

YEAR = "?year=2017"
LAST = date(2018, 3, 31)


@pytest.fixture
def agency():
    return make.agency(code="A01")


@pytest.fixture
def officer(agency):
    return make.officer(agency)


@pytest.fixture
def client(officer):
    return client_of(officer)


def renew(contract: Contract, *, number: str = "30-1", by=None) -> Draft:
    return renewals.renew_many({contract: number}, by=by or make.recorder())[0]


def offered(client, address: str = YEAR) -> set[str]:
    """The codes with a box to tick."""
    response = client.get(reverse("renewals") + address)
    assert response.status_code == 200
    return set(response.context["form"].by_code)


def listed(client, address: str = YEAR) -> set[str]:
    response = client.get(reverse("renewals") + address)
    return {row.contract.code for row in response.context["rows"]}


def done(client) -> set[str]:
    response = client.get(reverse("renewals") + YEAR)
    return {contract.code for contract, _, _ in response.context["done"]}


def tick(client, *contracts: Contract, **more):
    """Post the page with these ticked and the numbers it came with."""
    form = client.get(reverse("renewals") + YEAR).context["form"]
    data = {name: form[name].value() for name in form.fields if name.startswith("number-")}
    data |= {"once": str(form["once"].value()), "contracts": [c.code for c in contracts]}
    return client.post(reverse("renewals") + YEAR, data | more)


class TestWhatIsOffered:
    def test_what_ends_on_31_march_and_neither_a_day_before_nor_after(self, agency, client):
        ends = {
            day: make.contract(agency=agency, last_day=day).code
            for day in (date(2018, 3, 30), LAST, date(2018, 4, 1))
        }
        assert offered(client) == {ends[LAST]}

    def test_the_end_as_amended(self, agency, client):
        prolonged = make.contract(agency=agency, last_day=date(2017, 9, 30))
        contracts.amend(prolonged, by=make.recorder(), effective_on=date(2017, 9, 1), last_day=LAST)
        put_off = make.contract(agency=agency)
        contracts.amend(
            put_off, by=make.recorder(), effective_on=date(2018, 3, 1), last_day=date(2018, 6, 30)
        )
        assert offered(client) == {prolonged.code}

    def test_in_a_ledger_of_today_it_is_the_fiscal_year_of_the_day_of_the_page(
        self, agency, client
    ):
        before = make.contract(
            agency=agency, first_day=date(2016, 4, 1), last_day=date(2017, 3, 31)
        )
        now = make.contract(agency=agency)
        assert offered(client, "?as_of=2017-03-31") == {before.code}
        assert offered(client, "?as_of=2017-04-01") == {now.code}
        assert offered(client, "?as_of=2018-03-31") == {now.code}

    def test_what_other_agencies_and_other_sections_have_does_not_appear(self, agency):
        mine, other = make.section(agency=agency), make.section(agency=agency)
        own = make.contract(agency=agency, section=mine)
        make.contract(agency=agency, section=other)
        make.contract(agency=agency)
        make.contract()
        member = make.user(role=Role.OFFICER, agency=agency, section=mine)
        assert listed(client_of(member)) == {own.code}

    def test_voided_ones_do_not(self, agency, client):
        contract = make.contract(agency=agency)
        contracts.void_contract(contract, by=make.recorder(), on=LAST, reason="誤り")
        assert listed(client) == set()

    def test_terminated_ones_stand_with_the_reason_and_no_box(self, agency, client):
        contract = make.contract(agency=agency)
        contracts.terminate(contract, by=make.recorder(), on=LAST, reason="不履行")
        assert listed(client) == {contract.code}
        assert offered(client) == set()
        with pytest.raises(ValidationError, match=contract.code):
            renew(contract)

    @pytest.mark.parametrize(
        ("dissolved", "is_offered"),
        [(date(2018, 3, 30), False), (LAST, False), (date(2018, 4, 1), True)],
    )
    def test_a_contractor_dissolved_before_the_new_term(
        self, agency, client, dissolved, is_offered
    ):
        company = make.contractor()
        contract = make.contract(agency=agency, contractor=company)
        contractors.dissolve(company, by=make.recorder(), on=dissolved)
        assert listed(client) == {contract.code}
        assert offered(client) == ({contract.code} if is_offered else set())

    @pytest.mark.parametrize(
        ("closed", "kept"), [(LAST, []), (date(2018, 4, 1), ["001"]), (None, ["001"])]
    )
    def test_a_section_that_closes_is_to_be_chosen_anew(self, agency, client, closed, kept):
        section = make.section(agency=agency, code="001")
        contract = make.contract(agency=agency, section=section)
        sections.correct_section(section, by=make.recorder(), last_day=closed)
        assert offered(client) == {contract.code}
        said = client.get(reverse("renewals") + YEAR).content.decode()
        assert ("選び直して" in said) == (not kept)
        draft = renew(contract)
        assert draft.typed.get("section", []) == kept
        assert draft.section == section  # whose it is to go on with

    def test_what_is_renewed_is_listed_as_done(self, agency, client):
        drafted, followed, waiting = (make.contract(agency=agency) for _ in range(3))
        renew(drafted)
        make.contract(
            agency=agency, renews=followed, first_day=date(2018, 4, 1), last_day=date(2019, 3, 31)
        )
        assert offered(client) == {waiting.code}
        assert done(client) == {drafted.code, followed.code}

    def test_a_voided_draft_and_a_voided_contract_renew_nothing(self, agency, client):
        drafted, followed = make.contract(agency=agency), make.contract(agency=agency)
        draft = renew(drafted)
        Draft.objects.filter(pk=draft.pk).update(voided_on=LAST, void_reason="破棄")
        later = make.contract(
            agency=agency, renews=followed, first_day=date(2018, 4, 1), last_day=date(2019, 3, 31)
        )
        contracts.void_contract(later, by=make.recorder(), on=date(2018, 4, 1), reason="誤り")
        assert offered(client) == {drafted.code, followed.code}

    def test_the_list_is_narrowed_by_words_section_and_officer(self, agency, officer, client):
        section = make.section(agency=agency, code="001")
        mine = make.contract(agency=agency, section=section, title="データ入力")
        contracts.put_in_charge(mine, by=officer, officer=officer)
        make.contract(agency=agency, title="名簿")
        for condition in ("q=ﾃﾞｰﾀ", "section=A01/001", "officer=mine"):
            assert offered(client, f"{YEAR}&{condition}") == {mine.code}


class TestManyAtOnce:
    def test_a_draft_of_each_that_is_ticked_under_the_number_typed(self, agency, client, officer):
        ticked = [make.contract(agency=agency, number=f"29-{n}") for n in range(3)]
        left = make.contract(agency=agency)
        typed = {f"number-{ticked[0].code}": "新30-9"}
        response = tick(client, *ticked, **typed)
        assert response.status_code == 302
        drafts = {draft.renews: draft for draft in Draft.objects.all()}
        assert set(drafts) == set(ticked)
        numbers = [drafts[contract].typed["number"] for contract in ticked]
        assert numbers == [["新30-9"], ["30-1"], ["30-2"]]
        assert {draft.recorded_by for draft in drafts.values()} == {officer}
        assert offered(client) == {left.code}

    def test_sent_twice_it_counts_once(self, agency, client):
        contract = make.contract(agency=agency)
        form = client.get(reverse("renewals") + YEAR).context["form"]
        data = {"once": str(form["once"].value()), "contracts": [contract.code]}
        answers = [client.post(reverse("renewals") + YEAR, data) for _ in range(2)]
        assert {answer.headers["Location"] for answer in answers} == {
            f"{reverse('work-drafts')}?renewal=yes"
        }
        assert Draft.objects.count() == 1

    def test_what_somebody_else_has_renewed_meanwhile_is_named(self, agency, client):
        contract, other = make.contract(agency=agency), make.contract(agency=agency)
        form = client.get(reverse("renewals") + YEAR).context["form"]
        renew(contract)
        data = {"once": str(form["once"].value()), "contracts": [contract.code, other.code]}
        response = client.post(reverse("renewals") + YEAR, data)
        assert response.status_code == 400
        assert f"既に更新されているか、下書きがあります：{contract.code}" in (
            response.content.decode()
        )
        assert Draft.objects.count() == 1

    def test_nothing_ticked_is_an_error_and_what_was_typed_stays(self, agency, client):
        contract = make.contract(agency=agency)
        response = tick(client, **{f"number-{contract.code}": "新30-9"})
        assert response.status_code == 400
        assert 'value="新30-9"' in response.content.decode()
        assert Draft.objects.count() == 0

    def test_a_number_that_is_too_long_is_named_with_its_length(self, agency, client):
        contract = make.contract(agency=agency)
        response = tick(client, contract, **{f"number-{contract.code}": "1" * 61})
        assert response.status_code == 400
        assert "60字までです（今は61字）" in response.content.decode()
        assert Draft.objects.count() == 0

    def test_what_cannot_be_ticked_is_refused_in_the_same_words(self, agency):
        section = make.section(agency=agency)
        client = client_of(make.user(role=Role.OFFICER, agency=agency, section=section))
        make.contract(agency=agency, section=section)
        codes = (make.contract(agency=agency).code, make.contract().code, "A01-2017-99999")
        said = set()
        for code in codes:
            form = client.get(reverse("renewals") + YEAR).context["form"]
            data = {"once": str(form["once"].value()), "contracts": [code]}
            response = client.post(reverse("renewals") + YEAR, data)
            assert response.status_code == 400
            (error,) = response.context["form"].errors["contracts"]
            said.add(error.replace(code, "#"))
        assert len(said) == 1
        assert Draft.objects.count() == 0

    def test_all_or_none(self, agency):
        fine, gone = make.contract(agency=agency), make.contract(agency=agency)
        renew(gone)
        with pytest.raises(ValidationError, match=gone.code) as refused:
            renewals.renew_many({fine: "1", gone: "2"}, by=make.recorder())
        assert fine.code not in str(refused.value)
        assert Draft.objects.count() == 1

    def test_forty_ask_no_more_than_four(self, agency, django_assert_max_num_queries):
        company = make.contractor()

        def rows(number):
            many = make.many_contracts(number=number, agency=agency, contractor=company)
            for contract in many:
                make.link(contract=contract)
            return dict.fromkeys(many, "30-1")

        few, many = rows(4), rows(40)
        for some in (few, many):
            with django_assert_max_num_queries(12):
                assert len(renewals.renew_many(some, by=make.recorder())) == len(some)


class TestOneContract:
    def address(self, contract: Contract) -> str:
        return reverse("contract-renew", args=[contract.code])

    def test_whenever_it_ends_its_draft_opens(self, agency, client):
        contract = make.contract(agency=agency, number="29-1", last_day=date(2017, 9, 30))
        response = client.post(self.address(contract), {"once": uuid.uuid4()})
        draft = Draft.objects.get()
        assert response.headers["Location"] == reverse("draft", args=[draft.public_id])
        assert draft.typed["first_day"] == ["2017-10-01"]

    def test_a_second_press_leads_to_the_same_draft(self, agency, client):
        contract, once = make.contract(agency=agency), uuid.uuid4()
        answers = [client.post(self.address(contract), {"once": once}) for _ in range(2)]
        assert len({answer.headers["Location"] for answer in answers}) == 1
        assert Draft.objects.count() == 1

    def test_from_another_tab_it_is_told_that_there_is_one(self, agency, client):
        contract = make.contract(agency=agency)
        for _ in range(2):
            response = client.post(self.address(contract), {"once": uuid.uuid4()}, follow=True)
        assert "既に更新されているか、下書きがあります" in response.content.decode()
        assert Draft.objects.count() == 1

    def test_another_section_s_is_refused(self, agency):
        section = make.section(agency=agency)
        client = client_of(make.user(role=Role.OFFICER, agency=agency, section=section))
        response = client.post(self.address(make.contract(agency=agency)), {"once": uuid.uuid4()})
        assert response.status_code == 403
        assert Draft.objects.count() == 0
