"""The class of each contract in a survey, and the counts of the tables, in one query.

The order of the classes is fixed: a breach in the fiscal year that the agency confirmed; then what
is at odds or open; then what could not be verified; then what was confirmed to be in order.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Case, Count, F, FilteredRelation, Q, Value, When

from guideline.models import Finding, Severity
from outsourcing.models import Contract
from outsourcing.scope import Scope
from surveys.models import Confirmed, Survey

NO_BREACH, BREACH, UNVERIFIABLE, PENDING = "no_breach", "breach", "unverifiable", "pending"
CLASSES = (NO_BREACH, BREACH, UNVERIFIABLE, PENDING)


def population(survey: Survey, scope: Scope):
    """The contracts a survey takes in: its kind, with a day in its fiscal year, never synthetic and
    real ones together. (``in`` a list of one: a bare boolean is no key to SQLite's index.)
    """
    return (
        Contract.objects.visible_to(scope)
        .valid()
        .filter(information=survey.information, synthetic__in=[survey.synthetic])
        .in_fiscal_year(survey.fiscal_year)
    )


def breaching(survey: Survey):
    """Keys of contracts with a finding of severity ``breach``, excused or not, that shares a day
    with the fiscal year. Few, so the count starts from them."""
    return (
        Finding.objects.filter(severity=Severity.BREACH)
        .overlapping(survey.first_day, survey.last_day)
        .order_by()
        .values("contract_id")
    )


def classified(survey: Survey, scope: Scope):
    """The population with ``confirmed`` (or None), ``broken`` (has a breach) and ``status``."""
    return (
        population(survey, scope)
        .annotate(
            confirmation=FilteredRelation(
                "confirmations",
                condition=Q(confirmations__survey=survey.pk, confirmations__voided_on__isnull=True),
            )
        )
        .annotate(
            confirmed=F("confirmation__result"),
            broken=Case(When(pk__in=breaching(survey), then=Value(1)), default=Value(0)),
        )
        .annotate(
            status=Case(
                When(broken=1, confirmed=Confirmed.BREACH, then=Value(BREACH)),
                When(broken=1, then=Value(PENDING)),
                When(confirmed=Confirmed.BREACH, then=Value(PENDING)),
                When(confirmed=Confirmed.UNVERIFIABLE, then=Value(UNVERIFIABLE)),
                When(confirmed=Confirmed.NO_BREACH, then=Value(NO_BREACH)),
                default=Value(PENDING),
            )
        )
    )


def contradictions(survey: Survey, scope: Scope):
    """Contracts where ledger and confirmation are at odds: a breach not confirmed as one, or one
    confirmed without a finding. To be settled before a response can be submitted."""
    return classified(survey, scope).filter(
        (Q(broken=1) & Q(confirmed__isnull=False) & ~Q(confirmed=Confirmed.BREACH))
        | Q(broken=0, confirmed=Confirmed.BREACH)
    )


def counts(surveys: Iterable[Survey], scope: Scope) -> dict[tuple[str, int], dict[str, int]]:
    """{(information, agency key): {class: contracts}} for the surveys, three queries each.

    Nearly all contracts were confirmed to be in order: these are counted by an index alone. The few
    with a breach, or with another confirmation, are read and judged one by one.
    """
    found: dict[tuple[str, int], dict[str, int]] = {}
    for survey in surveys:
        in_order = survey.confirmations.visible_to(scope).valid()
        in_order = in_order.filter(result=Confirmed.NO_BREACH)
        totals = (
            population(survey, scope)
            .order_by()
            .values("agency_id")
            .annotate(
                contracts=Count("pk"),
                in_order=Count("pk", filter=Q(pk__in=in_order.values("contract_id"))),
            )
            .values_list("agency_id", "contracts", "in_order")
        )
        tally = {
            agency: {
                **dict.fromkeys(CLASSES, 0),
                NO_BREACH: in_order,
                PENDING: contracts - in_order,
            }
            for agency, contracts, in_order in totals
        }
        rows = classified(survey, scope).filter(pk__in=_exceptional(survey))
        for agency, confirmed, broken in rows.values_list("agency_id", "confirmed", "broken"):
            was = NO_BREACH if confirmed == Confirmed.NO_BREACH else PENDING
            tally[agency][was] -= 1
            tally[agency][status_of(confirmed, broken)] += 1
        found |= {(survey.information, agency): by_class for agency, by_class in tally.items()}
    return found


def _exceptional(survey: Survey) -> list[int]:
    """Keys of the contracts with a breach, or confirmed as anything but in order.

    Read first, since a planner without statistics would rather walk the population than begin with
    these few.
    """
    otherwise = survey.confirmations.valid().filter(
        result__in=[Confirmed.BREACH, Confirmed.UNVERIFIABLE]
    )
    return list(
        breaching(survey)
        .union(otherwise.values("contract_id"))
        .values_list("contract_id", flat=True)
    )


def status_of(confirmed: str | None, broken: bool) -> str:
    """The class of a contract by what was confirmed and whether a breach stands."""
    if broken or confirmed == Confirmed.BREACH:
        return BREACH if broken and confirmed == Confirmed.BREACH else PENDING
    return {Confirmed.UNVERIFIABLE: UNVERIFIABLE, Confirmed.NO_BREACH: NO_BREACH}.get(
        confirmed, PENDING
    )
