"""選定の確認 and 書面による確認 (8-4)."""

from exchange.columns import Choices, Day, Text
from exchange.sheets import items
from exchange.sheets.base import Sheet
from exchange.sheets.shared import contract, document, place, title
from outsourcing.models import CapabilityCheck, WrittenConfirmation

SELECTION = Sheet(
    key="selections",
    title="選定の確認",
    model=CapabilityCheck,
    numbered_by="contract_id",
    note="委託先が個人情報を適切に管理できることを、契約の前に確かめた記録（第8-4）。",
    own=(
        contract(),
        title(),
        place("記録"),
        Day("確認日", "checked_on", required=True),
        Text("確認の方法", "method", example="プライバシーマークの登録証の写し", width=30),
    ),
)
CONFIRMATION = Sheet(
    key="confirmations",
    title="書面による確認",
    model=WrittenConfirmation,
    numbered_by="contract_id",
    note="委託先における責任者や管理体制を書面で確かめた記録（第8-4）。",
    own=(
        contract(),
        title(),
        place("記録"),
        Choices("確認した事項", "matters", "「、」で区切ります。", "責任者、管理体制",
                of=items.written_matters, required=True, width=40),
        Day("書面で確認した日", "confirmed_on", required=True, aliases=("確認日",)),
        document(),
    ),
)  # fmt: skip
