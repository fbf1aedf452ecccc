"""What the page of a contract shows, read in a fixed number of queries however long its chain."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.urls import reverse

from outsourcing import plausibility
from outsourcing.contract_places import MEANING
from outsourcing.models import (
    Clause,
    Contract,
    InspectionTarget,
    PlannedInspection,
    SectionTransfer,
)
from outsourcing.record_kinds import OF_CONTRACT, OF_LINK
from outsourcing.rows import rows_of
from outsourcing.terms import terms_on
from outsourcing.trees import holdings_of, tree


def page_of(contract: Contract, *, on: date) -> dict:
    """Of a contract read ``with_chain()``, as of a day."""
    holdings = holdings_of(contract)
    records = {code: facts_of(rows_of(kind.model, contract)) for code, kind in OF_CONTRACT.items()}
    amendments = sorted(records["amendment"], key=lambda row: (row.effective_on, row.pk))
    chain = tree(contract, on=on, holdings=holdings)
    links = {link.pk: link for link in contract.subcontracts.all()}
    # Joined here: to look up 130 addresses by their names takes a tenth of the page's time.
    at = reverse("contract", args=[contract.code])
    for link in links.values():
        link.at = f"{at}links/{link.number}/"
        for kind in OF_LINK.values():
            rows = facts_of(getattr(link, kind.relation).all())
            setattr(link, f"known_{kind.relation}", rows)
    for row in (*records["disposal"], *records["report"], *records["fault"], *records["incident"]):
        row.about = _about(row, links)
    terms = terms_on(contract, amendments, on=on)
    return {
        "contract": contract,
        "at": at,
        "on": on,
        "chain": chain,
        "waiting": sum(_waiting(chain)),
        "terms": terms,
        "meaning": MEANING.get(Clause(terms.clause)),
        "amendments": amendments,
        "records": records,
        "targets": _targets(contract, links),
        "plans": _plans(contract, links),
        "transfers": _transfers(contract),
        "marks": plausibility.marks_of(contract, holdings),
    }


def facts_of(rows: Iterable) -> list:
    """Those that were not taken back, each with its number among all (``place_of``), by which its
    address names it."""
    found = sorted(rows, key=lambda row: row.pk)
    for number, row in enumerate(found, 1):
        row.place_of = number
    return [row for row in found if row.voided_on is None]


def _waiting(nodes):
    for node in nodes:
        yield node.waits
        yield from _waiting(node.children)


def _about(row, links: dict) -> str:
    link = links.get(row.subcontract_id)
    if link is not None:
        return f"再委託{link.number}　{link.contractor.name}"
    return "委託先" if row.subcontract_id is None else "無効とした再委託"


def _targets(contract: Contract, links: dict) -> list[InspectionTarget]:
    rows = contract.inspection_targets.valid().filter(inspection__voided_on__isnull=True)
    found = list(rows.select_related("inspection").order_by("inspection__day", "pk"))
    for target in found:
        target.about = _about(target, links)
        target.inspection.agency = contract.agency  # of its code
    return found


def _transfers(contract: Contract) -> list[SectionTransfer]:
    """With their sections, where there are any."""
    found = [row for row in rows_of(SectionTransfer, contract) if row.voided_on is None]
    models.prefetch_related_objects(found, "from_section", "to_section")
    return sorted(found, key=lambda row: (row.day, row.pk))


def _plans(contract: Contract, links: dict) -> list[PlannedInspection]:
    rows = rows_of(PlannedInspection, contract)
    found = [row for row in rows if row.voided_on is None and row.inspection_id is None]
    found.sort(key=lambda row: (row.planned_on, row.pk))
    for plan in found:
        plan.about = _about(plan, links)
    return found
