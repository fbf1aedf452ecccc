"""Approvals of many links at once: typed by GET, shown to be confirmed, recorded by POST."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from outsourcing.abilities import Ability, needs
from outsourcing.actions import subcontracts
from outsourcing.approval_forms import ApprovalsForm
from outsourcing.form_pages import METHODS
from outsourcing.writing import contracts_to_write


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def approve_many(request):
    """One decision on all links that were ticked; all or none."""
    contracts = contracts_to_write(request)
    if request.method == "POST":
        form = ApprovalsForm(request.POST, contracts=contracts)
        if form.carry_out_once(
            lambda: subcontracts.record_many(form.rows(), by=request.user), by=request.user
        ):
            _tell(request, form)
            return redirect("work-approvals")
        return _page(request, form, request.POST.getlist("targets"))
    codes = request.GET.getlist("targets")
    if not codes:
        messages.info(request, "承認を記録する再委託を、一覧で選んでください。")
        return redirect("work-approvals")
    if "decided_on" not in request.GET:
        return _page(request, ApprovalsForm(contracts=contracts, initial={"targets": codes}), codes)
    form = ApprovalsForm(request.GET, contracts=contracts)
    if "edit" in request.GET or not form.is_valid():
        return _page(request, form, codes)
    return render(request, "outsourcing/approvals_confirm.html", {"form": form})


def _tell(request, form: ApprovalsForm) -> None:
    if form.repeated:
        messages.info(request, "同じ内容は既に記録されています。")
    else:
        number = len(form.result)
        messages.success(request, f"{form.result_in_words}を{number}件の再委託に記録しました。")


def _page(request, form: ApprovalsForm, codes: list[str]):
    """The form, and what it is about as far as that can be chosen."""
    field = form.fields["targets"]
    try:
        targets = field.clean(codes)
    except ValidationError as refused:
        targets = []
        if not form.is_bound:
            messages.error(request, " ".join(refused.messages))
            return redirect("work-approvals")
    context = {"form": form, "targets": targets}
    return render(request, "outsourcing/approvals.html", context, status=form.status)
