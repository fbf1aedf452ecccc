"""Writing a 注意喚起: what is typed, whom it goes to, what is shown to be confirmed, and sent."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from audit import advisories, advisory_actions
from audit.advisory_forms import About, AdvisoryForm, read_about
from audit.advisory_rows import target_groups
from audit.models import Advisory
from outsourcing.abilities import Ability, needs
from outsourcing.form_pages import METHODS
from outsourcing.models import Agency

ALL, NONE, MATCHING, GROUP = "all", "none", "matching", "group:"


@needs(Ability.ADVISE)
@require_http_methods(METHODS)
def new(request):
    """Typed, then shown with those it goes to, then sent at once."""
    today = timezone.localdate()
    given = {"agencies": _agencies(request, on=today), "request": request, "today": today}
    if request.method != "POST":
        about = _about(request, request.GET.get("about", ""))
        ticked = _matching_codes(given["agencies"], about) if about else set()
        typed = {"sent_on": today.isoformat(), "about": request.GET.get("about", "")}
        return _page(request, AdvisoryForm(initial=typed, **given), ticked, about)
    if "pick" in request.POST:
        return _picked(request, given)
    form = AdvisoryForm(request.POST, **given)
    if "send" in request.POST:
        if form.carry_out_once(lambda: _send(request, form), by=request.user):
            return _sent(request, form)
    elif form.is_valid():
        return _confirm(request, form)
    if set(form.errors) == {"__all__"}:  # the same was sent a while ago
        return _confirm(request, form)
    about = _about(request, request.POST.get("about", ""))
    return _page(request, form, set(request.POST.getlist("targets")), about)


def _agencies(request, *, on: date):
    """Whom the user may send to: agencies that there are on the day."""
    rows = Agency.objects.visible_to(request.access.scope(Ability.ADVISE)).valid()
    return rows.filter(Q(abolished_on=None) | Q(abolished_on__gt=on))


def _is_office(request) -> bool:
    return request.access.scope(Ability.ADVISE).is_everything


def _about(request, typed: str, *, tells: bool = False) -> About | None:
    """The list that is meant, if it can be read; else it ``tells`` why not."""
    if not typed.strip() and not tells:
        return None
    try:
        return read_about(typed, request, on=request.as_of())
    except ValidationError as refused:
        if tells:
            messages.error(request, " ".join(refused.messages))
        return None


def _matching_codes(agencies, about: About | None) -> set[str]:
    keys = about.by_agency() if about else {}
    return {agency.code for agency in agencies if agency.pk in keys}


def _picked(request, given: dict):
    """A button beside the boxes, without scripts: the page again, with other boxes ticked."""
    data: QueryDict = request.POST
    pick, ticked = data["pick"], set(data.getlist("targets"))
    about = _about(request, data.get("about", ""), tells=pick == MATCHING)
    if pick == ALL:
        ticked = {agency.code for agency in given["agencies"]}
    elif pick == NONE:
        ticked = set()
    elif pick == MATCHING and about is not None:
        ticked = _matching_codes(given["agencies"], about)
    elif pick.startswith(GROUP):
        found = advisories.groups(given["agencies"])
        codes = {a.code for n, g in enumerate(found) if pick == f"{GROUP}{n}" for a in g.agencies}
        ticked = ticked - codes if codes <= ticked else ticked | codes
    typed = {name: data[name] for name in AdvisoryForm.base_fields if name in data}
    return _page(request, AdvisoryForm(initial=typed, **given), ticked, about)


def _page(request, form: AdvisoryForm, ticked: set[str], about: About | None):
    office = _is_office(request)
    agencies = form.fields["targets"].queryset
    context = {"form": form, "about": about, "office": office}
    if office:
        matching = about.by_agency() if about else None
        shown = target_groups(
            advisories.groups(agencies), ticked, matching, about.conditions if about else ""
        )
        context |= {"rows": shown, "counts": about is not None}
    else:
        own = list(agencies.order_by("code"))
        context["own"] = [(one, one.code in ticked or len(own) == 1) for one in own]
    return render(request, "audit/advisory_new.html", context, status=form.status)


def _confirm(request, form: AdvisoryForm):
    found = form.addressees
    groups = advisories.groups(Agency.objects.filter(pk__in=[agency.pk for agency in found]))
    context = {"form": form, "groups": groups, "number": len(found), "office": _is_office(request)}
    return render(request, "audit/advisory_confirm.html", context, status=form.status)


def _send(request, form: AdvisoryForm) -> list[Advisory]:
    """One to all from the ministry; from an agency, one within itself."""
    send, by = advisory_actions.send, request.user
    if _is_office(request):
        return [send(by=by, addressees=form.addressees, **form.texts)]
    return [send(by=by, agency=one, addressees=[one], **form.texts) for one in form.addressees]


def _sent(request, form: AdvisoryForm):
    if form.repeated:
        messages.info(request, "同じ内容は既に発出しています。")
        return redirect("advisories")
    title, number = form.cleaned_data["title"], len(form.addressees)
    messages.success(request, f"「{title}」を{number}機関に発出しました。")
    return redirect("advisory", form.result[0].public_id)
