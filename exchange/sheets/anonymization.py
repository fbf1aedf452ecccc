"""匿名化の判断 and 匿名化措置 (8-8)."""

from exchange.columns import Day, Text, YesNo
from exchange.sheets.base import Sheet
from exchange.sheets.shared import contract, place, title
from outsourcing.models import AnonymizationDecision, AnonymizationMeasure

DECISION = Sheet(
    key="decisions",
    title="匿名化の判断",
    model=AnonymizationDecision,
    numbered_by="contract_id",
    note="匿名化措置が要るかどうかを判断した記録（第8-8）。",
    own=(
        contract(),
        title(),
        place("判断"),
        Day("判断した日", "decided_on", required=True),
        YesNo("匿名化措置の要否", "needed", words=("必要", "不要"), example="不要", required=True,
              aliases=("要否",)),
        Text("判断の理由", "reason", width=30),
    ),
)  # fmt: skip
MEASURE = Sheet(
    key="measures",
    title="匿名化措置",
    model=AnonymizationMeasure,
    numbered_by="contract_id",
    note="必要と判断した匿名化措置を講じた記録（第8-8）。",
    own=(
        contract(),
        title(),
        place("措置"),
        Day("措置を講じた日", "done_on", required=True),
        Text("措置の方法", "method", example="氏名を番号に置き換え", required=True, width=40),
    ),
)
