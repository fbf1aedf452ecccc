"""変更契約: what the parties changed of a contract, and from when on."""

from exchange.columns import Choice, Day, Text
from exchange.sheets import items
from exchange.sheets.base import Sheet
from exchange.sheets.shared import contract, place, title
from outsourcing.models import Amendment, Clause

SHEET = Sheet(
    key="amendments",
    title="変更契約",
    model=Amendment,
    numbered_by="contract_id",
    note="一行に一つの変更契約。変えたことだけを書き、変わらないところは空欄にします。",
    finish=items.gathered,
    own=(
        contract(),
        title(),
        place("変更契約"),
        Text("変更契約番号", "number"),
        Day("変更契約締結日", "concluded_on"),
        Day("変更の効力が生じる日", "effective_on", required=True, aliases=("変更日",)),
        Day("変更後の契約期間の末日", "last_day"),
        Choice("変更後の再委託の条項", "clause", of=Clause, blank=""),
        Text("再委託の条項の条番号", "clause_article"),
        Text("再委託の条項の文言", "clause_quote", width=24),
        items.Exempt("承認を要しない軽微な業務", "exempt_work",
                     "変更後の再委託の条項と併せて、業務の種類と条番号を一行に一つずつ。"),
        *items.columns(amends=True),
        Text("変更の理由", "reason", width=30),
    ),
)  # fmt: skip
