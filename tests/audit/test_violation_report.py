"""The violation report of one agency: what stands in it, and that its numbers are true."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from audit import violation_report
from audit.violation_report import Asked, ViolationReport, numbers_of
from guideline import actions
from guideline.models import Finding, Measure
from outsourcing.actions import records
from outsourcing.models import Incident
from outsourcing.scope import Scope
from tests import factories as make
from tests import ledgers
from tests.audit.corrections import act_on
from tests.pages import client_of, text
from trail.models import Access

pytestmark = pytest.mark.django_db
ON = date(2018, 3, 31)


@pytest.fixture
def agency():
    return make.agency(code="A01", name="あおぞら省")


@pytest.fixture
def client(agency):
    return client_of(make.user(role=Role.AUDITOR, agency=agency))


def address(code="A01") -> str:
    return reverse("violation-report", args=[code])


def sheet(client, code="A01", **asked) -> str:
    """What is on the paper, in plain words."""
    response = client.get(address(code), {"as_of": "2018-03-31"} | asked)
    assert response.status_code == 200
    page = text(response)
    article = page[page.index("<article") : page.index("</article>")]
    article = re.sub(r"</?(time|span|strong|a)\b[^>]*>", "", article)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", article)).split())


def breaking(agency, *, days=(date(2017, 5, 1), date(2017, 8, 1)), **fields):
    """A contract whose subcontract was approved late: in breach from the first day to before the
    second."""
    contract = make.contract(agency=agency, **fields)
    link = make.link(contract=contract, first_day=days[0])
    make.approval(link=link, decided_on=days[1])
    return contract


def excuse(finding: Finding, **fields):
    row = actions.ask(
        by=make.user(), contract=finding.contract, rule=finding.rule, subject=finding.subject,
        first_day=finding.since, last_day=date(2018, 3, 31), reason="災害のため",
        asked_on=date(2017, 4, 1), document_number="情総第12号", **fields,
    )  # fmt: skip
    return actions.approve(row, by=make.user(), on=date(2017, 4, 2))


class TestTheHead:
    def test_says_whose_of_when_by_whom(self, agency):
        user = make.user(role=Role.AUDITOR, agency=agency)
        paper = sheet(client_of(user), year="2017", document_number="監第3号", decided_on="H30.4.2")
        for words in (
            *("違反報告書", "A01 あおぞら省", "平成29年度", "監第3号", user.full_name),
            "2018年3月31日（平成30年3月31日）",
            "2018年4月2日（平成30年4月2日）",
            "総括保護管理者",
        ):
            assert words in paper, words
        assert "合成データ" not in paper

    def test_marks_what_is_synthetic(self, agency, client):
        make.contract(agency=agency, synthetic=True)
        assert "合成データ" in sheet(client, year="2017")

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ({"year": "二千"}, "「二千」"),
            ({"year": "2018"}, "まだ始まっていません"),
            ({"as_of": "2018-02-30"}, "「2018-02-30」"),
            ({"names": "x"}, "x"),
        ],
    )
    def test_what_cannot_be_read_is_told_and_nothing_reported(self, agency, client, asked, said):
        breaking(agency, title="秘密の業務")
        response = client.get(address(), {"as_of": "2018-03-31"} | asked)
        assert said in text(response)
        assert "<title>エラー：" in text(response)
        assert "秘密の業務" not in text(response)

    def test_a_day_of_decision_that_cannot_be_read_leaves_the_report(self, agency, client):
        breaking(agency, title="健診業務")
        paper = sheet(client, year="2017", decided_on="2018-02-30")
        assert "健診業務" in paper


class TestItsDays:
    def test_of_a_day_it_has_what_is_so_on_that_day(self, agency, client):
        breaking(agency, title="健診業務")
        for day, there in (
            ("2017-04-30", False), ("2017-05-01", True), ("2017-07-31", True),
            ("2017-08-01", False),
        ):  # fmt: skip
            paper = sheet(client, as_of=day)
            assert ("契約に反する再委託（1件）" in paper) == there, day

    @pytest.mark.parametrize(
        ("since", "until", "there"),
        [
            (date(2017, 3, 1), date(2017, 3, 31), False),  # good again on the year's eve
            (date(2017, 3, 1), date(2017, 4, 1), False),
            (date(2017, 3, 1), date(2017, 4, 2), True),
            (date(2018, 3, 31), date(2018, 4, 30), True),
            (date(2018, 4, 1), date(2018, 4, 30), False),
        ],
    )
    def test_of_a_year_it_has_what_was_so_on_a_day_of_it(self, agency, client, since, until, there):
        term = {"first_day": date(2017, 3, 1), "last_day": date(2018, 12, 31)}
        breaking(agency, days=(since, until), **term)
        paper = sheet(client, as_of="2018-12-31", year="2017")
        assert ("契約に反する再委託（1件）" in paper) == there

    def test_what_lies_ahead_of_the_day_is_no_breach_yet(self, agency, client):
        breaking(agency)  # from 2017-05-01 on
        assert "契約に反する再委託（0件）" in sheet(client, as_of="2017-04-30", year="2017")
        paper = sheet(client, as_of="2017-05-01", year="2017")
        assert "契約に反する再委託（1件）" in paper
        assert "2017-05-01から 継続中（1日）" in paper


class TestWhatItTells:
    def test_of_a_breach_everything_that_was_asked_for(self, agency, client):
        prime = make.contractor(name="架空健診センター")
        contract = make.contract(
            agency=agency, contractor=prime, title="健康診断業務", work="staff_health_check"
        )
        first = make.link(contract=contract, contractor=make.contractor(name="架空運送"))
        make.approval(link=first)
        below = make.link(
            contract=contract, parent=first,
            contractor=make.subsidiary(of=prime, name="架空検査所"),
        )  # fmt: skip
        make.approval(link=below, decided_on=date(2017, 4, 11))
        act_on(
            Finding.objects.get(severity="breach"), started_on=date(2017, 5, 1),
            due_on=date(2017, 6, 1), description="口頭で注意した", officer=make.officer(agency),
        )  # fmt: skip
        paper = sheet(client, year="2017")
        for words in (
            *(contract.code, "健康診断業務", "架空健診センター", "再委託2（第2層）", "架空検査所"),
            *("100%子会社", "2017-04-01から 2017-04-10まで（10日）"),
            *("事前の承認がない（承認は2017-04-11から）", "期限超過", "委託先への指導"),
            *("口頭で注意した", "担当", "着手 2017-05-01", "期限 2017-06-01"),
        ):
            assert words in paper, words

    def test_the_sentences_count_contracts_as_the_ministry_does(self, agency, client):
        prime = make.contractor()
        daughter = make.subsidiary(of=prime)
        for work, company, number in (
            ("staff_health_check", None, 3),
            ("medical_examination", daughter, 2),
            ("other", daughter, 1),
        ):
            for _ in range(number):
                contract = make.contract(agency=agency, contractor=prime, work=work)
                make.link(contract=contract, contractor=company)
                make.link(contract=contract, contractor=company)  # two findings, one contract
        make.fault(contract=make.contract(agency=agency))
        for _ in range(2):
            make.contract(agency=agency)
        make.contract(agency=agency, first_day=date(2018, 4, 1), last_day=date(2019, 3, 31))
        paper = sheet(client, year="2017")
        for words in (
            "委託契約9件のうち、契約に反する再委託が行われていたものは6件であった（所見12件、",
            "職員の健康診断が3件、その他の医学的な検査が2件、その他の業務が1件",
            "100%子会社への再委託によるものは3件で、うち2件はその他の医学的な検査",
            "管理体制が不適切であった契約は1件で、うち0件は契約を解除した",
            "漏えい等はなかった",
        ):
            assert words in paper, words
        leak = Incident(contract=contract, kind="leak", noticed_on=date(2017, 6, 1), content="x")
        records.record(leak, by=make.recorder())
        assert "漏えい等は1件あった" in sheet(client, year="2017")

    def test_the_excused_stand_apart_with_their_reason(self, agency, client):
        breaking(agency, title="通常の業務")
        make.link(contract=make.contract(agency=agency, title="災害の業務"))
        found = Finding.objects.get(severity="breach", contract__title="災害の業務")
        excuse(found)
        paper = sheet(client, year="2017")
        assert "契約に反する再委託（1件）" in paper
        assert "理由書のある所見（1件）" in paper
        apart = paper[paper.index("理由書のある所見（1件）") :]
        for words in ("災害の業務", "災害のため（情総第12号）", "2017-04-02承認"):
            assert words in apart
        breaches = paper[paper.index("2 契約に反する再委託（") : paper.index("3 指針不適合（")]
        assert ("通常の業務" in breaches, "災害の業務" in breaches) == (True, False)

    def test_the_measures_that_were_taken_by_the_day(self, agency, client):
        for _ in range(3):
            make.link(contract=make.contract(agency=agency))
        one, two, _ = Finding.objects.filter(severity="breach").order_by("pk")
        act_on(one, started_on=date(2017, 5, 1), closed_on=date(2017, 6, 1))
        act_on(one, started_on=date(2017, 5, 2))
        act_on(two, started_on=date(2017, 5, 3))
        act_on(two, started_on=date(2018, 4, 1), measure=Measure.TERMINATED)
        paper = sheet(client, year="2017")
        assert "委託先への指導 3 2 1" in paper
        assert "契約の解除" not in paper
        assert "契約の解除 1 1 0" in sheet(client, year="2017", as_of="2018-04-01")

    def test_many_violations_are_counted_and_breaches_are_told_in_full(
        self, agency, client, monkeypatch
    ):
        monkeypatch.setattr(violation_report, "LISTED", 3)
        for number in range(4):
            breaking(agency, title=f"業務その{number}")
        paper = sheet(client, year="2017")
        assert "3件を超えるため" in paper
        told = paper[paper.index("2 契約に反する再委託") : paper.index("3 指針不適合")]
        for number in range(4):
            assert f"業務その{number}" in told
        assert "業務その" not in paper[paper.index("3 指針不適合") :]


class TestItsNumbers:
    @pytest.mark.parametrize("year", [None, 2017])
    @pytest.mark.parametrize("role", [Role.SURVEY_OFFICE, Role.AUDITOR])
    def test_are_the_lengths_of_the_lists_they_lead_to(self, role, year):
        made = ledgers.small_ledger()
        client = client_of(make.user(role=role, agency=made.own))
        broken = Finding.objects.filter(agency=made.own, severity="breach").order_by("pk")
        excuse(broken[0])
        act_on(broken[1], started_on=date(2017, 5, 1), closed_on=date(2017, 6, 1))
        act_on(broken[2], started_on=date(2017, 5, 1))
        for on in (date(2017, 12, 1), ON):
            report = ViolationReport(Asked(made.own, on, year), Scope.everything())
            numbers = list(numbers_of(report))
            assert sum(number.findings > 0 for number in numbers) > 8
            for number in numbers:
                listing = client.get(number.href).context["listing"]
                assert (listing.number, number.href) == (number.findings, number.href)
            page = text(client.get(address(), {"as_of": on} | ({"year": year} if year else {})))
            for number in numbers:
                assert number.href.replace("&", "&amp;") in page

    def test_of_the_contracts_lead_to_their_list(self, agency, client):
        make.contract(agency=agency)
        make.contract(agency=agency, first_day=date(2018, 3, 31), last_day=date(2019, 3, 30))
        make.contract(agency=agency, first_day=date(2018, 4, 1), last_day=date(2019, 3, 30))
        for year, on in ((None, date(2017, 6, 1)), (None, ON), (2017, ON)):
            report = ViolationReport(Asked(agency, on, year), Scope.everything())
            listed = client.get(report.contracts_href).context["table"].paginator.count
            assert listed == report.sentences.contracts == (1 if on < ON else 2)
        half = ViolationReport(Asked(agency, date(2017, 6, 1), 2017), Scope.everything())
        assert (half.sentences.contracts, half.contracts_href) == (1, "")


class TestWhoReadsIt:
    def test_finds_no_other_agency(self, client):
        make.agency(code="A02")
        assert client.get(address("A02")).status_code == 404
        assert client.get(address("A99")).status_code == 404

    def test_is_led_to_the_own_agency_or_chooses(self, agency, client):
        make.agency(code="A02", name="みどり庁")
        chosen = reverse("violation-reports")
        assert client.get(chosen).headers["Location"] == address()
        office = client_of(make.user(role=Role.SURVEY_OFFICE))
        page = text(office.get(chosen))
        assert address() in page
        assert address("A02") in page

    def test_is_recorded(self, agency, client):
        sheet(client, year="2017")
        assert Access.objects.filter(object="A01 違反報告書", agency_id=agency.pk).count() == 1

    def test_may_be_somebody_who_takes_nothing_out(self, agency):
        make.contract(agency=agency)
        reader = client_of(make.user(role=Role.READER, agency=agency))
        assert "同じ内容のExcel" not in text(reader.get(address()))
        assert reader.get(reverse("violation-workbook", args=["A01"])).status_code == 403


def test_many_findings_ask_no_more_than_few(agency, client):
    company = make.contractor()

    def fill(number):
        for contract in make.many_contracts(number=number, agency=agency, contractor=company):
            make.link(contract=contract)

    def asked(**more) -> int:
        with CaptureQueriesContext(connection) as queries:
            sheet(client, year="2017", **more)
        return len(queries)

    fill(2)
    few = asked(), asked(names="letters")
    fill(30)
    assert (asked(), asked(names="letters")) == few
    assert max(few) < 75
