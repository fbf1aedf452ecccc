"""Recording a visit in a browser: targets first, then what it found; and what comes after."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from outsourcing.models import Evidence, Inspection, InspectionTarget
from tests import factories as make
from tests.pages import client_of, text
from tests.snapshots import snapshot
from trail.models import Access, Kind

pytestmark = pytest.mark.django_db

D = date
NEW = "/inspections/new/"
PDF = b"%PDF-1.7\n"
ONCE = re.compile(r'name="once" value="([^"]+)"')


class Office:
    def __init__(self):
        self.agency = make.agency(code="A01", name="あおぞら省")
        self.officer = make.officer(self.agency)
        self.client = client_of(self.officer)
        self.contract = make.contract(agency=self.agency, title="健康診断")
        self.link = make.link(contract=self.contract)
        self.other = make.contract(agency=self.agency, title="データ入力")
        self.code = self.contract.code
        self.codes = [self.code, f"{self.code}:link:1", self.other.code]

    def sent(self, *codes: str, **typed) -> dict:
        """What the page sends for these targets, as an officer fills it in."""
        codes = codes or (self.code,)
        page = self.client.get(NEW, {"targets": list(codes)})
        assert page.status_code == 200
        data = {
            "once": ONCE.search(page.content.decode())[1],
            "targets": list(codes),
            "day": "平成29年11月1日",
            "method": "on_site",
        }
        for code in codes:
            data |= {f"{code}-scopes": ["handling"], f"{code}-result": "good"}
        return data | typed

    def post(self, data: dict):
        return self.client.post(NEW, data)


@pytest.fixture
def office():
    return Office()


def upload(name="検査.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


class TestRecording:
    def test_one_visit_of_contracts_and_links(self, office):
        data = office.sent(
            *office.codes,
            place="本社",
            inspectors="試験 花子",
            **{
                f"{office.codes[1]}-result": "points",
                f"{office.codes[1]}-points": "施錠がない",
                f"{office.codes[1]}-due_on": "H29.12.1",
                f"{office.codes[2]}-scopes": ["management", "work"],
            },
        )
        response = office.post(data)
        visit = Inspection.objects.get()
        assert response["Location"] == f"/inspections/{visit.code}/"
        assert visit.code == "A01-2017-K00001"
        assert (visit.day, visit.place, visit.inspectors) == (D(2017, 11, 1), "本社", "試験 花子")
        rows = {row.code: row for row in visit.targets.all()}
        assert list(rows) == office.codes
        second, third = rows[office.codes[1]], rows[office.codes[2]]
        assert (second.result, second.points) == ("points", "施錠がない")
        assert (second.due_on, second.waits) == (D(2017, 12, 1), True)
        assert third.scopes == ["management", "work"]
        page = text(office.client.get(response["Location"]))
        assert all(word in page for word in ("施錠がない", "健康診断", "データ入力", "本社"))

    def test_the_same_for_all_is_typed_once(self, office):
        data = office.sent(*office.codes, same="on")
        data |= {"all-scopes": ["work"], "all-result": "bad", "all-points": "名簿の放置"}
        assert office.post(data).status_code == 302
        rows = InspectionTarget.objects.all()
        assert [(r.scopes, r.result, r.points) for r in rows] == [
            (["work"], "bad", "名簿の放置")
        ] * 3

    def test_or_copied_to_each_and_changed_there(self, office):
        data = office.sent(*office.codes, copy="1", day="13月1日", place="本社")
        data |= {"all-scopes": ["work"], "all-result": "points", "all-points": "名簿の放置"}
        before = snapshot()
        response = office.post(data)
        page = text(response)
        assert (response.status_code, snapshot()) == (200, before)
        assert page.count(">名簿の放置") + page.count('value="名簿の放置"') == 4
        assert 'value="13月1日"' in page
        assert 'value="本社"' in page
        assert data["once"] in response.content.decode()

    def test_sent_twice_counts_once(self, office):
        data = office.sent(files=[upload()])
        assert office.post(data).status_code == 302
        response = office.client.post(NEW, data | {"files": [upload()]}, follow=True)
        assert "既に記録されています" in text(response)
        assert (Inspection.objects.count(), Evidence.objects.count()) == (1, 1)

    def test_not_on_site_without_a_reason_is_taken(self, office):
        assert office.post(office.sent(method="remote")).status_code == 302
        assert Inspection.objects.get().not_on_site_reason == ""

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"day": ""}, "検査日"),
            ({"day": "平成29年2月30日"}, "平成29年2月30日"),
            ({"day": "2999-01-01"}, "今日より後"),
            ({"method": ""}, "検査の方法を選んでください"),
            ({"method": "by_ear"}, "by_ear"),
            ({"place": "長" * 301}, "300字まで"),
            ({"#-scopes": []}, "検査した事項を一つ以上"),
            ({"#-scopes": ["soul"]}, "soul"),
            ({"#-result": "so-so"}, "so-so"),
            ({"#-result": "points"}, "指摘事項を入力してください"),
            ({"#-points": "長" * 2001}, "2,000字まで"),
            ({"#-due_on": "2017-10-31"}, "検査日「2017-11-01」より前"),
            ({"#-cleared_on": "2017-10-31"}, "検査日「2017-11-01」より前"),
            ({"#-due_on": "来月"}, "来月"),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(self, office, typed, said):
        typed = {name.replace("#", office.code): value for name, value in typed.items()}
        data = office.sent(**{"inspectors": "試験 花子"} | typed)
        before = snapshot()
        response = office.post(data)
        page = text(response)
        assert (response.status_code, snapshot()) == (400, before)
        assert said in page
        assert 'value="試験 花子"' in page
        assert "<title>エラー：" in page

    @pytest.mark.parametrize(
        ("day", "status"),
        [("2017-10-31", 400), ("2017-11-01", 302), ("2017-11-02", 302)],
    )
    def test_a_correction_is_confirmed_on_the_day_or_later(self, office, day, status):
        assert office.post(office.sent(**{f"{office.code}-cleared_on": day})).status_code == status

    @pytest.mark.parametrize(("days", "status"), [(-1, 302), (0, 302), (1, 400)])
    def test_a_visit_lies_not_in_the_future(self, office, days, status):
        day = D.fromordinal(timezone.localdate().toordinal() + days)
        assert office.post(office.sent(day=day.isoformat())).status_code == status

    def test_another_agencys_targets_are_refused_like_what_there_is_not(self, office):
        theirs = make.contract().code
        before = snapshot()
        said = set()
        for code in (theirs, "A02-2017-00009"):
            data = office.sent()
            data["targets"] = [office.code, code]
            response = office.post(data)
            assert response.status_code == 400
            assert f"「{code}」は選べません" in text(response)
            said.add(text(response).replace(code, "#").replace(data["once"], ""))
            assert office.post(data | {"targets": [code]}).status_code == 400
        assert (len(said), snapshot()) == (1, before)

    def test_files_are_kept_or_refused_by_name(self, office):
        data = office.sent(files=[upload("証.pdf"), upload("写.exe", b"\xff\xd8\xff\xe0JFIF")])
        assert office.post(data).status_code == 302
        kept = Evidence.objects.order_by("pk").values_list("name", "kind")
        assert list(kept) == [("証.pdf", "application/pdf"), ("写.exe.jpg", "image/jpeg")]
        before = snapshot()
        bad = office.sent(files=[upload("罠.pdf", b"MZ\x90")], place="支社")
        response = office.post(bad)
        page = text(response)
        assert (response.status_code, snapshot()) == (400, before)
        assert "「罠.pdf」（3バイト）の中身は実行プログラムです" in page
        assert 'value="支社"' in page

    def test_plans_of_the_targets_are_offered_and_done(self, office):
        near = make.plan(contract=office.contract)
        far = make.plan(contract=office.contract, planned_on=D(2018, 3, 1))
        page = text(office.client.get(NEW, {"targets": office.code}))
        assert re.search(f'value="{near.public_id}"[^>]* checked', page)
        assert not re.search(f'value="{far.public_id}"[^>]* checked', page)
        office.post(office.sent(plans=[str(near.public_id)]))
        near.refresh_from_db()
        far.refresh_from_db()
        assert (near.inspection, far.inspection) == (Inspection.objects.get(), None)

    def test_from_a_plan_its_method_and_inspectors_are_taken_over(self, office):
        row = make.plan(
            contract=office.contract, link=office.link, method="remote", inspectors="総務課"
        )
        page = text(office.client.get(NEW, {"plans": row.public_id}))
        assert f'name="{office.code}:link:1-result"' in page
        assert '<option value="remote" selected>' in page
        assert 'value="総務課"' in page
        theirs = make.plan(contract=make.contract())
        for key in (theirs.public_id, "00000000-0000-0000-0000-000000000000", "x"):
            assert office.client.get(NEW, {"plans": key}).status_code == 404


class TestChecking:
    def test_tells_what_it_would_clear_before_it_is_saved(self, office):
        data = office.sent() | {"check": "1", "fragment": "1"}
        before = snapshot()
        page = text(office.post(data))
        assert "<html" not in page
        assert "年1回以上の検査がない" in page
        assert snapshot() == before

    def test_without_scripts_the_whole_page_says_so(self, office):
        page = text(office.post(office.sent(method="documents") | {"check": "1"}))
        assert "検査が実地によらず、その理由がない" not in page  # not asked for before 2018-10-22
        assert "年1回以上の検査がない" in page
        assert 'name="day" value="平成29年11月1日"' in page

    def test_is_not_offered_for_several_contracts(self, office):
        assert 'name="check"' in text(office.client.get(NEW, {"targets": office.codes[:2]}))
        assert 'name="check"' not in text(office.client.get(NEW, {"targets": office.codes}))


class TestAfterwards:
    @pytest.fixture
    def visit(self, office):
        office.post(office.sent(*office.codes[:2], files=[upload("検査 記録.pdf")]))
        return Inspection.objects.get()

    def page(self, name, visit, *more):
        return reverse(name, args=[visit.code, *more])

    def test_a_visit_is_corrected(self, office, visit):
        address = self.page("inspection-correct", visit)
        data = {"version": 1, "day": "2017-11-02", "method": "documents", "place": "支社"}
        assert office.client.post(address, data).status_code == 302
        visit.refresh_from_db()
        assert (visit.day, visit.method, visit.place) == (D(2017, 11, 2), "documents", "支社")
        response = office.client.post(address, data | {"place": "工場"})
        assert response.status_code == 409
        assert "支社" in text(response)

    def test_a_target_is_corrected_and_cleared(self, office, visit):
        code = office.codes[1]
        data = {"version": 1, "scopes": ["work"], "result": "bad", "points": "放置"}
        address = self.page("inspection-target", visit, code)
        assert office.client.post(address, data).status_code == 302
        again = office.client.post(address, data | {"scopes": ["handling"]})
        assert again.status_code == 409
        assert "個人情報の管理の状況" in text(again)
        clear = self.page("inspection-target-clear", visit, code)
        assert "放置" in text(office.client.get(clear))
        assert (
            office.client.post(clear, {"version": 2, "cleared_on": "2017-12-1"}).status_code == 302
        )
        row = visit.targets.get(subcontract=office.link)
        assert (row.scopes, row.result, row.cleared_on) == (["work"], "bad", D(2017, 12, 1))

    def test_what_is_not_there_is_not_found(self, office, visit):
        for address in (
            self.page("inspection-target", visit, office.other.code),
            self.page("inspection-target", visit, "x"),
            "/inspections/A01-2017-K99999/",
            "/inspections/A01-2017-00001/",
        ):
            assert office.client.get(address).status_code == 404

    def test_one_target_and_then_all_are_taken_back(self, office, visit):
        target = self.page("inspection-target-void", visit, office.codes[1])
        assert office.client.post(target, {"version": 1, "void_reason": ""}).status_code == 400
        data = {"version": 1, "void_reason": "見ていない"}
        assert office.client.post(target, data).status_code == 302
        assert visit.targets.valid().count() == 1
        last = self.page("inspection-target-void", visit, office.code)
        assert "ただ一つの対象" in text(office.client.post(last, data))
        response = office.client.post(self.page("inspection-void", visit), data)
        assert response["Location"] == "/inspections/"
        assert office.client.get(self.page("inspection", visit)).status_code == 404

    def test_evidence_is_given_as_a_file_and_counted(self, office, visit):
        row = visit.evidence.get()
        response = office.client.get(self.page("inspection-evidence", visit, row.public_id))
        assert response.content == PDF
        assert response["Content-Type"] == "application/pdf"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Disposition"] == (
            "attachment; filename*=utf-8''%E6%A4%9C%E6%9F%BB%20%E8%A8%98%E9%8C%B2.pdf"
        )
        taken = Access.objects.filter(kind=Kind.DOWNLOAD).get()
        assert (taken.rows, visit.code in taken.object) == (1, True)

    def test_evidence_is_added_once_and_taken_back(self, office, visit):
        address = self.page("inspection-evidence-new", visit)
        once = ONCE.search(office.client.get(address).content.decode())[1]
        for _ in range(2):
            data = {"once": once, "files": [upload("追加.pdf", PDF + b"2")]}
            assert office.client.post(address, data).status_code == 302
        assert visit.evidence.count() == 2
        assert office.client.post(address, {"once": once}).status_code == 400
        row = visit.evidence.get(name="追加.pdf")
        void = self.page("inspection-evidence-void", visit, row.public_id)
        data = {"version": 1, "void_reason": "別の検査のもの"}
        assert office.client.post(void, data).status_code == 302
        given = self.page("inspection-evidence", visit, row.public_id)
        assert office.client.get(given).status_code == 404

    def test_who_writes_for_another_section_reads_and_changes_nothing(self, office, visit):
        section = make.section(agency=office.agency)
        client = client_of(make.user(role=Role.OFFICER, agency=office.agency, section=section))
        assert "訂正する" not in text(client.get(self.page("inspection", visit)))
        for name in ("inspection-correct", "inspection-void", "inspection-evidence-new"):
            assert client.get(self.page(name, visit)).status_code == 403
        for name in ("inspection-target", "inspection-target-clear", "inspection-target-void"):
            assert client.get(self.page(name, visit, office.code)).status_code == 403


class TestList:
    def test_is_narrowed_by_what_is_asked_for(self, office):
        make.inspection(contract=office.contract, day=D(2018, 3, 31), place="本社")
        second = make.inspection(contract=office.other, day=D(2018, 4, 1), method="remote")
        second.targets.update(result="bad")

        def found(**asked):
            response = office.client.get("/inspections/", asked)
            assert response.status_code in (200, 302)
            return [row.record.code for row in response.context["table"].rows]

        first_code, second_code = "A01-2017-K00001", "A01-2018-K00001"
        assert found() == [second_code, first_code]
        for asked, codes in (
            ({"year": "2017"}, [first_code]),
            ({"year": "2018"}, [second_code]),
            ({"method": "remote"}, [second_code]),
            ({"result": "bad"}, [second_code]),
            ({"waits": "yes"}, [second_code]),
            ({"waits": "no"}, [first_code]),
            ({"q": "健康"}, [first_code]),
            ({"q": "本社"}, [first_code]),
            ({"q": "a01-2018-k00001"}, [second_code]),
            ({"q": "どこにもない"}, []),
            ({"year": "きのう"}, []),
        ):
            assert found(**asked) == codes, asked
