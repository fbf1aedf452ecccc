"""What cannot be, of rows as they would be written: what the model refuses, what the database
would, and what no page takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from exchange.importing.tables import Table
from guideline.correction_actions import missing_words
from guideline.models import CorrectiveAction, Justification
from outsourcing.actions import base
from outsourcing.models import (
    Amendment,
    ContractorReport,
    Inspection,
    InspectionResult,
    InspectionTarget,
)
from surveys.models import Confirmation, Confirmed

DAY_EXAMPLE = "例：2018-04-01"
FIELDS = {"subcontract": "link", "survey": "fiscal_year", NON_FIELD_ERRORS: ""}


def problems(row: models.Model, today: date | None) -> Iterator[tuple[str, str]]:
    """By field, all that is wrong with a row that is not written yet. Without ``today`` only what
    cannot be: a ledger that is moved may hold what no page would take now."""
    held = [(name, value) for name, value in _given_later(type(row)) if row.__dict__[name] is None]
    row.__dict__.update(held)
    try:
        row.clean() if base._within_limits(row) else base.check(row)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            for message in messages:
                yield name, message
    finally:
        row.__dict__.update((name, None) for name, _ in held)
    if (more := NEVER.get(type(row))) is not None:
        yield from more(row)
    if today is not None and (more := NOW.get(type(row))) is not None:
        yield from more(row, today)


@cache
def _given_later(model: type[models.Model]) -> list[tuple[str, Any]]:
    """What a row has only once it is written: keys of others, its own number, who wrote it."""
    found: list[tuple[str, Any]] = []
    for field in model._meta.local_concrete_fields:
        numbered = field.name in ("fiscal_year", "serial") or (
            field.name == "number" and isinstance(field, models.IntegerField)
        )
        if numbered:
            found.append((field.attname, 1900))
        elif field.is_relation and not field.null:
            # Not 0, which is taken for a key that is missing; and nobody else's.
            found.append((field.attname, -1 - len(found)))
    return found


def refuse(table: Table, row: int, name: str, message: str) -> None:
    """What is wrong with a row, at its column where the file has one."""
    name = FIELDS.get(name, name)
    label = ""
    if name and name not in table.places:
        fields = {f.name: f for f in table.sheet.model._meta.local_fields}
        label = f"{fields[name].verbose_name}：" if name in fields else ""
    table.refuse(row, name, f"{label}{message}")


# --- What the database or an action refuses beside -----------------------------------------------


def _report(row: ContractorReport) -> Iterator[tuple[str, str]]:
    if not (row.due_on or row.received_on):
        yield "received_on", f"提出期限か受領日のどちらかを入力してください（{DAY_EXAMPLE}）。"


def _covers(row: InspectionTarget) -> Iterator[tuple[str, str]]:
    if not (row.covers_handling or row.covers_management or row.covers_work):
        yield "covers_handling", "検査した事項を一つ以上「はい」にしてください。"


def _confirmation(row: Confirmation) -> Iterator[tuple[str, str]]:
    if row.result == Confirmed.UNVERIFIABLE and not row.reason:
        yield (
            "reason",
            "確認の結果が「確認不能」です。確認できない理由を入力してください（例：委託先の解散）。",
        )


def _one_subject(row: Justification | CorrectiveAction) -> Iterator[tuple[str, str]]:
    """Of a contract or of a provision: saved or not, so by the rows themselves."""
    named = [
        row._state.fields_cache.get(name) is not None or getattr(row, f"{name}_id")
        for name in ("contract", "disclosure")
    ]
    if all(named) or not any(named):
        yield "contract", "契約コードか提供コードの、どちらか一方を書いてください。"


def _justification(row: Justification) -> Iterator[tuple[str, str]]:
    yield from _one_subject(row)
    if (row.approved_by_id is None) != (row.approved_on is None):
        yield "approved_on", "承認者と承認日は、両方そろえて入力してください。"


def _correction(row: CorrectiveAction) -> Iterator[tuple[str, str]]:
    yield from _one_subject(row)
    names = ("measure", "description", "closed_on", "outcome")
    yield from missing_words({name: getattr(row, name) for name in names})


NEVER = {
    ContractorReport: _report,
    InspectionTarget: _covers,
    Confirmation: _confirmation,
    Justification: _justification,
    CorrectiveAction: _correction,
}

# --- What no page takes -----------------------------------------------------------------------


def _visit(row: Inspection, today: date) -> Iterator[tuple[str, str]]:
    if row.day is not None and row.day > today:
        yield (
            "day",
            f"検査日「{row.day}」は今日より後です。これからの検査は「検査計画」シートに書いてください"
            f"（検査日の例：{today}）。",
        )


def _target(row: InspectionTarget, today: date) -> Iterator[tuple[str, str]]:
    if row.result != InspectionResult.GOOD and not row.points:
        label = InspectionResult(row.result).label
        yield (
            "points",
            f"結果が「{label}」です。指摘事項を入力してください（例：名簿の保管庫に施錠がない）。",
        )
    day = row.inspection.day
    for name in ("due_on", "cleared_on"):
        value = getattr(row, name)
        if day and value and value < day:
            label = row._meta.get_field(name).verbose_name
            yield name, f"{label}「{value}」が検査日「{day}」より前です（例：{day}以後の日）。"
    if row.cleared_on and row.cleared_on > today:
        yield "cleared_on", f"改善を確認した日「{row.cleared_on}」は今日より後です（例：{today}）。"


def _amendment(row: Amendment, today: date) -> Iterator[tuple[str, str]]:
    for name in ("clause_article", "clause_quote"):
        if not row.clause and getattr(row, name):
            label = row._meta.get_field(name).verbose_name
            yield (
                name,
                f"{label}が入力されていますが、変更後の再委託の条項が空欄です。"
                "条項を書くか、入力を消してください（例：事前承認）。",
            )


NOW = {
    Inspection: _visit,
    InspectionTarget: _target,
    Amendment: _amendment,
}
