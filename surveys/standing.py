"""Keeps which confirmations stand: those of contracts that their round takes in.

A term that is corrected, or a contract that is voided, can take a contract out of a fiscal year and
back in; what its agency confirmed of it is kept, and counts while it is in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.dispatch import receiver

from outsourcing.querysets import among
from outsourcing.scope import Scope
from outsourcing.signals import ledger_changed
from surveys.classification import population
from surveys.models import Confirmation, Survey

SLICE = 2000
CONFIRMATIONS = Confirmation.objects.valid().values_list(
    *("survey_id", "contract_id", "pk", "stands")
)


@receiver(ledger_changed)
def on_ledger_changed(sender, contract_ids, **kwargs) -> None:
    """Look at the confirmations of what an action touched, in its transaction."""
    settle(contract_ids)


def settle(contract_ids: Iterable[int]) -> None:
    """Make confirmations of these contracts stand or not; the caller holds the contracts."""
    ids = sorted(contract_ids)
    for start in range(0, len(ids), SLICE):
        _settle_slice(ids[start : start + SLICE])


def _settle_slice(ids: list[int]) -> None:
    of_survey = defaultdict(list)
    for survey, *row in CONFIRMATIONS.filter(among("contract_id", ids)):
        of_survey[survey].append(row)
    for survey in Survey.objects.filter(pk__in=of_survey) if of_survey else ():
        rows = population(survey, Scope.everything()).filter(among("pk", ids))
        inside = set(rows.values_list("pk", flat=True))
        for stood in (True, False):
            wrong = [
                pk
                for contract, pk, stands in of_survey[survey.pk]
                if stands == stood and (contract in inside) != stood
            ]
            if wrong:
                Confirmation.objects.filter(pk__in=wrong).update(stands=not stood)
