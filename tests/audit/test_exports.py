"""The list of findings as a file holds what is filtered, in its order, and says what was asked."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Role
from audit import export_views, exports
from guideline.models import Finding
from guideline.rules import BY_CODE
from guideline.subjects import subject_in_words
from outsourcing.formula_text import original_text
from tests import factories as make
from tests import ledgers
from tests.audit.corrections import act_on
from tests.pages import client_of, text
from trail.models import Access, Kind

pytestmark = pytest.mark.django_db
EXPORT = reverse("findings-export")
LIST = reverse("findings")
DAY = timedelta(days=1)
ON = date(2018, 3, 31)

FORMULAS = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "＝1+1", "＋1", "－1", "＠SUM(A1)"),
    *("=HYPERLINK(\"http://example.com\")", "\t=1+1", " =1+1", "'=1+1", "''=1+1", "=", "-", "@"),
    *("=WEBSERVICE(\"http://example.com\")", "=IMPORTXML(\"a\",\"b\")", "+A1+cmd|' /C calc'!A0"),
)  # fmt: skip


@pytest.fixture
def office():
    return client_of(make.user(role=Role.SURVEY_OFFICE))


def content(response) -> bytes:
    assert response.status_code == 200, text(response)
    return b"".join(response)


def book(client, **asked):
    return load_workbook(io.BytesIO(content(client.get(EXPORT, {"format": "xlsx"} | asked))))


def rows(client, **asked) -> list[dict]:
    header, *lines = book(client, **asked)["所見"].iter_rows(values_only=True)
    return [dict(zip(header, map(plain, line), strict=True)) for line in lines]


def plain(value):
    """Excel knows no days without a time."""
    return value.date() if isinstance(value, datetime) else value


def csv_rows(client, *, encoding="utf-8", **asked) -> list[dict]:
    asked |= {"format": "csv", "encoding": encoding}
    found = content(client.get(EXPORT, asked))
    read = found.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    return list(csv.DictReader(io.StringIO(read, newline="")))


def listed(client, **asked) -> list[tuple]:
    """(code, subject, since) of all rows of the list, page by page."""
    found, page = [], 1
    while True:
        listing = client.get(LIST, asked | {"page": page}).context["listing"]
        keys = [row["pk"] for row in listing.rows]
        by_key = Finding.objects.select_related("contract__agency", "disclosure__agency").in_bulk(
            keys
        )
        found += [key_of(by_key[key]) for key in keys]
        if page >= listing.pages:
            return found
        page += 1


def key_of(finding: Finding) -> tuple:
    of = finding.contract or finding.disclosure
    rule = BY_CODE[finding.rule].title
    return of.code, rule, subject_in_words(finding.subject), finding.since


def key(row: dict) -> tuple:
    since = row["いつから"]
    since = since if isinstance(since, date) else date.fromisoformat(since)
    return row["契約・提供コード"], row["規則"], row["対象"], since


class TestWhatIsTakenOut:
    @pytest.mark.parametrize(
        "asked",
        [
            {},
            {"when": "standing"},
            {"when": "standing", "as_of": "2017-12-31", "severity": "breach"},
            {"since": "2017-04-01", "until": "2018-03-31", "rule": "capability-check"},
            {"due": "180", "as_of": "2017-12-01"},
            {"provision": "8-4*", "depth": "0", "agency": "A01"},
            {"relation": "wholly_owned", "since": "2017-04-01", "until": "2018-03-31"},
            {"state": "none", "excused": "no", "work": "staff_health_check"},
            {"contractor": "あおぞら省の委託先", "reach": "prime"},
        ],
    )
    def test_is_the_list_in_its_order(self, office, asked):
        ledgers.small_ledger()
        make.disclosure()
        for sort in ("-since", "-until", "agency", "provision"):
            asked = {"as_of": "2018-03-31"} | asked | {"sort": sort}
            expected = listed(office, **asked)
            assert expected
            assert [key(row) for row in csv_rows(office, **asked)] == expected
        assert [key(row) for row in rows(office, **asked)] == expected

    def test_is_what_holds_on_the_day_itself_and_not_the_day_before_or_after(self, office):
        contract = make.contract()
        link = make.link(contract=contract, first_day=date(2017, 5, 1))
        make.approval(link=link, decided_on=date(2017, 8, 1))

        def breaches(day):
            asked = {"as_of": day.isoformat(), "when": "standing", "severity": "breach"}
            return [row["いつまで"] for row in rows(office, **asked)]

        last = date(2017, 7, 31)
        assert breaches(date(2017, 4, 30)) == []
        assert breaches(date(2017, 5, 1)) == [date(2017, 7, 31)]
        assert breaches(last) == [date(2017, 7, 31)]
        assert breaches(last + DAY) == []

    def test_says_of_each_finding_what_there_is_to_say(self, office):
        agency = make.agency(code="A01", name="あおぞら省")
        prime = make.contractor(name="架空健診センター")
        contract = make.contract(
            agency=agency, contractor=prime, title="健康診断業務", work="staff_health_check",
            section=make.section(agency=agency, name="人事課"),
        )  # fmt: skip
        link = make.link(contract=contract, contractor=make.subsidiary(of=prime, name="架空検査所"))
        make.approval(link=link, decided_on=date(2017, 4, 11))
        found = Finding.objects.get(severity="breach")
        act_on(found, started_on=date(2017, 5, 1), closed_on=date(2017, 6, 1))
        asked = {"severity": "breach", "since": "2017-04-01", "until": "2018-03-31"}
        (row,) = rows(office, as_of="2018-03-31", **asked)
        assert row == {
            "契約・提供コード": contract.code,
            "機関コード": "A01",
            "機関名": "あおぞら省",
            "課室": "人事課",
            "契約件名・提供先": "健康診断業務",
            "委託先": "架空健診センター",
            "法人番号": prime.corporate_number,
            "対象": "再委託1",
            "再委託先": "架空検査所",
            "段階": 1,
            "委託先との関係": "100%子会社",
            "規則": "承認を受けない、又は禁止された再委託",
            "条項": "第8-4(2)",
            "区分": "契約に反する再委託",
            "いつから": date(2017, 4, 1),
            "いつまで": date(2017, 4, 10),
            "日数": 10,
            "理由書": "なし",
            "是正の状態": "是正済み",
            "是正の着手日": date(2017, 5, 1),
            "是正の完了日": date(2017, 6, 1),
            "適用した版": date(2004, 9, 14),
            "データの種類": "実データ",
        }
        (plain,) = csv_rows(office, as_of="2018-03-31", **asked)
        assert plain["いつから"] == "2017-04-01"
        assert plain["法人番号"] == prime.corporate_number

    @pytest.mark.parametrize(
        ("day", "state", "begun", "closed"),
        [
            ("2017-05-01", "未着手", False, False),
            ("2017-05-02", "是正中", True, False),
            ("2017-05-10", "是正中", True, False),
            ("2017-05-11", "期限超過", True, False),
            ("2017-05-19", "期限超過", True, False),
            ("2017-05-20", "是正済み", True, True),
        ],
    )
    def test_tells_the_state_as_of_the_day(self, office, day, state, begun, closed):
        make.link(contract=make.contract())
        found = Finding.objects.get(severity="breach")
        act_on(
            found,
            started_on=date(2017, 5, 2),
            due_on=date(2017, 5, 10),
            closed_on=date(2017, 5, 20),
        )
        (row,) = rows(office, as_of=day, when="standing", severity="breach")
        assert row["是正の状態"] == state
        assert (row["是正の着手日"] is not None, row["是正の完了日"] is not None) == (begun, closed)

    def test_counts_the_days_to_the_day_and_no_further(self, office):
        make.link(contract=make.contract())
        for day, number in (("2017-04-01", 1), ("2017-04-02", 2), ("2019-01-01", 365)):
            asked = {"since": "2017-04-01", "until": "2018-03-31", "severity": "breach"}
            (row,) = rows(office, as_of=day, **asked)
            assert row["日数"] == number


class TestTheConditions:
    def test_stand_on_a_sheet_of_their_own_in_words(self):
        made = ledgers.small_ledger()
        user = make.user(role=Role.AUDITOR, agency=made.own)
        sheet = book(
            client_of(user), as_of="2018-03-31", when="standing", agency="A01",
            severity="breach", sort="-until",
        )["条件"]  # fmt: skip
        said = dict(sheet.iter_rows(values_only=True))
        assert said["機関"] == "あおぞら省"
        assert said["時点"] == "その日に該当するもの"
        assert said["区分"] == "契約に反する再委託"
        assert plain(said["基準日"]) == date(2018, 3, 31)
        assert said["並び順"] == "いつまでの降順"
        assert (
            said["件数"]
            == Finding.objects.on(ON).filter(agency=made.own, severity="breach").count()
        )
        assert said["データの種類"] == "実データ"
        assert user.full_name in said["作成者"]
        assert datetime.fromisoformat(said["作成日時"]).year > 2025

    def test_name_what_opens_first_and_that_the_data_is_synthetic(self, office):
        make.contract(synthetic=True)
        said = dict(book(office, as_of="2017-06-01")["条件"].iter_rows(values_only=True))
        assert said["時点"] == "今年度に生じた、又は是正が未済のもの"
        assert said["データの種類"] == "合成データ"
        make.contract()
        said = dict(book(office, as_of="2017-06-01")["条件"].iter_rows(values_only=True))
        assert said["データの種類"] == "実データと合成データ"

    @pytest.mark.parametrize(
        ("asked", "words"),
        [
            ({"format": "pdf"}, "「pdf」"),
            ({"format": "csv", "encoding": "utf-16"}, "「utf-16」"),
            ({"sort": "title"}, "「title」"),
            ({"as_of": "平成30年13月1日"}, "平成30年13月1日"),
            ({"rule": "no-such-rule"}, "no-such-rule"),
            ({"since": "2018-04-01", "until": "2017-04-01"}, "前です"),
            ({"agency": "A99"}, "A99"),
        ],
    )
    def test_that_cannot_be_understood_let_nothing_out(self, office, asked, words):
        make.contract()
        response = office.get(EXPORT, asked)
        assert response.status_code == 400
        assert words in text(response)
        assert "エラー：" in text(response)
        assert not Access.objects.filter(kind=Kind.DOWNLOAD).exists()


class TestText:
    def test_is_never_a_formula(self, office):
        agency = make.agency(code="A01")
        for formula in FORMULAS:
            prime = make.contractor(name=formula)
            section = make.section(agency=agency, name=formula)
            contract = make.contract(
                agency=agency, contractor=prime, section=section, title=formula
            )
            make.link(contract=contract, contractor=make.contractor(name=formula))
        asked = {"as_of": "2018-03-31", "since": "2017-04-01", "until": "2018-03-31"}
        sheet = book(office, severity="breach", **asked)["所見"]
        columns = [cell.value for cell in sheet[1]]
        free = [columns.index(n) for n in ("契約件名・提供先", "委託先", "課室", "再委託先")]
        for place in free:
            column = [line[place] for line in sheet.iter_rows(min_row=2)]
            assert {cell.data_type for cell in column} == {"s"}
            assert sorted(cell.value for cell in column) == sorted(FORMULAS)
        for row in csv_rows(office, severity="breach", **asked):
            for name in ("契約件名・提供先", "委託先", "課室", "再委託先"):
                assert not row[name].lstrip().startswith(("=", "+", "-", "@"))
                assert original_text(row[name]) in FORMULAS

    def test_that_the_encoding_does_not_have_is_listed_and_nothing_is_taken_out(self, office):
        make.contract(title="葛󠄀城市の調査", first_day=date(2017, 4, 1))
        make.contract(title="普通の調査", first_day=date(2017, 4, 2))
        asked = {"as_of": "2017-06-01", "rule": "capability-check", "format": "csv"}
        response = office.get(EXPORT, asked | {"encoding": "cp932"})
        assert response.status_code == 400
        assert "3行目「契約件名・提供先」" in text(response)
        assert [row["契約件名・提供先"] for row in csv_rows(office, **asked)] == [
            "普通の調査", "葛󠄀城市の調査",
        ]  # fmt: skip
        found = csv_rows(office, **asked | {"encoding": "cp932", "begun": "2017-04-02"})
        assert [row["契約件名・提供先"] for row in found] == ["普通の調査"]


class TestWhoTakesOut:
    def test_gets_the_own_agencies_findings_alone(self):
        made = ledgers.small_ledger()
        client = client_of(make.officer(made.own))
        found = rows(client, as_of="2018-03-31")
        assert {row["機関コード"] for row in found} == {"A01"}
        assert client.get(EXPORT, {"agency": "A02"}).status_code == 400

    def test_is_counted_with_the_number_of_rows(self, office):
        make.contract()
        number = len(rows(office, as_of="2017-06-01"))
        taken = Access.objects.get(kind=Kind.DOWNLOAD)
        assert (taken.rows, taken.object) == (number, "所見_2017-06-01.xlsx")

    def test_is_warned_first_where_it_is_much(self, office, settings):
        make.contract()
        settings.DOWNLOAD_WARN_ABOVE = 2
        address = f"{EXPORT}?as_of=2017-06-01"
        assert "多くの件数を持ち出そうとしています" in text(office.get(address))
        assert load_workbook(io.BytesIO(content(office.post(address)))).sheetnames == [
            "所見",
            "条件",
        ]

    def test_gets_a_large_file_from_disk(self, office, monkeypatch):
        make.contract(title="健康診断業務")
        small = csv_rows(office, as_of="2017-06-01")
        monkeypatch.setattr(export_views, "IN_MEMORY", 10)
        response = office.get(EXPORT, {"as_of": "2017-06-01", "format": "csv"})
        assert response.streaming
        found = content(response).decode("utf-8-sig")
        assert list(csv.DictReader(io.StringIO(found, newline=""))) == small

    def test_may_not_where_the_role_only_reads(self):
        agency = make.agency()
        reader = client_of(make.user(role=Role.READER, agency=agency))
        assert reader.get(EXPORT).status_code == 403
        assert "この一覧を出力" not in text(reader.get(LIST))


def test_many_findings_are_read_in_slices_in_which_each_asks_no_more(office, monkeypatch):
    agency, company = make.agency(), make.contractor()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            content(office.get(EXPORT, {"as_of": "2017-06-01", "when": "standing"}))
        return len(queries)

    make.link(contract=make.contract(agency=agency, contractor=company))
    few = asked()
    for contract in make.many_contracts(number=30, agency=agency, contractor=company):
        make.link(contract=contract)
    assert asked() == few
    monkeypatch.setattr(exports, "SLICE", 50)
    standing = Finding.objects.on(date(2017, 6, 1)).count()
    assert standing > 200
    assert asked() <= few + 3 * (standing // 50)


def test_a_finding_unmade_while_it_is_read_is_left_out_and_not_counted():
    make.contract()
    keys = exports.keys_of(Finding.objects.order_by("pk"))
    Finding.objects.filter(pk=keys[0]).delete()
    assert [row.pk for row in exports.rows_of(keys, ON)] == list(keys[1:])
