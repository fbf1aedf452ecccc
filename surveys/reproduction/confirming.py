"""Confirmations of the synthetic round, as the agencies would have made them from their ledgers."""

from __future__ import annotations

from datetime import date

from outsourcing.scope import Scope
from surveys.actions import confirm_many
from surveys.classification import classified
from surveys.models import Confirmation, Confirmed
from surveys.rounds import Round

CONFIRMED_ON = date(2018, 7, 31)
CHUNK = 5000


def confirm_everything(round_: Round, *, by) -> None:
    """For each contract, what its own ledger shows: a breach in the fiscal year, a contractor that
    was dissolved so that nothing can be asked of it, or neither."""
    for survey in round_.surveys:
        rows = (
            classified(survey, Scope.everything())
            .select_related("contractor")
            .only("agency", "information", "synthetic", "contractor__dissolved_on")
            .order_by("pk")
        )
        confirmations = [_confirmation(survey, contract) for contract in rows.iterator(CHUNK)]
        for start in range(0, len(confirmations), CHUNK):
            confirm_many(confirmations[start : start + CHUNK], by=by)


def _confirmation(survey, contract) -> Confirmation:
    result, reason = Confirmed.NO_BREACH, ""
    if contract.broken:
        result = Confirmed.BREACH
    elif contract.contractor.dissolved_on and contract.contractor.dissolved_on <= CONFIRMED_ON:
        result = Confirmed.UNVERIFIABLE
        reason = f"委託先が{contract.contractor.dissolved_on}に解散し、確認できない。"
    return Confirmation(
        survey=survey, contract=contract, result=result, reason=reason, confirmed_on=CONFIRMED_ON
    )
