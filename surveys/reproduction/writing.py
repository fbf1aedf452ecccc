"""Writes drafts through the bulk verbs, and confirms them as their agencies would have."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from outsourcing import wareki
from outsourcing.actions import agencies, contractors, contracts, records, subcontracts
from outsourcing.actions.base import recording
from outsourcing.bulk import name_related, new_row
from outsourcing.models import Contract, Inspection, InspectionMethod
from surveys.actions import confirm_many
from surveys.classification import breaching
from surveys.models import Confirmation, Confirmed
from surveys.reproduction.drafts import Draft, Workshop
from surveys.rounds import Round

CONFIRMED_ON = date(2018, 7, 31)
MOST_TARGETS = 8  # of one visit


def write(drafts: list[Draft], shop: Workshop, round_: Round, *, by) -> None:
    """Write drafts with the companies and sections new with them. Their findings are made when the
    recording ends; then the contracts are confirmed."""
    with recording():
        _write_masters(shop, by=by)
        made = [draft.contract for draft in drafts]
        contracts.register_many(name_related(made), by=by)
        links = _rows(drafts, "links")
        subcontracts.pass_on_many(name_related(links), by=by)
        for kind in ("approvals", "notices"):
            subcontracts.record_many(name_related(_rows(drafts, kind)), by=by)
        contracts.amend_many(name_related(_rows(drafts, "amendments")), by=by)
        records.record_many(name_related(_rows(drafts, "disposals")), by=by)
        for kind in ("reports", "faults", "checks", "papers", "decisions", "measures"):
            records.record_many(name_related(_rows(drafts, kind)), by=by)
        records.record_many(name_related(_rows(drafts, "flow_down")), by=by)
        records.inspect_many(_visits(drafts), by=by)
    _confirm(made, round_, by=by)


def _write_masters(shop: Workshop, *, by) -> None:
    companies = shop.companies
    agencies.open_sections(shop.new_sections, by=by)
    contractors.add_many(companies.new_contractors, by=by)
    contractors.hold_many(name_related(companies.new_holdings), by=by)
    shop.new_sections, companies.new_contractors, companies.new_holdings = [], [], []


def _rows(drafts: list[Draft], kind: str) -> list:
    return [row for draft in drafts for row in getattr(draft, kind)]


def _visits(drafts: list[Draft]):
    """Targets of one agency, day and method were seen in one visit."""
    groups = defaultdict(list)
    for draft in drafts:
        for day, method, target in draft.visits:
            groups[draft.contract.agency, day, method].append(target)
    for (agency, day, method), targets in groups.items():
        on_site = method == InspectionMethod.ON_SITE
        for start in range(0, len(targets), MOST_TARGETS):
            visit = new_row(
                Inspection,
                agency=agency,
                day=day,
                method=method,
                not_on_site_reason="" if on_site or day.day % 3 else "遠隔地のため（架空）",
                place="委託先の事業所（架空）" if on_site else "",
                inspectors="保護担当者（架空）",
                synthetic=True,
            )
            group = targets[start : start + MOST_TARGETS]
            yield visit, name_related(group)


def _confirm(made: list[Contract], round_: Round, *, by) -> None:
    """For each contract, what its own ledger shows: a breach in the fiscal year, a contractor that
    was dissolved so that nothing can be asked of it, or neither."""
    first, last = made[0].pk, made[-1].pk
    confirmations = []
    for survey in round_.surveys:
        broken = set(
            breaching(survey)
            .filter(contract__gte=first, contract__lte=last)
            .values_list("contract_id", flat=True)
        )
        confirmations += [
            _confirmation(survey, contract, contract.pk in broken)
            for contract in made
            if contract.information == survey.information
        ]
    confirm_many(confirmations, by=by)


def _confirmation(survey, contract: Contract, broken: bool) -> Confirmation:
    dissolved = contract.contractor.dissolved_on
    result, reason = Confirmed.NO_BREACH, ""
    if broken:
        result = Confirmed.BREACH
    elif dissolved and dissolved <= CONFIRMED_ON:
        result = Confirmed.UNVERIFIABLE
        reason = f"委託先が{wareki.era(dissolved)}に解散し、確認できない。"
    return new_row(
        Confirmation,
        survey=survey,
        contract=contract,
        result=result,
        reason=reason,
        confirmed_on=CONFIRMED_ON,
    )
