"""体制報告, 管理体制の不適切, 漏えい等の事案."""

from exchange.columns import Choice, Count, Day, Text
from exchange.sheets.base import Sheet
from exchange.sheets.shared import contract, link, place, title
from outsourcing.models import ContractorReport, Incident, IncidentKind, ManagementFault, ReportKind

REPORT = Sheet(
    key="reports",
    title="体制報告",
    model=ContractorReport,
    link="subcontract",
    numbered_by="contract_id",
    note="委託先からの定期報告、管理体制の変更の報告。提出期限か受領日のどちらかが要ります。",
    own=(
        contract(),
        title(),
        link(required=False),
        place("報告"),
        Choice("報告の種類", "kind", of=ReportKind, required=True),
        Day("提出期限", "due_on"),
        Day("受領日", "received_on"),
        Text("報告の内容", "content", width=40),
    ),
)
FAULT = Sheet(
    key="faults",
    title="管理体制の不適切",
    model=ManagementFault,
    link="subcontract",
    numbered_by="contract_id",
    note="契約で定めた管理体制が守られていなかったことの記録。",
    own=(
        contract(),
        title(),
        link(required=False),
        place("記録"),
        Day("確認した日", "found_on", required=True),
        Text("内容", "content", example="名簿の置き忘れ", required=True, width=40),
    ),
)
INCIDENT = Sheet(
    key="incidents",
    title="漏えい等の事案",
    model=Incident,
    link="subcontract",
    numbered_by="contract_id",
    note="漏えい、滅失、毀損など、安全に関わる事案（第9）。",
    own=(
        contract(),
        title(),
        link(required=False),
        place("事案"),
        Choice("事案の種類", "kind", of=IncidentKind, required=True),
        Day("発生日", "occurred_on"),
        Day("認識した日", "noticed_on", required=True),
        Count("本人の数（人）", "persons", aliases=("本人の数", "人数")),
        Text("事案の内容", "content", example="媒体の紛失", required=True, width=40),
        Day("総括保護管理者への報告日", "reported_on"),
        Day("公表日", "published_on", example=""),
    ),
)
