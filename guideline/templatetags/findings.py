"""Findings on pages of other apps: these import nothing of the law for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from django import template
from django.urls import reverse

from guideline.correction_targets import target_code
from guideline.correction_trials import answering, key_of
from guideline.corrections import is_closed, is_overdue, needs_none, state_of
from guideline.models import CorrectiveAction, Finding, Severity
from guideline.proofs import proofs_of
from guideline.rules import BY_CODE
from guideline.subjects import subject_in_words
from guideline.unsaved import Expected, expected
from outsourcing.entries import Trial
from outsourcing.models import Contract, Relation
from outsourcing.writing import writes_to

register = template.Library()


@register.inclusion_tag("guideline/findings.html", takes_context=True)
def findings(context, subject, on: date):
    """The findings of a contract, or of a provision of information: those of a day first, then the
    others, each with what is done about it. Beside them the reasons on record. What proves a
    contract's is read once it is opened, as it takes as long as the rest of the page."""
    found = findings_of(subject)
    actions = list(
        subject.corrective_actions.valid().select_related("officer").order_by("started_on", "pk")
    )
    of = answering(found, actions)
    rows = [_row(finding, on) | _corrected(finding, of[key_of(finding)], on) for finding in found]
    writes = writes_to(context["request"], subject)
    if writes:
        for row in rows:
            row["target"] = target_code(subject.code, row["finding"])
    about = {action.pk for answers in of.values() for action in answers}
    if isinstance(subject, Contract):
        at = reverse("contract", args=[subject.code])
        for row in rows:
            row["address"] = f"{at}findings/{_part(row['finding'])}/"
    else:
        for row, proof in zip(rows, proofs_of(subject, found), strict=True):
            row["proof"] = proof
    rows.sort(key=lambda row: not row["today"])
    return {
        "rows": rows,
        "on": on,
        "standing": sum(row["today"] for row in rows),
        "reasons": _reasons(subject, found),
        "vanished": [_action(action, on) for action in actions if action.pk not in about],
    }


@register.simple_tag
def finding_subjects(contract, on: date) -> set[str]:
    """The links that break the contract on a day, for marks in the chain: {"link:1", …}."""
    return {
        f.subject for f in findings_of(contract) if f.severity == Severity.BREACH and _holds(f, on)
    }


def findings_of(subject) -> list[Finding]:
    """Read once a page, however many tags ask."""
    if not hasattr(subject, "_findings_read"):
        subject._findings_read = list(subject.findings.order_by("since", "subject", "rule"))
    return subject._findings_read


def _reasons(subject, findings: list[Finding]) -> list[dict]:
    """Reasons stay when nothing fails any more, and are marked so."""
    rows = subject.justifications.valid().select_related("asked_by", "approved_by")
    return [
        {
            "row": row,
            "title": BY_CODE[row.rule].title,
            "subject": subject_in_words(row.subject),
            "inert": not any(
                (f.rule, f.subject) == (row.rule, row.subject)
                and f.since <= row.last_day
                and (f.until is None or f.until > row.first_day)
                for f in findings
            ),
        }
        for row in rows.order_by("first_day", "pk")
    ]


def _corrected(finding: Finding, actions: list[CorrectiveAction], on: date) -> dict:
    return {
        "state": state_of(finding, actions, on),
        # Of what lies ahead nothing is to be put right yet.
        "corrects": not needs_none(finding) and finding.since <= on,
        "actions": [_action(action, on) for action in actions],
    }


def _action(action: CorrectiveAction, on: date) -> dict:
    return {
        "row": action,
        "closed": is_closed(action, on),
        "overdue": is_overdue(action, on),
        "title": BY_CODE[action.rule].title,
        "subject": subject_in_words(action.subject),
    }


def _holds(finding: Finding, on: date) -> bool:
    return finding.since <= on and (finding.until is None or on < finding.until)


def _part(finding: Finding) -> str:
    """Of the address of its proof."""
    return f"{finding.rule}/{quote(finding.subject, safe=':()')}/{finding.since.isoformat()}"


def _row(finding: Finding, on: date) -> dict:
    return {
        "finding": finding,
        "rule": BY_CODE[finding.rule],
        "severity": Severity(finding.severity),
        "today": _holds(finding, on),
        "subject": subject_in_words(finding.subject),
        "last_day": finding.until and date.fromordinal(finding.until.toordinal() - 1),
        "relations": [
            {
                "since": date.fromisoformat(part["since"]),
                "last_day": part["until"]
                and date.fromordinal(date.fromisoformat(part["until"]).toordinal() - 1),
                "label": Relation(part["relation"]).label,
                "declared": part["basis"] == "declared",
            }
            for part in finding.relations
        ],
    }


@register.inclusion_tag("guideline/trial.html")
def trial_findings(trial: Trial, on: date):
    """What the rules would say, were a form sent that is being typed. Of a change to a contract:
    what would come, what would go, and how many stay; of a new one: what would be broken from its
    first day or by the day of the page, and what is still to be done."""
    before = expected(trial.entry) if trial.change else []
    if trial.change:
        trial.change(trial.entry)
    after = expected(trial.entry)
    begins = max(on, trial.entry.contract.first_day)
    known = {one.key: one for one in before}
    kept = {one.key for one in after}
    fresh = [one for one in after if not _same(known.get(one.key), one)]
    return {
        "change": trial.change is not None,
        "broken": _grouped(one for one in fresh if one.since <= begins),
        "due": _grouped(one for one in fresh if one.since > begins),
        "cleared": [one for one in before if one.key not in kept],
        "numbers": {
            "broken": sum(one.since <= begins for one in fresh),
            "due": sum(one.since > begins for one in fresh),
        },
        "unchanged": len(after) - len(fresh),
        "left_out": trial.left_out,
    }


class Group(NamedTuple):
    """Findings of one rule on the same days: said once, with what each is about."""

    first: Expected
    members: list[Expected]


def _grouped(found: Iterable[Expected]) -> list[Group]:
    """The gravest first, then the earliest."""
    groups: dict[tuple, list[Expected]] = {}
    for one in found:
        key = one.rule.code, one.severity, one.since, one.last_day, one.excused
        groups.setdefault(key, []).append(one)
    order = list(Severity)
    ordered = sorted(groups.values(), key=lambda g: (order.index(g[0].severity), g[0].since))
    return [Group(members[0], members) for members in ordered]


def _same(before: Expected | None, after: Expected) -> bool:
    return before is not None and before[3:6] == after[3:6]
