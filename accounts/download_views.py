"""Pages about what is taken out (第6-5): the notices, and the limits of an agency."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions.downloads import see_notice, set_limit
from accounts.downloads import limits, notices
from accounts.forms import LimitForm
from accounts.models import DownloadLimit
from outsourcing.abilities import Ability, needs
from outsourcing.form_pages import METHODS, form_page, posted
from outsourcing.models import Agency

MOST_SHOWN = 100


@needs(Ability.READ_NOTICES)
@require_safe
def notice_list(request):
    """Who took out much, when and why: those not seen yet first."""
    rows = _notices(request).select_related("agency", "seen_by")
    rows = rows.order_by(F("seen_at").desc(nulls_first=True), "-at")[:MOST_SHOWN]
    context = {"rows": rows, "most": MOST_SHOWN}
    return render(request, "accounts/download_notices.html", context)


@needs(Ability.READ_NOTICES)
@require_POST
def see(request, public_id):
    """Say that a notice has been seen."""
    notice = get_object_or_404(_notices(request), public_id=public_id)
    see_notice(notice, by=request.user, at=timezone.now())
    messages.success(request, "持出しの知らせを確認済みにしました。")
    return redirect("download-notices")


def _notices(request):
    return notices(request.access.scope(Ability.READ_NOTICES))


@needs(Ability.SET_LIMITS)
@require_safe
def limit_list(request):
    """The limits of the own agencies."""
    agencies = Agency.objects.visible_to(request.access.scope(Ability.SET_LIMITS))
    rows = [(agency, *limits([agency.pk])) for agency in agencies.order_by("code")]
    return render(request, "accounts/download_limits.html", {"rows": rows})


@needs(Ability.SET_LIMITS)
@require_http_methods(METHODS)
def limit(request, code):
    """Set the limits of an agency."""
    agencies = Agency.objects.visible_to(request.access.scope(Ability.SET_LIMITS))
    agency = get_object_or_404(agencies, code=code)
    warn_above, ask_above = limits([agency.pk])
    row = DownloadLimit.objects.filter(agency=agency).first() or DownloadLimit(
        agency=agency, warn_above=warn_above, ask_above=ask_above, version=0
    )
    form = LimitForm(row, posted(request))
    if form.is_bound and form.carry_out(
        lambda: set_limit(agency, by=request.user, version=form.seen, **form.values)
    ):
        messages.success(request, f"「{agency}」の持出し件数の限度を改めました。")
        return redirect("download-limits")
    limits_page = reverse("download-limits")
    return form_page(
        request,
        form,
        title=f"持出し件数の限度（{agency}）",
        submit="改める",
        back=limits_page,
        crumbs=[("持出し件数の限度", limits_page)],
    )
