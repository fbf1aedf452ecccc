"""Columns that several sheets have."""

from __future__ import annotations

from exchange.columns import (
    PLACE,
    Code,
    Column,
    NameAndCode,
    Number,
    Text,
    YesNo,
    code,
)

CONTRACT_CODE = "A25-2017-00042"
SYNTHETIC, REAL = "合成データ", "実データ"


def contract(at: str = "contract", *, required: bool = True) -> Code:
    """Which contract a row hangs on."""
    return code(
        "契約コード",
        at,
        note="台帳にある契約は契約コード、このファイルで新しく登録する契約は「契約」シートの整理番号。",
        example=CONTRACT_CODE,
        aliases=("契約の整理番号", "契約"),
        name="contract",
        required=required,
    )


def link(at: str = "subcontract", *, required: bool = True) -> Column:
    """Which link of it."""
    note = "契約の何番目の再委託か。新しい再委託は「再委託」シートの整理番号。"
    if not required:
        note += "契約そのものについての行は空欄。"
    return LinkNumber(
        "再委託の番号",
        f"{at}__number",
        note,
        1 if required else "",
        name="link",
        required=required,
        aliases=("再委託番号", "枝番"),
    )


class LinkNumber(Number):
    """The number of a link, or what the file calls a link that is yet to be made."""

    def parse(self, typed):
        try:
            return super().parse(typed)
        except ValueError:
            if isinstance(typed, str) and not typed.strip()[:1].isdigit():
                return typed.strip()
            raise


def place(what: str) -> Number:
    """Which of the rows that are recorded of the same contract or link."""
    return Number(
        "番号",
        PLACE,
        f"台帳にある{what}の番号。新しく記録する行は空欄。",
        "",
        name="place",
        aliases=("No", "No.", "記録の番号"),
    )


def reference(note: str) -> Text:
    """What the file itself calls a row that has no code yet."""
    return Text(
        "整理番号",
        (),
        note,
        "新1",
        name="reference",
        aliases=("管理番号", "通し番号"),
    )


def title(at: str = "contract") -> Text:
    """Of which contract a row is, for who reads the sheet."""
    return Text("契約件名", f"{at}__title", "見るための列で、変えても取り込みません。",
                told=True, width=30)  # fmt: skip


def document() -> Text:
    return Text("文書番号", "document_number", example="総個第12号", aliases=("文書の番号",))


def user(heading: str, at: str, **more) -> NameAndCode:
    """Somebody who has an account."""
    return NameAndCode(
        heading, (f"{at}__full_name", f"{at}__username"), more.pop("note", "氏名（利用者名）。"),
        name=at, **more,
    )  # fmt: skip


def section() -> NameAndCode:
    return NameAndCode(
        "課室",
        ("section__name", "section__code"),
        "課室名（課室コード）。一覧から選べます。",
        "総務課（001）",
        name="section",
        aliases=("課室名", "担当課", "課室コード", "所管課"),
    )


def synthetic() -> YesNo:
    """Whether it was made up, to show the ledger at work."""
    return YesNo("データの種類", "synthetic", "空欄は実データ。", "", words=(SYNTHETIC, REAL),
                 width=12)  # fmt: skip
