"""What can be taken out: templates, the ledger, an agency's, a survey's, a list of contracts."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from typing import IO, NamedTuple
from urllib.parse import quote

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from exchange import bundles, ledger_files
from exchange.sheets import BY_KEY
from exchange.sheets.base import Chosen, Sheet
from exchange.writing import XLSX, TooManyRows
from outsourcing.abilities import Ability, needs
from outsourcing.filters import ContractFilter
from outsourcing.form_pages import METHODS
from outsourcing.models import Agency, Contract
from outsourcing.scope import Scope
from outsourcing.spreadsheets import UnencodableText
from surveys import rounds

TYPES = {"xlsx": XLSX, "zip": "application/zip", "csv": "text/csv; charset={}"}
CHARSETS = {"utf-8": "utf-8", "cp932": "Shift_JIS"}
EVERYTHING = "ledger"
IN_MEMORY = 8_000_000  # bytes


class NotThere(Exception):
    """What was asked for there is not; the message says why, in Japanese."""


class Wanted(NamedTuple):
    """A file: of which rows, as what."""

    stem: str
    kind: str
    encoding: str
    sheets: Sequence[Sheet]
    chosen: Sequence[Chosen]

    @property
    def name(self) -> str:
        return f"{self.stem}.{self.kind}"


@needs(Ability.EXPORT)
@require_safe
def index(request):
    """What can be taken out, in which form."""
    bundles.sweep()
    scope = request.access.scope(Ability.EXPORT)
    context = {
        "agencies": Agency.objects.visible_to(scope).order_by("code"),
        "sheets": ledger_files.sheets_for(scope),
        "years": rounds.years(),
        "everything": scope.is_everything,
        "bundles": bundles.bundles_of(request.user.pk) if scope.is_everything else [],
        "whats": bundles.TITLES.items(),
    }
    return render(request, "exchange/index.html", context)


@needs(Ability.EXPORT)
@require_http_methods(METHODS)
def template(request, code):
    """The workbook that an agency fills in: its sections and companies to choose from."""
    scope = request.access.scope(Ability.EXPORT)
    agency = get_object_or_404(Agency.objects.visible_to(scope), code=code)
    sheets = ledger_files.sheets_for(Scope.of([agency.pk]))
    companies = BY_KEY["companies"].count(Chosen((agency.pk,)))
    name = f"template-{code}.xlsx"
    if (instead := request.take_out(name=name, rows=companies)) is not None:
        return instead
    write = partial(ledger_files.write_template, sheets=sheets, agency=agency)
    return download_of(_written(write), name, XLSX)


@needs(Ability.EXPORT)
@require_http_methods(METHODS)
def ledger(request, name):
    """The whole ledger as far as it may be seen, or that of one agency (``agency``)."""
    scope = request.access.scope(Ability.EXPORT)
    stem = EVERYTHING
    if code := request.GET.get("agency"):
        agency = get_object_or_404(Agency.objects.visible_to(scope), code=code)
        scope, stem = Scope.of([agency.pk]), f"{EVERYTHING}-{code}"
    return _taken(request, name, stem, scope)


@needs(Ability.EXPORT)
@require_http_methods(METHODS)
def survey(request, year, name):
    """The contracts that a round takes in, with all that hangs on them."""
    try:
        round_ = rounds.find(year)
    except rounds.NoSuchRound as error:
        raise Http404(str(error)) from error
    scope = request.access.scope(Ability.EXPORT)
    contracts = Contract.objects.visible_to(scope).valid().in_fiscal_year(year)
    contracts = contracts.filter(synthetic=round_.synthetic)
    return _taken(request, name, f"{year}-{EVERYTHING}", scope, contracts)


@needs(Ability.EXPORT)
@require_http_methods(METHODS)
def contract_list(request):
    """The contracts that a list shows under its conditions; with what hangs on them (``with``)."""
    scope = request.access.scope(Ability.EXPORT)
    rows = Contract.objects.visible_to(scope).valid()
    found = ContractFilter(request.GET, queryset=rows, request=request)
    if not found.form.is_valid():
        return redirect(f"{reverse('contracts')}?{request.GET.urlencode()}")
    kind = "csv" if request.GET.get("as") == "csv" else "xlsx"
    stem = EVERYTHING if request.GET.get("with") else "contracts"
    return _taken(request, f"{stem}.{kind}", "contracts", scope, found.qs)


def _taken(request, name: str, stem: str, scope: Scope, contracts=None):
    """The file ``name``: "ledger.xlsx" or "ledger.zip" (CSV) of all sheets, "<sheet>.xlsx" or
    "<sheet>.csv" of one; or the page that says why not."""
    try:
        wanted = _wanted(request, name, stem, scope, contracts)
        if wanted.encoding == "cp932":  # where it lacks a character nothing is taken out
            _written(_writer(wanted)).close()
        rows = ledger_files.count(wanted.sheets, wanted.chosen)
        if (instead := request.take_out(name=wanted.name, rows=rows)) is not None:
            return instead
        content_type = TYPES[wanted.kind].format(CHARSETS.get(wanted.encoding, ""))
        return download_of(_written(_writer(wanted)), wanted.name, content_type)
    except (NotThere, TooManyRows, UnencodableText) as refused:
        return render(request, "exchange/refused.html", {"error": refused}, status=400)


def _wanted(request, name: str, stem: str, scope: Scope, contracts) -> Wanted:
    key, _, kind = name.rpartition(".")
    encoding = request.GET.get("encoding", "utf-8")
    sheets = ledger_files.sheets_for(scope)
    if key != EVERYTHING:
        sheets = [sheet for sheet in sheets if sheet.key == key]
        stem = f"{stem}-{key}" if stem != key else stem
    if not sheets or kind not in ("xlsx", "zip" if key == EVERYTHING else "csv"):
        raise NotThere(f"「{name}」という出力はありません。")
    if encoding not in CHARSETS:
        raise NotThere(f"文字コード「{encoding}」はありません（{'、'.join(CHARSETS)}）。")
    encoding = encoding if kind != "xlsx" else ""
    return Wanted(stem, kind, encoding, sheets, ledger_files.slices(scope, contracts))


def _writer(wanted: Wanted) -> Callable[[IO[bytes]], object]:
    """What writes the file."""
    if wanted.kind == "xlsx":
        return partial(ledger_files.write_workbook, sheets=wanted.sheets, chosen=wanted.chosen)
    if wanted.kind == "zip":
        return partial(
            ledger_files.write_csv_files,
            sheets=wanted.sheets,
            chosen=wanted.chosen,
            encoding=wanted.encoding,
        )
    (sheet,) = wanted.sheets
    return partial(
        ledger_files.write_csv, sheet=sheet, chosen=wanted.chosen, encoding=wanted.encoding
    )


def _written(write: Callable[[IO[bytes]], object]) -> IO[bytes]:
    """Aside first: what goes wrong is told on a page. A large file does not stay in memory."""
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (closed once sent)
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    return small_in_memory(file)


def small_in_memory(file: IO[bytes]) -> IO[bytes]:
    """The file from its beginning; a small one without what the operating system keeps open."""
    if file.seek(0, io.SEEK_END) > IN_MEMORY:
        file.seek(0)
        return file
    with file:
        file.seek(0)
        return io.BytesIO(file.read())


def download_of(file: IO[bytes], name: str, content_type: str) -> FileResponse:
    response = FileResponse(file, content_type=content_type)
    # Under a name that may be Japanese (RFC 6266).
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "no-store"
    return response
