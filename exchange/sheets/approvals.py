"""承認: the decisions on each link."""

from exchange.columns import Choice, Day, Text
from exchange.sheets.base import Sheet
from exchange.sheets.shared import contract, document, link, place, title
from outsourcing.models import Approval, ApprovalResult

SHEET = Sheet(
    key="approvals",
    title="承認",
    model=Approval,
    of="subcontract__contract",
    link="subcontract",
    numbered_by="subcontract_id",
    order=("subcontract__number", "pk"),
    note="一行に一つの決定。取り消したときは、結果が「取消」の行を加えます。",
    own=(
        contract("subcontract__contract"),
        title("subcontract__contract"),
        link(),
        place("承認"),
        Day("申請日", "applied_on", aliases=("承認申請日",)),
        Day("決定日", "decided_on", "空欄の承認は、承認として数えません。", aliases=("承認日",)),
        Choice("結果", "result", of=ApprovalResult, required=True, aliases=("承認結果", "可否")),
        Day("有効期間の初日", "first_day"),
        Day("有効期間の末日", "last_day", example="2019-03-31"),
        Text("承認の範囲", "scope"),
        Text("条件", "conditions", aliases=("承認の条件",)),
        Text("決裁者", "authority", aliases=("承認者",)),
        document(),
    ),
)
