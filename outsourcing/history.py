"""The history of a contract: all changes of the rows that hang on it, in sentences."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import NamedTuple

from django.db import models
from django.utils import timezone

from outsourcing import wareki
from outsourcing.models import (
    Contract,
    Inspection,
    InspectionTarget,
    LinkWork,
    Matter,
    Subcontract,
)
from trail.history import Alteration, Event, changes_of, told
from trail.models import Action, Change
from trail.recorded import is_recorded

# Said by the page itself, or of use to nobody who reads it.
UNTOLD = {
    "id", "version", "recorded_at", "recorded_by_id", "synthetic", "agency_id", "contract_id",
    "stands",
}  # fmt: skip
# What codes in lists and mappings are called.
WORDS = {
    **dict(LinkWork.choices),
    **dict(Matter.choices),
    "article": "条番号",
    "quote": "文言",
    "capability": "選定の確認",
    "written_confirmation": "書面による確認",
}


class Entry(NamedTuple):
    """One change, as it is read."""

    at: datetime
    who: str
    reason: str
    request: str
    sentences: list[str]


def changes(contract: Contract) -> models.QuerySet[Change]:
    return changes_of(rows_of(contract))


def entries(changes: list[Change]) -> list[Entry]:
    return [
        Entry(
            at=event.change.at,
            who=event.change.who,
            reason=event.change.reason,
            request=event.change.request,
            sentences=sentences(event),
        )
        for event in told(changes, without=UNTOLD, words=WORDS)
    ]


def rows_of(contract: Contract) -> dict[type[models.Model], set[int]]:
    """The keys of the contract's rows in every recorded table that refers to it, or to a link of
    its chain, and of its inspections: by the models, whichever apps they belong to."""
    rows = defaultdict(set, {Contract: {contract.pk}})
    for model, name in [
        *((one.related_model, one.field.name) for one in Contract._meta.related_objects),
        *(
            (one.related_model, f"{one.field.name}__contract")
            for one in Subcontract._meta.related_objects
        ),
    ]:
        if is_recorded(model) and model not in rows:
            found = model._base_manager.filter(**{name: contract})
            rows[model].update(found.values_list("pk", flat=True))
    targets = InspectionTarget._base_manager.filter(pk__in=rows[InspectionTarget])
    rows[Inspection].update(targets.values_list("inspection_id", flat=True))
    return rows


def sentences(event: Event) -> list[str]:
    """契約期間の末日を「2018年3月31日」から「2018年6月30日」に改めた"""
    if event.action == Action.INSERT:
        values = "、".join(f"{a.label}「{_said(a.after)}」" for a in event.alterations)
        return [f"{event.kind}を記録した" + (f"（{values}）" if values else "")]
    if event.action == Action.DELETE:
        return [f"{_whole(event)}を台帳から消した"]
    whose = "" if event.model is Contract else f"{_whole(event)}の"
    return [whose + _altered(alteration) for alteration in event.alterations]


def _whole(event: Event) -> str:
    return event.kind + (f"「{event.name}」" if event.name else "")


def _altered(alteration: Alteration) -> str:
    label, before, after = alteration.label, _said(alteration.before), _said(alteration.after)
    if not before:
        return f"{label}を「{after}」とした"
    if not after:
        return f"{label}「{before}」を消した"
    return f"{label}を「{before}」から「{after}」に改めた"


def _said(value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{wareki.western(local.date())} {local.hour}:{local:%M}"
    return wareki.western(value) if isinstance(value, date) else str(value)
