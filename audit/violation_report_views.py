"""違反報告書 of one agency: a page to be printed, and the same as a workbook."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from audit.export_files import ExportError
from audit.export_views import answer, made_by
from audit.violation_report import ViolationReport
from audit.violation_report_forms import ViolationReportForm
from audit.violation_report_words import NAMES_WARNING, notes_of, paragraphs
from audit.violation_report_workbook import Head, write
from outsourcing.abilities import Ability, needs
from outsourcing.models import Agency
from outsourcing.paper_views import SEALS
from trail import accesses
from trail.models import Kind

TYPED = ("year", "names", "document_number", "decided_on")


@needs(Ability.READ_LEDGER)
@require_safe
def choose(request):
    """Whose report: who reads one agency alone has nothing to choose."""
    agencies = list(Agency.objects.visible_to(request.scope).valid().order_by("code"))
    if len(agencies) == 1:
        return redirect("violation-report", agencies[0].code)
    kinds = [
        (kind.label, [agency for agency in agencies if agency.kind == kind]) for kind in Agency.Kind
    ]
    return render(request, "audit/violation_reports.html", {"kinds": kinds})


@needs(Ability.READ_LEDGER)
@require_safe
def page(request, code):
    agency = get_object_or_404(Agency.objects.visible_to(request.scope).valid(), code=code)
    form = ViolationReportForm(request.GET, on=request.as_of())
    asked = form.asked(agency)
    accesses.record(Kind.READ, object=f"{code} 違反報告書", agency_id=agency.pk)
    chosen = {"as_of": request.as_of().isoformat()}
    chosen |= {name: request.GET[name] for name in TYPED if request.GET.get(name)}
    report = asked and ViolationReport(asked, request.scope)
    context = {
        "agency": agency,
        "form": form,
        "typed": form.cleaned_data,
        "seals": SEALS,
        "on": request.as_of(),
        "report": report,
        "paragraphs": report and list(paragraphs(report)),
        "notes": report and list(notes_of(report)),
        "warning": NAMES_WARNING,
        "made_by": made_by(request),
        "made_on": timezone.localdate(),
        "chosen": urlencode(chosen),
    }
    return render(request, "audit/violation_report.html", context)


@needs(Ability.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])  # POST: goes on after a warning
def workbook(request, code):
    scope = request.access.scope(Ability.EXPORT)
    agency = get_object_or_404(Agency.objects.visible_to(scope).valid(), code=code)
    form = ViolationReportForm(request.GET, on=request.as_of())
    asked = form.asked(agency)
    if asked is None:
        return _refused(request, agency, [m for messages in form.errors.values() for m in messages])
    report = ViolationReport(asked, scope)
    days = f"{asked.year}年度" if asked.year else asked.on.isoformat()
    name = f"違反報告書_{code}_{days}.xlsx"
    if (instead := request.take_out(name=name, rows=report.number)) is not None:
        return instead
    head = Head(made_by(request), timezone.localtime(), form.cleaned_data)
    try:
        return answer(lambda file: write(file, report, head), name)
    except ExportError as error:
        return _refused(request, agency, [str(error)])


def _refused(request, agency, errors):
    context = {"agency": agency, "errors": errors}
    return render(request, "audit/violation_report_refused.html", context, status=400)
