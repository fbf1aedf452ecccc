"""Why a plan was not carried out, naming the row of the file."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from exchange.importing.related import Work
from outsourcing.actions.base import Conflict, Refused, label

NOTHING = "台帳には何も書かれていません。"


class MovedOn(Conflict):
    """Somebody has written since the plan was made. Nothing was written."""

    def __init__(self, message: str, row: models.Model | None = None):
        super().__init__(row)
        self.args = (message,)

    @classmethod
    def because(cls, work: Work, row: models.Model, why: str) -> MovedOn:
        """``row``: as it stands now."""
        return cls(f"{_place(work, row)}{why}もう一度ファイルを検査してください。{NOTHING}", row)


def refusal(error: Exception, work: Work) -> Exception:
    """What is told of an error, after all has been taken back."""
    if isinstance(error, MovedOn):
        return error
    if isinstance(error, Conflict):
        return MovedOn.because(work, error.row, "検査した後に、ほかの人が変更しました。")
    if not isinstance(error, ValidationError):
        return ValidationError(f"台帳に記録できない参照があります（{error}）。{NOTHING}")
    row = _row(error) if isinstance(error, Refused) else None
    place = "" if row is None else _place(work, row)
    return ValidationError([f"{place}{message}" for message in _messages(error, row)])


def _row(error: Refused) -> models.Model | None:
    """Of those that the database refused together, the one that it would refuse now."""
    if error.row is not None or error.constraint is None:
        return error.row
    if isinstance(error.constraint, models.CheckConstraint):
        return next((row for row in error.rows if _breaks(error.constraint, row)), None)
    unique = error.constraint
    names = [unique.name] if isinstance(unique, models.Field) else list(unique.fields)
    condition = getattr(unique, "condition", None)
    seen = set()
    for row in error.rows:
        values = tuple(getattr(row, row._meta.get_field(name).attname) for name in names)
        if None in values:
            continue
        same = type(row)._base_manager.filter(**dict(zip(names, values, strict=True)))
        if condition is not None:
            same = same.filter(condition)
        if values in seen or same.exclude(pk=row.pk).exists():
            return row
        seen.add(values)
    return None


def _breaks(constraint: models.CheckConstraint, row: models.Model) -> bool:
    try:
        constraint.validate(type(row), row)
    except ValidationError:
        return True
    return False


def _messages(error: ValidationError, row: models.Model | None) -> Iterator[str]:
    """Of one of many rows, what was said of it before its place among them was added."""
    cause = error.__cause__
    said = cause if isinstance(error, Refused) and isinstance(cause, ValidationError) else error
    if row is None or not hasattr(said, "error_dict"):
        yield from said.messages
        return
    own = {NON_FIELD_ERRORS, *(field.name for field in row._meta.local_fields)}
    for field, messages in said.message_dict.items():
        named = f"{label(row, field)}：" if field in own else ""
        yield from (f"{named}{message}" for message in messages)


def _place(work: Work, row: models.Model) -> str:
    """シート「契約」12行「A25-2017-00042」："""
    found = work.lines.get(id(row)) or work.line_of(row)
    if found is None:
        return ""
    sheet, line = found
    named = f"「{line.named}」" if line.named else ""
    return f"シート「{sheet.name}」{line.number}行{named}："
