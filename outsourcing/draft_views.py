"""The page on which a contract is entered: kept as typed, looked at by the rules, registered."""

from __future__ import annotations

import re
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from outsourcing.abilities import Ability, needs
from outsourcing.actions import drafts
from outsourcing.actions.base import Conflict
from outsourcing.conflicts import Difference
from outsourcing.draft_forms import (
    ConfirmationPart,
    DraftDiscardForm,
    DraftStartForm,
    LinkPart,
    VisitPart,
)
from outsourcing.draft_reading import DraftPage, data_of, typed_of
from outsourcing.entries import Trial
from outsourcing.form_pages import METHODS, form_page, is_check, posted
from outsourcing.master_forms import contractors_known
from outsourcing.models import Agency, Contractor, Draft, Section
from outsourcing.writing import writes_to

# What a row that is added starts with, as the page would send it.
STARTS_WITH = {
    "links": {"work": ["core"], "handles_information": ["on"]},
    "visits": {"scopes": ["handling", "management", "work"]},
    "confirmations": {},
}
_ADD = re.compile(r"add-(links|visits|confirmations)(?::([0-9]{1,4}))?")
_REMOVE = re.compile(r"remove-((links|visits|confirmations)-([0-9]{1,4}))")


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def start(request):
    """Begin a new contract: in which agency, and for which section, where there is a choice."""
    form = DraftStartForm(posted(request), agencies=request.access.agencies(Ability.WRITE_LEDGER))

    def act():
        section = _only_section(request, form.chosen)
        return drafts.start(by=request.user, agency=form.chosen, section=section)

    if form.is_bound and form.carry_out_once(act, by=request.user):
        if form.repeated:
            return redirect("work")
        return redirect("draft", form.result.public_id)
    return form_page(
        request,
        form,
        title="契約の入力",
        lead="入力した内容は、登録するまで下書きとして残ります。下書きは件数にも所見にも数えません。",
        submit="入力を始める",
        back=reverse("work"),
        crumbs=[("仕事", reverse("work"))],
    )


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def draft(request, public_id):
    """Type a contract. Whatever is sent is kept first, so that no answer can lose it."""
    row = _draft(request, public_id)
    if row.contract_id is not None:
        return _registered(request, row)
    if request.method != "POST":
        return _page(request, row, _read(request, row, data_of(row.typed), judged=False))
    if is_check(request):
        return _check(request, row)
    act = request.POST.get("act", "keep")
    data = _with_rows(request.POST, act)
    page = _read(request, row, data, judged=act == "register")
    kept = _kept(request, row, data)
    try:
        if act == "register" and page.is_valid:
            contract = _register(request, row, page, kept)
            messages.success(request, f"契約「{contract.code}」を登録しました。")
            return redirect("contract", contract.code)
        drafts.keep(row, by=request.user, **kept)
    except Conflict as conflict:
        if conflict.row.typed == kept["typed"] and kept["version"] != conflict.row.version:
            # The same has been kept meanwhile, by the script of this very page: nothing differs.
            return _again(request, conflict.row.version, public_id)
        return _conflict(request, conflict.row, page)
    except ValidationError as refused:
        drafts.keep(row, by=request.user, **kept)
        page.contract.refuse(refused)
    if "fragment" in request.POST:
        now = timezone.localtime(row.saved_at)
        return JsonResponse({"version": row.version, "saved": f"{now:%H:%M:%S}"})
    return _page(request, row, page, status=400 if act == "register" else 200)


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def discard(request, public_id):
    """Throw a draft away."""
    row = _draft(request, public_id)
    if row.contract_id is not None:
        return _registered(request, row)
    form = DraftDiscardForm(row, posted(request))
    if form.is_bound and form.carry_out(
        lambda: drafts.discard(row, by=request.user, on=timezone.localdate(), version=form.seen)
    ):
        messages.success(request, f"下書き「{row}」を破棄しました。")
        return redirect("work")
    return form_page(
        request,
        form,
        title="下書きの破棄",
        lead="この下書きを破棄します。登録した契約には影響しません。",
        facts=[("契約件名", row), ("最後の保存", timezone.localtime(row.saved_at))],
        submit="破棄する",
        back=reverse("draft", args=[row.public_id]),
        crumbs=[("仕事", reverse("work")), (str(row), reverse("draft", args=[row.public_id]))],
    )


def _draft(request, public_id) -> Draft:
    scope = request.access.scope(Ability.WRITE_LEDGER)
    rows = Draft.objects.visible_to(scope).valid()
    rows = rows.select_related("agency", "section")
    found = get_object_or_404(rows, public_id=public_id)
    if not writes_to(request, found):
        raise PermissionDenied
    return found


def _sections(request, agency: Agency):
    """Those the user may write for that are not closed."""
    open_ = Q(last_day__isnull=True) | Q(last_day__gte=timezone.localdate())
    rows = Section.objects.valid().filter(open_, agency=agency).order_by("code")
    own = request.access.sections(Ability.WRITE_LEDGER, agency_id=agency.pk)
    return rows if own is None else rows.filter(pk__in=own)


def _only_section(request, agency: Agency) -> Section | None:
    """The one section of somebody who writes for no other."""
    own = request.access.sections(Ability.WRITE_LEDGER, agency_id=agency.pk)
    if own is None:
        return None
    return _sections(request, agency).first()


def _read(request, row: Draft, data: QueryDict, *, judged: bool) -> DraftPage:
    return DraftPage(
        data,
        sections=_sections(request, row.agency),
        contractors=contractors_known(request),
        judged=judged,
    )


def _kept(request, row: Draft, data: QueryDict) -> dict:
    """What is kept of a request, and over which version of the draft."""
    code = data.get("section")
    section = _sections(request, row.agency).filter(code=code).first() if code else None
    if section is None and not request.access.covers(
        Ability.WRITE_LEDGER, agency_id=row.agency_id, section_id=None
    ):
        section = row.section  # who writes for a section does not let go of it
    try:
        version = int(request.POST.get("version", ""))
    except ValueError:
        version = row.version
    return {"typed": typed_of(data), "section": section, "version": version}


def _register(request, row: Draft, page: DraftPage, kept: dict):
    renewed = {}
    if row.renews_id:
        renewed = {link.number: link for link in row.renews.subcontracts.valid()}
    entry = page.entry(
        agency=row.agency,
        synthetic=row.synthetic,
        renewed=renewed,
        renews=row.renews,
        officer_id=row.officer_id,
    )
    if entry.contract.section_id is None:
        entry.contract.section = kept["section"]
    return drafts.register(row, entry, by=request.user, **kept)


def _registered(request, row: Draft):
    """Gone back to, or sent a second time."""
    messages.info(request, "この下書きは登録済みです。登録した契約を表示しています。")
    return redirect("contract", row.contract.code)


def _check(request, row: Draft):
    page = _read(request, row, request.POST, judged=True)
    unread = page.unreadable()  # before the trial leaves it out
    trial = page.trial(agency=row.agency)
    if "fragment" in request.POST:
        context = {"trial": trial, "on": timezone.localdate(), "unread": unread}
        return render(request, "outsourcing/_draft_trial.html", context)
    page = _read(request, row, request.POST, judged=False)
    return _page(request, row, page, trial=trial, unread=unread)


def _again(request, version: int, public_id):
    """The same request as of what now stands."""
    request.POST = request.POST.copy()
    request.POST["version"] = str(version)
    return draft(request, public_id)


def _conflict(request, row: Draft, page: DraftPage):
    """Somebody else, or another tab, has kept something else meanwhile."""
    if "fragment" in request.POST:
        return JsonResponse({"conflict": True, "version": row.version}, status=409)
    saved, sent = row.typed, typed_of(page.data)
    differences = [
        Difference(page.label_of(name), _words(saved.get(name)), _words(sent.get(name)), True)
        for name in sorted({*saved, *sent})
        if saved.get(name) != sent.get(name)
    ]
    return _page(request, row, page, status=409, conflicting=Conflicting(differences))


class Conflicting(NamedTuple):
    """As ``components/conflict.html`` asks for it."""

    conflict: list[Difference]


def _words(texts: list[str] | None) -> str:
    return "、".join(texts) if texts else "—"


def _with_rows(data: QueryDict, act: str) -> QueryDict:
    """With a row added or taken out, where a button without scripts asks for it."""
    if match := _ADD.fullmatch(act):
        data = data.copy()
        kind, under = match[1], match[2]
        taken = [int(n) for n in re.findall(rf"(?m)^{kind}-(\d+)-", "\n".join(data))]
        prefix = f"{kind}-{max(taken, default=-1) + 1}"
        for name, values in {"row": ["1"], **STARTS_WITH[kind]}.items():
            data.setlist(f"{prefix}-{name}", values)
        if under:
            data[f"{prefix}-under"] = under
    elif match := _REMOVE.fullmatch(act):
        data = data.copy()
        prefix, kind, number = match[1], match[2], match[3]
        above = data.get(f"{prefix}-under", "")
        for name in list(data):
            if name.startswith(f"{prefix}-"):
                del data[name]
            elif kind == "links" and name.endswith("-under") and data[name] == number:
                data[name] = above
    return data


def _page(request, row: Draft, page: DraftPage, *, status: int = 200, **context):
    trial: Trial | None = context.pop("trial", None)
    blank = QueryDict()
    context |= {
        "draft": row,
        "page": page,
        "trial": trial,
        "on": timezone.localdate(),
        "errors": status == 400,
        "new_link": LinkPart(
            blank, prefix="links-__n__", judged=False, contractors=Contractor.objects.none()
        ),
        "new_confirmation": ConfirmationPart(blank, prefix="confirmations-__n__", judged=False),
        "new_visit": VisitPart(blank, prefix="visits-__n__", judged=False),
    }
    return render(request, "outsourcing/draft.html", context, status=status)
