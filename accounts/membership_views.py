"""Pages of roles: asked for, confirmed by a second person, refused or withdrawn, ended."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions import memberships
from accounts.models import Membership
from accounts.people import people, seeing
from accounts.people_forms import ConfirmationForm, EndForm, ProposalForm, VoidForm
from outsourcing.abilities import Ability, needs
from outsourcing.form_pages import METHODS, form_page, posted
from outsourcing.models import Section
from outsourcing.wareki import both

MOST_SHOWN = 500


@needs(Ability.PROPOSE_MEMBERS)
@require_safe
@seeing(Ability.PROPOSE_MEMBERS)
def pending(request):
    """Roles that wait for a second person's word, and those whose section is gone."""
    rows = _memberships(request, Ability.PROPOSE_MEMBERS)
    context = {
        "rows": rows.proposed().order_by("first_day", "pk")[:MOST_SHOWN],
        "to_settle": rows.to_settle().order_by("section__last_day", "pk")[:MOST_SHOWN],
        "confirms": request.access.may(Ability.CONFIRM_MEMBERS),
        "most": MOST_SHOWN,
    }
    return render(request, "accounts/memberships_pending.html", context)


@needs(Ability.PROPOSE_MEMBERS)
@require_http_methods(METHODS)
@seeing(Ability.PROPOSE_MEMBERS)
def propose(request, username):
    """Ask for a role of somebody."""
    scope = request.access.scope(Ability.PROPOSE_MEMBERS)
    user = get_object_or_404(people(scope), username=username)
    form = ProposalForm(posted(request), scope=scope)
    on = timezone.localdate()
    if form.is_bound and form.carry_out(
        lambda: memberships.propose(by=request.user, on=on, user=user, **form.values)
    ):
        messages.success(
            request, f"「{user}」の役割「{form.result.duty}」を申請しました。別の人が承認します。"
        )
        return redirect("person", user.username)
    # To choose from where they are few: those of one's own agencies.
    sections = [] if scope.is_everything else Section.objects.valid().visible_to(scope)
    if sections:
        form.fields["section"].widget.attrs["list"] = "sections"
    return form_page(
        request,
        form,
        title=f"役割の申請（{user}）",
        lead="役割は、申請した人でも本人でもない人が承認すると、開始日から有効になります。",
        submit="申請する",
        back=reverse("person", args=[user.username]),
        crumbs=_crumbs(),
        sections=sections,
    )


@needs(Ability.CONFIRM_MEMBERS)
@require_http_methods(METHODS)
@seeing(Ability.CONFIRM_MEMBERS)
def confirm(request, public_id):
    """A second person's word."""
    row = get_object_or_404(_memberships(request, Ability.CONFIRM_MEMBERS), public_id=public_id)
    form = ConfirmationForm(row, posted(request))
    on = timezone.localdate()
    if form.is_bound and form.carry_out(
        lambda: memberships.confirm(row, by=request.user, on=on, version=form.seen)
    ):
        messages.success(request, f"「{row.user}」の役割「{row.duty}」を承認しました。")
        return redirect("memberships-pending")
    return _page(
        request,
        form,
        title="役割の承認",
        lead="承認すると、開始日から次の役割が有効になります。",
        submit="承認する",
    )


@needs(Ability.PROPOSE_MEMBERS)
@require_http_methods(METHODS)
@seeing(Ability.PROPOSE_MEMBERS)
def void(request, public_id):
    """Refuse a role that was asked for, or withdraw it."""
    row = get_object_or_404(_memberships(request, Ability.PROPOSE_MEMBERS), public_id=public_id)
    form = VoidForm(row, posted(request))
    on = timezone.localdate()
    if form.is_bound and form.carry_out(
        lambda: memberships.void(
            row,
            by=request.user,
            on=on,
            reason=form.cleaned_data["void_reason"],
            version=form.seen,
        )
    ):
        messages.success(request, f"「{row.user}」の役割「{row.duty}」を取り下げました。")
        return redirect("memberships-pending")
    return _page(
        request,
        form,
        title="役割を認めない・取り下げる",
        lead="申請は消えず、理由とともに残ります。",
        submit="取り下げる",
    )


@needs(Ability.PROPOSE_MEMBERS)
@require_http_methods(METHODS)
@seeing(Ability.PROPOSE_MEMBERS)
def end(request, public_id):
    """Give a role its last day."""
    row = get_object_or_404(_memberships(request, Ability.PROPOSE_MEMBERS), public_id=public_id)
    form = EndForm(row, posted(request))
    on = timezone.localdate()
    if form.is_bound and form.carry_out(
        lambda: memberships.end(
            row,
            by=request.user,
            on=on,
            last_day=form.cleaned_data["last_day"],
            version=form.seen,
        )
    ):
        messages.success(request, f"「{row.user}」の役割「{row.duty}」の終了日を定めました。")
        return redirect("person", row.user.username)
    return _page(
        request,
        form,
        title="役割を終える",
        lead="終了日の翌日から、この役割ではできなくなります。記録した人の名前はそのまま残ります。",
        submit="終了日を定める",
    )


def _memberships(request, ability: Ability):
    rows = Membership.objects.valid().visible_to(request.access.scope(ability))
    return rows.select_related("user", "agency", "section", "proposed_by", "confirmed_by")


def _page(request, form, **context):
    """With the role as it stands, which after a conflict is no longer as it was opened."""
    row = form.row
    facts = [
        ("利用者", f"{row.user}（{row.user.username}）"),
        ("役割", row.get_role_display()),
        ("機関", row.agency or "—"),
        ("課室", row.section or "—"),
        ("開始日", both(row.first_day)),
        ("終了日", both(row.last_day) if row.last_day else "なし（続く）"),
        ("申請した人", row.proposed_by or "—"),
        ("承認した人", row.confirmed_by or "—"),
    ]
    back = reverse("memberships-pending")
    return form_page(request, form, facts=facts, back=back, crumbs=_crumbs(), **context)


def _crumbs() -> list[tuple[str, str]]:
    return [("管理", reverse("management")), ("役割の申請", reverse("memberships-pending"))]
