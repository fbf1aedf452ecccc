"""Findings on pages of other apps: these import nothing of the law for it."""

from __future__ import annotations

from datetime import date

from django import template

from guideline.models import Finding, Severity
from guideline.rules import BY_CODE
from outsourcing.models import Relation

register = template.Library()


@register.inclusion_tag("guideline/findings.html")
def findings(contract, on: date):
    """The findings of a contract: those of a day first, then the others."""
    rows = [_row(finding, on) for finding in _findings(contract)]
    rows.sort(key=lambda row: not row["today"])
    return {"rows": rows, "on": on, "standing": sum(row["today"] for row in rows)}


@register.simple_tag
def finding_subjects(contract, on: date) -> set[str]:
    """What fails on a day, for marks in the chain: {"link:1", …}."""
    return {f.subject for f in _findings(contract) if _holds(f, on)}


def _findings(contract) -> list[Finding]:
    """Read once a page, however many tags ask."""
    if not hasattr(contract, "_findings_read"):
        contract._findings_read = list(
            Finding.objects.filter(contract=contract).order_by("since", "subject", "rule")
        )
    return contract._findings_read


def _holds(finding: Finding, on: date) -> bool:
    return finding.since <= on and (finding.until is None or on < finding.until)


def _row(finding: Finding, on: date) -> dict:
    rule = BY_CODE[finding.rule]
    return {
        "finding": finding,
        "rule": rule,
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


def subject_in_words(subject: str) -> str:
    """「再委託3」 for "link:3"."""
    kind, _, number = subject.partition(":")
    return f"再委託{number}" if kind == "link" else "契約"
