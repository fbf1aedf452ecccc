"""検査計画: what shall be inspected, and when."""

from exchange.columns import Choice, Day, Text, code
from exchange.sheets.base import Sheet
from exchange.sheets.shared import contract, link, place, title, user
from outsourcing.models import InspectionMethod, PlannedInspection

SHEET = Sheet(
    key="plans",
    title="検査計画",
    model=PlannedInspection,
    numbered_by="contract_id",
    note="一行に一つの検査の予定。",
    own=(
        contract(),
        title(),
        link(required=False),
        place("計画"),
        Day("予定日", "planned_on", required=True),
        Choice("検査の方法", "method", of=InspectionMethod, blank=InspectionMethod.ON_SITE),
        user("担当者", "officer"),
        Text("検査する者", "inspectors"),
        Text("備考", "note"),
        code("実施した検査", "inspection", letter="K"),
    ),
)
