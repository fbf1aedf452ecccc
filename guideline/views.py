"""Pages of the law: the guideline by edition, its rules, and why a finding is one."""

from __future__ import annotations

import re

from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from guideline.comparison import compare
from guideline.forms import EditionsForm
from guideline.law import edition_in_force, law
from guideline.models import Finding, Severity
from guideline.proofs import proofs_of
from guideline.provisions import Edition
from guideline.register import entries_of, register
from guideline.safeguards import SAFEGUARDS
from guideline.subjects import subject_in_words
from outsourcing.abilities import Ability, needs
from outsourcing.forms import AsOfForm
from outsourcing.models import Contract
from outsourcing.views import contract_key
from trail import accesses
from trail.models import Kind

ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@needs(Ability.READ_LEDGER)
@require_safe
def current(request):
    """The edition of the day that pages are read as of."""
    found = edition_in_force(request.as_of()) or law().editions[0]
    return redirect("guideline-edition", found.key)


@needs(Ability.READ_LEDGER)
@require_safe
def edition(request, edition):
    """The whole text of one edition."""
    found = _edition(edition)
    counts = standing(request)
    chapters = [(chapter, found.in_chapter(chapter.number)) for chapter in found.chapters]
    context = {
        "edition": found,
        "editions": law().editions,
        "chapters": chapters,
        "counts": {code: _number(entries_of(code), counts) for code in found.provisions},
        "ruled": {code for codes in found.rules.values() for code in codes},
        "on": request.as_of(),
    }
    return render(request, "guideline/edition.html", context)


@needs(Ability.READ_LEDGER)
@require_safe
def provision(request, edition, code):
    """One provision: its text, its rules and their days, and how many findings stand."""
    found = _edition(edition)
    if code not in found.provisions:
        raise Http404
    counts = standing(request)
    context = {
        "edition": found,
        "editions": [e for e in law().editions if code in e.provisions],
        "provision": found.provisions[code],
        "entries": [(entry, counts.get(entry.rule.code, 0)) for entry in entries_of(code)],
        "on": request.as_of(),
    }
    return render(request, "guideline/provision.html", context)


@needs(Ability.READ_LEDGER)
@require_safe
def compared(request):
    """新旧対照表 of any two editions."""
    form = EditionsForm(request.GET or None)
    old, new = form.chosen()
    pairs = compare(old, new)
    context = {
        "form": form,
        "old": old,
        "new": new,
        "pairs": pairs if form.wants_all() else [pair for pair in pairs if pair.differs],
        "differing": sum(pair.differs for pair in pairs),
    }
    return render(request, "guideline/compare.html", context)


@needs(Ability.READ_LEDGER)
@require_safe
def rules(request):
    """The table of rules, generated, with how many findings stand."""
    counts = standing(request)
    entries = [(entry, counts.get(entry.rule.code, 0)) for entry in register()]
    return render(request, "guideline/rules.html", {"entries": entries, "on": request.as_of()})


@needs(Ability.USE)
@require_safe
def safety(request):
    """What this ledger does about each item of 第6, and what is left to the office."""
    newest = law().editions[-1]
    rows = [(safeguard, newest.provisions[safeguard.code]) for safeguard in SAFEGUARDS]
    return render(request, "guideline/safety.html", {"edition": newest, "rows": rows})


@needs(Ability.READ_LEDGER)
@require_safe
def contract_timeline(request, code):
    """The time line of one contract by itself, to be printed."""
    contracts = Contract.objects.visible_to(request.scope).valid().with_chain()
    found = get_object_or_404(contracts, **contract_key(code))
    accesses.record(Kind.READ, object=f"{found.code} 時系列", agency_id=found.agency_id)
    context = {"contract": found, "on": request.as_of(), "form": AsOfForm(request.GET)}
    return render(request, "guideline/contract_timeline.html", context)


@needs(Ability.READ_LEDGER)
@require_safe
def finding_proof(request, code, rule, subject, since):
    """Why a finding is one, and what clears it: also opened within the contract's page."""
    contracts = Contract.objects.visible_to(request.scope).valid().select_related("agency")
    found = get_object_or_404(contracts, **contract_key(code))
    day = parse_date(since) if ISO_DAY.fullmatch(since) else None
    finding = day and found.findings.filter(rule=rule, subject=subject, since=day).first()
    if finding is None:
        raise Http404
    accesses.record(Kind.READ, object=f"{found.code} 根拠", agency_id=found.agency_id)
    context = {
        "contract": found,
        "proof": proofs_of(found, [finding])[0],
        "severity": Severity(finding.severity),
        "subject": subject_in_words(finding.subject),
    }
    return render(request, "guideline/proof.html", context)


def standing(request) -> dict[str, int]:
    """How many findings of each rule stand on the day of the page, as far as the reader may see."""
    findings = Finding.objects.visible_to(request.scope).on(request.as_of()).order_by()
    return dict(findings.values_list("rule").annotate(number=Count("*")))


def _number(entries, counts: dict[str, int]) -> int:
    return sum(counts.get(code, 0) for code in {entry.rule.code for entry in entries})


def _edition(key: str) -> Edition:
    found = next((e for e in law().editions if e.key == key), None)
    if found is None:
        raise Http404
    return found
