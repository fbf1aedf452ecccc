"""The verbs of sections: correct, close, merge; and contracts that pass between them (移管)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db.models import F

from outsourcing.actions.base import change, insert_many, recording
from outsourcing.actions.contracts import BATCH, passed, takes
from outsourcing.models import Contract, Disclosure, Section, SectionTransfer
from trail.context import acting


def correct_section(section: Section, *, by, version: int | None = None, **values) -> Section:
    """Rename a section, or correct its days; what closes it is its last day."""
    with recording():
        return change(section, by=by, version=version, **values)


def transfer_many(
    contracts: Iterable[Contract], *, by, to: Section, on: date, reason: str = ""
) -> list[SectionTransfer]:
    """Pass chosen contracts to another section of their agency; those that are there stay."""
    contracts = list(contracts)
    for agency_id in {contract.agency_id for contract in contracts}:
        takes(to, agency_id=agency_id, on=on)
    with recording(), acting(reason=reason or f"移管：{to}"):
        made = []
        for start in range(0, len(contracts), BATCH):
            chosen = [contract.pk for contract in contracts[start : start + BATCH]]
            made += _pass_on(Contract.objects.filter(pk__in=chosen), by, to, on, reason)
        return made


def merge_sections(
    *, by, sections: Iterable[Section], into: Section, on: date, reason: str
) -> list[SectionTransfer]:
    """課室の統合: from a day on another section has what these had, and they are closed on the day
    before. All of it passes: contracts, over or not, and provisions of information.

    A number of queries that grows with the sections, and not with the contracts.
    """
    sections = sorted(sections, key=lambda section: section.pk)
    with recording(), acting(reason=reason):
        # Held, so that nobody closes it meanwhile.
        into = Section.objects.select_for_update(no_key=True).get(pk=into.pk)
        check_merge(sections, into=into, on=on)
        for section in sections:
            change(section, by=by, last_day=on - timedelta(days=1))
        theirs = Contract.objects.valid().filter(section__in=sections)
        made = _pass_on(theirs, by, into, on, reason)
        disclosures = Disclosure.objects.valid().filter(section__in=sections)
        disclosures.update(section=into, version=F("version") + 1)
        return made


def check_merge(sections: Iterable[Section], *, into: Section, on: date) -> None:
    """Refuse what cannot be merged. Raises ValidationError, by field, with the value."""
    if not sections:
        raise ValidationError({"sections": "統合する課室を一つ以上選んでください。"})
    for section in sections:
        _can_be_merged(section, into, on)
    try:
        takes(into, agency_id=into.agency_id, on=on)
    except ValidationError as refused:
        raise ValidationError({"into": refused.messages}) from refused


def _can_be_merged(section: Section, into: Section, on: date) -> None:
    if section.agency_id != into.agency_id:
        raise ValidationError({"sections": f"課室「{section}」は別の機関の課室です。"})
    if section.pk == into.pk:
        raise ValidationError({"into": f"統合先の課室「{into}」が、統合する課室に含まれています。"})
    if section.last_day and section.last_day < on - timedelta(days=1):
        raise ValidationError(
            {"sections": f"課室「{section}」は「{section.last_day}」に廃止されています。"}
        )
    if section.first_day and section.first_day >= on:
        raise ValidationError(
            {"on": f"統合日「{on}」が、課室「{section}」の設置日「{section.first_day}」以前です。"}
        )


def _pass_on(contracts, by, to: Section, on: date, reason: str) -> list[SectionTransfer]:
    """Held by the transaction first, so that what is recorded of each is where it was."""
    rows = contracts.exclude(section=to).select_for_update(no_key=True, of=("self",))
    held = list(rows.order_by("pk"))
    made = insert_many((passed(row, to=to, on=on, reason=reason) for row in held), by=by)
    for start in range(0, len(held), BATCH):
        keys = [row.pk for row in held[start : start + BATCH]]
        Contract.objects.filter(pk__in=keys).update(section=to, version=F("version") + 1)
    return made
