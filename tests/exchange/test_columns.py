"""What a cell becomes, and what is said where it cannot become anything."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from exchange.columns import (
    Choice,
    Choices,
    Count,
    Day,
    NameAndCode,
    Named,
    Number,
    Share,
    Text,
    YesNo,
    code,
    company,
)
from exchange.sheets import items
from outsourcing.models import Clause


@pytest.mark.parametrize(
    ("column", "typed", "read"),
    [
        (Day("締結日"), "平成30年4月1日", date(2018, 4, 1)),
        (Day("締結日"), "Ｈ３０．４．１", date(2018, 4, 1)),
        (Day("締結日"), datetime(2018, 4, 1), date(2018, 4, 1)),  # noqa: DTZ001
        (Day("締結日"), date(2018, 4, 1), date(2018, 4, 1)),
        (Day("締結日"), "－", None),
        (Count("人数"), "１２，３４５人", 12345),
        (Count("人数"), 12.0, 12),
        (Count("人数"), "5万", 50000),
        (Count("人数"), None, None),
        (Number("番号"), "３", 3),
        (Share("割合"), "33.3333", Decimal("33.3333")),
        (Share("割合"), "0.5%", Decimal("0.5")),
        (Share("割合"), 60, Decimal(60)),
        (YesNo("要配慮"), "○", True),
        (YesNo("要配慮"), "無", False),
        (YesNo("要配慮"), None, False),
        (YesNo("要否", words=("必要", "不要")), "不要", False),
        (YesNo("要否", words=("必要", "不要"), blank=None), "", None),
        (Choice("条項", of=Clause), "事前承認", Clause.PRIOR_APPROVAL),
        (Choice("条項", of=Clause, also={"承認制": "prior_approval"}), "承認制", "prior_approval"),
        (Choice("条項", of=Clause, blank=""), "", ""),
        (Text("件名"), 12.0, "12"),
        (Text("件名"), None, ""),
        (Choices("事項", of=items.written_matters), "責任者、管理体制",
         ["responsible_person", "management"]),
        (Choices("事項", of=items.written_matters), "責任者\n責任者,later_matter",
         ["responsible_person", "later_matter"]),
        (NameAndCode("課室"), "総務課（００１）", Named("総務課", "001")),
        (NameAndCode("課室"), "総務課", Named("総務課", "総務課")),
        (code("契約コード"), "Ａ25-2017-00042 ", "A25-2017-00042"),
        (items.Exempt("軽微"), "データ入力：第8条第2項\n印刷・製本: 第9条",
         {"data_entry": "第8条第2項", "printing": "第9条"}),
        (items.Exempt("軽微"), None, {}),
    ],
)  # fmt: skip
def test_what_offices_type_is_understood(column, typed, read):
    assert column.read(typed) == read


@pytest.mark.parametrize(
    ("column", "typed", "says"),
    [
        (Day("締結日"), "平成31年2月30日", "締結日：「平成31年2月30日」"),
        (Day("締結日", required=True), None, "締結日を入力してください（例：2018-04-01）"),
        (Count("人数"), "多数", "人数：「多数」"),
        (Number("番号"), "0", "番号：「0」"),
        (Share("割合"), 101, "割合「101」は0から100までの数ではありません"),
        (Share("割合"), 0.6, "割合：「0.6」"),
        (YesNo("要配慮"), "たぶん", "要配慮「たぶん」は「はい」でも「いいえ」でもありません"),
        (
            Choice("条項", of=Clause),
            "相談",
            "条項「相談」は選択肢にありません。選べるのは禁止、事前承認",
        ),
        (Choices("事項", of=items.written_matters), "責任者、その他", "事項「その他」は選べません"),
        (items.Exempt("軽微"), "研究：第8条", "軽微「研究」は"),
        (items.Exempt("軽微"), "その他", "軽微「その他」に条番号がありません"),
    ],
)
def test_what_is_not_understood_is_named_with_an_example(column, typed, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        column.read(typed)


def test_a_company_is_written_as_pages_write_it():
    column = company("委託先", "contractor")
    key = UUID(int=1)
    assert column.cells(
        [[1, 2, None], ["甲社", "乙", None], ["1" * 13, None, None], [key] * 3]
    ) == [
        "甲社（1111111111111）",
        "乙［000000000000］",
        None,
    ]


def test_a_small_share_says_that_it_is_one_of_a_hundred():
    column = Share("割合")
    assert column.cells([[Decimal("0.5000"), Decimal("60.0000"), Decimal(100), None]]) == [
        "0.5%", Decimal(60), Decimal(100), None,
    ]  # fmt: skip


def test_items_are_parted_into_columns_and_put_together_again():
    said = {"8-4(1)": {"article": "第5条", "quote": "秘密を守る"}, "8-4(3)": {}, "8-4(4)": None}
    columns = items.columns(amends=True)
    values = {column.field: column.read(column.cells([[said]])[0]) for column in columns}
    assert items.gathered(values | {"number": "1"}) == {"items": said, "number": "1"}


def test_an_item_is_taken_out_by_an_amendment_alone():
    column = items.columns(amends=False)[0]
    with pytest.raises(ValueError, match="変更契約にだけ"):
        column.read("削除")
