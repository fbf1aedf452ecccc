"""Pages of the contractors' master, and what is suggested while one names a contractor."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from outsourcing.abilities import Ability, needs
from outsourcing.actions import contractors
from outsourcing.contractor_fields import as_typed
from outsourcing.contractor_search import suggestions
from outsourcing.filters import chosen
from outsourcing.form_pages import METHODS, form_page, posted
from outsourcing.master_forms import (
    ContractorForm,
    DissolveForm,
    NewContractorForm,
    agencies_adding,
    contractors_known,
)
from outsourcing.master_lists import ContractorFilter, ContractorTable
from outsourcing.models import Contract, Contractor, Shareholding, Subcontract
from outsourcing.recorded_holdings import owners_of, subsidiaries_of
from outsourcing.views import paged, without_blanks

SUGGESTED = 12
SHOWN = 10  # rows of one kind on a contractor's page
LIST = "委託先の一覧"


@needs(Ability.READ_LEDGER)
@require_safe
def suggest(request):
    """Contractors for what has been typed so far (``static/js/combobox.js``)."""
    typed = request.GET.get("q", "").replace("\0", "")  # which PostgreSQL keeps in no text
    found = suggestions(contractors_known(request), typed, most=SUGGESTED)
    plain = {"ensure_ascii": False}
    return JsonResponse({"suggestions": [_suggested(r) for r in found]}, json_dumps_params=plain)


def _suggested(contractor: Contractor) -> dict[str, str]:
    return {
        "text": as_typed(contractor),
        "name": contractor.name,
        "kana": contractor.kana,
        "number": contractor.corporate_number or "",
        "note": note_on(contractor),
    }


def note_on(contractor: Contractor) -> str:
    """What tells it from others of the same name, beside its number."""
    said = []
    if not contractor.corporate_number:
        said.append(f"法人番号なし（{contractor.get_no_number_reason_display()}）")
    if contractor.dissolved_on:
        said.append(f"{contractor.dissolved_on:%Y-%m-%d}解散")
    return "、".join(said)


@needs(Ability.READ_LEDGER)
@require_safe
def contractor_list(request):
    if (address := without_blanks(request)) is not None:
        return redirect(address)
    found = ContractorFilter(request.GET, queryset=contractors_known(request), request=request)
    table = paged(request, ContractorTable(found.qs, caption=LIST))
    context = {"filter": found, "table": table, "conditions": chosen(found)}
    return render(request, "outsourcing/contractor_list.html", context)


@needs(Ability.READ_LEDGER)
@require_safe
def contractor(request, public_id):
    """What a contractor is, who holds whom, and where it stands in the reader's own ledgers."""
    found = _known(request, public_id)
    today = timezone.localdate()
    known = contractors_known(request)
    contracts = Contract.objects.visible_to(request.scope).valid()
    newest = ("-first_day", "-pk")
    links = Subcontract.objects.valid().filter(contractor=found, contract=OuterRef("pk"))
    as_link = contracts.filter(Exists(links))
    holdings = holdings_known(request)
    context = {
        "contractor": found,
        "typed": as_typed(found),
        "writes": request.access.may(Ability.WRITE_HOLDINGS),
        "today": today,
        "above": Paginator(holdings.filter(held=found), SHOWN).page(1),
        "below": Paginator(holdings.filter(holder=found), SHOWN).page(1),
        "subsidiaries": subsidiaries_of(found, known, on=today),
        "owners": owners_of(found, known, on=today),
        "prime": Paginator(
            contracts.filter(contractor=found).select_related("agency").order_by(*newest), SHOWN
        ).page(1),
        "link": Paginator(as_link.select_related("agency").order_by(*newest), SHOWN).page(1),
    }
    return render(request, "outsourcing/contractor.html", context)


@needs(Ability.ADD_CONTRACTORS)
@require_http_methods(METHODS)
def new(request):
    """Add a contractor: as a page, or as a piece of one that asks for it in place."""
    form = NewContractorForm(
        posted(request),
        known=contractors_known(request),
        agencies=agencies_adding(request, Ability.ADD_CONTRACTORS),
        initial={"name": request.GET.get("name", "")[:200]},
    )
    in_place = "fragment" in (request.POST if request.method == "POST" else request.GET)
    if form.is_bound and form.carry_out_once(
        lambda: contractors.add(by=request.user, **form.values), by=request.user
    ):
        made = _sent_before(request, form) if form.repeated else form.result
        if in_place:
            return JsonResponse({"text": as_typed(made)}, status=201)
        if form.repeated:
            messages.info(request, "同じ内容は既に記録されています。")
        else:
            messages.success(request, f"委託先「{made}」を登録しました。")
        return redirect("contractor", made.public_id)
    if in_place:
        context = {"form": form, "everybody": form.only is None}
        status = form.status
        return render(request, "outsourcing/_contractor_new.html", context, status=status)
    return form_page(
        request,
        form,
        title="委託先の登録",
        lead="同じ委託先を二重に登録しないよう、先に一覧で探してください。"
        "法人番号がない委託先は、登録した機関だけに見えます。",
        submit="登録する",
        back=reverse("contractors"),
        crumbs=[(LIST, reverse("contractors"))],
    )


def _sent_before(request, form: NewContractorForm) -> Contractor:
    """What the same form has added."""
    same = contractors_known(request).filter(
        recorded_by=request.user, name=form.cleaned_data["name"]
    )
    return same.order_by("-pk")[0]


@needs(Ability.ADD_CONTRACTORS)
@require_http_methods(METHODS)
def correct(request, public_id):
    """Correct what a contractor is."""
    found = _known(request, public_id)
    form = ContractorForm(found, posted(request))
    if form.is_bound and form.carry_out(
        lambda: contractors.correct(found, by=request.user, version=form.seen, **form.values)
    ):
        messages.success(request, f"委託先「{found}」の内容を改めました。")
        return redirect("contractor", public_id)
    return form_page(
        request,
        form,
        title=f"委託先「{form.row.name}」の訂正",
        lead="委託先は各機関に共通です。訂正は、ほかの機関の画面にも表れます。"
        "法人番号を入れると、すべての機関に見えるようになります。",
        submit="保存する",
        back=reverse("contractor", args=[public_id]),
        crumbs=crumbs_of(found),
    )


@needs(Ability.WRITE_HOLDINGS)
@require_http_methods(METHODS)
def dissolve(request, public_id):
    """Record 解散, or take the record back."""
    found = _known(request, public_id)
    form = DissolveForm(found, posted(request))
    if form.is_bound and form.carry_out(
        lambda: contractors.dissolve(
            found, by=request.user, on=form.cleaned_data["dissolved_on"], version=form.seen
        )
    ):
        said = "解散を記録しました" if found.dissolved_on else "解散の記録を取り消しました"
        messages.success(request, f"委託先「{found}」の{said}。")
        return redirect("contractor", public_id)
    return form_page(
        request,
        form,
        title=f"委託先「{form.row.name}」の解散",
        lead="解散した日からは、出資も被出資もないものとして、子会社かどうかを判定し直します。",
        submit="保存する",
        back=reverse("contractor", args=[public_id]),
        crumbs=crumbs_of(found),
    )


def holdings_known(request):
    """Holdings whose companies the reader may both know of."""
    known = contractors_known(request)
    return (
        Shareholding.objects.valid()
        .filter(Q(holder__in=known) & Q(held__in=known))
        .select_related("holder", "held")
        .order_by("-first_day", "-pk")
    )


def crumbs_of(found: Contractor) -> list[tuple[str, str]]:
    return [
        (LIST, reverse("contractors")),
        (found.name, reverse("contractor", args=[found.public_id])),
    ]


def _known(request, public_id) -> Contractor:
    """One that the reader may know of."""
    return get_object_or_404(
        contractors_known(request).select_related("agency"), public_id=public_id
    )
