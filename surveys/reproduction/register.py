"""Beside the contracts: information provided to others, and reasons on record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from guideline import actions
from guideline.models import Finding, Severity
from outsourcing.actions import disclosures
from outsourcing.models import Agency, Basis, Contract, Disclosure
from surveys.reproduction.drafts import DAY, FIRST, LAST, Workshop

RECIPIENTS = ("架空県", "架空市", "架空大学", "架空統計研究所", "一般社団法人架空協会")
PUBLIC_RECIPIENTS = ("架空省（架空の提供先）", "独立行政法人架空機構", "架空庁（架空の提供先）")
PURPOSES = ("学術研究のための統計の作成", "給付の重複の確認", "災害時の安否の確認", "施策の評価")
# Years of inspections that were not made, with the paper that says why.
MOST_REASONS = 40
REASONS = (
    "委託先の所在地が災害により立ち入れなかったため（架空）。",
    "感染症の拡大により委託先が立入りを断ったため（架空）。",
    "庁舎の移転により検査の実施を次の年度に延ばしたため（架空）。",
)


def write(agencies: Iterable[Agency], shop: Workshop, *, by, approver) -> None:
    """A few provisions of information for most agencies, and a few reasons in all."""
    rows = [
        _disclosure(agency, shop)
        for agency in agencies
        for _ in range(shop.weighted(((0, 30), (1, 35), (2, 20), (4, 15))))
    ]
    disclosures.disclose_many(rows, by=by)
    _excuse(shop, by=by, approver=approver)


def _disclosure(agency: Agency, shop: Workshop) -> Disclosure:
    public = shop.chance(0.4)
    first = FIRST + shop.random.randrange(-200, 340) * DAY
    days = shop.pick(1, 1, 30, 365, None)

    def soon(probability: float) -> date | None:
        """On the first day or a little before, now and then later, now and then never."""
        if not shop.chance(probability):
            return None
        return first + shop.weighted(((0, 60), (-5, 30), (12, 10))) * DAY

    row = Disclosure(
        agency=agency,
        synthetic=True,
        recipient=shop.random.choice(PUBLIC_RECIPIENTS if public else RECIPIENTS),
        recipient_is_public=public,
        basis=Basis.ITEM_3 if public else shop.pick(Basis.ITEM_3, Basis.ITEM_4),
        purpose=shop.random.choice(PURPOSES),
        information_detail="氏名、住所、生年月日（架空）",
        persons=1 + int(shop.random.lognormvariate(6, 1.5)),
        first_day=first,
        last_day=None if days is None else first + (days - 1) * DAY,
    )
    if public:
        row.measures_decided_on = soon(0.9)
        row.measures_needed = shop.chance(0.4) if row.measures_decided_on else None
    if not public or row.measures_needed:
        row.terms_agreed_on = soon(0.94)
        row.terms_document = "架空提第1号" if row.terms_agreed_on else ""
        row.safety_requested_on = soon(0.93)
        row.survey_decided_on = soon(0.9)
        row.survey_needed = shop.chance(0.3) if row.survey_decided_on else None
        if row.survey_needed and shop.chance(0.8):
            row.surveyed_on = first + shop.random.randrange(0, 60) * DAY
    if (row.last_day is None or row.last_day > date(2018, 10, 21)) and shop.chance(0.8):
        row.anonymization_decided_on = date(2018, 10, 15)
        row.anonymization_needed = shop.chance(0.4)
        if row.anonymization_needed and shop.chance(0.8):
            row.anonymized_on = date(2018, 10, 20)
    return row


def _excuse(shop: Workshop, *, by, approver) -> None:
    """理由書 for some inspections that were missed in the fiscal year: asked for by one person,
    approved by another."""
    missed = Finding.objects.filter(
        rule="yearly-inspection",
        severity=Severity.VIOLATION,
        since__lte=LAST,
        until__isnull=False,
        contract__synthetic=True,
    ).order_by("contract_id", "since")
    for finding in missed[:: max(1, missed.count() // MOST_REASONS)][:MOST_REASONS]:
        contract = Contract.objects.get(pk=finding.contract_id)
        row = actions.ask(
            by=by,
            contract=contract,
            rule=finding.rule,
            subject=finding.subject,
            first_day=finding.since,
            last_day=finding.until - timedelta(days=1),
            reason=shop.random.choice(REASONS),
            asked_on=finding.since,
            document_number=f"架空理第{shop.random.randrange(1, 999)}号",
        )
        if shop.chance(0.9):
            actions.approve(row, by=approver, on=finding.since + 3 * DAY)
