"""再委託: the links of each chain."""

from exchange.columns import Choice, Day, Number, Text, YesNo, company
from exchange.sheets.base import Sheet
from exchange.sheets.shared import LinkNumber, contract, reference, title
from outsourcing.models import LinkWork, Relation, Subcontract

SHEET = Sheet(
    key="links",
    title="再委託",
    model=Subcontract,
    order=("number",),
    note="一行に一つの再委託（再々委託以降も同じ）。",
    own=(
        contract(),
        title(),
        Number("再委託の番号", "number",
               "契約の何番目の再委託か。台帳が付けます。新しい再委託は空欄。", "",
               aliases=("再委託番号", "枝番")),
        reference("新しい再委託を、ほかの行から指すための符号。数字以外で始めます。"),
        LinkNumber("再委託元", "parent__number",
                   "再々委託以降では、その元の再委託の番号（又は整理番号）。委託先からの再委託は空欄。",
                   "", name="parent", aliases=("再委託元の番号",)),
        company("再委託先", "contractor", required=True,
                note="名称（法人番号）。名称だけ、法人番号だけでも構いません。",
                aliases=("再委託先名", "再委託先名称", "再委託先業者名")),
        Number("更新元の再委託", "renews__number",
               "前の年度から続く再委託では、更新元の契約での番号。", "", name="renews"),
        Choice("再委託する業務の種類", "work", of=LinkWork, blank=LinkWork.CORE, width=22),
        Text("再委託する業務の内容", "work_detail", width=30, aliases=("再委託の内容",)),
        Text("履行場所", "place"),
        Day("再委託期間の初日", "first_day", required=True, aliases=("再委託開始日",)),
        Day("再委託期間の末日", "last_day", "空欄なら、再委託元（なければ契約）の末日まで。",
            "2019-03-31", aliases=("再委託終了日",)),
        YesNo("個人情報を取り扱う", "handles_information", example="はい", blank=True,
              aliases=("個人情報の取扱い",)),
        Choice("申告された資本関係", "declared_relation", of=Relation, blank=Relation.UNKNOWN,
               aliases=("資本関係", "子会社該当")),
        Day("申告日", "declared_on"),
        Text("申告の根拠資料", "declared_evidence"),
    ),
)  # fmt: skip
