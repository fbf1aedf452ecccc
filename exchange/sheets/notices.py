"""事前届出: the notices given of each link."""

from exchange.columns import Day
from exchange.sheets.base import Sheet
from exchange.sheets.shared import contract, document, link, place, title
from outsourcing.models import Notification

SHEET = Sheet(
    key="notices",
    title="事前届出",
    model=Notification,
    of="subcontract__contract",
    link="subcontract",
    numbered_by="subcontract_id",
    order=("subcontract__number", "pk"),
    note="一行に一つの届出。",
    own=(
        contract("subcontract__contract"),
        title("subcontract__contract"),
        link(),
        place("届出"),
        Day("受理日", "received_on", required=True, aliases=("届出日", "届出受理日")),
        document(),
    ),
)
