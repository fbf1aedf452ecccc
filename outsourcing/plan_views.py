"""Pages of 検査計画."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_safe

from outsourcing.abilities import Ability, needs
from outsourcing.actions import inspections
from outsourcing.filters import chosen
from outsourcing.form_pages import METHODS, form_page, posted
from outsourcing.inspection_filters import PlanFilter
from outsourcing.inspection_forms import TakeBackForm
from outsourcing.inspection_tables import PlanTable
from outsourcing.inspection_views import REPEATED
from outsourcing.models import PlannedInspection
from outsourcing.plan_forms import ChangePlanForm, PlanForm
from outsourcing.target_choice import Choice, chooses, choosing
from outsourcing.targets import MOST
from outsourcing.views import paged, without_blanks
from outsourcing.writing import contracts_to_write, writes_to


@needs(Ability.READ_LEDGER)
@require_safe
def plan_list(request):
    if (address := without_blanks(request)) is not None:
        return redirect(address)
    rows = PlannedInspection.objects.visible_to(request.scope).valid()
    found = PlanFilter(request.GET, queryset=_with_all(rows), request=request)
    table = PlanTable(found.qs, caption="検査計画の一覧", writes_to=lambda c: writes_to(request, c))
    context = {
        "filter": found,
        "table": paged(request, table),
        "conditions": chosen(found),
        "may_write": request.access.may(Ability.WRITE_LEDGER),
    }
    return render(request, "outsourcing/plan_list.html", context)


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def new(request):
    """Plan inspections: targets are chosen first, then when and how is typed for all of them."""
    contracts = contracts_to_write(request)
    posts = request.method == "POST"
    sent = request.POST if posts else request.GET
    choice = Choice(
        sent.getlist("targets"), contracts, asks=posts or ("q" in sent and not chooses(sent))
    )
    if not choice.targets or (not posts and (choice.errors or chooses(sent))):
        return choosing(request, choice, contracts, title="検査を計画する", most=MOST)
    agency = choice.targets[0].contract.agency
    writers = request.access.writers(agency, on=timezone.localdate())
    initial = {"targets": [target.code for target in choice.targets]}
    form = PlanForm(posted(request), contracts=contracts, writers=writers, initial=initial)
    if form.is_bound and form.carry_out_once(
        lambda: inspections.plan_many(by=request.user, **form.values), by=request.user
    ):
        if form.repeated:
            messages.info(request, REPEATED)
        else:
            messages.success(request, f"検査を{len(form.result)}件計画しました。")
        return redirect("inspection-plans")
    context = {
        "form": form,
        "title": "検査を計画する",
        "targets": choice.targets,
        "back": reverse("inspection-plans"),
    }
    return render(request, "outsourcing/plan_form.html", context, status=form.status)


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def plan(request, public_id):
    """Plan one inspection otherwise."""
    row = _plan_to_write(request, public_id)
    writers = request.access.writers(row.agency, on=timezone.localdate())
    form = ChangePlanForm(row, posted(request), writers=writers)
    if form.is_bound and form.carry_out(
        lambda: inspections.change_plan(row, by=request.user, version=form.seen, **form.values)
    ):
        messages.success(request, f"「{row.target}」の検査計画を改めました。")
        return redirect("inspection-plans")
    page = _page(row, "検査計画の変更") | {"submit": "保存する"}
    page["facts"].append(("ほかの操作", _others(row)))
    return form_page(request, form, **page)


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def void(request, public_id):
    """Give a plan up."""
    row = _plan_to_write(request, public_id)
    form = TakeBackForm(row, posted(request))
    if form.is_bound and form.carry_out(
        lambda: inspections.void_plan(
            row,
            by=request.user,
            on=timezone.localdate(),
            reason=form.cleaned_data["void_reason"],
            version=form.seen,
        )
    ):
        messages.success(request, f"「{row.target}」の検査計画を取りやめました。")
        return redirect("inspection-plans")
    page = _page(row, "検査計画の取りやめ") | {"submit": "取りやめる"}
    return form_page(request, form, **page)


def _plan_to_write(request, public_id) -> PlannedInspection:
    """One that is not done, and the user's to change."""
    rows = PlannedInspection.objects.visible_to(request.access.scope(Ability.WRITE_LEDGER))
    found = get_object_or_404(_with_all(rows.valid()), public_id=public_id, inspection=None)
    if not writes_to(request, found.contract):
        raise PermissionDenied
    return found


def _with_all(rows):
    return rows.select_related(
        "agency",
        "officer",
        "contract__agency",
        "contract__contractor",
        "subcontract__contractor",
        "inspection__agency",
    )


def _others(row: PlannedInspection) -> str:
    return format_html(
        '<a href="{}?plans={}">この計画の検査を記録する</a>　<a href="{}">計画を取りやめる</a>',
        reverse("inspection-new"),
        row.public_id,
        reverse("inspection-plan-void", args=[row.public_id]),
    )


def _page(row: PlannedInspection, title: str) -> dict:
    contractor = (row.subcontract or row.contract).contractor.name
    back = reverse("inspection-plans")
    return {
        "title": title,
        "facts": [
            ("検査の対象", f"{row.target}　{contractor}"),
            ("契約件名", row.contract.title),
        ],
        "back": back,
        "crumbs": [("検査", reverse("inspections")), ("検査計画", back)],
    }
