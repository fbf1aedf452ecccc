"""Taking files in: sent, watched while they are checked, looked at, carried out or withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from exchange import import_page
from exchange.import_forms import MOST_BYTES, UploadForm, too_large
from exchange.importing import imports, kept
from exchange.importing.kept import Job, Kept
from exchange.models import Import, State
from exchange.views import download_of
from exchange.writing import XLSX
from outsourcing.abilities import Ability, needs
from outsourcing.actions.base import Conflict
from outsourcing.form_pages import METHODS, posted
from outsourcing.models import Agency, Section
from outsourcing.views import PER_PAGE
from trail import context

MOST_SENT = MOST_BYTES + 1024 * 1024  # with what a form carries beside its file
MOST_LISTENED = 4 * MOST_BYTES  # of what is refused anyway, so that the browser hears why
PIECE = 1 << 20
MOVED = "ほかの人が先にこの取込みを進めました。今の状態を確かめてください。"


@needs(Ability.IMPORT)
@require_http_methods(METHODS)
@csrf_exempt  # looked at by ``_index``: what is too large is not read for it
def index(request):
    """What was taken in, and the next file."""
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    if size > MOST_SENT:
        return _too_large(request, size)
    return _index(request)


@csrf_protect
def _index(request):
    kept.sweep()
    agencies = request.access.agencies(Ability.IMPORT)
    form = UploadForm(posted(request), request.FILES or None, agencies=agencies)
    if form.is_bound and form.carry_out_once(lambda: _receive(request, form), by=request.user):
        if form.repeated:
            messages.info(request, "同じファイルは既に受け取りました。")
            return redirect("imports")
        return redirect("import", form.result.public_id)
    rows = _visible(request).select_related("agency", "recorded_by", "released_by")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page", 1))
    current = {"form": form, "page": page, "agencies": agencies, "several": len(agencies) > 1}
    return render(request, "exchange/imports.html", current, status=form.status)


def _receive(request, form: UploadForm) -> Import:
    agency, upload = form.whose, form.cleaned_data["file"]
    job = job_of(request, Ability.IMPORT, agency)
    return imports.receive(by=request.user, agency=agency, upload=upload, job=job)


def _too_large(request, size: int):
    heard = 0
    while heard < min(size, MOST_LISTENED) and (piece := request.read(PIECE)):
        heard += len(piece)
    return render(
        request, "exchange/import_refused.html", {"error": too_large("", size)}, status=413
    )


@needs(Ability.IMPORT)
@require_safe
def show(request, public_id):
    """How far it is; once it is checked what it would do. ``fragment``: how far alone."""
    row = own_import(request, public_id)
    if "fragment" in request.GET:
        request.is_work = False
        going = {
            "import": row,
            "stage": import_page.stage_of(row),
            "kept": Kept(row.public_id),
            "progress": import_page.progress_of(row),
        }
        return render(request, "exchange/_import_progress.html", going)
    return render(request, "exchange/import.html", import_page.page_of(request, row))


@needs(Ability.IMPORT)
@require_http_methods(METHODS)
def marked(request, public_id):
    """The same workbook with its mistakes marked."""
    row = own_import(request, public_id)
    place = Kept(row.public_id).marked
    if not place.exists():
        return redirect("import", public_id)
    name = f"{row.file_name.rpartition('.')[0] or row.file_name}_誤り.xlsx"
    rows = sum(sum(one.get(key, 0) for key in import_page.OUTCOMES) for one in row.totals)
    if (instead := request.take_out(name=name, rows=rows)) is not None:
        return instead
    return download_of(place.open("rb"), name, XLSX)


@needs(Ability.RELEASE_IMPORT)
@require_POST
def release(request, public_id):
    """Have it carried out. Refused, with their names, where it touches other sections."""
    row = own_import(request, public_id, Ability.RELEASE_IMPORT)
    others = other_sections(request, row)
    if others:
        messages.error(
            request,
            f"この取込みは、あなたが記録できない課室の内容を含むため、反映できません：{'、'.join(others)}。"
            "その課室を担当する人か、機関の全体を担当する人に頼んでください。",
        )
        return redirect("import", public_id)
    job = job_of(request, Ability.RELEASE_IMPORT, row.agency)
    return _done(request, row, imports.release, by=request.user, job=job)


@needs(Ability.IMPORT)
@require_POST
def withdraw(request, public_id):
    """Nothing of it is taken in; its file is deleted."""
    row = own_import(request, public_id)
    said = f"「{row.file_name}」を取り下げ、ファイルを消しました。"
    return _done(request, row, imports.withdraw, said=said, to="imports", by=request.user)


@needs(Ability.IMPORT)
@require_POST
def again(request, public_id):
    """Check it anew; or, where it was interrupted while it was carried out, let it wait again."""
    row = own_import(request, public_id)
    if row.state == State.CARRYING:
        return _done(request, row, imports.resume, by=request.user)
    job = job_of(request, Ability.IMPORT, row.agency)
    return _done(request, row, imports.check_again, by=request.user, job=job)


@needs(Ability.USE)
@require_safe
def now(request):
    """Whether one is being written just now, for pages that wait: words, or nothing."""
    request.is_work = False
    return render(request, "exchange/_carrying.html", {"carrying": request.carrying})


def _done(request, row: Import, verb, *, said: str = "", to: str = "import", **how):
    try:
        verb(row, version=_version(request), **how)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    except Conflict:
        messages.error(request, MOVED)
    else:
        if said:
            messages.success(request, said)
        return redirect(to) if to == "imports" else redirect(to, row.public_id)
    return redirect("import", row.public_id)


def _version(request) -> int:
    """The one that was on the screen; none that is, where it was not said."""
    said = request.POST.get("version", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def other_sections(request, row: Import) -> list[str]:
    """The sections it touches that the user may not carry out anything for."""
    preview = import_page.preview_of(row)
    touched = preview.touched if preview else []
    covers = request.access.covers
    others = [
        section
        for agency, section in touched
        if not covers(Ability.RELEASE_IMPORT, agency_id=agency, section_id=section)
    ]
    names = Section.objects.filter(pk__in=[s for s in others if s is not None]).order_by("code")
    return [*map(str, names), *(["課室のない記録"] if None in others else [])]


def _visible(request, ability: Ability = Ability.IMPORT):
    return Import.objects.visible_to(request.access.scope(ability)).valid()


def own_import(request, public_id, ability: Ability = Ability.IMPORT) -> Import:
    rows = _visible(request, ability).select_related("agency", "recorded_by", "released_by")
    return get_object_or_404(rows, public_id=public_id)


def job_of(request, ability: Ability, agency: Agency) -> Job:
    sections = request.access.sections(ability, agency_id=agency.pk)
    return Job(
        by=request.user.pk,
        sections=None if sections is None else sorted(sections),
        address=context.current().address,
    )
