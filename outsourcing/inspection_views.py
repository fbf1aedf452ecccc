"""Pages of 取扱状況の検査: the list, one visit, and how one is recorded."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from outsourcing.abilities import Ability, needs
from outsourcing.actions.inspections import record_visit
from outsourcing.entries import Entry, Trial
from outsourcing.filters import chosen
from outsourcing.form_pages import METHODS, checked, is_check
from outsourcing.inspection_filters import InspectionFilter, counted
from outsourcing.inspection_forms import VisitForm
from outsourcing.inspection_tables import InspectionTable
from outsourcing.models import Evidence, Inspection, InspectionTarget, PlannedInspection
from outsourcing.target_choice import Choice, chooses, choosing
from outsourcing.targets import MOST
from outsourcing.views import contract_key, paged, without_blanks
from outsourcing.writing import contracts_to_write, writes_to
from trail import accesses
from trail.models import Kind

REPEATED = "同じ内容は既に記録されています。二重には記録していません。"


@needs(Ability.READ_LEDGER)
@require_safe
def inspection_list(request):
    if (address := without_blanks(request)) is not None:
        return redirect(address)
    rows = counted(Inspection.objects.visible_to(request.scope).valid())
    found = InspectionFilter(request.GET, queryset=rows.select_related("agency"), request=request)
    table = paged(request, InspectionTable(found.qs, caption="検査の一覧"))
    context = {
        "filter": found,
        "table": table,
        "conditions": chosen(found),
        "may_write": request.access.may(Ability.WRITE_LEDGER),
    }
    return render(request, "outsourcing/inspection_list.html", context)


@needs(Ability.READ_LEDGER)
@require_safe
def inspection(request, code):
    """One visit: what it looked at, what it found, and what shows it."""
    found = visit_of(request, code, Ability.READ_LEDGER)
    accesses.record(Kind.READ, object=found.code, agency_id=found.agency_id)
    targets = targets_of(found)
    context = {
        "visit": found,
        "targets": targets,
        "evidence": found.evidence.valid().defer("content").order_by("pk"),
        "plans": found.plans.valid()
        .select_related("contract__agency", "subcontract")
        .order_by("planned_on", "pk"),
        "may_write": writes_to_all(request, found, targets),
        "written_to": {t.pk for t in targets if writes_to(request, t.contract)},
    }
    return render(request, "outsourcing/inspection.html", context)


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def new(request):
    """Record one visit: targets are chosen first, then what it found is typed."""
    contracts = contracts_to_write(request)
    posts = request.method == "POST"
    sent = request.POST if posts else request.GET
    plans = [] if posts else _plans_asked_for(request, contracts)
    codes = [*sent.getlist("targets"), *(plan.code for plan in plans)]
    choice = Choice(codes, contracts, asks=posts or ("q" in sent and not chooses(sent)))
    if not choice.targets or (not posts and (choice.errors or chooses(sent))):
        return choosing(request, choice, contracts, title="検査を記録する", most=MOST)
    form = _form(request, codes, contracts, plans)
    page = {"back": reverse("inspections"), "targets": form.chosen, "title": "検査を記録する"}
    trial = None
    if is_check(request):
        trial = _trial(form)
        if "fragment" in request.POST:
            return checked(request, trial, form)
    elif form.is_bound and form.carry_out_once(lambda: _record(request, form), by=request.user):
        if form.repeated:
            messages.info(request, REPEATED)
            return redirect("inspections")
        messages.success(
            request, f"検査「{form.result.code}」を記録しました（対象{len(form.chosen)}件）。"
        )
        return redirect("inspection", form.result.code)
    page |= {
        "form": form,
        "several": len(form.chosen) > 1,
        "checks": len({target.contract.pk for target in form.chosen}) == 1,
        "trial": trial,
        "on": request.as_of(),
    }
    return render(request, "outsourcing/inspection_form.html", page, status=form.status)


def _form(request, codes, contracts, plans) -> VisitForm:
    common = {"codes": codes, "contracts": contracts, "today": timezone.localdate()}
    if request.method == "POST" and "copy" not in request.POST:
        return VisitForm(request.POST, request.FILES, **common)
    if request.method == "POST":
        return VisitForm(initial=VisitForm.typed(request.POST, codes, copying=True), **common)
    form = VisitForm(**common)
    asked = {plan.pk for plan in plans} or {plan.pk for plan in _earliest(form.plans_open)}
    first = next((plan for plan in form.plans_open if plan.pk in asked), None)
    form.initial |= {
        "targets": [target.code for target in form.chosen],
        "plans": [str(plan.public_id) for plan in form.plans_open if plan.pk in asked],
        "same": len(form.chosen) > 1,
    }
    if first is not None:
        form.initial |= {"method": first.method, "inspectors": first.inspectors}
    return form


def _earliest(plans: list[PlannedInspection]) -> list[PlannedInspection]:
    """Of each target the one planned first: it is what a visit most likely does."""
    return list({(p.contract_id, p.subcontract_id): p for p in reversed(plans)}.values())


def _plans_asked_for(request, contracts) -> list[PlannedInspection]:
    try:
        keys = [UUID(text) for text in request.GET.getlist("plans")]
    except ValueError as error:
        raise Http404 from error
    if not keys:
        return []
    rows = PlannedInspection.objects.visible_to(request.access.scope(Ability.WRITE_LEDGER))
    rows = rows.valid().filter(public_id__in=keys, inspection=None, contract__in=contracts)
    found = list(rows.select_related("contract__agency", "subcontract"))
    if len(found) < len(set(keys)):
        raise Http404
    return found


def _record(request, form: VisitForm) -> Inspection:
    visit, targets = form.visit()
    values = form.cleaned_data
    return record_visit(
        visit, targets, by=request.user, plans=values["plans"], files=values["files"]
    )


def _trial(form: VisitForm) -> Trial | None:
    """Of a single contract, once all can be read."""
    if not form.is_valid() or len({target.contract.pk for target in form.chosen}) > 1:
        return None
    visit, rows = form.visit()
    entry = Entry.of(form.chosen[0].contract)
    links = {link.pk: link for link in entry.links}

    def change(entry: Entry) -> None:
        for row in rows:
            row.inspection = visit
            row.subcontract = links.get(row.subcontract_id)
        entry.targets += rows

    return Trial(entry, change)


@needs(Ability.READ_LEDGER)
@require_http_methods(METHODS)
def evidence(request, code, public_id):
    """A file of evidence, taken out and counted (第6-5). A browser never shows it in the page."""
    visit = visit_of(request, code, Ability.READ_LEDGER)
    row = get_object_or_404(visit.evidence.valid().defer("content"), public_id=public_id)
    name = f"{visit.code} {row.name}"
    if (instead := request.take_out(name=name[:500], rows=1)) is not None:
        return instead
    content = Evidence.objects.values_list("content", flat=True).get(pk=row.pk)
    response = HttpResponse(bytes(content), content_type=row.kind)
    response["Content-Disposition"] = content_disposition_header(True, row.name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def visit_of(request, code: str, ability: Ability) -> Inspection:
    """A visit of an agency for which the user may do it; what another has is not found."""
    rows = Inspection.objects.visible_to(request.access.scope(ability)).valid()
    return get_object_or_404(
        rows.select_related("agency", "recorded_by"), **contract_key(code, Inspection.CODE)
    )


def visit_to_write(request, code: str) -> tuple[Inspection, list[InspectionTarget]]:
    """One whose targets are all the user's to write to, and these."""
    visit = visit_of(request, code, Ability.WRITE_LEDGER)
    targets = targets_of(visit)
    if not writes_to_all(request, visit, targets):
        raise PermissionDenied
    return visit, targets


def target_to_write(request, code: str, target: str) -> InspectionTarget:
    visit = visit_of(request, code, Ability.WRITE_LEDGER)
    found = next((row for row in targets_of(visit) if row.code == target), None)
    if found is None:
        raise Http404
    if not writes_to(request, found.contract):
        raise PermissionDenied
    return found


def writes_to_all(request, visit: Inspection, targets: list[InspectionTarget]) -> bool:
    if not targets:
        return request.access.covers(
            Ability.WRITE_LEDGER, agency_id=visit.agency_id, section_id=None
        )
    return all(writes_to(request, target.contract) for target in targets)


def targets_of(visit: Inspection) -> list[InspectionTarget]:
    rows = visit.targets.valid().select_related(
        "inspection__agency", "contract__agency", "contract__contractor", "subcontract__contractor"
    )
    return list(rows.order_by("pk"))
