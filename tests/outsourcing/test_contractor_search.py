"""Contractors are suggested by any part of name, reading or number, and to nobody who may not know
of them."""

from __future__ import annotations

from random import Random

import pytest

from outsourcing import contractor_search, corporate_numbers
from outsourcing.actions import contractors
from outsourcing.contractor_search import similar, suggestions
from outsourcing.folding import fold, words
from outsourcing.models import Contractor, NamePart
from outsourcing.scope import Scope
from tests import factories as make

pytestmark = pytest.mark.django_db


def names(text: str, *, most: int = 12, scope: Scope | None = None) -> list[str]:
    rows = Contractor.objects.valid().visible_to(scope or Scope.everything())
    return [row.name for row in suggestions(rows, text, most=most)]


@pytest.fixture
def register():
    for name, kana in (
        ("株式会社みどりデータ", "みどりでーた"),
        ("緑印刷株式会社", "みどりいんさつ"),
        ("データみどり合同会社", ""),
        ("ＡＢＣ商事", "えーびーしーしょうじ"),
    ):
        make.contractor(name=name, kana=kana)


class TestWhatIsTyped:
    @pytest.mark.parametrize("typed", ["みどり", "ミドリ", "ﾐﾄﾞﾘ", "み"])
    def test_is_found_in_name_and_reading_in_every_spelling(self, register, typed):
        assert sorted(names(typed)) == sorted(
            ["株式会社みどりデータ", "緑印刷株式会社", "データみどり合同会社"]
        )

    def test_at_the_beginning_comes_first_also_behind_the_form(self, register):
        assert names("データ") == ["データみどり合同会社", "株式会社みどりデータ"]
        assert names("みどり")[-1] == "データみどり合同会社"

    @pytest.mark.parametrize("typed", ["abc", "ＡＢＣ", "bC商", "えーびー", "エ―ビ―"])
    def test_is_found_whatever_the_width_the_case_and_the_dash(self, register, typed):
        assert names(typed) == ["ＡＢＣ商事"]

    def test_as_several_words_is_found_in_any_order(self, register):
        assert set(names("みどり　データ")) == set(names("データ みどり"))
        assert set(names("データ みどり")) == {"株式会社みどりデータ", "データみどり合同会社"}
        assert names("緑 みどりいん") == ["緑印刷株式会社"]
        assert names("緑 データ") == []

    @pytest.mark.parametrize("typed", ["", " ", "　", "存在しない会社の名称", "龘", "%", "_", "\\"])
    def test_finds_nothing_where_there_is_nothing(self, register, typed):
        assert names(typed) == []

    def test_may_be_as_long_as_one_likes(self, register):
        assert names("株式会社みどりデータ") == ["株式会社みどりデータ"]
        assert names("株式会社みどりデーター") == []
        assert names("み" * 5000) == []

    def test_as_a_number_is_found_from_its_first_digit_on(self):
        number = corporate_numbers.synthetic_number(4321)
        make.contractor(name="番号の会社", corporate_number=number)
        make.contractor(name="別の会社", corporate_number=corporate_numbers.synthetic_number(87))
        for typed in (number, number[:7], f"{number[0]}-{number[1:5]}"):
            assert "番号の会社" in names(typed)
        assert names(number) == ["番号の会社"]
        assert names(f"{number}0") == []

    def test_no_more_are_found_than_are_asked_for_and_nobody_twice(self):
        for number in range(15):
            make.contractor(name=f"ここここ{number:02}", kana="ここここ")
        assert names("ここ") == [f"ここここ{number:02}" for number in range(12)]
        assert len(names("こ", most=3)) == 3


class TestAgainstPlainSearch:
    """Beside the plainest way: every word stands in what the contractor is searched by."""

    @pytest.mark.parametrize("looked_at", [1, 900])
    def test_finds_the_same(self, monkeypatch, looked_at):
        random = Random(5)
        pieces = ("みどり", "データ", "株式会社", "あ", "印刷", "サービス", "ああ", "西")
        made = [
            Contractor(
                name="".join(random.choices(pieces, k=random.randint(1, 4))),
                kana="".join(random.choices(pieces, k=random.randint(0, 3))),
                no_number_reason="other",
            )
            for _ in range(60)
        ]
        contractors.add_many(made, by=make.recorder())
        monkeypatch.setattr(contractor_search, "LOOKED_AT", looked_at)
        for _ in range(120):
            typed = " ".join(
                "".join(random.choices(pieces, k=random.randint(1, 4)))
                for _ in range(random.randint(1, 2))
            )
            asked = words(typed)
            expected = {row.pk for row in made if all(word in row.search_name for word in asked)}
            rows = suggestions(Contractor.objects.all(), typed, most=100)
            found = {row.pk for row in rows}
            assert found <= expected, typed
            assert len(found) == len(rows)
            if looked_at > len(made) or (len(asked) == 1 and len(asked[0]) <= 8):
                assert found == expected, typed


class TestPartsOfNames:
    def test_follow_a_correction(self):
        made = make.contractor(name="旧社名", kana="きゅう")
        contractors.correct(made, by=make.recorder(), name="新社名")
        assert names("旧社") == []
        assert names("新社") == names("きゅう") == ["新社名"]

    def test_are_left_alone_where_the_name_is(self):
        made = make.contractor(name="見本")
        before = set(NamePart.objects.values_list("pk"))
        contractors.correct(made, by=make.recorder(), address="東京都")
        assert set(NamePart.objects.values_list("pk")) == before

    def test_are_those_of_every_contractor(self):
        make.contractor(name="見本会社", kana="みほん")
        contractors.add_many(
            [Contractor(name="多数", no_number_reason="other")], by=make.recorder()
        )
        found = {row.search_name: {p.part for p in row.parts.all()} for row in _all()}
        for searched, parts in found.items():
            plain = [fold(name) for name in searched.split(" ")]
            assert parts == {
                name[start : start + 8] for name in plain for start in range(len(name))
            }


def _all():
    return Contractor.objects.prefetch_related("parts")


class TestWhoMayKnow:
    def test_who_has_no_number_is_suggested_to_the_agency_that_entered_it(self):
        own, other = make.agency(), make.agency()
        make.contractor(name="見本太郎", no_number_reason="individual", agency=own)
        assert names("見本", scope=Scope.of([own.pk])) == ["見本太郎"]
        assert names("見本", scope=Scope.of([other.pk])) == []
        assert names("見本", scope=Scope.of([own.pk, other.pk])) == ["見本太郎"]
        assert names("見本", scope=Scope.nothing()) == []
        assert names("見本") == ["見本太郎"]

    def test_companies_and_what_the_survey_office_entered_are_everybodys(self):
        agency = make.agency()
        make.contractor(name="見本会社")
        make.contractor(name="見本共同体", no_number_reason="joint_venture")
        assert sorted(names("見本", scope=Scope.of([agency.pk]))) == ["見本会社", "見本共同体"]

    def test_who_is_given_a_number_becomes_everybodys(self):
        own, other = make.agency(), make.agency()
        made = make.contractor(name="見本太郎", no_number_reason="unknown", agency=own)
        number = corporate_numbers.synthetic_number(31)
        values = {"corporate_number": number, "no_number_reason": ""}
        contractors.correct(made, by=make.recorder(), **values)
        assert names("見本", scope=Scope.of([other.pk])) == ["見本太郎"]
        values = {"corporate_number": None, "no_number_reason": "unknown"}
        contractors.correct(made, by=make.recorder(), **values)
        assert names("見本", scope=Scope.of([other.pk])) == ["見本太郎"]

    def test_who_is_voided_is_suggested_to_nobody(self):
        made = make.contractor(name="見本会社")
        Contractor.objects.filter(pk=made.pk).update(voided_on="2018-04-01", void_reason="誤り")
        assert names("見本") == []


class TestSimilarNames:
    @pytest.mark.parametrize(
        ("known", "typed"),
        [
            ("株式会社見本データ", "見本データ株式会社"),
            ("株式会社見本データ", "㈱見本ﾃﾞｰﾀ"),
            ("株式会社見本データ東京支店", "見本データ"),
            ("林", "株式会社林"),
        ],
    )
    def test_are_noticed(self, known, typed):
        make.contractor(name=known)
        assert [row.name for row in similar(Contractor.objects.all(), typed)] == [known]

    @pytest.mark.parametrize(
        ("known", "typed"),
        [("林業協会", "林"), ("見本印刷", "見本データ"), ("株式会社", "株式会社見本")],
    )
    def test_of_few_letters_are_no_reason_to_ask(self, known, typed):
        make.contractor(name=known)
        assert similar(Contractor.objects.all(), typed) == []

    def test_are_noticed_by_the_reading(self):
        make.contractor(name="緑印刷", kana="みどりいんさつ")
        (found,) = similar(Contractor.objects.all(), "みどり印刷", "ミドリインサツ")
        assert found.name == "緑印刷"
