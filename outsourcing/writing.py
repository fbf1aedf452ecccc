"""Which contracts a request may write to."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from outsourcing.abilities import Ability
from outsourcing.models import Agency, Contract, Disclosure, Draft, Section
from outsourcing.querysets import ContractQuerySet
from outsourcing.views import contract_key


def contract_to_write(request, code: str) -> Contract:
    """A contract whose section the user writes for. What another agency has is not found; what
    another section has is refused."""
    scope = request.access.scope(Ability.WRITE_LEDGER)
    rows = Contract.objects.visible_to(scope).valid()
    found = get_object_or_404(
        rows.select_related("agency", "section", "contractor", "officer"), **contract_key(code)
    )
    if not writes_to(request, found):
        raise PermissionDenied
    return found


def writes_to(request, row) -> bool:
    """Whether the user may write to a row that has an agency and a section."""
    return request.access.covers(
        Ability.WRITE_LEDGER, agency_id=row.agency_id, section_id=row.section_id
    )


def contracts_to_write(request, agency: Agency | None = None) -> ContractQuerySet:
    """All of them, of one agency where it is given."""
    rows = Contract.objects.visible_to(request.access.scope(Ability.WRITE_LEDGER)).valid()
    agencies = [agency] if agency else request.access.agencies(Ability.WRITE_LEDGER)
    found = rows.none()
    for one in agencies:
        sections = request.access.sections(Ability.WRITE_LEDGER, agency_id=one.pk)
        own = rows.filter(agency=one)
        found |= own if sections is None else own.filter(section__in=sections)
    return found


def disclosures_to_write(request):
    """All provisions of information of sections the user writes for."""
    rows = Disclosure.objects.visible_to(request.access.scope(Ability.WRITE_LEDGER)).valid()
    found = rows.none()
    for one in request.access.agencies(Ability.WRITE_LEDGER):
        sections = request.access.sections(Ability.WRITE_LEDGER, agency_id=one.pk)
        own = rows.filter(agency=one)
        found |= own if sections is None else own.filter(section__in=sections)
    return found


def sections_to_write(request):
    """The sections the user may write for, of all agencies."""
    rows = Section.objects.visible_to(request.access.scope(Ability.WRITE_LEDGER)).valid()
    found = rows.none()
    for agency in request.access.agencies(Ability.WRITE_LEDGER):
        own = request.access.sections(Ability.WRITE_LEDGER, agency_id=agency.pk)
        of_agency = rows.filter(agency=agency)
        found |= of_agency if own is None else of_agency.filter(pk__in=own)
    return found.select_related("agency").order_by("agency__code", "code")


def drafts_to_write(request):
    """Drafts that are open and the user's to go on with."""
    scope = request.access.scope(Ability.WRITE_LEDGER)
    rows = Draft.objects.visible_to(scope).valid().filter(contract__isnull=True)
    found = rows.none()
    for agency in request.access.agencies(Ability.WRITE_LEDGER):
        own = request.access.sections(Ability.WRITE_LEDGER, agency_id=agency.pk)
        of_agency = rows.filter(agency=agency)
        found |= of_agency if own is None else of_agency.filter(section__in=own)
    return found
