"""The pages of the ledger: the list with its filters, a contract, what can hardly be so."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Role
from outsourcing import plausibility
from outsourcing.actions import contracts
from outsourcing.models import AgencyKind, Clause, Contract
from tests import factories as make
from tests import ledgers
from tests.pages import client_of, found, links, numbers, said, text

pytestmark = pytest.mark.django_db
LIST = reverse("contracts")


@pytest.fixture
def office():
    return client_of(make.user(role=Role.SURVEY_OFFICE))


def titles(client, address: str = LIST, **conditions) -> list[str]:
    response = client.get(address, conditions)
    return [row.record.title for row in response.context["table"].page.object_list]


@pytest.mark.usefixtures("contract_rules")
class TestOneContract:
    def test_shows_what_was_agreed(self, office):
        contract = make.contract(
            title="健康診断業務", number="契約第12号", clause=Clause.FORBIDDEN, persons=12345,
            contractor=make.contractor(name="架空健診センター"),
        )  # fmt: skip
        page = text(office.get(reverse("contract", args=[contract.code])))
        for words in (contract.code, "健康診断業務", "契約第12号", "禁止", "12,345人",
                      "架空健診センター", "2017年4月1日（平成29年4月1日）"):  # fmt: skip
            assert words in page

    def test_shows_its_chain_to_the_last_link_and_what_fails(self, office):
        contract = make.contract()
        chain = make.chain(contract=contract, depth=4)
        make.approval(link=chain[0])
        address = reverse("contract", args=[contract.code])
        page = text(office.get(address, {"as_of": "2018-03-31"}))
        tree = page[page.index('id="chain"') :]
        places = [tree.index(link.contractor.name) for link in chain]
        assert places == sorted(places)
        assert page.count("tree__card--failing") == 3
        assert page.count("：承認を受けない、又は禁止された再委託</p>") == 3
        assert "再々委託以降（第4層）" in page

    def test_findings_are_told_as_of_the_day_asked_for(self, office):
        contract = make.contract()
        make.approval(link=make.link(contract=contract), decided_on=date(2017, 10, 1))
        address = reverse("contract", args=[contract.code])
        for day, words in (
            ("2017-09-30", "該当する所見は1件"),
            ("平成29年10月1日", "該当する所見は0件"),
            ("H29.9.30", "該当する所見は1件"),
            ("2017-03-31", "該当する所見は0件"),
        ):
            assert words in text(office.get(address, {"as_of": day})), day

    @pytest.mark.parametrize("typed", ["きのう", "2018-02-30", "平成0年1月1日", "20180401", "\x00"])
    def test_a_day_that_cannot_be_read_is_told_and_the_page_stays_usable(self, office, typed):
        contract = make.contract(title="健康診断業務")
        response = office.get(reverse("contract", args=[contract.code]), {"as_of": typed})
        page = text(response)
        assert response.status_code == 200
        assert "健康診断業務" in page
        assert "<title>エラー：" in page
        assert 'role="alert"' in page
        assert f"「{typed}」" in page
        assert "例：" in page
        assert 'aria-invalid="true"' in page

    def test_no_day_is_no_error(self, office):
        contract = make.contract()
        for data in ({}, {"as_of": ""}):
            page = text(office.get(reverse("contract", args=[contract.code]), data))
            assert "エラー" not in page


class TestWhoseContract:
    def test_another_agencys_is_not_found_exactly_as_one_that_is_not_there(self):
        own, other = make.agency(code="A01"), make.agency(code="A02")
        client = client_of(make.officer(own))
        mine, theirs = make.contract(agency=own), make.contract(agency=other)
        voided = make.contract(agency=own)
        contracts.void_contract(voided, by=make.recorder(), on=date(2018, 1, 1), reason="誤り")
        assert client.get(reverse("contract", args=[mine.code])).status_code == 200
        codes = [
            theirs.code, voided.code, "A02-2017-00002", "A01-2017-00099", "A01-1999-00001",
            "Z99-2017-00001", "A01-2017-1", "a01-2017-00001", "A01-2017-00001x", "A01", "-", "1",
            "A01-2017-9999999", "A01-9999-00001", "A01-２０１７-00001", "' OR 1=1 --",
        ]  # fmt: skip
        answers = {
            code: client.get(reverse("contract", args=[code]), {"as_of": "2018-03-31"})
            for code in codes
        }
        assert {answer.status_code for answer in answers.values()} == {404}
        assert len({said(answer) for answer in answers.values()}) == 1

    def test_the_survey_office_opens_all_and_a_system_administrator_none(self, office):
        address = reverse("contract", args=[make.contract().code])
        assert office.get(address).status_code == 200
        assert client_of(make.user(role=Role.SYSTEM_ADMIN)).get(address).status_code == 403

    def test_the_list_has_the_own_contracts_alone(self):
        own, other = make.agency(), make.agency()
        make.contract(agency=own, title="当方の契約")
        make.contract(agency=other, title="他方の契約")
        client = client_of(make.officer(own))
        assert titles(client) == ["当方の契約"]
        for conditions in ({"q": "他方"}, {"agency": other.code}, {"kind": "independent"}):
            assert titles(client, **conditions) == []

    def test_implausible_records_are_counted_of_the_own_contracts_alone(self, office):
        own, other = make.agency(), make.agency()
        for agency in (own, other, other):
            contract = make.contract(agency=agency)
            make.link(contract=contract, first_day=date(2017, 3, 31))
        assert [n.value for n in _implausible(client_of(make.officer(own)))] == [1]
        assert [n.value for n in _implausible(office)] == [3]


class TestFilters:
    @pytest.fixture
    def ledger(self):
        organ = make.agency(code="A01", name="あおぞら省")
        body = make.agency(code="B001", name="なみかぜ機構", kind=AgencyKind.INDEPENDENT)
        make.contract(
            agency=organ, title="ＡＢＣシステムの運用", number="契約第12号",
            clause=Clause.FORBIDDEN, work=Contract.Work.SYSTEMS,
            first_day=date(2016, 4, 1), last_day=date(2017, 3, 31),
            contractor=make.contractor(name="架空システム㈱", corporate_number="5835678256246"),
        )  # fmt: skip
        make.contract(
            agency=body, title="調査票の入力100%", information=Contract.Information.STATISTICS,
            contractor=make.contractor(name="アーカイブ社"),
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("conditions", "left"),
        [
            ({}, "both"),
            ({"q": "システム"}, "first"),
            ({"q": "ABC"}, "first"),
            ({"q": "ＡＢＣ"}, "first"),
            ({"q": "システム 第12号"}, "first"),
            ({"q": "システム 入力"}, "none"),
            ({"q": "　ｼｽﾃﾑ　"}, "first"),
            ({"q": "(株)"}, "first"),
            ({"q": "5835678256246"}, "first"),
            ({"q": "５-8356-7825-6246"}, "first"),
            ({"q": "A01-2016-00001"}, "first"),
            ({"q": "ａ01-2016-00001"}, "first"),
            ({"q": "100%"}, "second"),
            ({"q": "%"}, "second"),
            ({"q": "_"}, "none"),
            ({"agency": "A01"}, "first"),
            ({"agency": "B001"}, "second"),
            ({"kind": "independent"}, "second"),
            ({"information": "statistics"}, "second"),
            ({"work": "systems"}, "first"),
            ({"clause": "forbidden"}, "first"),
            ({"on": "2017-03-31"}, "first"),
            ({"on": "平成29年4月1日"}, "second"),
            ({"on": "2015-04-01"}, "none"),
            ({"year": "2016"}, "first"),
            ({"year": "２０１７"}, "second"),
            ({"implausible": "link-to-itself"}, "none"),
            ({"no-such-condition": "1", "utm": "x"}, "both"),
        ],
    )
    def test_each_narrows_as_it_says(self, ledger, office, conditions, left):
        first, second = "ＡＢＣシステムの運用", "調査票の入力100%"
        expected = {"both": [first, second], "first": [first], "second": [second], "none": []}
        assert titles(office, **conditions) == expected[left]

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("agency", "Z99"),
            ("kind", "x"),
            ("information", "x"),
            ("work", "x"),
            ("clause", "x"),
            ("implausible", "x"),
            ("on", "2018-02-30"),
            ("on", "いつか"),
            ("year", "二千"),
            ("year", "2017.5"),
            ("year", "99999"),
            ("year", "9" * 5000),
        ],
    )
    def test_what_cannot_be_understood_is_told_and_shows_no_rows(self, ledger, office, name, value):
        response = office.get(LIST, {name: value, "clause": "forbidden"} | {name: value})
        assert response.status_code == 200
        assert len(response.context["table"].page.object_list) == 0
        (error,) = response.context["filter"].form.errors[name]
        assert value in error
        assert any("ぁ" <= letter <= "ん" for letter in error)
        page = text(response)
        assert "<title>エラー：" in page
        assert f'href="#id_{name}"' in page

    @pytest.mark.parametrize("value", ["\x00", "x" * 201])
    def test_words_that_cannot_be_searched_are_told(self, ledger, office, value):
        response = office.get(LIST, {"q": value})
        assert response.status_code == 200
        assert response.context["filter"].form.errors["q"]
        assert len(response.context["table"].page.object_list) == 0

    def test_conditions_are_tags_that_can_be_taken_off_one_by_one(self, ledger, office):
        response = office.get(
            LIST, {"agency": "A01", "on": "H29.3.31", "clause": "forbidden", "sort": "-title",
                   "page": "1"},
        )  # fmt: skip
        conditions = response.context["conditions"]
        assert [(c.label, c.value) for c in conditions] == [
            ("機関", "あおぞら省"),
            ("再委託の条項", "禁止"),
            ("契約期間に含む日", "2017年3月31日（平成29年3月31日）"),
        ]
        assert [c.without for c in conditions] == [
            "on=H29.3.31&clause=forbidden&sort=-title",
            "agency=A01&on=H29.3.31&sort=-title",
            "agency=A01&clause=forbidden&sort=-title",
        ]
        page = text(response)
        assert "条件をすべて解除" in page
        without = {"?" + c.without for c in conditions}
        assert without <= links(page)
        assert all(found(office, LIST + href) == 1 for href in without)

    def test_fields_left_blank_do_not_stay_in_the_address(self, ledger, office):
        response = office.get(LIST, {"q": "", "agency": "A01", "on": "", "sort": "", "kind": "x"})
        assert (response.status_code, response.url) == (302, f"{LIST}?agency=A01&kind=x")
        assert office.get(response.url).status_code == 200
        assert office.get(LIST, {"q": ""}).url == f"{LIST}?"

    def test_without_conditions_there_are_no_tags(self, ledger, office):
        assert "条件をすべて解除" not in text(office.get(LIST))

    def test_sorting_keeps_the_conditions_and_conditions_the_sorting(self, ledger, office):
        page = text(office.get(LIST, {"kind": "organ", "sort": "title"}))
        assert any("sort=-title" in href and "kind=organ" in href for href in links(page))
        assert '<input type="hidden" name="sort" value="title">' in page


class TestSortingAndPaging:
    @pytest.fixture
    def many(self):
        agency, company = make.agency(code="A01"), make.contractor(name="架空社")
        return make.many_contracts(number=103, agency=agency, contractor=company)

    def test_every_column_sorts_both_ways_and_no_page_repeats_or_drops_a_row(self, many, office):
        columns = office.get(LIST).context["table"].columns
        assert len(list(columns)) == 9
        for column in columns:
            orders = []
            for sort in (column.name, f"-{column.name}"):
                rows = [
                    row.record.pk
                    for page in (1, 2, 3)
                    for row in office.get(LIST, {"sort": sort, "page": page})
                    .context["table"].page.object_list
                ]  # fmt: skip
                assert sorted(rows) == sorted(contract.pk for contract in many), sort
                orders.append(rows)
            assert orders[0] == orders[1][::-1], column.name

    def test_the_sorted_column_says_so(self, many, office):
        for sort, words in (("title", "ascending"), ("-title", "descending")):
            page = text(office.get(LIST, {"sort": sort}))
            assert page.count("aria-sort=") == 1
            heading = page[page.index("aria-sort=") :][:200]
            assert heading.startswith(f'aria-sort="{words}"')
            assert "契約件名" in heading

    def test_pages_are_told_and_linked(self, many, office):
        first, second, last = (text(office.get(LIST, {"page": n})) for n in (1, 2, 3))
        assert "103件" in first
        assert "1～50件目を表示" in first
        assert "101～103件目を表示" in last
        assert "1 / 3" in first
        assert ("前のページ" in first, "次のページ" in first) == (False, True)
        assert ("前のページ" in second, "次のページ" in second) == (True, True)
        assert ("前のページ" in last, "次のページ" in last) == (True, False)
        assert 'aria-label="契約の一覧のページ"' in first
        assert "?page=2" in links(first)

    @pytest.mark.parametrize(
        ("conditions", "page"),
        [
            ({"page": "9999"}, 3),
            ({"page": "0"}, 3),
            ({"page": "-1"}, 3),
            ({"page": "x"}, 1),
            ({"page": "9" * 30}, 3),
            ({"per_page": "100000"}, 1),
            ({"per_page": "0"}, 1),
            ({"per_page": "-5"}, 1),
            ({"sort": "no-such-column"}, 1),
            ({"sort": "agency__recorded_by__password"}, 1),
        ],
    )
    def test_odd_addresses_show_a_page_all_the_same(self, many, office, conditions, page):
        response = office.get(LIST, conditions)
        assert response.status_code == 200
        table = response.context["table"]
        assert table.page.number == page
        assert len(table.page.object_list) == (3 if page == 3 else 50)


class TestImplausible:
    def test_each_number_leads_to_its_contracts(self, office):
        contract = make.contract(last_day=date(2017, 12, 31))
        parent = make.link(contract=contract, last_day=date(2017, 9, 30))
        make.link(contract=contract, parent=parent, last_day=date(2018, 1, 31))
        make.approval(link=parent, applied_on=date(2017, 8, 1), decided_on=date(2017, 7, 1))
        make.approval(link=parent, decided_on=None)
        make.contract(concluded_on=date(2017, 4, 10), first_day=date(2017, 4, 1))
        cells = _implausible(office)
        assert len(cells) == 5
        assert {href: found(office, href) for href, _ in cells} == dict(cells)

    def test_counts_are_those_of_each_check(self, office):
        ledger = ledgers.small_ledger()
        agency = client_of(make.officer(ledger.own))
        rows = dict(agency.get(reverse("implausible")).context["rows"])
        assert list(rows) == list(plausibility.CHECKS)
        assert {check.code: n for check, n in rows.items() if n} == {"link-outside-term": 1}

    def test_a_marked_contract_says_so_itself(self, office):
        contract = make.contract(concluded_on=date(2017, 4, 10), first_day=date(2017, 4, 1))
        page = text(office.get(reverse("contract", args=[contract.code])))
        assert "契約締結日が契約期間の初日より後になっている" in page
        plain = text(office.get(reverse("contract", args=[make.contract().code])))
        assert "契約締結日が契約期間の初日より後になっている" not in plain


def _implausible(client) -> list:
    return numbers(text(client.get(reverse("implausible"))))
