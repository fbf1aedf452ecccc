"""Pages of the contractors: found, read, added, corrected, dissolved; and kept from who may not
know of them."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Role
from outsourcing import corporate_numbers
from outsourcing.actions import contractors
from outsourcing.contractor_fields import as_typed
from outsourcing.models import Contractor
from tests import factories as make
from tests.pages import client_of, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contract_rules")]

NEW = reverse("contractor-new")
NUMBER = corporate_numbers.synthetic_number(900_001)


class Office:
    """An officer of one agency, one of another, and the survey office."""

    def __init__(self):
        self.agency, self.other = make.agency(code="A01"), make.agency(code="A02")
        self.officer = client_of(make.officer(self.agency))
        self.stranger = client_of(make.officer(self.other))
        self.survey = client_of(make.user(role=Role.SURVEY_OFFICE))
        self.secret = make.contractor(
            name="見本太郎", no_number_reason="individual", agency=self.agency
        )


@pytest.fixture
def office():
    return Office()


def typed(**fields) -> dict:
    plain = {"name": "株式会社見本", "kana": "みほん", "corporate_number": NUMBER}
    plain |= {"no_number_reason": "", "address": "", "once": str(uuid.uuid4())}
    return plain | fields


def errors(response) -> dict[str, list[str]]:
    assert response.status_code == 400
    return dict(response.context["form"].errors)


def page_of(contractor: Contractor, name: str = "contractor") -> str:
    return reverse(name, args=[contractor.public_id])


class TestSuggestions:
    def test_say_what_is_put_into_the_field_and_what_tells_it_apart(self, office):
        row = make.contractor(
            name="見本会社", kana="みほん", corporate_number=NUMBER, dissolved_on=date(2018, 3, 31)
        )
        found = office.officer.get("/contractors/suggest/?q=見本").json()["suggestions"]
        assert [one["text"] for one in found] == [as_typed(row), as_typed(office.secret)]
        assert found[0] == {
            "text": f"見本会社（{NUMBER}）",
            "name": "見本会社",
            "kana": "みほん",
            "number": NUMBER,
            "note": "2018-03-31解散",
        }
        assert found[1]["note"] == "法人番号なし（個人）"

    def test_are_twelve_at_most(self, office):
        for _ in range(13):
            make.contractor(name="会社")
        assert len(office.officer.get("/contractors/suggest/?q=会社").json()["suggestions"]) == 12

    @pytest.mark.parametrize("query", ["", "?q=", "?q=%00", "?q=%E3%80%80", "?p=1"])
    def test_of_nothing_are_none(self, office, query):
        answer = office.officer.get(f"/contractors/suggest/{query}")
        assert (answer.status_code, answer.json()) == (200, {"suggestions": []})


class TestWhoMayKnow:
    """Who has no number, of the agency that entered the name alone."""

    def test_is_found_by_the_own_agency(self, office):
        assert "見本太郎" in text(office.officer.get("/contractors/?q=見本"))
        assert office.officer.get(page_of(office.secret)).status_code == 200

    def test_is_in_no_list_suggestion_or_page_of_another(self, office):
        for address in ("/contractors/", "/contractors/?q=見本太郎", "/contractors/?numbered=no"):
            page = text(office.stranger.get(address))
            assert office.secret.public_id.hex[:12] not in page
            assert str(office.secret.public_id) not in page
        found = office.stranger.get("/contractors/suggest/?q=見本太郎").json()
        assert found == {"suggestions": []}
        none = uuid.UUID(int=1)
        for name in ("contractor", "contractor-correct"):
            answers = [
                office.stranger.get(reverse(name, args=[key]))
                for key in (office.secret.public_id, none)
            ]
            assert [answer.status_code for answer in answers] == [404, 404]

    def test_is_no_similar_name_of_another(self, office):
        fields = typed(name="見本太郎", kana="", corporate_number="", no_number_reason="individual")
        assert "different" in errors(office.officer.post(NEW, fields))
        assert office.stranger.post(NEW, fields | {"once": uuid.uuid4()}).status_code == 302

    def test_is_in_no_holding_of_another(self, office):
        company = make.contractor(name="出資会社")
        make.holding(holder=office.secret, held=company)
        for address in (page_of(company), "/holdings/"):
            assert "見本太郎" in text(office.officer.get(address))
            assert "見本太郎" not in text(office.stranger.get(address))

    def test_is_the_same_list_for_everybody_where_there_is_a_number(self, office):
        make.contractor(name="公開会社")
        for client in (office.officer, office.stranger, office.survey):
            assert "公開会社" in text(client.get("/contractors/"))


class TestList:
    @pytest.mark.parametrize(
        "query",
        ["q=ﾐﾄﾞﾘ", "q=みどり", "q=ＭＩＤＯＲＩ", "q=midori　緑", f"q={NUMBER}", f"q={NUMBER[:5]}"],
    )
    def test_finds_every_spelling_and_the_number(self, office, query):
        make.contractor(name="緑MIDORI", kana="みどり", corporate_number=NUMBER)
        make.contractor(name="別の会社", corporate_number=corporate_numbers.synthetic_number(55))
        page = text(office.officer.get(f"/contractors/?{query}"))
        assert ("緑MIDORI" in page, "別の会社" in page) == (True, False)

    def test_narrows_by_number_and_dissolution(self, office):
        gone = make.contractor(name="解散会社")
        contractors.dissolve(gone, by=make.recorder(), on=date(2018, 3, 31))
        make.contractor(name="続く会社")

        def shown(query: str) -> tuple[bool, ...]:
            page = text(office.officer.get(f"/contractors/?{query}"))
            return tuple(name in page for name in ("見本太郎", "解散会社", "続く会社"))

        assert shown("numbered=yes") == (False, True, True)
        assert shown("numbered=no") == (True, False, False)
        assert shown("dissolved=yes") == (False, True, False)
        assert shown("dissolved=no") == (True, False, True)

    def test_is_not_for_who_reads_no_ledger(self):
        admin = client_of(make.user(role=Role.SYSTEM_ADMIN))
        assert admin.get("/contractors/").status_code == 403


class TestPage:
    def test_counts_the_contracts_of_the_own_ledgers_alone(self, office):
        company = make.contractor(name="請負会社")
        own = make.contract(agency=office.agency, contractor=company, title="自機関の契約")
        theirs = make.contract(agency=office.other, contractor=company, title="他機関の契約")
        for contract in (own, theirs):
            for _ in range(2):  # twice in one chain is one contract
                make.link(contract=contract, contractor=company)
        page = text(office.officer.get(page_of(company)))
        assert ("自機関の契約" in page, "他機関の契約" in page) == (True, False)
        assert "委託先である契約（1件）" in page
        assert "再委託先である契約（1件）" in page
        page = text(office.survey.get(page_of(company)))
        assert "委託先である契約（2件）" in page
        assert "再委託先である契約（2件）" in page

    def test_computes_subsidiaries_of_today(self, office):
        top, middle, bottom, sold = (
            make.contractor(name=name)
            for name in ("親会社", "子会社甲", "孫会社乙", "売られた会社")
        )
        make.holding(holder=top, held=middle, share=100)
        make.holding(holder=top, held=bottom, share=30)
        make.holding(holder=middle, held=bottom, share=30)
        make.holding(holder=top, held=sold, share=100, last_day=date(2018, 3, 31))
        context = office.officer.get(page_of(top)).context
        assert context["subsidiaries"] == [(middle, True), (bottom, False)]
        assert context["owners"] == []
        context = office.officer.get(page_of(bottom)).context
        assert context["owners"] == [(top, False)]
        assert [row.holder for row in context["above"]] == [middle, top]

    def test_leads_to_forms_those_who_may(self, office):
        company = make.contractor()
        make.holding(holder=make.contractor(), held=company)
        for client, corrects, dissolves in (
            (office.officer, True, False),
            (office.survey, True, True),
            (client_of(make.user(role=Role.CHIEF, agency=office.agency)), False, False),
        ):
            page = text(client.get(page_of(company)))
            assert (page_of(company, "contractor-correct") in page) is corrects
            assert (page_of(company, "contractor-dissolve") in page) is dissolves
            assert ("/holdings/new/" in page) is dissolves

    def test_asks_no_more_often_because_there_is_more(self, office, django_assert_max_num_queries):
        company = make.contractor()

        def fill(number: int) -> None:
            for _ in range(number):
                make.holding(holder=company, held=make.contractor(), share=60)
                make.holding(holder=make.contractor(), held=company, share=60)
                contract = make.contract(agency=office.agency, contractor=company)
                make.link(contract=contract, contractor=company)

        fill(2)
        office.officer.get(page_of(company))
        with django_assert_max_num_queries(45) as few:
            office.officer.get(page_of(company))
        fill(12)
        with django_assert_max_num_queries(len(few)):
            office.officer.get(page_of(company))


class TestAdding:
    def test_a_company_by_its_number_for_everybody(self, office):
        answer = office.officer.post(NEW, typed(corporate_number=f"{NUMBER[0]}-{NUMBER[1:]}"))
        made = Contractor.objects.get(corporate_number=NUMBER)
        assert answer.headers["Location"] == page_of(made)
        assert (made.name, made.kana, made.agency) == ("株式会社見本", "みほん", None)

    def test_who_has_no_number_for_the_own_agency(self, office):
        fields = typed(name="山田花子", kana="", corporate_number="", no_number_reason="individual")
        office.officer.post(NEW, fields)
        assert Contractor.objects.get(name="山田花子").agency == office.agency

    def test_by_the_survey_office_is_for_everybody(self, office):
        fields = typed(corporate_number="", no_number_reason="joint_venture")
        office.survey.post(NEW, fields)
        assert Contractor.objects.get(name="株式会社見本").agency is None
        assert "株式会社見本" in text(office.stranger.get("/contractors/"))

    def test_who_serves_two_agencies_says_for_which(self, office):
        user = make.officer(office.agency)
        make.membership(user=user, role=Role.OFFICER, agency=office.other)
        client = client_of(user)
        fields = typed(corporate_number="", no_number_reason="other")
        assert list(errors(client.post(NEW, fields))) == ["agency"]
        client.post(NEW, fields | {"agency": "A02"})
        assert Contractor.objects.get(name="株式会社見本").agency == office.other

    def test_twice_counts_once(self, office):
        fields = typed()
        first, second = (office.officer.post(NEW, fields) for _ in range(2))
        assert first.headers["Location"] == second.headers["Location"]
        assert Contractor.objects.filter(corporate_number=NUMBER).count() == 1

    @pytest.mark.parametrize(
        ("fields", "field", "said"),
        [
            ({"name": ""}, "name", ["名称", "例：株式会社見本"]),
            ({"corporate_number": ""}, "corporate_number", ["空欄", "例：7000012050002"]),
            ({"corporate_number": "12"}, "corporate_number", ["「12」", "13桁", "例："]),
            ({"corporate_number": "九" * 13}, "corporate_number", ["「九九", "数字でない", "例："]),
            (
                {"corporate_number": "1000012050002"},
                "corporate_number",
                ["「1000012050002」", "検査用数字", "例："],
            ),
            ({"no_number_reason": "lost"}, "no_number_reason", ["「lost」", "例：個人"]),
            ({"no_number_reason": "other"}, "no_number_reason", [NUMBER, "「その他」", "例："]),
        ],
    )
    def test_says_what_was_typed_why_not_and_what_would_work(self, office, fields, field, said):
        (message,) = errors(office.officer.post(NEW, typed(**fields)))[field]
        assert [part for part in said if part not in message] == []

    def test_the_numbers_that_are_examples_are_ones(self):
        assert corporate_numbers.parse("7-0000-1205-0002") == "7000012050002"

    def test_a_number_that_is_known_is_refused_with_it(self, office):
        make.contractor(corporate_number=NUMBER)
        (message,) = errors(office.officer.post(NEW, typed()))["corporate_number"]
        assert NUMBER in message
        assert "既に登録" in message

    def test_a_similar_name_is_asked_back_and_then_taken(self, office):
        known = make.contractor(name="見本株式会社")
        fields = typed(corporate_number="", no_number_reason="unknown")
        answer = office.officer.post(NEW, fields)
        (message,) = errors(answer)["different"]
        assert "「株式会社見本」" in message
        assert as_typed(known) in message
        assert 'type="checkbox"' in text(answer)
        assert office.officer.post(NEW, fields | {"different": "on"}).status_code == 302

    def test_two_companies_of_one_name_have_two_numbers(self, office):
        make.contractor(name="見本株式会社")
        assert office.officer.post(NEW, typed()).status_code == 302

    def test_is_for_those_who_may(self, office):
        chief = client_of(make.user(role=Role.CHIEF, agency=office.agency))
        assert chief.post(NEW, typed()).status_code == 403
        assert not Contractor.objects.filter(corporate_number=NUMBER).exists()


class TestAddingInPlace:
    """As ``static/js/combobox.js`` asks for it."""

    def test_gives_a_piece_of_a_page_with_the_name_in_it(self, office):
        answer = office.officer.get(f"{NEW}?fragment=1&name=新しい会社")
        assert 'value="新しい会社"' in text(answer)
        assert "<html" not in text(answer)

    def test_answers_with_what_is_to_be_put_into_the_field(self, office):
        fields = typed(fragment="1")
        for _ in range(2):  # a double click
            answer = office.officer.post(NEW, fields)
            assert (answer.status_code, answer.json()) == (
                201,
                {"text": f"株式会社見本（{NUMBER}）"},
            )

    def test_comes_back_with_its_errors(self, office):
        answer = office.officer.post(NEW, typed(fragment="1", name=""))
        assert answer.status_code == 400
        assert "名称を入力してください" in text(answer)
        assert "<html" not in text(answer)

    def test_is_offered_to_those_who_may(self, office):
        chief = client_of(make.user(role=Role.CHIEF, agency=office.agency))
        said = "data-contractor-new"
        assert said in text(office.officer.get("/contracts/"))
        assert said not in text(chief.get("/contracts/"))


class TestCorrecting:
    def fields(self, row: Contractor, **changed) -> dict:
        names = ("name", "kana", "address", "no_number_reason")
        plain = {name: getattr(row, name) for name in names}
        plain |= {"corporate_number": row.corporate_number or "", "version": row.version}
        return plain | changed

    def test_changes_what_it_is_called_and_found_by(self, office):
        row = make.contractor(name="旧社名", corporate_number=NUMBER)
        address = page_of(row, "contractor-correct")
        office.officer.post(address, self.fields(row, name="新社名", kana="しんしゃめい"))
        assert "新社名" in text(office.stranger.get("/contractors/?q=シンシャ"))
        assert "旧社名" not in text(office.stranger.get("/contractors/"))

    def test_shows_both_where_somebody_else_was_first(self, office):
        row = make.contractor(name="元の名称", corporate_number=NUMBER)
        fields = self.fields(row, name="あなたの名称")
        contractors.correct(row, by=make.recorder(), name="先の名称")
        answer = office.officer.post(page_of(row, "contractor-correct"), fields)
        assert answer.status_code == 409
        assert all(name in text(answer) for name in ("先の名称", "あなたの名称"))
        assert Contractor.objects.get(pk=row.pk).name == "先の名称"

    def test_a_number_makes_it_everybodys(self, office):
        fields = self.fields(office.secret, corporate_number=NUMBER, no_number_reason="")
        office.officer.post(page_of(office.secret, "contractor-correct"), fields)
        assert office.stranger.get(page_of(office.secret)).status_code == 200


class TestDissolving:
    def test_is_recorded_and_taken_back_by_the_survey_office(self, office):
        row = make.contractor(name="解散会社")
        address = page_of(row, "contractor-dissolve")
        office.survey.post(address, {"dissolved_on": "平成30年3月31日", "version": row.version})
        row.refresh_from_db()
        assert row.dissolved_on == date(2018, 3, 31)
        office.survey.post(address, {"dissolved_on": "", "version": row.version})
        row.refresh_from_db()
        assert row.dissolved_on is None

    def test_says_what_day_cannot_be_read(self, office):
        address = page_of(make.contractor(), "contractor-dissolve")
        answer = office.survey.post(address, {"dissolved_on": "去年", "version": 1})
        (message,) = errors(answer)["dissolved_on"]
        assert "「去年」" in message
        assert "例：" in message
