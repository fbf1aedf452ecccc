"""Who is meant by what is typed: by name, reading or 法人番号, or as a suggestion writes it; and
nobody whom only another agency knows."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from outsourcing import corporate_numbers
from outsourcing.actions import contractors
from outsourcing.contractor_fields import ContractorField, as_typed, named
from outsourcing.models import Contractor
from outsourcing.scope import Scope
from tests import factories as make
from tests.properties import fewer

pytestmark = pytest.mark.django_db

NUMBER = corporate_numbers.synthetic_number(700_001)
OTHER = corporate_numbers.synthetic_number(700_002)


class NamingForm(forms.Form):
    """Not of the application: tests/test_foreign_keys_of_forms.py tries those that are."""

    contractor = ContractorField(label="委託先")


def form(text: str, among=None) -> NamingForm:
    made = NamingForm({"contractor": text})
    rows = Contractor.objects.all() if among is None else among
    made.fields["contractor"].contractors = rows
    return made


def meant(text: str, among=None) -> Contractor:
    made = form(text, among)
    assert made.is_valid(), made.errors
    return made.cleaned_data["contractor"]


def refusal(text: str, among=None) -> str:
    (said,) = form(text, among).errors["contractor"]
    return said


@pytest.fixture
def sample():
    return make.contractor(
        name="株式会社サンプル・データ", kana="サンプルデータ", corporate_number=NUMBER
    )


@pytest.fixture
def person():
    return make.contractor(name="見本 太郎", no_number_reason="individual")


@pytest.mark.parametrize(
    "typed",
    [
        "株式会社サンプル・データ",
        "　株式会社 サンプル・データ ",
        "株式会社ｻﾝﾌﾟﾙ･ﾃﾞｰﾀ",
        "株式会社さんぷる・でーた",
        "サンプルデータ",
        "さんぷるでーた",
        "ｻﾝﾌﾟﾙﾃﾞｰﾀ",
    ],
)
def test_by_name_or_reading_in_any_width_and_kana(sample, typed):
    make.contractor(name="株式会社サンプル・データセンター")
    assert meant(typed) == sample


def test_by_a_name_whose_kind_of_company_is_short_unless_another_is_called_just_so(sample):
    assert meant("㈱サンプル・データ") == meant("（株） ｻﾝﾌﾟﾙ･ﾃﾞｰﾀ") == sample
    assert "登録されていません" in refusal("サンプル・データ㈱")
    short = make.contractor(name="(株)サンプル・データ")
    assert meant("㈱サンプル・データ") == short


@pytest.mark.parametrize("write", [
    lambda number: number,
    lambda number: f" {number} ",
    lambda number: number.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    lambda number: f"{number[0]}-{number[1:5]}-{number[5:9]}-{number[9:]}",
    lambda number: f"{number[0]} {number[1:5]} {number[5:9]} {number[9:]}",
    lambda number: f"株式会社サンプル・データ（{number}）",
    lambda number: f"株式会社サンプル・データ({number})",
    lambda number: f"旧名称（{number}）",
])  # fmt: skip
def test_by_number_however_it_is_written_and_whatever_name_stands_before_it(sample, write):
    make.contractor(name="別の会社", corporate_number=OTHER)
    assert meant(write(NUMBER)) == sample


def test_what_a_suggestion_writes_names_the_same_again(sample, person):
    for one in (sample, person):
        make.contractor(name=one.name, no_number_reason="unknown")
        assert meant(as_typed(one)) == one


@settings(fewer(4), suppress_health_check=list(HealthCheck))
@given(st.text(max_size=30), st.booleans())
def test_whatever_a_name_looks_like_its_suggestion_names_it(name, numbered):
    assume(name.strip() and "\0" not in name and name == name.strip())
    assume(not any(0xD800 <= ord(letter) <= 0xDFFF for letter in name))
    assume(all(letter.isprintable() for letter in name))
    twins = [
        Contractor(name=name, no_number_reason="unknown"),
        Contractor(name=name, no_number_reason="unknown"),
    ]
    if numbered:
        free = Contractor.objects.count() + 710_000
        twins[0] = Contractor(name=name, corporate_number=corporate_numbers.synthetic_number(free))
    one, two = contractors.add_many(twins, by=make.recorder())
    assert meant(as_typed(one)) == one
    assert meant(as_typed(two)) == two


def test_a_part_of_a_name_names_nobody(sample):
    for typed in ("株式会社サンプル", "データ", "株式会社サンプル・データ2"):
        assert f"委託先「{typed}」は登録されていません" in refusal(typed)


@pytest.mark.parametrize(
    "typed", [OTHER, f"株式会社サンプル・データ（{OTHER}）", "x［000000000000］"]
)
def test_a_number_that_nobody_has_names_nobody_whatever_the_name(sample, typed):
    assert f"「{typed}」は登録されていません" in refusal(typed)


def test_names_that_are_alike_are_told_apart():
    twins = [
        make.contractor(name="見本商事", corporate_number=NUMBER),
        make.contractor(name="見本　商事", no_number_reason="unknown"),
    ]
    said = refusal("見本商事")
    assert "「見本商事」に当たる委託先が複数あります" in said
    assert all(as_typed(twin) in said for twin in twins)
    assert [meant(as_typed(twin)) for twin in twins] == twins
    assert "など" not in said


def test_of_many_that_are_alike_some_are_told():
    for _ in range(6):
        make.contractor(name="見本商事")
    said = refusal("見本商事")
    assert said.count("見本商事（") == 5
    assert said.endswith("など。")


def test_one_whose_name_is_the_reading_of_another_is_one_of_two(sample):
    twin = make.contractor(name="さんぷるデータ")
    said = refusal("サンプルデータ")
    assert as_typed(twin) in said
    assert as_typed(sample) in said


def test_what_is_voided_is_named_no_more(sample):
    Contractor.objects.filter(pk=sample.pk).update(voided_on=date(2018, 4, 1), void_reason="誤記")
    for typed in (sample.name, NUMBER, as_typed(sample)):
        assert "登録されていません" in refusal(typed)


def test_under_a_new_name_it_is_found_by_that(sample):
    contractors.correct(sample, by=make.recorder(), name="新名称株式会社")
    assert meant("新名称株式会社") == sample
    assert "登録されていません" in refusal("株式会社サンプル・データ")


@pytest.mark.parametrize("typed", ["", " ", "　"])
def test_where_nothing_is_typed_an_example_is_given(typed):
    assert refusal(typed) == "委託先を入力してください（例：株式会社見本、8999999000001）。"


def test_where_it_need_not_be_typed():
    field = ContractorField(label="委託先", required=False)
    assert field.clean(" ") is None


def test_every_refusal_says_what_was_typed_and_what_works(sample):
    said = refusal("株式会社だれか")
    assert "「株式会社だれか」" in said
    assert "例：株式会社見本、8999999000001" in said


def test_signs_that_mean_something_to_a_database_mean_nothing_here(sample):
    for typed in ("%", "_", "株式会社サンプル%", "*", "' OR 1=1 --", "\\", "[", "（）", "［］"):
        assert "登録されていません" in refusal(typed)


def test_what_is_too_long_is_refused():
    assert "300" in refusal("あ" * 301)


def test_a_form_that_comes_back_shows_what_names_the_row(sample):
    made = NamingForm(initial={"contractor": sample})
    assert f'value="株式会社サンプル・データ（{NUMBER}）"' in str(made["contractor"])
    typed = form("株式会社だれか")
    assert 'value="株式会社だれか"' in str(typed["contractor"])


class TestOthersAreNotTold:
    """Who has no number may be a person, whom the agency alone knows that entered the name."""

    @pytest.fixture
    def theirs(self):
        return contractors.add(
            by=make.recorder(),
            name="秘密 花子",
            no_number_reason="individual",
            agency=make.agency(),
        )

    @pytest.fixture
    def own(self):
        return make.agency()

    def among(self, agency):
        return Contractor.objects.visible_to(Scope.of([agency.pk]))

    def test_by_no_spelling(self, theirs, own):
        for typed in ("秘密 花子", "秘密花子", as_typed(theirs)):
            assert meant(typed) == theirs
            nobody = typed.replace("秘密", "無名").replace(theirs.public_id.hex[:12], "0" * 12)
            said, none = (refusal(text, self.among(own)) for text in (typed, nobody))
            assert said.replace(typed, "#") == none.replace(nobody, "#")

    def test_nor_as_one_of_several(self, theirs, own):
        mine = contractors.add(
            by=make.recorder(), name="秘密 花子", no_number_reason="individual", agency=own
        )
        assert meant("秘密 花子", self.among(own)) == mine
        for _ in range(2):
            make.contractor(name="秘密 花子")
        assert theirs.public_id.hex[:12] not in refusal("秘密 花子", self.among(own))

    def test_companies_by_number_are_everybodys(self, own):
        company = make.contractor(name="株式会社公開", corporate_number=NUMBER)
        assert meant("株式会社公開", self.among(own)) == company

    def test_until_it_is_said_who_may_be_named_nobody_is(self, sample):
        field = ContractorField(label="委託先")
        with pytest.raises(forms.ValidationError):
            field.clean(sample.name)


def test_two_whose_short_identifiers_are_alike_are_both_told():
    """Of twelve hexadecimal digits two are alike once in millions of ledgers."""
    twins = [make.contractor(name="見本", no_number_reason="unknown") for _ in range(2)]
    first = twins[0].public_id.hex
    like = first[:12] + twins[1].public_id.hex[12:]
    Contractor.objects.filter(pk=twins[1].pk).update(public_id=like)
    assert len(named(Contractor.objects.all(), as_typed(twins[0]))) == 2
