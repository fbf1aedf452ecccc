"""提供: provisions of information to others (8-1 to 8-3)."""

from exchange.columns import Choice, Count, Day, Text, YesNo, code
from exchange.sheets.base import Sheet
from exchange.sheets.shared import section, synthetic
from outsourcing.models import Basis, Disclosure

NEEDED = ("必要", "不要")

SHEET = Sheet(
    key="disclosures",
    title="提供",
    model=Disclosure,
    of=None,
    order=("fiscal_year", "serial"),
    note="一行に一つの、保有個人情報の提供。日付は、したことの日。していなければ空欄にします。",
    own=(
        code("提供コード", letter="T", note="台帳が付ける符号。新しい提供は空欄。"),
        section(),
        Text("提供先", "recipient", example="見本大学", required=True, width=30),
        YesNo("提供先が行政機関又は独立行政法人等", "recipient_is_public"),
        Choice("提供の根拠", "basis", of=Basis, required=True, width=22),
        Text("提供先における利用目的", "purpose", example="統計の作成", required=True, width=30),
        Text("記録範囲及び記録項目", "information_detail", width=30),
        Count("本人の数（人）", "persons"),
        Day("提供の初日", "first_day", required=True),
        Day("提供の末日", "last_day", "続いていれば空欄。", ""),
        Day("書面を取り交わした日", "terms_agreed_on"),
        Text("書面の文書番号", "terms_document"),
        Day("安全確保の措置を要求した日", "safety_requested_on"),
        Day("実地の調査の要否を判断した日", "survey_decided_on"),
        YesNo("実地の調査の要否", "survey_needed", words=NEEDED, example="不要", blank=None),
        Day("実地の調査等の日", "surveyed_on", example=""),
        Text("調査の結果", "survey_result"),
        Day("8-1・8-2の措置の要否を判断した日", "measures_decided_on", example=""),
        YesNo("8-1・8-2の措置の要否", "measures_needed", words=NEEDED, example="", blank=None),
        Day("匿名化措置の要否を判断した日", "anonymization_decided_on"),
        YesNo("匿名化措置の要否", "anonymization_needed", words=NEEDED, example="不要",
              blank=None),
        Day("匿名化措置を講じた日", "anonymized_on", example=""),
        synthetic(),
    ),
)  # fmt: skip
