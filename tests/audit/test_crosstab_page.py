"""The page of the cross table: its orders, its links, what it says, and its files."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from accounts.models import Role
from guideline.rules import RULES
from outsourcing.models import Contract
from surveys.models import Listing
from tests import factories as make
from tests import ledgers
from tests.pages import client_of, found, numbers, text
from tests.shared import shared

pytestmark = pytest.mark.django_db

TABLE, LIST = reverse("crosstab"), reverse("crosstab-contracts")
XLSX, CSV = (reverse("crosstab-export", args=[kind]) for kind in ("xlsx", "csv"))
ON = {"as_of": "2018-03-31"}


@pytest.fixture(scope="module")
def ledger(django_db_setup, django_db_blocker):
    yield from shared(django_db_blocker, ledgers.small_ledger)


@pytest.fixture
def office(ledger):
    return client_of(make.user(role=Role.SURVEY_OFFICE))


def table_of(client, **asked):
    response = client.get(TABLE, ON | asked)
    assert response.status_code == 200
    return response.context["table"]


def codes(members) -> list[str]:
    return [member.code for member in members]


class TestTheTable:
    def test_opens_with_years_and_kinds_of_work(self, office):
        table = office.get(TABLE).context["table"]
        assert codes(table.rows) == ["2016", "2017"]
        assert codes(table.columns) == Contract.Work.values
        # One agency has 14 contracts of fiscal 2017 (10 and 4) and one of the year before.
        assert table.of_rows == {"2016": 3, "2017": 42}
        assert table.total == ledgers.VALID * 3

    def test_of_two_agencies_differ_only_where_they_differ(self, ledger, office):
        make.contract(agency=ledger.other, work=ledgers.HEALTH)
        table = table_of(office, rows="agency", columns="work")
        assert table.cells["A01", ledgers.HEALTH] == 1
        assert table.cells["A02", ledgers.HEALTH] == 2

    def test_every_number_opens_as_many_contracts(self, office):
        response = office.get(TABLE, ON | {"rows": "agency", "columns": "rule", "of": "violation"})
        shown = numbers(text(response))
        assert len(shown) > 9
        assert [n for n in shown if found(office, n.href) != n.value] == []

    def test_nothing_is_0_and_no_link(self, office):
        page = text(office.get(TABLE, ON | {"rows": "work", "columns": "kind"}))
        assert '<th scope="row">電話相談・受付</th><td class="num zero">0</td>' in page
        assert ">0</a>" not in page

    def test_agencies_stand_in_printed_order_and_others_after_them(self, ledger, office):
        make.agency(code="A00", name="まだ掲載のない省")
        listings = Listing.objects.filter(table="administrative-organs")
        listings.filter(agency=ledger.own).update(order=9)
        assert codes(table_of(office, rows="agency").rows) == ["A02", "A01", "B001", "A00"]
        groups = codes(table_of(office, rows="group").rows)
        assert groups == ["organ", "試験の法人"]

    def test_rules_stand_in_their_order_and_years_without_gap(self, office):
        make.contract(first_day=date(2012, 4, 1), last_day=date(2013, 3, 31))
        table = table_of(office, rows="rule", columns="year")
        order = [rule.code for rule in RULES]
        assert codes(table.rows) == sorted(codes(table.rows), key=order.index)
        years = codes(table_of(office).rows)
        assert years == ["2012", "2013", "2014", "2015", "2016", "2017"]

    def test_a_condition_on_an_axis_leaves_that_one(self, office):
        table = table_of(office, rows="year", columns="agency", year="2017", agency="A02")
        assert (codes(table.rows), codes(table.columns), table.total) == (["2017"], ["A02"], 14)

    def test_a_year_far_off_is_in_the_total_alone_and_that_is_said(self, office, ledger):
        make.contract(agency=ledger.own, last_day=date(2999, 3, 31))
        response = office.get(TABLE, ON)
        table = response.context["table"]
        assert codes(table.rows)[-1] == "2027"
        assert "表に出していません" in text(response)
        make.contract(first_day=date(2500, 4, 1), last_day=date(2501, 3, 31))
        assert table_of(office).total == table.total + 1

    def test_says_what_overlaps(self, office):
        said = "行や列の和と一致するとは限りません"
        assert said in text(office.get(TABLE, ON | {"rows": "agency", "columns": "rule"}))
        assert said not in text(office.get(TABLE, ON | {"rows": "agency", "columns": "work"}))


class TestWhatCannotBeAsked:
    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"rows": "year", "columns": "year"}, "「年度」は選べません"),
            ({"rows": "size"}, "size"),
            ({"year": "H29"}, "H29"),
            ({"of": "crime"}, "crime"),
            ({"as_of": "平成30年13月1日"}, "平成30年13月1日"),
            ({"agency": "A99"}, "「A99」は選べません"),
        ],
    )
    def test_is_told_and_counts_nothing(self, office, asked, said):
        response = office.get(TABLE, ON | asked)
        page = text(response)
        assert said in page
        assert "エラー：" in page
        assert "table" not in response.context

    def test_of_a_list_shows_none(self, office):
        response = office.get(LIST, ON | {"rule": "no-such-rule"})
        assert "no-such-rule" in text(response)
        assert response.context["table"].paginator.count == 0


class TestAnotherAgency:
    @pytest.fixture
    def auditor(self, ledger):
        return client_of(make.user(role=Role.AUDITOR, agency=ledger.own))

    def test_is_in_no_number_and_no_list(self, ledger, auditor):
        response = auditor.get(TABLE, ON | {"rows": "agency", "columns": "group"})
        assert codes(response.context["table"].rows) == ["A01"]
        assert codes(response.context["table"].columns) == ["organ"]
        assert "みどり庁" not in text(response)
        assert found(auditor, f"{LIST}?as_of=2018-03-31") == ledgers.VALID

    def test_is_refused_like_what_there_is_not(self, auditor):
        for address in (TABLE, LIST):
            theirs, nobodys = (
                text(auditor.get(address, ON | {"agency": code})).replace(code, "")
                for code in ("A02", "A99")
            )
            assert theirs == nobodys


class TestFiles:
    ASKED = ON | {"rows": "agency", "columns": "rule", "of": "breach", "year": "2017"}

    def test_workbook_holds_the_table_and_what_was_asked(self, office):
        table = table_of(office, **self.ASKED)
        response = office.get(XLSX, self.ASKED)
        book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response)))
        assert book.sheet_names == ["集計", "縦持ち", "条件"]
        head, *lines = book.get_sheet_by_name("集計").to_python()
        assert head[:2] == ["機関コード", "機関"]
        assert head[2] == RULES[0].title
        assert [line[0] for line in lines] == ["A01", "A02", "B001", "total"]
        of_rows = [table.of_rows[code] for code in ("A01", "A02", "B001")]
        assert [line[-1] for line in lines] == [*of_rows, table.total]
        long = book.get_sheet_by_name("縦持ち").to_python()
        assert long[0] == ["機関コード", "機関", "規則コード", "規則", "契約数"]
        assert sum(line[-1] for line in long[1:]) == sum(table.cells.values())
        said = dict(book.get_sheet_by_name("条件").to_python())
        assert said["基準日"] == "2018-03-31"
        assert said["数えるもの"] == "契約に反する再委託のある契約"
        assert said["年度"] == "2017"

    def test_csv_holds_the_table(self, office):
        table = table_of(office, **self.ASKED)
        content = b"".join(office.get(CSV, self.ASKED)).decode("utf-8-sig")
        head, *lines = csv.reader(io.StringIO(content))
        assert head[-1] == "計"
        assert [int(line[-1]) for line in lines][-1] == table.total

    def test_a_name_that_looks_like_a_formula_stays_a_text(self, ledger, office):
        make.contract(agency=make.agency(name="=HYPERLINK(0)"))
        book = CalamineWorkbook.from_filelike(
            io.BytesIO(b"".join(office.get(XLSX, {"rows": "agency"})))
        )
        names = [line[1] for line in book.get_sheet_by_name("集計").to_python()]
        assert "=HYPERLINK(0)" in names
        lines = b"".join(office.get(CSV, {"rows": "agency"})).decode("utf-8-sig")
        assert "'=HYPERLINK(0)" in lines

    def test_of_what_cannot_be_asked_leads_back(self, office):
        response = office.get(XLSX, {"rows": "work", "columns": "work"})
        assert response.url == f"{TABLE}?rows=work&columns=work"
        assert office.get(reverse("crosstab-export", args=["pdf"])).status_code == 404
