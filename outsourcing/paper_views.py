"""Papers, as an office files them: a sheet each, with 文書番号 and 決裁欄, to be printed on A4."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from outsourcing import fiscal_year
from outsourcing.abilities import Ability, needs
from outsourcing.contract_page import page_of
from outsourcing.forms import FIRST_YEAR, LAST_YEAR
from outsourcing.inspection_views import targets_of, visit_of
from outsourcing.models import Agency, Contract, PlannedInspection
from outsourcing.paper_forms import PaperForm, PlanPaperForm
from outsourcing.trees import tree
from outsourcing.views import contract_key
from trail import accesses
from trail.models import Kind

# Who signs: the offices of 第2, from above.
SEALS = ("総括保護管理者", "保護管理者", "保護担当者", "起案者")


@needs(Ability.READ_LEDGER)
@require_safe
def ledger_sheet(request, code):
    """個人情報取扱業務委託台帳: everything that is recorded of one contract."""
    contract = _contract(request, code, "台帳")
    page = page_of(contract, on=request.as_of())
    return _paper(request, "ledger", **page)


@needs(Ability.READ_LEDGER)
@require_safe
def structure(request, code):
    """実施体制図: the agency, the prime contractor, and the chain below."""
    contract = _contract(request, code, "実施体制図")
    chain = tree(contract, on=request.as_of())
    return _paper(request, "structure", contract=contract, chain=chain)


@needs(Ability.READ_LEDGER)
@require_safe
def plan(request, year):
    """検査計画書: what is to be inspected in a fiscal year."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    agencies = Agency.objects.visible_to(request.scope).valid().order_by("code")
    agency = _agency(request, agencies)
    form = PlanPaperForm(request.GET, agencies=agencies, agency=agency)
    days = fiscal_year.first_day(year), fiscal_year.last_day(year)
    plans = PlannedInspection.objects.visible_to(request.scope).valid()
    plans = form.narrowed(plans.filter(agency=agency, planned_on__range=days))
    related = ("contract__agency", "contract__contractor", "contract__section")
    rows = plans.select_related(
        *related, "subcontract__contractor", "officer", "inspection__agency"
    ).order_by("planned_on", "pk")
    if agency is not None:
        accesses.record(Kind.READ, object=f"{year}年度 検査計画書", agency_id=agency.pk)
    return _paper(request, "plan", form=form, agency=agency, year=year, plans=rows)


@needs(Ability.READ_LEDGER)
@require_safe
def inspection(request, code):
    """検査記録書: one visit, what it looked at and what it found."""
    visit = visit_of(request, code, Ability.READ_LEDGER)
    accesses.record(Kind.READ, object=f"{visit.code} 検査記録書", agency_id=visit.agency_id)
    evidence = visit.evidence.valid().defer("content").order_by("pk")
    return _paper(request, "inspection", visit=visit, targets=targets_of(visit), evidence=evidence)


def _paper(request, name: str, *, form=None, **context):
    form = form or PaperForm(request.GET)
    form.is_valid()
    context |= {"form": form, "seals": SEALS, "on": request.as_of(), "typed": form.cleaned_data}
    return render(request, f"outsourcing/paper/{name}.html", context)


def _contract(request, code: str, paper: str) -> Contract:
    contracts = Contract.objects.visible_to(request.scope).valid().with_chain()
    found = get_object_or_404(contracts, **contract_key(code))
    accesses.record(Kind.READ, object=f"{found.code} {paper}", agency_id=found.agency_id)
    return found


def _agency(request, agencies) -> Agency | None:
    """The one named in the address, else the only one there is to read."""
    if code := request.GET.get("agency", ""):
        return agencies.filter(code=code).first()
    first = list(agencies[:2])
    return first[0] if len(first) == 1 else None
