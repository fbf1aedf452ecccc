"""The verbs of a round: open it, confirm contracts, submit a response."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError

from outsourcing.actions.base import (
    Change,
    change,
    change_many,
    each,
    insert,
    insert_many,
    recording,
    void,
)
from outsourcing.actions.contracts import locked, locked_many
from outsourcing.models import Agency, Contract
from outsourcing.scope import Scope
from surveys.classification import contradictions
from surveys.models import Confirmation, Confirmed, Response, Survey
from surveys.standing import settle


def open_survey(*, by, **fields) -> Survey:
    """Open a round of a fiscal year for one kind of information."""
    with recording():
        return insert(Survey(**fields), by=by)


def confirm(survey: Survey, contract: Contract, *, by, result: str, on: date, reason: str = ""):
    """Record what an agency confirmed of one contract; an earlier confirmation is voided."""
    with recording():
        locked(contract)
        earlier = survey.confirmations.valid().filter(contract=contract).first()
        if earlier is not None:
            void(earlier, by=by, on=on, reason="確認のやり直し")
        row = Confirmation(
            survey=survey, contract=contract, result=result, confirmed_on=on, reason=reason
        )
        insert(_checked(row), by=by)
        settle([contract.pk])
    return row


def confirm_many(confirmations: Iterable[Confirmation], *, by) -> list[Confirmation]:
    """Record many unsaved confirmations of contracts not yet confirmed; all or none."""
    rows = list(confirmations)
    each(rows, _checked)
    contracts = {row.contract_id for row in rows}
    with recording():
        locked_many(contracts)
        insert_many(rows, by=by)
        settle(contracts)
    return rows


def confirm_anew(changes: Iterable[Change], *, by) -> list[Confirmation]:
    """Replace many confirmations, each by one that says otherwise; all or none."""
    changes = list(changes)
    with recording():
        locked_many({one.row.contract_id for one in changes})
        change_many(
            [
                Change(
                    row,
                    {
                        "voided_on": values.get("confirmed_on", row.confirmed_on),
                        "void_reason": "確認のやり直し",
                    },
                    seen,
                )
                for row, values, seen in changes
            ],
            by=by,
        )
        return confirm_many([_instead_of(row, values) for row, values, _ in changes], by=by)


def _instead_of(row: Confirmation, values) -> Confirmation:
    kept = ("survey", "contract", "result", "reason", "confirmed_on")
    return Confirmation(**{name: getattr(row, name) for name in kept} | dict(values))


def submit(survey: Survey, agency: Agency, *, by, on: date, remarks: str = "") -> Response:
    """Submit an agency's response. Refused while ledger and confirmations are at odds."""
    at_odds = list(contradictions(survey, Scope.of([agency.pk])).select_related("agency")[:20])
    if at_odds:
        codes = "、".join(contract.code for contract in at_odds)
        raise ValidationError(
            f"台帳と確認の結果が食い違う契約があります。先に解消してください：{codes}"
        )
    with recording():
        response = Response.objects.valid().filter(survey=survey, agency=agency).first()
        if response is not None:
            return change(response, by=by, submitted_on=on, remarks=remarks)
        row = Response(
            survey=survey,
            agency=agency,
            submitted_on=on,
            remarks=remarks,
            synthetic=survey.synthetic,
        )
        return insert(row, by=by)


def _checked(row: Confirmation) -> Confirmation:
    row.agency_id = row.contract.agency_id
    row.synthetic = row.contract.synthetic
    if row.result == Confirmed.UNVERIFIABLE and not row.reason:
        raise ValidationError({"reason": "確認不能とするには、その理由が必要です。"})
    if (row.survey.information, row.survey.synthetic) != (
        row.contract.information,
        row.contract.synthetic,
    ):
        raise ValidationError(
            {"contract": f"契約「{row.contract}」は「{row.survey}」の対象ではありません。"}
        )
    return row
