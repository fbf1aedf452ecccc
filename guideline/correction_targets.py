"""What is put right: findings, by the codes that addresses and forms name them by.

A25-2017-00042~unapproved-subcontract~link:3~2017-06-01: whose, which rule, what of it, since when.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date

from guideline.models import Finding
from guideline.rules import BY_CODE
from guideline.subjects import subject_in_words
from outsourcing.forms import Refers
from outsourcing.models import Contract, Disclosure, split_code
from outsourcing.models.contracts import CODE
from outsourcing.querysets import LedgerQuerySet

MOST = 100  # recorded at once: a server takes no endless form
EXAMPLE = "A25-2017-00042~unapproved-subcontract~link:3~2017-06-01"
_PARTS = re.compile(r"([^~]+)~([a-z-]{1,40})~([^~]{1,40})~([0-9]{4}-[0-9]{2}-[0-9]{2})")


class Target(NamedTuple):
    """A finding, with the contract or the provision of information it is of."""

    of: Contract | Disclosure
    finding: Finding

    @property
    def code(self) -> str:
        return target_code(self.of.code, self.finding)

    @property
    def subject(self) -> str:
        return subject_in_words(self.finding.subject)

    @property
    def title(self) -> str:
        return BY_CODE[self.finding.rule].title

    @property
    def named(self) -> str:
        return named(self.of)

    @property
    def officer(self):
        """Who is in charge of it; of a provision of information nobody is."""
        return getattr(self.of, "officer", None)

    @property
    def last_day(self) -> date | None:
        return last_day_of(self.finding)


class Writable(NamedTuple):
    """Whose findings may be put right."""

    contracts: LedgerQuerySet
    disclosures: LedgerQuerySet


def named(of: Contract | Disclosure) -> str:
    return of.title if isinstance(of, Contract) else f"{of.recipient}への提供"


def target_code(code: str, finding: Finding) -> str:
    return f"{code}~{finding.rule}~{finding.subject}~{finding.since.isoformat()}"


def last_day_of(finding: Finding) -> date | None:
    return finding.until and finding.until - timedelta(days=1)


def found(codes: Iterable[str], writable: Writable) -> tuple[list[Target], list[str]]:
    """The findings that the codes name, each once and in this order, and the codes that name none.
    Four queries, or two where all are of contracts."""
    codes = list(dict.fromkeys(codes))
    asked = {code: match.groups() for code in codes if (match := _PARTS.fullmatch(code))}
    owners = {
        **_owners({of for of, *_ in asked.values()}, writable.contracts, CODE),
        **_owners({of for of, *_ in asked.values()}, writable.disclosures, Disclosure.CODE),
    }
    by_key = _findings(owners.values(), asked.values())
    targets, missing = [], []
    for code in codes:
        of, *rest = asked.get(code, ("",))
        owner = owners.get(of)
        finding = owner and by_key.get((type(owner), owner.pk, *rest))
        if finding:
            targets.append(Target(owner, finding))
        else:
            missing.append(code)
    return targets, missing


def _owners(codes: Iterable[str], rows: LedgerQuerySet, pattern: re.Pattern) -> dict:
    """By code: the contracts, or the provisions of information, that may be written to."""
    keys = [key for code in codes if (key := split_code(code, pattern))]
    if not keys:
        return {}
    named = rows.filter(
        agency__code__in={agency for agency, _, _ in keys},
        fiscal_year__in={year for _, year, _ in keys},
        serial__in={serial for _, _, serial in keys},
    )
    related = ["agency", "section"]
    if rows.model is Contract:
        related += ["contractor", "officer"]
    return {row.code: row for row in named.select_related(*related)}


def _findings(owners: Iterable, asked: Iterable[tuple]) -> dict[tuple, Finding]:
    """By whose it is, rule, subject and first day as it is typed."""
    rules = {rule for _, rule, _, _ in asked}
    days = {day for _, _, _, text in asked if (day := _day(text))}
    found = {}
    for model, name in ((Contract, "contract"), (Disclosure, "disclosure")):
        keys = [owner.pk for owner in owners if isinstance(owner, model)]
        if not keys:
            continue
        rows = Finding.objects.filter(**{f"{name}__in": keys}, rule__in=rules, since__in=days)
        for row in rows:
            owner = getattr(row, f"{name}_id")
            found[model, owner, row.rule, row.subject, row.since.isoformat()] = row
    return found


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


class FindingsField(Refers, forms.Field):
    """Findings of what one may write to."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, label: str, **kwargs):
        self.writable = Writable(Contract.objects.none(), Disclosure.objects.none())
        super().__init__(label=label, **kwargs)
        self.error_messages["required"] = f"{label}を一つ以上選んでください。"

    def to_python(self, value) -> list[Target]:
        targets, missing = found(value or (), self.writable)
        if missing:
            named = "、".join(missing[:10])
            raise ValidationError(
                f"{self.label}「{named}」は選べません（例：{EXAMPLE}）。", code="invalid_choice"
            )
        check_number(targets, self.label)
        return targets


def check_number(targets: list[Target], label: str) -> None:
    """Refuses more than can be recorded at once, and those of several agencies."""
    if len(targets) > MOST:
        raise ValidationError(
            f"{label}が{len(targets)}件あります。一度に記録できるのは{MOST}件までです。"
            "分けて記録してください。"
        )
    if len({target.of.agency_id for target in targets}) > 1:
        raise ValidationError(
            f"{label}に複数の機関のものがあります。機関ごとに分けて記録してください。"
        )
