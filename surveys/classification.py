"""The class of each contract in a survey, and the counts of the tables.

A breach in the fiscal year that the agency confirmed; what could not be verified, or was confirmed
to be in order, where the ledger knows of no breach; all else is at odds or open, so pending.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Case, Count, F, FilteredRelation, Q, Value, When

from guideline.models import Finding, Severity
from outsourcing.models import Agency, Contract
from outsourcing.prepared import Composed
from outsourcing.scope import Scope
from surveys.models import Confirmation, Confirmed, Survey

NO_BREACH, BREACH, UNVERIFIABLE, PENDING = "no_breach", "breach", "unverifiable", "pending"
CLASSES = (NO_BREACH, BREACH, UNVERIFIABLE, PENDING)


def population(survey: Survey, scope: Scope):
    """The contracts a survey takes in: its kind, with a day in its fiscal year, never synthetic and
    real ones together."""
    return taken_in([survey], scope)


def taken_in(surveys: Sequence[Survey], scope: Scope):
    """The contracts that surveys of one round take in. (``in`` a list of one: a bare boolean is no
    key to SQLite's index.)"""
    return (
        Contract.objects.visible_to(scope)
        .in_fiscal_year(surveys[0].fiscal_year)
        .filter(
            information__in=[survey.information for survey in surveys],
            synthetic__in=[surveys[0].synthetic],
            voided_on__isnull=True,
        )
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


# (has a breach, what was confirmed) -> class; whatever is not named is pending.
CLASS_OF = {
    (True, Confirmed.BREACH): BREACH,
    (False, Confirmed.UNVERIFIABLE): UNVERIFIABLE,
    (False, Confirmed.NO_BREACH): NO_BREACH,
}
STATUS = Case(
    *(
        When(broken=int(broken), confirmed=confirmed, then=Value(name))
        for (broken, confirmed), name in CLASS_OF.items()
    ),
    default=Value(PENDING),
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
        .annotate(status=STATUS)
    )


def contradictions(survey: Survey, scope: Scope):
    """Contracts where ledger and confirmation are at odds: a breach not confirmed as one, or one
    confirmed without a finding. To be settled before a response can be submitted."""
    return classified(survey, scope).filter(
        (Q(broken=1) & Q(confirmed__isnull=False) & ~Q(confirmed=Confirmed.BREACH))
        | Q(broken=0, confirmed=Confirmed.BREACH)
    )


COUNTED = Composed()


def counts(
    surveys: Sequence[Survey], scope: Scope, *, kind: str | None = None
) -> dict[tuple[str, int], dict[str, int]]:
    """{(information, agency key): {class: contracts}} for surveys of one round; of agencies of one
    kind, or of all. Three queries, on PostgreSQL four where a kind is named.

    Contracts and confirmations are counted each by an index alone, without a join of all with all:
    a confirmation knows whether it stands (``surveys.standing``). Only the few contracts with a
    breach are looked up.
    """
    if kind and connection.vendor != "sqlite":
        # PostgreSQL reads all agencies in less time than it joins some; SQLite seeks each.
        agencies = Agency.objects.filter(kind=kind).order_by()
        kept = {pk for (pk,) in COUNTED.rows(kind, lambda: agencies.values_list("pk"))}
        return {key: n for key, n in counts(surveys, scope).items() if key[1] in kept}
    of_kind = {"agency__in": Agency.objects.filter(kind=kind).order_by()} if kind else {}
    about = tuple((s.pk, s.fiscal_year, s.information, s.synthetic) for s in surveys), scope, kind

    def contracts():
        taken = taken_in(surveys, scope).filter(**of_kind).order_by()
        return taken.values_list("information", "agency_id").annotate(number=Count("*"))

    def standing():
        confirmations = Confirmation.objects.visible_to(scope).filter(
            survey__in=surveys, voided_on__isnull=True, stands=True, **of_kind
        )
        return confirmations.values_list("survey_id", "agency_id", "result")

    found = {
        (information, agency): {**dict.fromkeys(CLASSES, 0), PENDING: number}
        for information, agency, number in COUNTED.rows(("contracts", about), contracts)
    }
    information = {survey.pk: survey.information for survey in surveys}
    for survey, agency, confirmed, number in COUNTED.rows(
        ("standing", about), lambda: standing().annotate(number=Count("*"))
    ):
        tally = found[information[survey], agency]
        tally[PENDING] -= number
        tally[CLASS_OF.get((False, confirmed), PENDING)] += number
    for survey, agency, confirmed in COUNTED.rows(
        ("broken", about), lambda: standing().filter(contract__in=breaching(surveys[0]))
    ):
        tally = found[information[survey], agency]
        tally[CLASS_OF.get((False, confirmed), PENDING)] -= 1
        tally[CLASS_OF.get((True, confirmed), PENDING)] += 1
    return found
