"""The page of a sheet that is not ours: which of ours it is, and what its columns are."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from exchange.import_forms import OURS, ColumnsForm, SheetForm
from exchange.import_page import Stage, stage_of
from exchange.import_views import job_of, own_import
from exchange.importing import imports, mappings
from exchange.importing.kept import Kept
from exchange.importing.mappings import TheirSheet
from exchange.sheets import BY_KEY
from exchange.sheets.base import Sheet
from outsourcing.abilities import Ability, needs
from outsourcing.actions.base import Conflict
from outsourcing.form_pages import METHODS, posted


@needs(Ability.IMPORT)
@require_http_methods(METHODS)
def columns(request, public_id, number):
    """Say it once; then the file is checked anew, and the next one needs nothing said."""
    row = own_import(request, public_id)
    theirs = _theirs(Kept(row.public_id), number)
    if theirs is None or stage_of(row) != Stage.CHECKED:
        raise Http404
    said = mappings.newest(row.agency, theirs)
    likely = BY_KEY[said.sheet] if said else _likeliest(theirs)
    chosen = SheetForm(request.GET or None, initial={"sheet": likely.key})
    ours = chosen.chosen or likely
    form = ColumnsForm(
        posted(request),
        theirs=theirs,
        ours=ours,
        said=said if said and said.sheet == ours.key else None,
    )
    if form.is_bound and form.carry_out(
        lambda: mappings.say(
            by=request.user,
            agency=row.agency,
            theirs=theirs,
            sheet=ours,
            columns=form.columns,
            every_row=form.every_row,
        )
    ):
        messages.success(
            request, f"「{theirs.name}」の列の対応を決めました。次からも同じ見出しに当てはめます。"
        )
        _check(request, row)
        return redirect("import", public_id)
    context = {"import": row, "theirs": theirs, "ours": ours, "chosen": chosen, "form": form}
    return render(request, "exchange/import_columns.html", context, status=form.status)


def _check(request, row) -> None:
    job = job_of(request, Ability.IMPORT, row.agency)
    try:
        imports.check_again(row, by=request.user, job=job, version=row.version)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    except Conflict:
        messages.error(request, "ほかの人が先にこの取込みを進めました。")


def _theirs(kept: Kept, number: int) -> TheirSheet | None:
    """A sheet of the file, by its place in it from 1."""
    sheets = kept.sheets
    return TheirSheet.of(sheets[number - 1]) if 1 <= number <= len(sheets) else None


def _likeliest(theirs: TheirSheet) -> Sheet:
    """The sheet of ours that has most of these headings."""
    headings = [column.heading for column in theirs.columns]
    return max(OURS, key=lambda sheet: len(sheet.match(headings).columns))
