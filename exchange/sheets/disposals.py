"""返却・消去 (8-4(5))."""

from exchange.columns import Choice, Day
from exchange.sheets.base import Sheet
from exchange.sheets.shared import contract, document, link, place, title
from outsourcing.models import Disposal, DisposalMethod

SHEET = Sheet(
    key="disposals",
    title="返却・消去",
    model=Disposal,
    link="subcontract",
    numbered_by="contract_id",
    note="委託や再委託が終わったときの、媒体の返却や情報の消去の記録（第8-4(5)）。",
    own=(
        contract(),
        title(),
        link(required=False),
        place("記録"),
        Choice("返却・消去の方法", "method", of=DisposalMethod, required=True, aliases=("方法",)),
        Day("返却・消去の日", "done_on", example="2019-04-05", required=True),
        Day("証明書の受領日", "certificate_received_on", example="2019-04-12"),
        document(),
    ),
)
