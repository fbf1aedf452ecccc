"""What is taken out: whole, of an agency, of chosen contracts, as workbook and as CSV."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Role
from exchange import ledger_files
from exchange.sheets import BY_KEY, GUIDE, LISTS, SHEETS
from exchange.sheets.base import Chosen
from outsourcing.scope import Scope
from tests import factories as make
from tests.exchange.books import content, formatted, rows, table, written, xml
from tests.exchange.full import full_contract
from tests.pages import client_of
from tests.test_page_queries import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make.agency(code="A01", name="あおぞら省")


@pytest.fixture
def client(agency):
    return client_of(make.user(role=Role.OFFICER, agency=agency))


def taken(client, name="ledger.xlsx", **options) -> bytes:
    response = client.get(reverse("exchange-ledger", args=[name]), options)
    assert response.status_code == 200
    return content(response)


def test_a_workbook_has_every_sheet_the_guide_and_the_hidden_lists(agency):
    book = formatted(written(ledger_files.slices(Scope.everything())))
    assert book.sheetnames == [*(sheet.title for sheet in SHEETS), GUIDE, LISTS]
    assert [s.title for s in book.worksheets if s.sheet_state == "hidden"] == [LISTS]


def test_an_officer_gets_the_own_agency_and_nothing_of_another(agency, client):
    full_contract(agency=agency, text="自機関")
    other = make.agency(code="A02", name="みどり庁")
    full_contract(agency=other, text="他機関")
    for options in ({}, {"agency": "A01"}):
        book = taken(client, **options)
        assert "自機関" in str(xml(book))
        assert "他機関" not in str(xml(book))
        assert "みどり庁" not in str(xml(book))
        assert "出資関係" not in formatted(book).sheetnames
    missing = [
        client.get(reverse("exchange-ledger", args=["ledger.xlsx"]), {"agency": code}).status_code
        for code in ("A02", "A99")
    ]
    assert missing == [404, 404]


def test_a_file_is_the_same_whether_or_not_another_agency_has_contracts(agency, client):
    full_contract(agency=agency, text="自機関")
    alone = taken(client)
    full_contract(agency=make.agency(code="A02"), text="他機関")
    assert taken(client) == alone


def test_the_survey_office_gets_everything_with_holdings():
    one, other = make.agency(), make.agency()
    full_contract(agency=one, text="一")
    full_contract(agency=other, text="二")
    make.holding(holder=make.contractor(name="親"), held=make.contractor(name="子"), share="0.5")
    client = client_of(make.user(role=Role.SURVEY_OFFICE))
    book = taken(client)
    assert [row["契約件名"] for row in table(book, "契約")] == ["一", "二"]
    (held,) = table(book, "出資関係")
    assert held["出資者"].startswith("親（")
    assert held["議決権割合（％）"] == "0.5%"
    assert {"親", "子", "一", "二"} <= {row["名称"] for row in table(book, "委託先")}


def test_agencies_that_are_read_one_after_the_other_make_the_same_file(monkeypatch):
    for name in ("一", "二", "三"):
        full_contract(agency=make.agency(), text=name)
    together = written(ledger_files.slices(Scope.everything()))
    monkeypatch.setattr(ledger_files, "TOGETHER", 1)
    parted = ledger_files.slices(Scope.everything())
    assert len(parted) == 3
    assert written(parted) == together


def test_as_many_rows_are_counted_as_are_taken_out(agency, client):
    full_contract(agency=agency, text="一")
    scope = Scope.of([agency.pk])
    sheets, chosen = ledger_files.sheets_for(scope), ledger_files.slices(scope)
    counted = ledger_files.count(sheets, chosen)
    assert counted == sum(len(rows(written(chosen, sheets), s.title)) - 1 for s in sheets)


def test_what_is_taken_out_is_recorded_with_its_rows(agency, client):
    from trail.models import Access, Kind

    make.contract(agency=agency)
    taken(client, "contracts.csv")
    (record,) = Access.objects.filter(kind=Kind.DOWNLOAD)
    assert (record.object, record.rows) == ("ledger-contracts.csv", 1)


def test_above_the_limit_it_is_warned_before_anything_is_given(agency, client, settings):
    settings.DOWNLOAD_WARN_ABOVE = 0
    make.contract(agency=agency)
    address = reverse("exchange-ledger", args=["contracts.xlsx"])
    response = client.get(address)
    assert "多くの件数" in response.content.decode()
    assert len(rows(content(client.post(address)), "契約")) == 2


def test_a_list_is_taken_out_under_its_conditions(agency, client):
    make.contract(agency=agency, title="健康診断")
    make.link(contract=make.contract(agency=agency, title="データ入力"))
    address = reverse("contracts-export")
    book = content(client.get(address, {"q": "健康"}))
    assert [row["契約件名"] for row in table(book, "契約")] == ["健康診断"]
    assert "再委託" not in formatted(book).sheetnames
    book = content(client.get(address, {"q": "データ", "with": "all"}))
    assert [row["契約件名"] for row in table(book, "再委託")] == ["データ入力"]
    lines = content(client.get(address, {"q": "健康", "as": "csv"})).decode("utf-8-sig")
    assert [row["契約件名"] for row in csv.DictReader(io.StringIO(lines))] == ["健康診断"]


def test_conditions_that_cannot_be_read_lead_back_to_the_list(client):
    response = client.get(reverse("contracts-export"), {"on": "昨日", "year": "x"})
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("contracts"))


def test_a_survey_is_taken_out_with_what_hangs_on_its_contracts(agency):
    round_ = make.survey_round(organs=[agency])
    seen = make.contract(agency=agency, title="対象")
    make.confirmation(round_=round_, contract=seen)
    later = {"first_day": date(2018, 4, 1), "last_day": date(2019, 3, 31)}
    make.contract(agency=agency, title="翌年度", **later)
    client = client_of(make.user(role=Role.SURVEY_OFFICE))
    response = client.get(reverse("exchange-survey", args=[2017, "ledger.xlsx"]))
    book = content(response)
    assert [row["契約件名"] for row in table(book, "契約")] == ["対象"]
    assert [row["確認の結果"] for row in table(book, "調査の確認")] == ["違反なし"]
    assert client.get(reverse("exchange-survey", args=[1999, "ledger.xlsx"])).status_code == 404


def test_csv_has_a_byte_order_mark_or_is_cp932_and_names_what_that_cannot_hold(agency, client):
    contract = make.contract(agency=agency, title="=1+1")
    text = taken(client, "contracts.csv")
    assert text.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(text.decode("utf-8-sig")))
    assert row["契約件名"] == "'=1+1"
    assert row["契約締結日"] == contract.concluded_on.isoformat()
    assert "契約件名" in taken(client, "contracts.csv", encoding="cp932").decode("cp932")
    make.contract(agency=agency, title="𠮷野")
    address = reverse("exchange-ledger", args=["contracts.csv"])
    response = client.get(address, {"encoding": "cp932"})
    assert response.status_code == 400
    assert "3行目「契約件名」の「𠮷」" in response.content.decode()


def test_csv_of_all_sheets_is_one_file_for_each(agency, client):
    make.contract(agency=agency, title="健康診断")
    with zipfile.ZipFile(io.BytesIO(taken(client, "ledger.zip"))) as archive:
        names = archive.namelist()
        assert "健康診断" in archive.read("contracts.csv").decode("utf-8-sig")
    assert names == [f"{s.key}.csv" for s in ledger_files.sheets_for(Scope.nothing())]


@pytest.mark.parametrize(
    "name", ["x.csv", "ledger.csv", "contracts.zip", "ledger.exe", "holdings.csv"]
)
def test_what_cannot_be_taken_out_is_refused_by_name(client, name):
    response = client.get(reverse("exchange-ledger", args=[name]))
    assert response.status_code == 400
    assert f"「{name}」という出力はありません" in response.content.decode()


def test_a_template_offers_the_sections_and_companies_of_its_agency(agency, client):
    make.section(agency=agency, code="001", name="総務課")
    make.section(agency=agency, code="002", name="廃止課", last_day=date(2018, 3, 31))
    company = make.contractor(name="株式会社見本")
    make.contract(agency=agency, contractor=company)
    make.contract(agency=make.agency(), contractor=make.contractor(name="よその会社"))
    book = content(client.get(reverse("exchange-template", args=["A01"])))
    lists = table(book, LISTS)
    assert [row["課室"] for row in lists if row["課室"]] == ["総務課（001）"]
    companies = [row["委託先"] for row in lists if row["委託先"]]
    assert companies == [f"株式会社見本（{company.corporate_number}）"]
    assert [row["取込み"] for row in table(book, "契約")] == ["記入例"]
    sheet = formatted(book)["契約"]
    heading = {cell.value: cell.column_letter for cell in sheet[1]}
    rules = {str(rule.sqref).rstrip("0123456789").partition("2:")[0]: rule
             for rule in sheet.data_validations.dataValidation}  # fmt: skip
    assert rules[heading["課室"]].formula1.startswith(LISTS)
    assert rules[heading["再委託の条項"]].showErrorMessage
    assert not rules[heading["委託先"]].showErrorMessage
    assert "記入要領" in formatted(book).sheetnames
    other = reverse("exchange-template", args=["A99"])
    assert client.get(other).status_code == 404


def test_every_column_is_explained_in_the_guide(agency):
    guide = table(written([Chosen((agency.pk,))]), GUIDE)
    told = {(row["シート"], row["列"]) for row in guide}
    assert "課室の移管の履歴、証拠書類のファイル" in guide[1]["説明"]
    assert all(
        (sheet.title, column.heading) in told for sheet in SHEETS for column in sheet.columns
    )


def test_many_contracts_ask_no_more_than_few(agency, client):
    def asked():
        return [
            queries(client, reverse("exchange")),
            queries(client, reverse("exchange-ledger", args=["ledger.xlsx"])),
            queries(client, reverse("exchange-template", args=["A01"])),
            queries(client, reverse("contracts-export") + "?q=一"),
        ]

    full_contract(agency=agency, text="一")
    few = asked()
    for _ in range(5):
        full_contract(agency=agency, text="一")
    assert asked() == few
    assert [number for _, number in few] <= [12, 60, 14, 14]


def test_the_page_leads_to_all_of_it(agency, client):
    make.survey_round(organs=[agency])
    page = client.get(reverse("exchange")).content.decode()
    assert reverse("exchange-template", args=["A01"]) in page
    assert "まとめて出力する" not in page
    assert BY_KEY["contracts"].title in page
    lists = client.get(reverse("contracts"), {"q": "健康"}).content.decode()
    assert f"{reverse('contracts-export')}?q=%E5%81%A5%E5%BA%B7&amp;with=all" in lists
