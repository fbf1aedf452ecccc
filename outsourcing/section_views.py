"""Pages of sections: opened, renamed, closed, merged; 移管; and who supervises which body."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from outsourcing.abilities import Ability, needs
from outsourcing.actions import agencies, contracts, sections
from outsourcing.form_pages import METHODS, form_page, posted
from outsourcing.forms import (
    MergeForm,
    NewSectionForm,
    SectionForm,
    SupervisorForm,
    TransferForm,
)
from outsourcing.models import Agency, AgencyKind, Contract, Disclosure, Section
from outsourcing.views import contract_key


@needs(Ability.HAND_OVER)
@require_safe
def section_list(request, agency):
    """The sections of an agency, with how many contracts each answers for."""
    found = _agency(request, agency)
    numbers = dict(
        Contract.objects.valid()
        .filter(agency=found)
        .values_list("section")
        .annotate(number=Count("*"))
        .order_by()
    )
    rows = Section.objects.valid().filter(agency=found).order_by("code")
    context = {
        "agency": found,
        "rows": [(section, numbers.get(section.pk, 0)) for section in rows],
        "without": numbers.get(None, 0),
    }
    return render(request, "outsourcing/sections.html", context)


@needs(Ability.HAND_OVER)
@require_http_methods(METHODS)
def new(request, agency):
    """Open a section."""
    found = _agency(request, agency)
    form = NewSectionForm(posted(request))
    if form.is_bound and form.carry_out(
        lambda: agencies.open_section(by=request.user, agency=found, **form.values)
    ):
        messages.success(request, f"課室「{form.result}」を設置しました。")
        return redirect("sections", found.code)
    return form_page(
        request,
        form,
        title=f"課室の設置（{found}）",
        submit="設置する",
        back=reverse("sections", args=[found.code]),
        crumbs=_crumbs(found),
    )


@needs(Ability.HAND_OVER)
@require_http_methods(METHODS)
def section(request, agency, code):
    """Rename a section, correct its days, or close it."""
    found = _agency(request, agency)
    row = get_object_or_404(Section.objects.valid(), agency=found, code=code)
    form = SectionForm(row, posted(request))
    if form.is_bound and form.carry_out(
        lambda: sections.correct_section(row, by=request.user, version=form.seen, **form.values)
    ):
        messages.success(request, f"課室「{row}」の内容を改めました。")
        return redirect("sections", found.code)
    return form_page(
        request,
        form,
        title=f"課室「{form.row.code}」の変更",
        lead="廃止日を入れると、その日までで廃止します。契約が残っているときは、統合してください。",
        facts=[("機関", found), ("課室コード", form.row.code)],
        submit="保存する",
        back=reverse("sections", args=[found.code]),
        crumbs=_crumbs(found),
    )


@needs(Ability.HAND_OVER)
@require_http_methods(METHODS)
def merge(request, agency):
    """課室の統合: chosen by GET, shown to be confirmed, done by POST."""
    found = _agency(request, agency)
    asked = request.POST if request.method == "POST" else (request.GET or None)
    form = MergeForm(asked, sections=_open_sections(found, on=timezone.localdate()))
    if request.method == "POST" and form.carry_out(
        lambda: sections.merge_sections(by=request.user, **form.values)
    ):
        into = form.cleaned_data["into"]
        messages.success(
            request, f"課室「{into}」に統合し、契約{len(form.result):,}件を移管しました。"
        )
        return redirect("sections", found.code)
    context = {"agency": found, "form": form, "crumbs": _crumbs(found)}
    editing = request.method == "POST" or "edit" in request.GET
    if not editing and form.is_bound and form.is_valid():
        closing = Q(section__in=form.cleaned_data["sections"])
        context["contracts"] = Contract.objects.valid().filter(closing).count()
        context["disclosures"] = Disclosure.objects.valid().filter(closing).count()
        return render(request, "outsourcing/section_merge_confirm.html", context)
    return render(request, "outsourcing/section_merge.html", context, status=form.status)


@needs(Ability.HAND_OVER)
@require_http_methods(METHODS)
def transfer(request, code):
    """移管 of one contract."""
    scope = request.access.scope(Ability.HAND_OVER)
    rows = Contract.objects.visible_to(scope).valid().select_related("agency", "section")
    row = get_object_or_404(rows, **contract_key(code))
    if not request.access.covers(
        Ability.HAND_OVER, agency_id=row.agency_id, section_id=row.section_id
    ):
        raise PermissionDenied
    others = _open_sections(row.agency, on=timezone.localdate()).exclude(pk=row.section_id)
    form = TransferForm(row, posted(request), sections=others)

    def act():
        to, on, reason = (form.cleaned_data[name] for name in ("section", "on", "reason"))
        contracts.transfer(row, by=request.user, to=to, on=on, reason=reason, version=form.seen)

    if form.is_bound and form.carry_out(act):
        messages.success(request, f"契約を課室「{form.cleaned_data['section']}」に移管しました。")
        return redirect("contract", code)
    here = form.row.section
    return form_page(
        request,
        form,
        title="契約の移管",
        facts=[("契約", f"{row.code}　{form.row.title}"), ("今の課室", here or "—")],
        submit="移管する",
        back=reverse("contract", args=[code]),
        crumbs=[("契約の一覧", reverse("contracts")), (code, reverse("contract", args=[code]))],
    )


@needs(Ability.RUN_SURVEYS)
@require_safe
def supervisor_list(request):
    """Which body is supervised by which agency (第11)."""
    rows = _supervised(request).select_related("supervisor")
    return render(request, "outsourcing/supervisors.html", {"rows": rows})


@needs(Ability.RUN_SURVEYS)
@require_http_methods(METHODS)
def supervisor(request, code):
    """Set who supervises a body."""
    row = get_object_or_404(_supervised(request).select_related("supervisor"), code=code)
    organs = Agency.objects.valid().filter(kind=AgencyKind.ORGAN).order_by("code")
    form = SupervisorForm(row, posted(request), organs=organs)
    if form.is_bound and form.carry_out(
        lambda: agencies.supervise(row, by=request.user, version=form.seen, **form.values)
    ):
        messages.success(request, f"「{row}」の所管府省を改めました。")
        return redirect("supervisors")
    return form_page(
        request,
        form,
        title=f"所管府省（{row}）",
        lead="所管府省の総括保護管理者と監査責任者は、この法人の件数だけを見られます。",
        submit="保存する",
        back=reverse("supervisors"),
        crumbs=[("所管府省", reverse("supervisors"))],
    )


def _supervised(request):
    scope = request.access.scope(Ability.RUN_SURVEYS)
    bodies = Agency.objects.visible_to(scope).valid()
    return bodies.filter(kind=AgencyKind.INDEPENDENT).order_by("code")


def _agency(request, code: str) -> Agency:
    """One whose sections the user answers for: a role for a single section is not enough."""
    scope = request.access.scope(Ability.HAND_OVER)
    found = get_object_or_404(Agency.objects.visible_to(scope), code=code)
    if not request.access.covers(Ability.HAND_OVER, agency_id=found.pk, section_id=None):
        raise PermissionDenied
    return found


def _open_sections(agency: Agency, *, on: date):
    """Those that are not closed before that day."""
    going_on = Q(last_day__isnull=True) | Q(last_day__gte=on)
    return Section.objects.valid().filter(going_on, agency=agency).order_by("code")


def _crumbs(agency: Agency) -> list[tuple[str, str]]:
    return [("管理", reverse("management")), ("課室", reverse("sections", args=[agency.code]))]
