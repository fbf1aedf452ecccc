"""What 8-4, 8-6 and 8-8 ask for beside the contract, as offices mostly have it on record."""

from __future__ import annotations

from datetime import date

from outsourcing.bulk import new_row
from outsourcing.models import (
    AnonymizationDecision,
    AnonymizationMeasure,
    CapabilityCheck,
    FlowDownRecord,
    Matter,
    Subcontract,
    WrittenConfirmation,
)
from surveys.reproduction.drafts import DAY, Draft, Workshop

# 8-8 came into force on this day, and 実施体制 was added to what is confirmed in writing.
TIGHTENED = date(2018, 10, 22)
BEFORE = [Matter.RESPONSIBLE_PERSON, Matter.MANAGEMENT, Matter.INSPECTION]
ALL = [*BEFORE, Matter.WORK_STRUCTURE]
CHECKLIST = ["capability", *(f"8-4({n})" for n in range(1, 7)), "written_confirmation"]


def keep(draft: Draft, shop: Workshop) -> None:
    """Selection, written confirmation, anonymization and flow-down in believable numbers."""
    contract = draft.contract
    if shop.chance(0.98):
        draft.checks.append(
            new_row(
                CapabilityCheck,
                contract=contract,
                checked_on=contract.concluded_on - shop.random.randrange(0, 30) * DAY,
                method=shop.pick("入札参加資格の審査", "体制図の提出", "認証の取得状況の確認"),
            )
        )
    if shop.chance(0.99):
        _confirm(draft, shop)
    if draft.last_day >= TIGHTENED and shop.chance(0.92):
        _decide(draft, shop)
    for link in draft.links:
        if link.handles_information and shop.chance(0.97):
            _flow_down(draft, shop, link)


def _confirm(draft: Draft, shop: Workshop) -> None:
    """One paper, mostly with all that was asked for then; now and then a matter is missing, or the
    paper is late."""
    matters = list(ALL if shop.chance(0.96) else BEFORE)
    if shop.chance(0.03):
        matters.remove(shop.random.choice(BEFORE))
    late = shop.random.randrange(1, 90) if shop.chance(0.005) else 0
    draft.papers.append(
        new_row(
            WrittenConfirmation,
            contract=draft.contract,
            matters=matters,
            confirmed_on=draft.contract.first_day + late * DAY,
        )
    )


def _decide(draft: Draft, shop: Workshop) -> None:
    """Whether anonymization is needed, decided about when that began to be asked."""
    needed = shop.chance(0.3)
    day = TIGHTENED - shop.random.randrange(-20, 60) * DAY
    draft.decisions.append(
        new_row(
            AnonymizationDecision,
            contract=draft.contract,
            decided_on=day,
            needed=needed,
            reason="" if needed else "本人への通知に氏名を要するため（架空）",
        )
    )
    if needed and shop.chance(0.85):
        late = shop.random.randrange(0, 40) * DAY
        draft.measures.append(
            AnonymizationMeasure(
                contract=draft.contract, done_on=day + late, method="氏名を番号に置換（架空）"
            )
        )


def _flow_down(draft: Draft, shop: Workshop, link: Subcontract) -> None:
    items = list(CHECKLIST)
    if shop.chance(0.06):
        items.remove(shop.random.choice(CHECKLIST))
    late = shop.random.randrange(1, 60) if shop.chance(0.04) else 0
    draft.flow_down.append(
        new_row(
            FlowDownRecord, subcontract=link, items=items, recorded_on=link.first_day + late * DAY
        )
    )
