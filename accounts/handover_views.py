"""Pages of who is in charge: of one contract, and 担当引継ぎ of many."""

from __future__ import annotations

from itertools import chain

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.actions.handover import assign, hand_over, in_charge
from accounts.people import writers
from accounts.people_forms import ChosenContractsForm, HandoverForm, OfficerForm
from outsourcing.abilities import Ability, needs
from outsourcing.form_pages import METHODS, form_page, posted
from outsourcing.models import Agency, Contract, Handover, handed_over
from outsourcing.views import contract_key

RECENT = 20
MOST_TICKED = 500  # boxes on one page: a server takes no endless form


@needs(Ability.HAND_OVER)
@require_http_methods(METHODS)
def officer(request, code):
    """Put somebody in charge of a contract."""
    scope = request.access.scope(Ability.HAND_OVER)
    rows = Contract.objects.visible_to(scope).valid().select_related("agency", "officer")
    row = get_object_or_404(rows, **contract_key(code))
    here = {"agency_id": row.agency_id, "section_id": row.section_id}
    if not request.access.covers(Ability.HAND_OVER, **here):
        raise PermissionDenied
    today = timezone.localdate()
    form = OfficerForm(row, posted(request), writers=writers(row.agency, on=today))
    if form.is_bound and form.carry_out(
        lambda: assign(row, by=request.user, on=today, version=form.seen, **form.values)
    ):
        messages.success(request, f"契約「{code}」の保護担当者を改めました。")
        return redirect("contract", code)
    address = reverse("contract", args=[code])
    return form_page(
        request,
        form,
        title="保護担当者の変更",
        lead="選べるのは、この機関の台帳へ記録できる役割のある人です。",
        facts=[("契約", f"{row.code}　{row.title}")],
        submit="保存する",
        back=address,
        crumbs=[("契約の一覧", reverse("contracts")), (code, address)],
    )


@needs(Ability.HAND_OVER)
@require_http_methods(METHODS)
def handover(request, agency):
    """担当引継ぎ: chosen by GET, shown to be confirmed, done by POST."""
    scope = request.access.scope(Ability.HAND_OVER)
    found = get_object_or_404(Agency.objects.visible_to(scope), code=agency)
    today = timezone.localdate()
    asked = request.POST if request.method == "POST" else (request.GET or None)
    form = HandoverForm(asked, agency=found, today=today, writers=writers(found, on=today))
    context = {"agency": found, "form": form}
    if not (form.is_bound and form.is_valid()):
        recent = Handover.objects.filter(agency=found).select_related("from_officer", "to_officer")
        return render(
            request,
            "accounts/handover.html",
            context | {"recent": recent[:RECENT]},
            status=form.status,
        )
    asked = {"by": request.user, "agency": found, "of": form.values["of"], "on": form.values["on"]}
    rows = in_charge(Contract, **asked).select_related("agency", "section", "contractor")
    rows = list(rows.order_by("fiscal_year", "serial"))
    # What waits for the officer beside them: drafts, planned inspections.
    beside = {m: list(in_charge(m, **asked)) for m in handed_over() if m is not Contract}
    choice = ChosenContractsForm(posted(request), rows=rows, beside=chain(*beside.values()))
    if (
        choice.is_bound
        and choice.is_valid()
        and form.carry_out(
            lambda: hand_over(by=request.user, agency=found, chosen=choice.chosen, **form.values)
        )
    ):
        done = form.result
        messages.success(
            request,
            f"{done.number:,}件を「{done.from_officer}」から「{done.to_officer}」に引き継ぎました。",
        )
        return redirect("handover", found.code)
    ticked = choice.data.getlist("contracts") if choice.is_bound else list(choice.by_code)
    context |= {
        "rows": rows[:MOST_TICKED],
        "number": len(rows),
        "whole": len(rows) > MOST_TICKED,
        "beside": [(m._meta.verbose_name, len(found)) for m, found in beside.items() if found],
        "choice": choice,
        "with_beside": not choice.is_bound or "beside" in choice.data,
        "ticked": ticked,
    }
    status = 400 if choice.errors or form.errors else 200
    return render(request, "accounts/handover_confirm.html", context, status=status)
