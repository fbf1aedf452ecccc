"""検査: what each visit looked at, a row for each target."""

from exchange.columns import Choice, Day, Text, YesNo, code
from exchange.sheets.base import Sheet
from exchange.sheets.shared import contract, link, reference, title
from outsourcing.models import InspectionMethod, InspectionResult, InspectionScope, InspectionTarget

SHEET = Sheet(
    key="inspections",
    title="検査",
    model=InspectionTarget,
    link="inspection",
    order=("inspection__fiscal_year", "inspection__serial", "subcontract__number", "pk"),
    note="一行に一つの検査の対象。一度に複数の契約や再委託を検査したときは、検査コード（新しい検査は"
    "整理番号）と検査の欄を同じにして、対象ごとに行を分けます。",
    own=(
        contract(),
        title(),
        link(required=False),
        code("検査コード", "inspection", letter="K", note="台帳が付ける符号。新しい検査は空欄。"),
        reference("新しい検査の行をまとめる符号。対象が一つだけなら空欄で構いません。"),
        Day("検査日", "inspection__day", name="day", required=True, aliases=("実施日",)),
        Choice("検査の方法", "inspection__method", name="method", of=InspectionMethod,
               required=True, aliases=("実施方法", "検査方法"), also={"実地検査": "on_site"}),
        Text("実地によらない理由", "inspection__not_on_site_reason", name="not_on_site_reason"),
        YesNo("委託先を通じて実施", "inspection__through_contractor", name="through_contractor"),
        Text("検査の場所", "inspection__place", name="place"),
        Text("検査した者", "inspection__inspectors", name="inspectors", aliases=("検査者",)),
        *(
            YesNo(f"{scope.label}を検査", f"covers_{scope}", example="はい",
                  blank=scope == InspectionScope.HANDLING, aliases=(scope.label,))
            for scope in InspectionScope
        ),
        Choice("結果", "result", of=InspectionResult, blank=InspectionResult.GOOD,
               aliases=("検査結果",), example=InspectionResult.GOOD.label),
        Text("指摘事項", "points", width=30),
        Day("改善の期限", "due_on", example=""),
        Day("改善を確認した日", "cleared_on", example=""),
    ),
)  # fmt: skip
