"""Pages of 是正・再発防止策: the list, one measure, and how it is recorded for findings."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from guideline import correction_actions
from guideline.correction_filters import CorrectionFilter, ranked
from guideline.correction_forms import StartForm
from guideline.correction_tables import CorrectionTable, with_their_findings
from guideline.correction_targets import Target, Writable, check_number, found
from guideline.correction_trials import CorrectionTrial, actions_on, key_of
from guideline.corrections import answers, is_closed, is_overdue, state_of
from guideline.models import CorrectionEvidence, CorrectiveAction, Finding
from guideline.rules import BY_CODE
from guideline.subjects import subject_in_words
from outsourcing.abilities import Ability, needs
from outsourcing.conflicts import unreadable
from outsourcing.filters import chosen
from outsourcing.form_pages import METHODS, is_check
from outsourcing.models import Contract, Disclosure
from outsourcing.views import paged, without_blanks
from outsourcing.writing import contracts_to_write, disclosures_to_write, writes_to
from trail import accesses
from trail.models import Kind

REPEATED = "同じ内容は既に記録されています。二重には記録していません。"


@needs(Ability.READ_LEDGER)
@require_safe
def correction_list(request):
    """Measures as of the day of the page, the overdue ones first."""
    if (address := without_blanks(request)) is not None:
        return redirect(address)
    on = request.as_of()
    rows = CorrectiveAction.objects.visible_to(request.scope).valid()
    asked = CorrectionFilter(request.GET, queryset=ranked(rows, on), request=request)
    table = CorrectionTable(asked.qs.select_related(*RELATED), caption="是正の一覧", on=on)
    table = paged(request, table)
    with_their_findings(row.record for row in table.page.object_list)
    context = {"filter": asked, "table": table, "conditions": chosen(asked), "on": on}
    return render(request, "guideline/corrections.html", context)


RELATED = ("agency", "officer", "contract__agency", "disclosure__agency")


@needs(Ability.READ_LEDGER)
@require_safe
def correction(request, public_id):
    """One measure: about which findings, by whom, by when, what came of it, and what shows it."""
    row = action_of(request, public_id, Ability.READ_LEDGER)
    of = owner_of(row)
    accesses.record(Kind.READ, object=f"{of.code} 是正", agency_id=row.agency_id)
    # A page of one tells all of it, also where the ledger is looked at as of a day before.
    on = max(request.as_of(), row.started_on, row.closed_on or row.started_on)
    findings = findings_of(row)
    known = actions_on(findings)
    others = {a.pk: a for of_one in known.values() for a in of_one if a.pk != row.pk}
    context = {
        "action": row,
        "of": of,
        "is_contract": row.contract_id is not None,
        "rule": BY_CODE[row.rule],
        "subject": subject_in_words(row.subject),
        "findings": [(f, state_of(f, known[key_of(f)], on)) for f in findings],
        "others": [(a, is_closed(a, on)) for a in others.values()],
        "evidence": row.evidence.valid().defer("content").order_by("pk"),
        "on": on,
        "closed": is_closed(row, on),
        "overdue": is_overdue(row, on),
        "may_write": writes_to(request, of),
    }
    return render(request, "guideline/correction.html", context)


@needs(Ability.WRITE_LEDGER)
@require_http_methods(METHODS)
def new(request):
    """Record one measure for the findings that the address, or the form, names."""
    writable = Writable(contracts_to_write(request), disclosures_to_write(request))
    sent = request.POST if request.method == "POST" else request.GET
    targets, missing = found(sent.getlist("findings"), writable)
    refused = _refused(targets)
    if not targets or refused:
        context = {"missing": missing, "refused": refused}
        status = 400 if request.method == "POST" or refused else 200
        return render(request, "guideline/correction_none.html", context, status=status)
    on = timezone.localdate()
    form = _form(request, targets, writable, on)
    trial = CorrectionTrial(on=on)
    if is_check(request):
        trial = _trial(form, on)
        if "fragment" in request.POST:
            context = {"trial": trial, "unread": unreadable(form)}
            return render(request, "components/trial.html", context)
    elif form.is_bound and form.carry_out_once(lambda: _begin(request, form), by=request.user):
        if form.repeated:
            messages.info(request, REPEATED)
            return redirect(_back(targets))
        number = len(form.result)
        messages.success(request, f"是正・再発防止策を{number}件記録しました。")
        if number == 1:
            return redirect("correction", form.result[0].public_id)
        return redirect(_back(targets))
    context = {
        "form": form,
        "targets": _with_states(targets, on),
        "missing": missing,
        "trial": trial,
        "unread": unreadable(form) if is_check(request) else [],
        "back": _back(targets),
    }
    return render(request, "guideline/correction_form.html", context, status=form.status)


def _refused(targets: list[Target]) -> str:
    try:
        check_number(targets, "所見")
    except ValidationError as error:
        return "".join(error.messages)
    return ""


def _form(request, targets: list[Target], writable: Writable, today: date) -> StartForm:
    common = {
        "writable": writable,
        "writers": request.access.writers(targets[0].of.agency, on=today),
        "today": today,
    }
    if request.method == "POST":
        return StartForm(request.POST, request.FILES, **common)
    return StartForm(initial={"findings": [target.code for target in targets]}, **common)


def _begin(request, form: StartForm) -> list[CorrectiveAction]:
    values = form.cleaned_data
    return correction_actions.begin(
        form.targets,
        by=request.user,
        officer=values["officer"],
        files=values["files"],
        **form.fields_of_action,
    )


def _trial(form: StartForm, on) -> CorrectionTrial:
    if not form.is_valid():
        return CorrectionTrial(on=on)
    values = form.fields_of_action
    made = [(t.finding, correction_actions.unsaved(t, **values)) for t in form.targets]
    return CorrectionTrial(made, on=on)


def _with_states(targets: list[Target], on) -> list[tuple]:
    known = actions_on(target.finding for target in targets)
    of = [(target, known[key_of(target.finding)]) for target in targets]
    return [(target, state_of(target.finding, rows, on), len(rows)) for target, rows in of]


def _back(targets: list[Target]) -> str:
    """The page of whose findings they are; of several the list of corrections."""
    owners = {(type(target.of), target.of.pk) for target in targets}
    return address_of(targets[0].of) if len(owners) == 1 else reverse("corrections")


@needs(Ability.READ_LEDGER)
@require_http_methods(METHODS)
def evidence(request, public_id, file_id):
    """A file of evidence, taken out and counted (第6-5). A browser never shows it in the page."""
    action = action_of(request, public_id, Ability.READ_LEDGER)
    row = get_object_or_404(action.evidence.valid().defer("content"), public_id=file_id)
    name = f"{owner_of(action).code} 是正 {row.name}"
    if (instead := request.take_out(name=name[:500], rows=1)) is not None:
        return instead
    content = CorrectionEvidence.objects.values_list("content", flat=True).get(pk=row.pk)
    response = HttpResponse(bytes(content), content_type=row.kind)
    response["Content-Disposition"] = content_disposition_header(True, row.name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


def action_of(request, public_id, ability: Ability) -> CorrectiveAction:
    """One of an agency for which the user may do it; what another has is not found."""
    rows = CorrectiveAction.objects.visible_to(request.access.scope(ability)).valid()
    related = (*RELATED, "recorded_by", "contract__contractor")
    return get_object_or_404(rows.select_related(*related), public_id=public_id)


def owner_of(row: CorrectiveAction) -> Contract | Disclosure:
    return row.contract or row.disclosure


def address_of(of: Contract | Disclosure) -> str:
    name = "contract" if isinstance(of, Contract) else "disclosure"
    return f"{reverse(name, args=[of.code])}#findings"


def findings_of(row: CorrectiveAction) -> list[Finding]:
    """The findings that it answers, the earliest first; none where they have vanished."""
    rows = Finding.objects.filter(
        contract=row.contract_id,
        disclosure=row.disclosure_id,
        rule=row.rule,
        subject=row.subject,
    )
    return [finding for finding in rows.order_by("since") if answers(row, finding)]
