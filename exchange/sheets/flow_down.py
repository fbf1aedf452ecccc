"""再委託先に求めた措置: what the contractor was seen to have asked of its subcontractor (8-6)."""

from exchange.columns import Choices, Day
from exchange.sheets import items
from exchange.sheets.base import Sheet
from exchange.sheets.shared import contract, link, place, title
from outsourcing.models import FlowDownRecord

SHEET = Sheet(
    key="flow-down",
    title="再委託先に求めた措置",
    model=FlowDownRecord,
    of="subcontract__contract",
    link="subcontract",
    numbered_by="subcontract_id",
    order=("subcontract__number", "pk"),
    note="一行に、同じ日に確かめた措置（第8-6）。",
    own=(
        contract("subcontract__contract"),
        title("subcontract__contract"),
        link(),
        place("記録"),
        Choices("措置の項目", "items", "委託先が再委託先に講じさせた措置を「、」で区切ります。",
                "書面による確認、第8-4(1)の記載", of=items.flow_down, required=True, width=60),
        Day("確認日", "recorded_on", required=True),
    ),
)  # fmt: skip
