"""The violation report as a workbook: the page's tables, ready for A4, and every finding."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from html import unescape

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Role
from audit import violation_report
from guideline.models import Finding
from tests import factories as make
from tests import ledgers
from tests.audit.corrections import act_on
from tests.pages import client_of, text
from trail.models import Access, Kind

pytestmark = pytest.mark.django_db
SECTIONS = ["契約に反する再委託", "指針不適合", "注意", "理由書のある所見"]


@pytest.fixture
def agency():
    return make.agency(code="A01", name="あおぞら省")


@pytest.fixture
def client(agency):
    return client_of(make.user(role=Role.AUDITOR, agency=agency))


def address(code="A01") -> str:
    return reverse("violation-workbook", args=[code])


def book(client, **asked):
    response = client.get(address(), {"as_of": "2018-03-31", "year": "2017"} | asked)
    assert response.status_code == 200, text(response)
    return load_workbook(io.BytesIO(b"".join(response)))


def rows(page) -> list[dict]:
    header, *lines = page.iter_rows(values_only=True)
    return [dict(zip(header, line, strict=True)) for line in lines]


def everything(found) -> list[str]:
    return [
        str(cell)
        for page in found
        for line in page.iter_rows(values_only=True)
        for cell in line
        if cell is not None
    ]


def paper(client, **asked) -> str:
    asked = {"as_of": "2018-03-31", "year": "2017"} | asked
    page = text(client.get(reverse("violation-report", args=["A01"]), asked))
    article = page[page.index("<article") : page.index("</article>")]
    return unescape(re.sub(r"<[^>]+>", " ", article))


class TestTheWorkbook:
    def test_has_every_finding_once_in_the_sheet_that_programs_read(self):
        made = ledgers.small_ledger()
        found = book(client_of(make.officer(made.own)))
        expected = Finding.objects.filter(agency=made.own).overlapping(
            date(2017, 4, 1), date(2018, 3, 31)
        )
        listed = rows(found["findings"])
        assert len(listed) == expected.count() > 50
        keys = {(r["契約・提供コード"], r["規則"], r["対象"], r["いつから"]) for r in listed}
        assert len(keys) == len(listed)
        printed = [len(rows(found[name])) for name in SECTIONS[:2]]
        assert printed == [
            expected.filter(severity=severity).count() for severity in ("breach", "violation")
        ]

    def test_is_ready_to_be_printed_on_a4_on_its_side_with_its_heading_on_each_page(
        self, agency, client
    ):
        make.link(contract=make.contract(agency=agency))
        found = book(client)
        for name in ("概要", *SECTIONS):
            page = found[name]
            assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
            assert page.sheet_properties.pageSetUpPr.fitToPage
            assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
            assert name == "概要" or page.print_title_rows == "$1:$1"
        data = found["findings"]
        assert not data.merged_cells.ranges
        assert data.freeze_panes == "A2"

    def test_says_what_the_page_says(self, agency, client):
        contract = make.contract(agency=agency, title="健康診断業務", work="staff_health_check")
        link = make.link(contract=contract)
        make.approval(link=link, decided_on=date(2017, 4, 11))
        finding = Finding.objects.get(severity="breach")
        act_on(finding, started_on=date(2017, 5, 1), closed_on=date(2017, 6, 1))
        found = book(client, document_number="監第3号", decided_on="H30.4.2")
        (row,) = rows(found["契約に反する再委託"])
        assert row == {
            "契約コード": contract.code,
            "契約件名": "健康診断業務",
            "委託先": contract.contractor.name,
            "再委託": "再委託1",
            "段階": 1,
            "再委託先": link.contractor.name,
            "委託先との関係": "不明",
            "いつから": datetime.fromisoformat("2017-04-01"),
            "いつまで": datetime.fromisoformat("2017-04-10"),
            "日数": 10,
            "欠けていたもの": "事前の承認がない（承認は2017-04-11から）",
            "是正の状態": "是正済み",
            "是正・再発防止策": "委託先への指導　着手 2017-05-01　完了 2017-06-01",
        }
        said, page = everything(found["概要"].parent), " ".join(paper(client).split())
        assert {"監第3号", "2018-04-02", "A01　あおぞら省"} <= set(said)
        sentences = [words for words in said if words.endswith(("であった。", "なかった。"))]
        assert len(sentences) >= 3
        for words in sentences:
            assert words in page

    def test_marks_what_is_synthetic_on_each_sheet(self, agency, client):
        make.link(contract=make.contract(agency=agency, synthetic=True))
        found = book(client)
        for name in ("概要", *SECTIONS):
            assert "合成データ" in found[name].oddHeader.center.text
        assert {row["データの種類"] for row in rows(found["findings"])} == {"合成データ"}

    def test_of_many_findings_has_all_and_prints_how_many(self, agency, client, monkeypatch):
        monkeypatch.setattr(violation_report, "LISTED", 3)
        for _ in range(4):
            make.link(contract=make.contract(agency=agency))
        found = book(client)
        assert len(rows(found["契約に反する再委託"])) == 4
        (line,) = [cell for (cell, *_) in found["指針不適合"].iter_rows(values_only=True)]
        violations = Finding.objects.filter(severity="violation").count()
        assert f"{violations}件あり、3件を超える" in line
        kinds = [row["区分"] for row in rows(found["findings"])]
        assert kinds.count("指針不適合") == violations

    def test_has_no_formula_of_what_was_typed(self, agency, client):
        for formula in ("=1+1", "+1", "-1", "@A1", "＝1"):
            contract = make.contract(
                agency=agency, title=formula, contractor=make.contractor(name=formula)
            )
            make.link(contract=contract, contractor=make.contractor(name=formula))
        for finding in Finding.objects.filter(severity="breach"):
            act_on(finding, started_on=date(2017, 5, 1), description="=1+1")
        for page in book(client):
            for line in page.iter_rows():
                assert all(cell.data_type != "f" for cell in line)


class TestWithoutNames:
    @pytest.fixture
    def named(self, agency):
        """Three contracts between few companies, whose names stand in free text too."""
        prime = make.contractor(name="架空健診センター")
        person = make.contractor(name="試験太郎", no_number_reason="individual", agency=agency)
        lab = make.contractor(name="架空検査所")
        idle = make.contractor(name="架空運送")
        one = make.contract(agency=agency, contractor=prime, title="架空検査所による健康診断")
        make.link(contract=one, contractor=lab)
        two = make.contract(agency=agency, contractor=lab, title="試験太郎氏の検体の検査")
        make.link(contract=two, contractor=person)
        make.approval(link=make.link(contract=two, contractor=idle))
        three = make.contract(agency=agency, contractor=person, title="架空運送と共に行う業務")
        finding = Finding.objects.get(contract=one, severity="breach")
        act_on(finding, started_on=date(2017, 5, 1), description="架空健診センターに注意した")
        return one, two, three, (prime, lab, person, idle)

    def test_no_name_and_no_number_is_left_anywhere(self, named, client):
        *_, companies = named
        said = everything(book(client, names="letters"))
        page = paper(client, names="letters")
        for company in companies:
            for word in (company.name, company.corporate_number):
                assert word is None or not any(word in cell for cell in said)
                assert word is None or word not in page
        assert "読み直してください" in page
        assert any("読み直してください" in cell for cell in said)

    def test_a_company_has_the_same_letter_everywhere_in_order_of_its_appearance(
        self, named, client
    ):
        one, two, three, _ = named
        found = book(client, names="letters")
        breaches = {row["契約コード"]: row for row in rows(found["契約に反する再委託"])}
        assert (breaches[one.code]["委託先"], breaches[one.code]["再委託先"]) == ("Ａ社", "Ｂ社")
        assert (breaches[two.code]["委託先"], breaches[two.code]["再委託先"]) == ("Ｂ社", "Ｃ社")
        assert breaches[one.code]["契約件名"] == "Ｂ社による健康診断"
        assert breaches[two.code]["契約件名"] == "Ｃ社氏の検体の検査"
        assert breaches[one.code]["是正・再発防止策"].startswith("委託先への指導：Ａ社に注意した")
        of = {row["契約・提供コード"]: row for row in rows(found["findings"])}
        assert of[three.code]["委託先"] == "Ｃ社"
        assert of[three.code]["契約件名・提供先"] == "Ｄ社と共に行う業務"
        page = paper(client, names="letters")
        for words in ("Ｂ社による健康診断", "Ｃ社氏の検体の検査", "Ｄ社と共に行う業務"):
            assert words in page

    def test_letters_are_those_of_the_page_also_where_the_page_prints_less(
        self, agency, client, monkeypatch
    ):
        """Violations beyond the limit come last, so that what the page prints keeps its letters."""
        for _ in range(3):
            contract = make.contract(agency=agency)
            make.link(contract=contract)
        finding = Finding.objects.filter(severity="violation").order_by("-contract").first()
        monkeypatch.setattr(violation_report, "LISTED", 5)
        found = book(client, names="letters")
        page = paper(client, names="letters")
        for row in rows(found["契約に反する再委託"]):
            assert row["委託先"] in page
            assert row["再委託先"] in page
        of = {r["契約・提供コード"]: r["委託先"] for r in rows(found["findings"])}
        assert of[finding.contract.code] == rows(found["契約に反する再委託"])[-1]["委託先"]

    def test_names_stay_unless_that_is_asked_for(self, named, client):
        *_, companies = named
        said = everything(book(client))
        assert {company.name for company in companies[:3]} <= set(said)


class TestWhoTakesItOut:
    def test_is_counted_with_all_findings(self, agency, client):
        make.link(contract=make.contract(agency=agency))
        number = len(rows(book(client)["findings"]))
        taken = Access.objects.get(kind=Kind.DOWNLOAD)
        assert (taken.rows, taken.object) == (number, "違反報告書_A01_2017年度.xlsx")

    def test_is_warned_first_where_it_is_much(self, agency, client, settings):
        make.contract(agency=agency)
        settings.DOWNLOAD_WARN_ABOVE = 2
        asked = f"{address()}?as_of=2018-03-31&year=2017"
        assert "多くの件数を持ち出そうとしています" in text(client.get(asked))
        assert client.post(asked).headers["Content-Disposition"].startswith("attachment")

    def test_finds_no_other_agency(self, client):
        make.agency(code="A02")
        assert client.get(address("A02")).status_code == 404

    def test_is_told_what_cannot_be_read(self, agency, client):
        response = client.get(address(), {"year": "2018", "as_of": "2018-03-31"})
        assert response.status_code == 400
        assert "まだ始まっていません" in text(response)
        assert not Access.objects.filter(kind=Kind.DOWNLOAD).exists()
