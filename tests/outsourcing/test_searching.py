"""What is typed into the search of a list finds what was recorded, in whatever script either was
typed."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from accounts.models import Role
from outsourcing.actions import contracts
from tests import factories as make
from tests.pages import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make.agency(code="A01")


@pytest.fixture
def titles(agency):
    """The titles that a search of the contract list finds."""
    client = client_of(make.officer(agency))

    def found(text: str = "", **conditions) -> set[str]:
        asked = {"q": text, **conditions} if text else conditions
        response = client.get(f"{reverse('contracts')}?{urlencode(asked)}")
        assert response.status_code == 200
        return {row.record.title for row in response.context["table"].paginated_rows}

    return found


DATA = ["ﾃﾞｰﾀ入力", "データ入力", "でーた入力", "デ－タ入力", "デ―タ　入力", "デ ー タ 入 力"]


@pytest.mark.parametrize("typed", DATA)
def test_kana_of_either_kind_and_width_find_each_other(agency, titles, typed):
    company = make.contractor()
    for title in DATA:
        make.contract(agency=agency, contractor=company, title=title)
    make.contract(agency=agency, contractor=company, title="文書保管")
    assert titles(typed) == set(DATA)


@pytest.mark.parametrize("typed", ["ＤＡＴＡ", "data", "Ｄata", "DATA", "ｄａｔａ"])
def test_letters_of_either_width_and_case_find_each_other(agency, titles, typed):
    wanted = {"ＤＡＴＡ集計", "data集計", "Data集計"}
    for title in (*wanted, "dat集計"):
        make.contract(agency=agency, title=title)
    assert titles(typed) == wanted


@pytest.mark.parametrize("typed", ["総務第２９－１号", "総務第29-1号", "総務第29ー1号", "第29～1"])
def test_the_number_of_a_contract_is_found_with_any_dash_and_any_digits(agency, titles, typed):
    make.contract(agency=agency, title="名簿", number="総務第29―1号")
    make.contract(agency=agency, title="別の名簿", number="総務第29―2号")
    assert titles(typed) == {"名簿"}


@pytest.mark.parametrize(
    "typed", ["みほんでーた", "ミホンデータ", "ﾐﾎﾝﾃﾞｰﾀ", "株式会社見本", "㈱見本"]
)
def test_a_contractor_is_found_by_name_and_by_reading(agency, titles, typed):
    company = make.contractor(
        name="(株)見本データ" if typed == "㈱見本" else "株式会社見本データ", kana="ミホンデータ"
    )
    make.contract(agency=agency, contractor=company, title="名簿")
    make.contract(agency=agency, title="別の名簿")
    assert titles(typed) == {"名簿"}


def test_a_corporate_number_is_found_whole_and_in_any_width(agency, titles):
    company = make.contractor()
    number = company.corporate_number
    make.contract(agency=agency, contractor=company, title="名簿")
    make.contract(agency=agency, title="別の名簿")
    wide = number.translate({ord("0") + n: ord("０") + n for n in range(10)})
    with_dashes = f"{number[0]}-{number[1:5]}-{number[5:9]}-{number[9:]}"
    assert titles(number) == titles(wide) == titles(with_dashes) == {"名簿"}
    assert titles(number[:12]) == set()


@pytest.mark.parametrize(
    "typed", ["A01-2017-00001", "a01-2017-00001", "Ａ０１－２０１７－００００１"]
)
def test_a_contract_is_found_by_its_code_as_it_is_said_or_typed(agency, titles, typed):
    make.contract(agency=agency, title="名簿")
    make.contract(agency=agency, title="別の名簿")
    assert titles(typed) == {"名簿"}


def test_every_word_must_be_found_somewhere(agency, titles):
    company = make.contractor(name="見本印刷", kana="ミホンインサツ")
    make.contract(agency=agency, contractor=company, title="封筒の印刷", number="29-7")
    make.contract(agency=agency, contractor=company, title="葉書の印刷", number="29-8")
    assert titles("みほん　封筒") == titles("ｲﾝｻﾂ 29-7") == {"封筒の印刷"}
    assert titles("みほん 切手") == set()
    # No word runs from the title into the number.
    assert titles("印刷29") == set()


def test_what_was_corrected_is_found_as_it_now_is(agency, titles):
    contract = make.contract(agency=agency, title="データ入力")
    contracts.correct(contract, by=make.recorder(), title="ファイル保管")
    assert titles("ﾃﾞｰﾀ") == set()
    assert titles("ふぁいる") == {"ファイル保管"}


def test_a_provision_of_information_is_found_by_either_kana(agency):
    client = client_of(make.officer(agency))
    make.disclosure(agency=agency, recipient="みほんセンター")
    for typed in ("みほん", "ミホン", "ﾐﾎﾝ", "せんたー", "ｾﾝﾀｰ"):
        response = client.get(f"{reverse('disclosures')}?{urlencode({'q': typed})}")
        assert response.context["table"].paginator.count == 1, typed


class TestConditions:
    def test_a_section_is_named_with_its_agency(self, agency, titles):
        own = make.section(agency=agency, code="001")
        make.contract(agency=agency, section=own, title="名簿")
        make.contract(agency=agency, section=make.section(agency=agency), title="別の名簿")
        elsewhere = make.section(agency=make.agency(code="A02"), code="001")
        make.contract(agency=elsewhere.agency, section=elsewhere, title="別の機関の名簿")
        assert titles(section="A01/001") == {"名簿"}
        assert (
            titles(section="A02/001") == titles(section="A01/999") == titles(section="1") == set()
        )

    def test_who_reads_all_agencies_by_office_is_not_asked_for_a_section(self, agency):
        make.section(agency=agency)
        client = client_of(make.user(role=Role.SURVEY_OFFICE))
        form = client.get(reverse("contracts")).context["filter"].form
        assert {"section", "officer"}.isdisjoint(form.fields)

    def test_contracts_in_my_charge_and_in_nobodys(self, agency):
        me = make.officer(agency)
        charges = {"私の": me, "別の人の": make.officer(agency), "誰のでもない": None}
        for title, officer in charges.items():
            row = make.contract(agency=agency, title=title)
            contracts.put_in_charge(row, by=me, officer=officer)
        client = client_of(me)
        for value, expected in (("mine", "私の"), ("nobody", "誰のでもない")):
            response = client.get(f"{reverse('contracts')}?officer={value}")
            assert [row.record.title for row in response.context["table"].rows] == [expected]

    @pytest.mark.parametrize(
        ("last", "found"),
        [
            (date(2018, 2, 28), False),
            (date(2018, 3, 1), True),
            (date(2018, 3, 31), True),
            (date(2018, 4, 1), False),
        ],
    )
    def test_contracts_that_end_within_30_days(self, agency, titles, last, found):
        make.contract(agency=agency, title="名簿", last_day=last)
        assert titles(ends="30", as_of="2018-03-01") == ({"名簿"} if found else set())
