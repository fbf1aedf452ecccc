"""Pages of 保存した条件: the list, one with its line over time, and how they are kept."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit import report_actions, report_pages, reports
from audit.models import SavedReport
from audit.report_forms import (
    NO_CONDITIONS,
    ConditionsForm,
    NewReportForm,
    ReportForm,
    TakeBackReportForm,
    said,
)
from outsourcing.abilities import Ability, needs
from outsourcing.form_pages import METHODS, form_page, posted
from outsourcing.forms import AsOfForm
from outsourcing.models import Agency

PER_PAGE = 25
REPEATED = "同じ内容は既に保存されています。二重には保存していません。"


@needs(Ability.READ_LEDGER)
@require_safe
def report_list(request):
    """What is kept, each with its number of today, of a month and of a year ago."""
    page = Paginator(reports.visible_to(request), PER_PAGE).get_page(request.GET.get("page", 1))
    refused = report_actions.bring_up(page.object_list)
    context = {"page": page, "rows": report_pages.rows(list(page.object_list), refused)}
    return render(request, "audit/report_list.html", context)


@needs(Ability.READ_LEDGER)
@require_safe
def report(request, public_id):
    """One with its number as of a day, and of every day since the first contract."""
    found = get_object_or_404(reports.visible_to(request), public_id=public_id)
    refused = report_actions.bring_up([found]).get(found.pk, [])
    form = AsOfForm(request.GET)
    today = reports.today_of(found.agency)
    on = form.cleaned_data["as_of"] or today if form.is_valid() else today
    context = {
        "report": found,
        "is_own": found.owner_id == request.user.pk,
        "conditions": reports.in_words([found.conditions])[found.conditions],
        "no_conditions": NO_CONDITIONS,
        "refused": refused,
        "form": form,
        "on": on,
        "today": today,
        "to_change": reports.address_of(found, today),
    }
    if not refused:
        context |= report_pages.over_time(found, on, today)
    return render(request, "audit/report.html", context)


@needs(Ability.READ_LEDGER)
@require_http_methods(METHODS)
def new(request):
    """Keep the conditions of the list under a name."""
    agencies = request.access.agencies(Ability.READ_LEDGER)
    everything = request.scope.is_everything
    asked = posted(request)
    to = request.GET.urlencode() if asked is None else asked.get("conditions", "")
    try:
        to, counted = _understood(to, [None, *agencies] if everything else agencies)
    except ValidationError as why:
        return _not_understood(request, why)
    form = NewReportForm(
        asked,
        agencies=agencies,
        everything=everything,
        today=timezone.localdate(),
        initial={"conditions": to, "agency": counted and counted.code},
    )
    if form.is_bound and form.carry_out_once(
        lambda: report_actions.save(by=request.user, **form.values), by=request.user
    ):
        if form.repeated:
            messages.info(request, REPEATED)
            return redirect("reports")
        messages.success(request, f"「{form.result.name}」を保存しました。")
        return redirect("report", form.result.public_id)
    context = {
        "form": form,
        "title": "条件を保存する",
        "submit": "保存する",
        "back": f"{reverse('findings')}?{to}",
        "crumbs": [("保存した条件", reverse("reports"))],
        "facts": reports.in_words([to])[to] or [("条件", NO_CONDITIONS)],
        "kept": reports.own(request),
        "asked": to,
    }
    return render(request, "audit/report_new.html", context, status=form.status)


@needs(Ability.READ_LEDGER)
@require_http_methods(METHODS)
def edit(request, public_id):
    """Another name, or other readers."""
    row = _own(request, public_id)
    form = ReportForm(row, posted(request))
    if form.is_bound and form.carry_out(
        lambda: report_actions.rename(row, by=request.user, version=form.seen, **form.values)
    ):
        messages.success(request, f"「{form.cleaned_data['name']}」を保存しました。")
        return redirect("report", row.public_id)
    return form_page(request, form, **_page(row, "名前と共有"), submit="保存する")


@needs(Ability.READ_LEDGER)
@require_http_methods(METHODS)
def conditions(request, public_id):
    """The conditions of the list in place of those kept: all days are counted anew."""
    row = _own(request, public_id)
    today = timezone.localdate()
    asked = posted(request)
    try:
        to = asked["conditions"] if asked and "conditions" in asked else request.GET.urlencode()
        to = reports.normalised(to, row.agency, today)
    except ValidationError as why:
        return _not_understood(request, why)
    form = ConditionsForm(row, asked, today=today, initial={"conditions": to})
    if form.is_bound and form.carry_out(
        lambda: report_actions.ask_anew(row, by=request.user, version=form.seen, **form.values)
    ):
        messages.success(request, f"「{row.name}」の条件を改め、すべての日を数え直しました。")
        return redirect("report", row.public_id)
    page = _page(row, "条件の変更") | {
        "lead": "保存した条件を、次のとおり置き換えます。過去の件数は、新しい条件で数え直します。",
        "submit": "この条件に置き換える",
    }
    page["facts"] += [("今の条件", said(row.conditions)), ("新しい条件", said(to))]
    return form_page(request, form, **page)


@needs(Ability.READ_LEDGER)
@require_POST
def recount(request, public_id):
    """Every day anew, as the ledger stands now."""
    row = _own(request, public_id)
    if refused := report_actions.recount(row):
        messages.error(request, f"数え直せませんでした。{refused[0]}")
    else:
        messages.success(request, "すべての日を、今の台帳で数え直しました。")
    return redirect("report", row.public_id)


@needs(Ability.READ_LEDGER)
@require_http_methods(METHODS)
def void(request, public_id):
    row = _own(request, public_id)
    form = TakeBackReportForm(row, posted(request))
    if form.is_bound and form.carry_out(
        lambda: report_actions.take_back(
            row, by=request.user, on=timezone.localdate(), version=form.seen
        )
    ):
        messages.success(request, f"「{row.name}」の保存を取り消しました。")
        return redirect("reports")
    lead = "一覧から除きます。所見と台帳は変わりません。共有している人にも見えなくなります。"
    page = _page(row, "保存の取消し") | {"lead": lead, "submit": "取り消す"}
    return form_page(request, form, **page)


def _own(request, public_id) -> SavedReport:
    """One that the user may change; what others share may only be looked at."""
    found = get_object_or_404(reports.visible_to(request), public_id=public_id)
    if found.owner_id != request.user.pk:
        raise PermissionDenied
    return found


def _page(row: SavedReport, title: str) -> dict:
    back = reverse("report", args=[row.public_id])
    return {
        "title": title,
        "back": back,
        "crumbs": [("保存した条件", reverse("reports")), (row.name, back)],
        "facts": [("名前", row.name)],
    }


def _understood(conditions: str, agencies: list) -> tuple[str, Agency | None]:
    """Conditions as they are kept, and the first ledger for which they can be understood. Raises
    ValidationError where they can for none."""
    refused = None
    for agency in agencies:
        try:
            return reports.normalised(conditions, agency, timezone.localdate()), agency
        except ValidationError as why:
            refused = refused or why
    raise refused


def _not_understood(request, why: ValidationError):
    context = {"refused": why.messages}
    return render(request, "audit/report_refused.html", context, status=400)
