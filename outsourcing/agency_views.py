"""Pages of the agencies' master: founded, renamed from a day on, abolished. The survey office's."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from outsourcing.abilities import Ability, needs
from outsourcing.actions import agencies
from outsourcing.form_pages import METHODS, form_page, posted
from outsourcing.master_forms import AbolishForm, NewAgencyForm, RenameAgencyForm
from outsourcing.models import Agency, AgencyName
from outsourcing.wareki import both

LIST = "機関"


@needs(Ability.RUN_SURVEYS)
@require_safe
def agency_list(request):
    """All of them, with the names they bore before."""
    before = AgencyName.objects.valid().filter(last_day__isnull=False).order_by("last_day")
    rows = _agencies(request).select_related("successor", "supervisor")
    rows = rows.prefetch_related(Prefetch("names", before, to_attr="former"))
    return render(request, "outsourcing/agencies.html", {"rows": rows})


@needs(Ability.RUN_SURVEYS)
@require_http_methods(METHODS)
def new(request):
    form = NewAgencyForm(posted(request))
    if form.is_bound and form.carry_out_once(
        lambda: agencies.found(by=request.user, **form.values), by=request.user
    ):
        if form.repeated:
            messages.info(request, "同じ内容は既に記録されています。")
        else:
            messages.success(request, f"機関「{form.result}」を登録しました。")
        return redirect("agencies")
    return _page(request, form, title="機関の登録", submit="登録する")


@needs(Ability.RUN_SURVEYS)
@require_http_methods(METHODS)
def rename(request, code):
    row = _agency(request, code)
    form = RenameAgencyForm(row, posted(request))

    def act():
        name, kana, on = (form.cleaned_data[field] for field in ("name", "kana", "first_day"))
        agencies.rename(row, by=request.user, name=name, kana=kana, on=on, version=form.seen)

    if form.is_bound and form.carry_out(act):
        messages.success(request, f"機関「{row}」の名称を改めました。")
        return redirect("agencies")
    return _page(
        request,
        form,
        title=f"機関「{form.row.code}」の名称の変更",
        lead="使用開始日の前の表は、前の名称のままです。",
        submit="名称を変える",
        facts=_facts(form.row),
    )


@needs(Ability.RUN_SURVEYS)
@require_http_methods(METHODS)
def abolish(request, code):
    """廃止 with who took over, or the record taken back."""
    row = _agency(request, code)
    others = Agency.objects.valid().exclude(pk=row.pk).order_by("code")
    form = AbolishForm(row, posted(request), others=others)

    def act():
        on, successor = form.cleaned_data["abolished_on"], form.cleaned_data["successor"]
        agencies.abolish(row, by=request.user, on=on, successor=successor, version=form.seen)

    if form.is_bound and form.carry_out(act):
        said = "廃止を記録しました" if row.abolished_on else "廃止の記録を取り消しました"
        messages.success(request, f"機関「{row}」の{said}。")
        return redirect("agencies")
    return _page(
        request,
        form,
        title=f"機関「{form.row.code}」の廃止",
        lead="契約は廃止した機関の台帳に残ります。",
        submit="保存する",
        facts=_facts(form.row),
    )


def _page(request, form, **page):
    crumbs = [("管理", reverse("management")), (LIST, reverse("agencies"))]
    return form_page(request, form, back=reverse("agencies"), crumbs=crumbs, **page)


def _facts(row: Agency) -> list[tuple[str, str]]:
    present = row.names.valid().filter(last_day=None).first()
    since = present and present.first_day
    return [
        ("機関コード", row.code),
        ("今の名称", row.name),
        ("今の名称の使用開始日", both(since) if since else "—"),
    ]


def _agencies(request):
    scope = request.access.scope(Ability.RUN_SURVEYS)
    return Agency.objects.visible_to(scope).valid().order_by("code")


def _agency(request, code: str) -> Agency:
    return get_object_or_404(_agencies(request), code=code)
