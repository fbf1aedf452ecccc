"""Pages of 注意喚起: what was sent to one's agency, and what one's office has sent."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit import advisories, advisory_actions
from audit.advisory_forms import TakeBackForm, about_of
from audit.advisory_rows import reading_rows
from audit.models import Addressee, Advisory, Reading
from outsourcing.abilities import Ability, needs
from outsourcing.form_pages import METHODS, form_page, posted
from outsourcing.views import PER_PAGE

SHOWN = {"read": "読んだ機関", "unread": "まだ誰も読んでいない機関"}


@needs(Ability.READ_LEDGER)
@require_safe
def advisory_list(request):
    """Those sent to the own agencies, unread ones first; or those that the own office has sent."""
    sends = request.access.may(Ability.ADVISE)
    reads = bool(advisories.own_agencies(request.access))
    shows_sent = sends and (not reads or request.GET.get("show") == "sent")
    if shows_sent:
        rows = advisories.sent(request.access)
    else:
        rows = advisories.unread_first(advisories.received(request.access), request.user)
    rows = rows.select_related("agency")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page", 1))
    numbers = advisories.numbers(list(page)) if shows_sent else {}
    context = {
        "page": page,
        "rows": [(row, *numbers.get(row.pk, (0, 0))) for row in page],
        "shows_sent": shows_sent,
        "sends": sends,
        "reads": reads,
    }
    return render(request, "audit/advisories.html", context)


@needs(Ability.READ_LEDGER)
@require_safe
def advisory(request, public_id):
    """One of them; for who sent it with who has read it."""
    found = _found(request, advisories.seen(request.access), public_id)
    own = advisories.own_agencies(request.access)
    to_own = found.addressees.filter(agency__in=own).exists()
    read = Reading.objects.filter(advisory=found, reader=request.user).order_by("read_at").first()
    context = {
        "advisory": found,
        "sender": _is_sender(request, found),
        "reads": to_own and read is None and found.voided_on is None,
        "read": read,
    }
    if found.conditions:
        about = about_of(found.conditions, request, on=found.sent_on)
        context |= {"about": about, "number": about.filter.qs.count()}
    if context["sender"]:
        context |= _readings(request, found)
    return render(request, "audit/advisory.html", context)


def _readings(request, found: Advisory) -> dict:
    """Agency by agency; those of one kind alone, if asked for."""
    rows = advisories.addressed(found)
    number, read = len(rows), sum(bool(row.readings) for row in rows)
    show = request.GET.get("show", "")
    if show in SHOWN:
        rows = [row for row in rows if bool(row.readings) == (show == "read")]
    return {
        "rows": reading_rows(rows),
        "shown": len(rows),
        "show": show if show in SHOWN else "",
        "shows": SHOWN.get(show, "宛先のすべて"),
        "numbers": {"all": number, "read": read},
        "unread": number - read,
    }


@needs(Ability.READ_LEDGER)
@require_POST
def read(request, public_id):
    """「読みました」, for each own agency that it was sent to."""
    found = _found(request, advisories.received(request.access), public_id)
    own = advisories.own_agencies(request.access)
    to = Addressee.objects.filter(advisory=found, agency__in=own)
    try:
        advisory_actions.mark_read(
            found,
            by=request.user,
            agencies=to.values_list("agency", flat=True),
            at=timezone.now(),
        )
        messages.success(request, f"「{found}」を読んだことを記録しました。")
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect("advisory", found.public_id)


@needs(Ability.ADVISE)
@require_http_methods(METHODS)
def take_back(request, public_id):
    """What should not have been sent: it stays, marked so."""
    found = _found(request, advisories.sent(request.access), public_id)
    form = TakeBackForm(found, posted(request))
    if form.is_bound and form.carry_out(
        lambda: advisory_actions.take_back(
            found,
            by=request.user,
            on=timezone.localdate(),
            reason=form.cleaned_data["void_reason"],
            version=form.seen,
        )
    ):
        messages.success(request, f"「{found}」を取り消しました。")
        return redirect("advisory", found.public_id)
    return form_page(
        request,
        form,
        title="注意喚起の取消し",
        lead="取り消しても消えません。取り消したことと理由が、宛先のすべての機関に示されます。",
        facts=[("件名", found.title), ("発出日", found.sent_on)],
        submit="取り消す",
        back=reverse("advisory", args=[found.public_id]),
        crumbs=[("注意喚起", reverse("advisories"))],
    )


def _found(request, rows, public_id) -> Advisory:
    return get_object_or_404(rows.select_related("agency", "recorded_by"), public_id=public_id)


def _is_sender(request, found: Advisory) -> bool:
    return advisories.sent(request.access).filter(pk=found.pk).exists()
