"""担当引継ぎ: who does the daily work on what, and what passes from one to another.

What passes is whatever has an ``officer`` (``outsourcing.models.handovers.handed_over``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F

from accounts.access import access_of
from accounts.models import User
from outsourcing.abilities import Ability
from outsourcing.actions import contracts
from outsourcing.actions.base import insert, recording
from outsourcing.models import Agency, Contract, Handover, handed_over
from trail.context import acting


def assign(contract: Contract, *, by, officer: User | None, on: date, version: int) -> Contract:
    """Put somebody in charge of a contract who may write it on that day, or nobody."""
    if officer is not None and not access_of(officer, on=on).covers(
        Ability.WRITE_LEDGER, agency_id=contract.agency_id, section_id=contract.section_id
    ):
        raise ValidationError({"officer": _cannot_write(officer, contract.agency, on)})
    return contracts.put_in_charge(contract, by=by, officer=officer, version=version)


def hand_over(
    *,
    by: User,
    agency: Agency,
    of: User,
    to: User,
    on: date,
    chosen: Iterable[models.Model] | None = None,
) -> Handover:
    """Pass on what ``of`` has in charge in an agency and is not over by that day: all of it, or
    what is chosen. What is over, and whatever was recorded, stays under the old name."""
    if of.pk == to.pk:
        raise ValidationError({"to": f"引き継ぐ人と引き受ける人が同じ「{of}」です。"})
    if not access_of(to, on=on).scope(Ability.WRITE_LEDGER).covers(agency.pk):
        raise ValidationError({"to": _cannot_write(to, agency, on)})
    chosen = None if chosen is None else list(chosen)
    with recording(), acting(reason=f"担当引継ぎ（{of}から{to}へ、{on}）"):
        number = 0
        for model in handed_over():
            rows = in_charge(model, by=by, agency=agency, of=of, on=on)
            if chosen is not None:
                rows = _chosen(rows, [row for row in chosen if isinstance(row, model)])
            _can_take(to, rows, agency, on)
            number += rows.update(officer=to, version=F("version") + 1)
        if not number:
            raise ValidationError({"of": f"「{of}」から引き継ぐものがありません。"})
        row = Handover(agency=agency, from_officer=of, to_officer=to, day=on, number=number)
        return insert(row, by=by)


def in_charge(model: type[models.Model], *, by: User, agency: Agency, of: User, on: date):
    """What somebody has in charge in an agency, is still to be worked on, and is ``by``'s to pass
    on: a 保護管理者 of a section passes on what is the section's."""
    sections = access_of(by, on=on).sections(Ability.HAND_OVER, agency_id=agency.pk)
    return model.objects.open_on(on).filter(agency=agency, officer=of).in_sections(sections)


def _chosen(rows, chosen: list[models.Model]):
    """Of these alone. One that somebody else has passed on since, or that is over, is refused."""
    rows = rows.filter(pk__in=[row.pk for row in chosen])
    there = set(rows.values_list("pk", flat=True))
    if gone := [str(row) for row in chosen if row.pk not in there]:
        raise ValidationError(f"引き継げないものがあります：{'、'.join(gone[:10])}")
    return rows


def _can_take(to: User, rows, agency: Agency, on: date) -> None:
    """One whose role is for a section takes what is that section's."""
    sections = access_of(to, on=on).sections(Ability.WRITE_LEDGER, agency_id=agency.pk)
    if sections is None:
        return
    beyond = rows.beyond_sections(sections)
    if codes := [str(row) for row in beyond.select_related("agency")[:10]]:
        named = "、".join(codes)
        raise ValidationError(
            {"to": f"「{to}」の役割は課室に限られ、引き受けられないものがあります：{named}"}
        )


def _cannot_write(user: User, agency: Agency, on: date) -> str:
    return f"「{user}」には、「{on}」に機関「{agency}」の台帳へ記録できる役割がありません。"
