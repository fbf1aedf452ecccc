"""理由書 and 是正・再発防止策: what is on record about findings."""

from dataclasses import dataclass, field
from functools import cached_property

from exchange.columns import Choice, Column, Day, Text, code, text_of
from exchange.sheets import items
from exchange.sheets.base import Sheet
from exchange.sheets.shared import contract, document, user
from guideline.models import CorrectiveAction, Justification, Measure
from guideline.rules import RULES
from guideline.subjects import subject_in_words
from outsourcing.folding import fold


@dataclass(frozen=True)
class RuleColumn(Column):
    """A rule, by its title."""

    example: str = RULES[0].title
    width: float = 30

    @cached_property
    def choices(self):
        return tuple(rule.title for rule in RULES)

    def cell(self, code):
        return _TITLES.get(code, code)

    def parse(self, typed):
        found = _CODES.get(fold(text_of(typed)))
        if found is None:
            raise self.refusal(typed, "という規則はありません")
        return found


_TITLES = {rule.code: rule.title for rule in RULES}
_CODES = {fold(name): rule.code for rule in RULES for name in (rule.code, rule.title)}


@dataclass(frozen=True)
class Subject(Column):
    """What a finding is about: 契約, 再委託2, 第8-4(3), 管理体制."""

    example: str = "契約"
    words: dict = field(default_factory=dict, compare=False)

    def cell(self, subject):
        return subject_in_words(subject)

    def parse(self, typed):
        text = fold(text_of(typed)).removeprefix(fold("の"))
        if text.startswith("再委託") and text.removeprefix("再委託").isdigit():
            return f"link:{text.removeprefix('再委託')}"
        if text.startswith("第"):
            return f"item:{text.removeprefix('第')}"
        named = {fold(words): f"item:{code}" for code, words in items.written_matters().items()}
        named |= {"契約": "contract", "提供": "disclosure"}
        if text not in named:
            raise self.refusal(typed, "は所見の対象として読めません")
        return named[text]


ON = (
    contract(required=False),
    code(
        "提供コード", "disclosure", letter="T", note="提供についての行では、契約コードの代わりに。"
    ),
    RuleColumn("規則", "rule", required=True),
    Subject("対象", "subject", required=True),
)
JUSTIFICATION = Sheet(
    key="justifications",
    title="理由書",
    model=Justification,
    note="一行に一つの理由書。承認されたものだけが、所見の日数から除かれます。",
    own=(
        *ON,
        Day("理由の及ぶ初日", "first_day", required=True),
        Day("理由の及ぶ末日", "last_day", required=True),
        Text("理由", "reason", example="災害のため", required=True, width=40),
        document(),
        user("申請者", "asked_by", required=True, example="見本 花子（officer）"),
        Day("申請日", "asked_on", required=True),
        user("承認者", "approved_by"),
        Day("承認日", "approved_on"),
    ),
)
CORRECTION = Sheet(
    key="corrections",
    title="是正・再発防止策",
    model=CorrectiveAction,
    note="一行に一つの措置。完了日が空欄のものは、まだ終わっていません。",
    own=(
        *ON,
        Day("所見の初日", "first_day", required=True),
        Day("所見の末日", "last_day", example=""),
        Choice("措置の種類", "measure", of=Measure, required=True, width=20),
        Text("措置の内容", "description", width=40),
        user("担当者", "officer"),
        Day("着手日", "started_on", required=True),
        Day("期限", "due_on"),
        Day("完了日", "closed_on", example=""),
        Text("完了の内容", "outcome", width=30),
        document(),
    ),
)
