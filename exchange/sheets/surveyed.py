"""調査の確認: what the agency confirmed of each contract in a survey."""

from exchange.columns import Choice, Day, Number, Text
from exchange.sheets.base import Sheet
from exchange.sheets.shared import contract, title
from surveys.models import Confirmation, Confirmed

SHEET = Sheet(
    key="surveyed",
    title="調査の確認",
    model=Confirmation,
    order=("survey__fiscal_year", "pk"),
    note="一行に、一つの調査で一つの契約について確認した結果。",
    own=(
        contract(),
        title(),
        Number("調査年度", "survey__fiscal_year", example=2017, name="fiscal_year", required=True),
        Choice("確認の結果", "result", of=Confirmed, required=True),
        Text("確認できない理由", "reason", "「確認不能」のときに書きます。", width=30),
        Day("確認日", "confirmed_on", required=True),
    ),
)
