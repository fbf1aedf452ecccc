"""再発防止策 on contracts in breach: 「各機関において、事業者への指導等の再発防止策を実施」."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Coalesce

from guideline.models import CorrectiveAction, Finding, Measure, Severity
from surveys.models import Survey


class Taken(NamedTuple):
    """How many contracts had a measure of a kind; one contract may have several."""

    measure: Measure
    number: int


def measures_on(survey: Survey, contract_ids: Iterable[int]) -> dict[int, set[str]]:
    """Of these contracts, those with a measure about a breach of the fiscal year, whenever it was
    begun, and of which kinds."""
    breaches = Finding.objects.filter(
        severity=Severity.BREACH,
        contract=OuterRef("contract"),
        rule=OuterRef("rule"),
        subject=OuterRef("subject"),
    ).overlapping(survey.first_day, survey.last_day)
    # Of days that the measure is about: see ``guideline.corrections``.
    breaches = breaches.filter(
        since__lte=Coalesce(OuterRef("last_day"), Value(date.max)), ends__gt=OuterRef("first_day")
    )
    rows = CorrectiveAction.objects.valid().filter(contract__in=list(contract_ids))
    found = defaultdict(set)
    for contract, measure in rows.filter(Exists(breaches)).values_list("contract_id", "measure"):
        found[contract].add(measure)
    return dict(found)


def by_kind(found: dict[int, set[str]]) -> tuple[Taken, ...]:
    """Those that were taken at all, in their order."""
    numbers = Counter(measure for kinds in found.values() for measure in kinds)
    return tuple(Taken(kind, numbers[kind]) for kind in Measure if numbers[kind])
