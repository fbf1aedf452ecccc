"""契約: each contract as first agreed. What the parties changed later stands in 変更契約."""

from exchange.columns import Choice, Code, Count, Day, Text, YesNo, code, company
from exchange.sheets import items
from exchange.sheets.base import Sheet
from exchange.sheets.shared import reference, section, synthetic, user
from outsourcing.models import Clause, Contract


def own_code() -> Code:
    return code(
        "契約コード",
        note="台帳が付ける符号。新しい契約は空欄。",
        example="",
    )


SHEET = Sheet(
    key="contracts",
    title="契約",
    model=Contract,
    of="",
    order=("fiscal_year", "serial"),
    note="一行に一つの契約。契約したときの内容を書き、後で変えたことは「変更契約」シートに書きます。",
    finish=items.gathered,
    own=(
        own_code(),
        reference("新しい契約を、ほかのシートから指すための符号。このファイルの中だけで使います。"),
        Text("機関名", "agency__name", told=True, width=22),
        section(),
        user("保護担当者", "officer"),
        Text("契約番号", "number", example="契約第12号", aliases=("契約No", "契約No.")),
        Text("契約件名", "title", example="職員の健康診断", required=True, width=36,
             aliases=("件名", "契約名", "業務名", "委託業務名")),
        company("委託先", "contractor", required=True,
                note="名称（法人番号）。名称だけ、法人番号だけでも構いません。",
                aliases=("委託先名", "委託先名称", "委託先（名称）", "契約相手方", "受託者",
                         "業者名")),
        code("更新元の契約", "renews", note="前の年度から続く契約では、前の契約コード。",
             aliases=("前年度の契約コード",)),
        Day("契約締結日", "concluded_on", required=True, aliases=("契約日", "締結日")),
        Day("契約期間の初日", "first_day", required=True,
            aliases=("契約開始日", "履行開始日", "契約期間（始期）", "始期")),
        Day("契約期間の末日（当初）", "agreed_last_day", example="2019-03-31", required=True,
            aliases=("契約期間の末日", "契約終了日", "履行期限", "契約期間（終期）", "終期")),
        Day("解除日", "terminated_on", example=""),
        Text("解除の理由", "termination_reason"),
        Choice("業務の種類", "work", of=Contract.Work, required=True, width=22,
               aliases=("業務種別",)),
        Text("業務の内容", "work_detail", width=30),
        Choice("情報の種類", "information", of=Contract.Information, required=True,
               also={"個人情報": Contract.Information.PERSONAL,
                     "調査票情報": Contract.Information.STATISTICS}),
        Text("情報の内容", "information_detail", example="氏名、生年月日、健診結果", width=30),
        Count("本人の数（人）", "persons", aliases=("本人の数", "人数", "対象人数")),
        Choice("秘匿性", "sensitivity", of=Contract.Sensitivity,
               blank=Contract.Sensitivity.ORDINARY),
        YesNo("要配慮個人情報を含む", "special_care", aliases=("要配慮個人情報",)),
        Choice("再委託の条項", "clause", of=Clause, required=True,
               note="「原則禁止・承認があれば可」は「事前承認」。",
               example=Clause.PRIOR_APPROVAL.label,
               also={"原則禁止・承認があれば可": Clause.PRIOR_APPROVAL,
                     "承認制": Clause.PRIOR_APPROVAL, "届出制": Clause.PRIOR_NOTICE}),
        Text("再委託の条項の条番号", "clause_article", example="第8条"),
        Text("再委託の条項の文言", "clause_quote", width=24),
        items.Exempt("承認を要しない軽微な業務", "exempt_work",
                     "業務の種類と条番号を、一行に一つずつ。"),
        *items.columns(amends=False),
        YesNo("派遣労働者の使用", "uses_dispatched_workers"),
        Text("労働者派遣契約書の秘密保持の条番号", "dispatch_article"),
        synthetic(),
    ),
)  # fmt: skip
