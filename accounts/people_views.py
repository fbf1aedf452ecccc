"""Pages of accounts: list, one account, opening and closing, passwords, CSV files."""

from __future__ import annotations

import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import people_csv
from accounts.actions import people as actions
from accounts.models import User
from accounts.people import people, seeing, with_duties
from accounts.people_forms import (
    FileForm,
    NewPersonForm,
    PeopleFilter,
    PersonForm,
    SureForm,
)
from outsourcing.abilities import Ability, needs
from outsourcing.filters import chosen
from outsourcing.form_pages import METHODS, form_page, posted
from outsourcing.models import Agency
from outsourcing.tables import CaptionedTable
from outsourcing.views import paged, without_blanks


class PeopleTable(CaptionedTable):
    username = tables.Column("ユーザー名", linkify=("person", {"username": tables.A("username")}))
    full_name = tables.Column("氏名", order_by=("full_name", "username"))
    duties = tables.TemplateColumn(
        "{% for row in record.duties %}{{ row.duty }}{% if not row.confirmed_on %}［承認待ち］"
        "{% elif row.last_day and row.last_day < today %}［終了］{% endif %}"
        "{% if not forloop.last %}<br>{% endif %}{% empty %}—{% endfor %}",
        verbose_name="役割",
        orderable=False,
    )
    last_day = tables.DateColumn(verbose_name="利用の最終日", format="Y-m-d")

    class Meta:
        model = User
        fields = ()
        sequence = ("username", "full_name", "duties", "last_day")
        order_by = "username"
        empty_text = "条件に合う利用者はいません。"
        template_name = "components/table.html"


@needs(Ability.USE)
@require_safe
def management(request):
    """The way to everything of this part that the user may do."""
    access = request.access
    agencies = Agency.objects.visible_to(access.scope(Ability.HAND_OVER)).order_by("code")
    return render(request, "accounts/management.html", {"agencies": agencies})


@needs(Ability.PROPOSE_MEMBERS)
@require_safe
@seeing(Ability.PROPOSE_MEMBERS)
def person_list(request):
    """Who has an account, in which roles: of the own agency, or all."""
    if (address := without_blanks(request)) is not None:
        return redirect(address)
    scope = request.access.scope(Ability.PROPOSE_MEMBERS)
    found = PeopleFilter(request.GET, queryset=people(scope), request=request)
    table = paged(request, PeopleTable(with_duties(found.qs, scope), caption="利用者の一覧"))
    context = {"filter": found, "table": table, "conditions": chosen(found)}
    return render(request, "accounts/people.html", context | {"today": timezone.localdate()})


@needs(Ability.PROPOSE_MEMBERS)
@require_safe
@seeing(Ability.PROPOSE_MEMBERS)
def person(request, username):
    """One account and its roles, as far as they are the reader's to see."""
    scope = request.access.scope(Ability.PROPOSE_MEMBERS)
    found = get_object_or_404(with_duties(people(scope), scope), username=username)
    context = {"person": found, "today": timezone.localdate()}
    return render(request, "accounts/person.html", context)


@needs(Ability.MANAGE_ACCOUNTS)
@require_http_methods(METHODS)
@never_cache
def new(request):
    """Open an account; its first password is shown once."""
    form = NewPersonForm(posted(request))
    if form.is_bound and form.carry_out(
        lambda: actions.register(by=request.user, on=timezone.localdate(), **form.values)
    ):
        return _given(request, [form.result])
    return form_page(
        request,
        form,
        title="アカウントの登録",
        lead="登録すると、最初のパスワードを一度だけ表示します。役割は、登録の後に申請します。",
        submit="登録する",
        back=reverse("people"),
        crumbs=CRUMBS,
    )


@needs(Ability.MANAGE_ACCOUNTS)
@require_http_methods(METHODS)
def edit(request, username):
    """Correct the name; close the account."""
    row = get_object_or_404(_managed(request), username=username)
    form = PersonForm(row, posted(request))
    today = timezone.localdate()
    if form.is_bound and form.carry_out(
        lambda: actions.correct(row, by=request.user, on=today, version=form.seen, **form.values)
    ):
        messages.success(request, f"「{row}」のアカウントを改めました。")
        return redirect("person", row.username)
    return form_page(
        request,
        form,
        title=f"アカウントの変更（{row.username}）",
        lead="利用の最終日を入れると、翌日からログインできなくなります。記録に残る名前は変わりません。",
        submit="保存する",
        back=reverse("person", args=[row.username]),
        crumbs=CRUMBS,
    )


@needs(Ability.MANAGE_ACCOUNTS)
@require_http_methods(METHODS)
@never_cache
def password(request, username):
    """Give a new password, which is shown once."""
    row = get_object_or_404(_managed(request), username=username)
    form = SureForm(posted(request))
    if form.is_bound and form.carry_out(
        lambda: actions.reset_password(row, by=request.user, on=timezone.localdate())
    ):
        return _given(request, [form.result])
    return form_page(
        request,
        form,
        title=f"パスワードの再発行（{row}）",
        lead="今のパスワードは使えなくなります。新しいパスワードは一度だけ表示され、本人が最初のログインで変えます。",
        facts=[("氏名", row.full_name), ("ユーザー名", row.username)],
        submit="再発行する",
        back=reverse("person", args=[row.username]),
        crumbs=CRUMBS,
    )


@needs(Ability.MANAGE_ACCOUNTS)
@require_http_methods(METHODS)
def second_factor(request, username):
    """Take away the second factor of somebody who has lost it."""
    row = get_object_or_404(_managed(request), username=username)
    form = SureForm(posted(request))
    if form.is_bound and form.carry_out(
        lambda: actions.reset_second_factor(row, by=request.user, on=timezone.localdate())
    ):
        messages.success(request, f"「{row}」の二段階認証を解除しました。")
        return redirect("person", row.username)
    return form_page(
        request,
        form,
        title=f"二段階認証の解除（{row}）",
        lead="認証アプリと回復コードを失った人のためのものです。本人であることを確かめてから行ってください。",
        facts=[("氏名", row.full_name), ("ユーザー名", row.username)],
        submit="解除する",
        back=reverse("person", args=[row.username]),
        crumbs=CRUMBS,
    )


@needs(Ability.MANAGE_ACCOUNTS)
@require_http_methods(METHODS)
@seeing(Ability.PROPOSE_MEMBERS)
@never_cache
def from_csv(request):
    """Open many accounts and ask for their roles, all or none."""
    form = FileForm(posted(request), request.FILES or None)
    wrong = []
    if form.is_bound and form.is_valid():
        try:
            lines, wrong = people_csv.read(
                _read(form.cleaned_data["file"]),
                scope=request.access.scope(Ability.PROPOSE_MEMBERS),
            )
            if not wrong:
                on = timezone.localdate()
                return _given(request, actions.register_many(lines, by=request.user, on=on))
        except actions.RefusedLines as refused:
            wrong = refused.wrong
        except (people_csv.UnreadableFile, ValidationError) as error:
            form.add_error("file", getattr(error, "messages", None) or str(error))
    context = {
        "form": form,
        "wrong": wrong,
        "columns": people_csv.COLUMNS,
        "roles": people_csv.ROLES,
        "most": people_csv.MOST_LINES,
    }
    status = 400 if wrong or form.errors else 200
    return render(request, "accounts/people_csv.html", context, status=status)


def _read(file) -> bytes:
    """No more of it than says that it is too large."""
    return file.read(people_csv.MOST_BYTES + 1)


def _managed(request):
    return people(request.access.scope(Ability.MANAGE_ACCOUNTS))


def _given(request, given: list[actions.Given]):
    """The only page the passwords ever stand on."""
    return render(request, "accounts/passwords_given.html", {"given": given})


CRUMBS = [("管理", "/manage/"), ("利用者", "/people/")]
