"""The list of findings as a file: exactly what is filtered, in the order it is sorted in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import IO

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods

from audit import export_files as files
from audit.export_files import About, ExportError
from audit.exports import cells, keys_of, rows_of
from audit.filters import FindingFilter
from audit.tables import COLUMNS, FindingTable, order_asked
from exchange.writing import XLSX
from guideline.models import Finding
from outsourcing.abilities import Ability, needs
from outsourcing.filters import chosen, without
from outsourcing.spreadsheets import UnencodableText

IN_MEMORY = 8 * 1024 * 1024
OPTIONS = {"format": files.FORMATS, "encoding": files.ENCODINGS}


@needs(Ability.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])  # POST: goes on after a warning
def findings_export(request):
    """``?format=xlsx|csv&encoding=utf-8|cp932`` beside the conditions of the list."""
    on = request.as_of()
    findings = Finding.objects.visible_to(request.access.scope(Ability.EXPORT))
    found = FindingFilter(request.GET, queryset=findings, request=request, on=on)
    if errors := [*_errors(request), *_errors_of(found.form)]:
        return _refused(request, errors)
    keys = keys_of(order_asked(request.GET.get("sort")).of(found.qs))
    kind = request.GET.get("format", "xlsx")
    if kind == "xlsx" and len(keys) > files.MOST:
        most = f"Excelの1枚のシートに入る{files.MOST:,}件を超えています（{len(keys):,}件）。"
        return _refused(request, [("件数", f"{most}CSVで出力してください。")])
    name = f"所見_{on.isoformat()}.{kind}"
    if (instead := request.take_out(name=name, rows=len(keys))) is not None:
        return instead
    lines = (cells(row, on) for row in rows_of(keys, on))
    encoding = request.GET.get("encoding", "utf-8")

    def write(file) -> None:
        if kind == "csv":
            files.write_csv(file, lines, encoding)
        else:
            files.write_workbook(file, lines, _about(request, found))

    try:
        return answer(write, name, encoding)
    except (ExportError, UnencodableText) as error:
        return _refused(request, [("", str(error))])


def answer(write: Callable[[IO[bytes]], object], name: str, encoding="utf-8") -> HttpResponseBase:
    """The file that ``write`` makes: to its end before any of it is given, as it may be refused. A
    large one lies on disk until it is read, under no name."""
    charset = "Shift_JIS" if encoding == "cp932" else "utf-8"
    kind = XLSX if name.endswith(".xlsx") else f"text/csv; charset={charset}"
    with ExitStack() as unless_given:
        file = unless_given.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        write(file)
        size = file.tell()
        file.seek(0)
        if size <= IN_MEMORY:
            response = HttpResponse(file.read(), content_type=kind)
        else:
            response = FileResponse(file, content_type=kind)
            unless_given.pop_all()  # the answer closes it
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _about(request, found: FindingFilter) -> About:
    asked, day = found.form.cleaned_data, FindingFilter.base_filters["as_of"].label
    conditions = [(one.label, one.value) for one in chosen(found) if one.label != day]
    if not any(asked.get(name) for name in ("when", "since", "due")):
        conditions.insert(0, ("時点", FindingFilter.base_filters["when"].extra["empty_label"]))
    if asked.get("as_of") is None:
        conditions.append((f"{day}の指定", "なし"))
    scope = request.access.scope(Ability.EXPORT)
    if not scope.is_everything:
        conditions.append(("範囲", "出力できる機関の所見"))
    sort = request.GET.get("sort", FindingTable.Meta.order_by)
    column = FindingTable.base_columns[sort.removeprefix("-")].verbose_name
    conditions.append(("並び順", f"{column}の{'降順' if sort.startswith('-') else '昇順'}"))
    return About("所見の一覧", conditions, found.on, made_by(request), timezone.localtime())


def made_by(request) -> str:
    return f"{request.user}（{request.duties}）"


def _errors(request) -> list[tuple[str, str]]:
    """What is wrong with what the list itself does not know."""
    found = []
    for name, known in OPTIONS.items():
        value = request.GET.get(name)
        if value is not None and value not in known:
            label = "形式" if name == "format" else "文字コード"
            found.append((label, f"「{value}」はありません（{'、'.join(known)}）。"))
    sort = request.GET.get("sort")
    if sort is not None and sort.removeprefix("-") not in COLUMNS:
        found.append(("並び順", f"「{sort}」はありません（{'、'.join(COLUMNS)}）。"))
    return found


def _errors_of(form) -> list[tuple[str, str]]:
    if form.is_valid():
        return []
    return [
        (form.fields[name].label if name in form.fields else "", message)
        for name, messages in form.errors.items()
        for message in messages
    ]


def _refused(request, errors):
    context = {"errors": errors, "query": without(request.GET, *OPTIONS)}
    return render(request, "audit/export_refused.html", context, status=400)
