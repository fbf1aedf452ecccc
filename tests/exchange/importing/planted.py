"""A workbook in which nothing is wrong, and mistakes to plant in it: of a ledger that is recorded
already, with rows beside it that are new and hang on each other."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from exchange.reading.book import Book, Row, Unreadable
from exchange.sheets import BY_KEY
from outsourcing.models import Agency, Disclosure
from tests import factories as make
from tests.exchange.full import full_contract
from tests.exchange.importing.files import contract_row, exported

NOT_MINE = "会計課（002）"  # for which the importer does not write
BROKEN = Unreadable("#REF!", "数式が誤りの値「#REF!」になっています。")


class Kind(NamedTuple):
    """What somebody types below a heading, and at which heading that is told. ``needs``: what else
    of the row it takes for being a mistake. ``of``: only in the rows that are called so."""

    key: str
    heading: str
    typed: Any
    told: str = ""
    needs: tuple[str, ...] = ()
    of: str = ""


START, END = "契約期間の初日", "契約期間の末日（当初）"
TERM = (START, END, "契約締結日", "変更後の契約期間の末日", "番号", "解除日")
KINDS = (
    Kind("contracts", "契約締結日", "昨日"),
    Kind("contracts", START, "令和３５年１３月"),
    Kind("contracts", END, "未定"),
    Kind("contracts", END, "2016-03-31", needs=(START,)),
    Kind("contracts", "業務の種類", "占い"),
    Kind("contracts", "情報の種類", "個人"),
    Kind("contracts", "再委託の条項", "相談"),
    Kind("contracts", "課室", "ない課（999）"),
    Kind("contracts", "課室", NOT_MINE, of="新"),
    Kind("contracts", "委託先", "9876543210987"),
    Kind("contracts", "契約件名", None),
    Kind("contracts", "本人の数（人）", "多数"),
    Kind("contracts", "解除日", "2017-10-01", needs=("解除の理由",), of="新"),
    Kind("contracts", "解除の理由", "廃業", "解除日", needs=("解除日",), of="新"),
    Kind("contracts", "契約コード", "A01-2017-88888", of="新"),
    Kind("contracts", "更新元の契約", "A99-2017-00001"),
    Kind("contracts", "整理番号", BROKEN, of="新"),
    Kind("links", "整理番号", BROKEN, of="新"),
    Kind("links", "再委託の番号", BROKEN),
    Kind("links", "契約コード", BROKEN),
    Kind("links", "契約コード", "A01-2017-99999"),
    Kind("links", "再委託元", "無い"),
    Kind("links", "再委託先", None),
    Kind("links", "再委託期間の初日", "4月1日"),
    Kind("links", "再委託期間の末日", "2016-04-01", needs=("再委託期間の初日",)),
    Kind("links", "申告された資本関係", "孫会社"),
    Kind("links", "個人情報を取り扱う", "たぶん"),
    Kind("approvals", "結果", "保留"),
    Kind("approvals", "再委託の番号", "無い"),
    Kind("approvals", "有効期間の初日", "2018-04-01", "有効期間の末日", ("有効期間の末日",), "新"),
    Kind("inspections", "検査日", "2099-01-01", of="一人"),
    Kind("inspections", "検査日", "2017-13-01"),
    Kind("inspections", "検査の方法", "電話"),
    Kind("inspections", "整理番号", BROKEN, of="新"),
    Kind("inspections", "検査コード", BROKEN),
    Kind("inspections", "検査コード", "A01-2017-K99999"),
    Kind("inspections", "結果", "指摘あり", "指摘事項", ("指摘事項",), "新"),
    Kind("inspections", "改善の期限", "2016-01-01", needs=("検査日",), of="一人"),
    Kind("inspections", "管理体制を検査", "たぶん"),
    Kind("amendments", "変更後の再委託の条項", "自由"),
    Kind("amendments", "変更後の契約期間の末日", "延長"),
    Kind("amendments", "番号", 99, needs=("契約コード",)),
    Kind("amendments", "契約コード", BROKEN),
    Kind("reports", "受領日", None, needs=("提出期限",), of="新"),
    Kind("reports", "報告の種類", "臨時"),
    Kind("confirmations", "確認した事項", "責任者、その他"),
    Kind("decisions", "判断した日", "H29.13.1"),
    Kind("faults", "内容", None),
    Kind("faults", "確認した日", "先月"),
    Kind("disposals", "返却・消去の方法", "処分"),
    Kind("disclosures", "提供の初日", "春"),
    Kind("disclosures", "実地の調査の要否を判断した日", "2017-05-01", "実地の調査の要否",
         ("実地の調査の要否",), "新"),
    Kind("disclosures", "提供の末日", "2001-05-01", needs=("提供の初日",)),
    Kind("justifications", "申請者", "だれか", of="新"),
    Kind("justifications", "規則", "ない規則", of="新"),
    Kind("justifications", "理由の及ぶ初日", "2016-04-01",
         needs=("規則", "対象", "契約コード"), of="新"),
    Kind("corrections", "完了日", "2016-01-01", needs=("着手日",), of="記録"),
    Kind("companies", "名称", None, of="新"),
    Kind("companies", "法人番号がない理由", "個人", needs=("法人番号",), of="新"),
)  # fmt: skip


class Place(NamedTuple):
    key: str
    row: int  # of the sheet, as Excel counts it


class Planted(NamedTuple):
    place: Place
    kind: Kind


@dataclass(repr=False)
class Workbook:
    """``called``: what its rows are called. ``under``: by what a contract is called, the rows that
    hang on it. ``how`` it is checked."""

    book: Book
    called: dict[Place, str]
    under: dict[str, list[Place]]
    how: dict[str, Any] = field(default_factory=dict)

    def possible(self) -> list[Planted]:
        return [
            Planted(place, kind)
            for kind in KINDS
            for place, called in self.called.items()
            if place.key == kind.key and called.startswith(kind.of)
        ]

    def with_mistakes(self, planted: Iterable[Planted]) -> Book:
        book = copy.deepcopy(self.book)
        for (key, row), kind in planted:
            put(book, key, row, kind.heading, kind.typed)
        return book

    def told(self, planted: Sequence[Planted]) -> list[tuple[str, int, str]]:
        """What is to be told of these."""
        found = []
        for (key, row), kind in planted:
            found.append((BY_KEY[key].title, row, kind.told or kind.heading))
            if kind.typed == NOT_MINE:
                found += self._of_its_section(Place(key, row), planted)
        return sorted(found)

    def _of_its_section(self, place: Place, planted: Sequence[Planted]):
        contract = self.called[place].removeprefix("新")
        mended = {one.place for one in planted if one.kind.heading == "契約コード"}
        for under in self.under.get(contract, ()):
            if under not in mended:
                yield BY_KEY[under.key].title, under.row, "契約コード"


def together(planted: Iterable[Planted]) -> list[Planted]:
    """Of these such as leave each other what they are: one in a cell, and none in what another
    needs."""
    kept: list[Planted] = []
    for one in planted:
        if not any(_meet(one, other) for other in kept):
            kept.append(one)
    return kept


def _meet(one: Planted, other: Planted) -> bool:
    if _hides(one, other) or _hides(other, one):
        return True
    if one.place != other.place:
        return False
    cells = [{p.kind.heading, p.kind.told or p.kind.heading, *p.kind.needs} for p in (one, other)]
    touched = [{p.kind.heading, p.kind.told or p.kind.heading} for p in (one, other)]
    return bool(cells[0] & touched[1] or cells[1] & touched[0])


def _hides(one: Planted, other: Planted) -> bool:
    """Whether it may be this very row that the other seems to name in vain, or to be written for
    another section."""
    if other.kind.heading == "理由の及ぶ初日" and one.kind.heading in (*TERM, "契約コード"):
        return True  # of which term it is not known
    naming = ("整理番号", "再委託の番号", "契約コード")
    if one.kind.heading not in naming or one.place.key not in ("contracts", "links"):
        return False
    section = one.place.key == "contracts" and other.kind.typed == NOT_MINE
    return section or other.kind.typed == "無い"


def put(book: Book, key: str, number: int, heading: str, value: Any) -> None:
    sheet = book.sheet(BY_KEY[key].title)
    place = sheet.rows[0].values.index(heading)
    row = next(row for row in sheet.rows if row.number == number)
    row.values.extend([None] * (place + 1 - len(row.values)))
    row.values[place] = value


def workbook(agency: Agency, by, *, round_=None) -> Workbook:
    """Recorded: a contract with all there can be. New: two more, and what hangs on all three. With
    a round of the survey it is one of the survey office."""
    section = make.section(agency=agency, code="001", name="総務課")
    make.section(agency=agency, code="002", name="会計課")
    make.contractor(name="株式会社見本")
    recorded = full_contract(agency=agency, text="本文")
    for row in (recorded, Disclosure.objects.get()):
        row.section = section
        row.save(update_fields=["section"])
    if round_ is not None:
        make.confirmation(round_=round_, contract=recorded)
        make.holding(holder=make.contractor(), held=make.contractor(), share=60)
        made = Workbook(exported(), {}, {})
    else:
        made = Workbook(exported(agency), {}, {})
        made.book.sheets.remove(made.book.sheet(BY_KEY["holdings"].title))
    keys = {ours.title: key for key, ours in BY_KEY.items()}
    for sheet in (sheet for sheet in made.book if sheet.name in keys):
        key = keys[sheet.name]
        made.called |= {Place(key, row.number): "記録" for row in sheet.rows[1:]}
    for name in ("甲", "乙"):
        _contract(made, name)
    _others(made, recorded.code, by)
    return made


def _add(made: Workbook, key: str, called: str = "新", contract: str = "", **values) -> None:
    sheet = made.book.sheet(BY_KEY[key].title)
    number = sheet.rows[-1].number + 1
    sheet.rows.append(Row(number, []))
    if contract:
        values = {"契約コード": contract} | values
        made.under.setdefault(contract, []).append(Place(key, number))
    for heading, value in values.items():
        put(made.book, key, number, heading, value)
    made.called[Place(key, number)] = called


def _contract(made: Workbook, name: str) -> None:
    _add(made, "contracts", f"新{name}", **contract_row(整理番号=name, 契約件名=f"{name}の契約"))
    for link, above in (("子", None), ("孫", "子")):
        _add(made, "links", contract=name, 整理番号=link, 再委託元=above,
             再委託先="株式会社見本", 再委託期間の初日="2017-05-01")  # fmt: skip
    on_link = {"contract": name, "再委託の番号": "子"}
    _add(made, "approvals", **on_link, 結果="承認", 有効期間の末日="2018-03-31")
    _add(made, "inspections", "新一人", **on_link, 検査日="2017-11-01", 検査の方法="書面")
    _add(made, "inspections", "一人", contract=name, 検査日="2017-12-01", 検査の方法="書面")
    for number in (None, "子"):
        _add(made, "inspections", "新", **on_link | {"再委託の番号": number},
             整理番号=f"{name}の検査", 検査日="2018-01-01", 検査の方法="書面")  # fmt: skip
    _add(made, "amendments", contract=name, 変更の効力が生じる日="2017-08-01",
         変更後の契約期間の末日="2018-06-30")  # fmt: skip
    _add(made, "reports", contract=name, 報告の種類="定期報告", 受領日="2017-08-01")
    _add(made, "faults", contract=name, 確認した日="2017-08-01", 内容="名簿の置き忘れ")


def _others(made: Workbook, code: str, by) -> None:
    _add(made, "disclosures", 課室="総務課（001）", 提供先="見本大学", 提供の初日="2017-04-01",
         提供の根拠="法第8条第2項第3号", 提供先における利用目的="統計")  # fmt: skip
    of_rule = {"規則": "yearly-inspection", "対象": "契約"}
    _add(made, "justifications", contract=code, **of_rule, 理由の及ぶ初日="2017-06-01",
         理由の及ぶ末日="2017-07-01", 理由="災害",
         申請者=by.username, 申請日="2017-06-01")  # fmt: skip
    _add(made, "corrections", contract=code, **of_rule, 所見の初日="2017-06-01",
         措置の種類="委託先への指導", 措置の内容="指導した。", 着手日="2017-06-01")  # fmt: skip
    _add(made, "companies", 法人番号="7000012050002", 名称="株式会社新規")
