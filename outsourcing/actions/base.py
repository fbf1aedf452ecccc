"""How every action writes: one transaction, one report of what changed, refusals in Japanese."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any, NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.utils import timezone

from outsourcing.bulk import insert_rows, name_related, update_rows
from outsourcing.signals import ledger_changed


class Touched(set):
    """Keys of contracts an action touched, and beside them of provisions of information."""

    def __init__(self):
        super().__init__()
        self.disclosures: set[int] = set()
        self.whole = False


BATCH = 500  # keys named in one statement
_touched: ContextVar[Touched | None] = ContextVar("touched", default=None)


class Conflict(Exception):
    """Somebody else changed the row since it was read; ``row`` is as it stands now."""

    def __init__(self, row: models.Model):
        self.row = row
        super().__init__("ほかの人が先に変更しました。")


class Refused(ValidationError):
    """Of many rows: ``row`` is the one that cannot be written, None where only the database could
    say; then ``rows`` are those it was among, and ``constraint`` is what it broke."""

    def __init__(self, message, *, row: models.Model | None = None, rows=(), constraint=None):
        self.row, self.rows, self.constraint = row, rows, constraint
        super().__init__(message)


class Change(NamedTuple):
    """What a recorded row becomes. ``version`` is the one the writer saw, None: that at hand."""

    row: models.Model
    values: Mapping[str, Any]
    version: int | None = None


@contextmanager
def recording(*, whole: bool = False) -> Iterator[Touched]:
    """One transaction around everything an action writes.

    Yields a set for the keys of contracts touched, with ``.disclosures`` beside it; when the
    outermost block ends, the ledger's signal is sent once for all of them, in the same transaction.
    An action within another that fails takes back what it wrote itself, should the other go on
    without it; where what is done within stands or falls together (``whole``) none does, and is
    spared the savepoint.
    """
    outer = _touched.get()
    if outer is not None:
        before, outer.whole = outer.whole, outer.whole or whole
        try:
            with transaction.atomic(savepoint=not before):
                yield outer
        finally:
            outer.whole = before
        return
    touched = Touched()
    touched.whole = whole
    token = _touched.set(touched)
    try:
        with transaction.atomic():
            yield touched
            if touched or touched.disclosures:
                ledger_changed.send(
                    sender=None,
                    contract_ids=frozenset(touched),
                    disclosure_ids=frozenset(touched.disclosures),
                )
    finally:
        _touched.reset(token)


def insert(row: models.Model, *, by) -> models.Model:
    """Check and insert one row. Raises ValidationError, by field, and writes nothing."""
    row.recorded_by = by
    check(row)
    with translated(type(row), [row]):
        row.save(force_insert=True)
    return row


def check(row: models.Model) -> None:
    """Check fields and what cannot be, without a query: the database keeps keys and constraints.

    Raises ValidationError, by field, with the value.
    """
    keys = [f.name for f in row._meta.local_fields if f.is_relation and getattr(row, f.attname)]
    row.full_clean(exclude=keys, validate_unique=False, validate_constraints=False)


def insert_many(rows: Iterable[models.Model], *, by) -> list[models.Model]:
    """Check and insert many rows of one model; all or none. Errors name the row, from 1."""
    rows = name_related(list(rows))
    now = timezone.now()
    for row in rows:
        row.recorded_by_id, row.recorded_at = by.pk, now  # assigning ``by`` takes ten times as long
    check_many(rows)
    if rows:
        with translated(type(rows[0]), rows):
            insert_rows(rows)
    return rows


def change_many(changes: Sequence[Change], *, by) -> list[models.Model]:
    """Change many rows of one model, each to values of its own; all or none.

    Raises Conflict for one that has moved on. Fields that only others of them change are written
    as they are: of a row that has the version seen, those at hand are those recorded.
    """
    changes = [one for one in changes if one.values]
    rows = [one.row for one in changes]
    seen = [one.row.version if one.version is None else one.version for one in changes]
    for row, values, _ in changes:
        for field, value in values.items():
            setattr(row, field, value)
    check_many(rows)
    if not rows:
        return rows
    with translated(type(rows[0]), rows):
        done = update_rows(rows, {field for one in changes for field in one.values}, seen)
    for row, version in zip(rows, seen, strict=True):
        if row.pk not in done:
            raise Conflict(type(row)._base_manager.get(pk=row.pk))
        row.version = version + 1
    return rows


def batches(keys: Iterable[int]) -> Iterator[list[int]]:
    """Keys (any) in their order, as many at a time as one statement names."""
    keys = sorted(keys)
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def each(rows: Iterable[models.Model], do: Callable[[models.Model], Any]) -> None:
    """``do`` for each; what is refused names the row."""
    for row in rows:
        try:
            do(row)
        except ValidationError as error:
            raise Refused(error, row=row) from error


def change(row: models.Model, *, by, version: int | None = None, **values) -> models.Model:
    """Change a row and raise its version by one.

    ``version`` is the one the writer saw; if the row has moved on since, Conflict is raised.
    """
    seen = row.version if version is None else version
    for field, value in values.items():
        setattr(row, field, value)
    check(row)
    names = {type(row)._meta.get_field(f).attname: f for f in values}
    with translated(type(row), [row]):
        done = (
            type(row)
            .objects.filter(pk=row.pk, version=seen)
            .update(version=F("version") + 1, **{a: getattr(row, a) for a in names})
        )
    if not done:
        raise Conflict(type(row).objects.get(pk=row.pk))
    row.version = seen + 1
    return row


def void(row: models.Model, *, by, on, reason: str, version: int | None = None) -> models.Model:
    """Make a row no fact any more, from a day and for a reason. Nothing is deleted."""
    if row.voided_on:
        raise ValidationError(f"この記録は「{row.voided_on}」に無効とされています。")
    if not reason.strip():
        raise ValidationError({"void_reason": "無効の理由を入力してください。"})
    return change(row, by=by, version=version, voided_on=on, void_reason=reason.strip())


def check_many(rows: Sequence[models.Model]) -> None:
    """Check each. Errors name the row, from 1."""
    for position, row in enumerate(rows, 1):
        try:
            row.clean() if _within_limits(row) else check(row)
        except ValidationError as error:
            raise Refused(
                [
                    f"{position}行目：{label(row, field)}：{message}"
                    for field, messages in error.message_dict.items()
                    for message in messages
                ],
                row=row,
            ) from error


def label(row: models.Model, field: str) -> str:
    named = row._meta if field == NON_FIELD_ERRORS else row._meta.get_field(field)
    return str(named.verbose_name)


def _within_limits(row: models.Model) -> bool:
    """Whether nothing is missing, too long or no choice, so that ``check`` would find nothing but
    what ``clean`` does. That costs a tenth, which counts when rows come by the ten thousand."""
    values = row.__dict__
    for name, null, blank, choices, longest, numbers in _limits(type(row)):
        value = values[name]
        if value is None:
            if not null:
                return False
        elif choices:
            if value not in choices:
                return False
        elif numbers is not None:
            if type(value) is not int or value not in numbers:
                return False
        elif longest is None or (longest and not (blank or value)) or 0 < longest < len(value):
            return False
    return True


@cache
def _limits(model: type[models.Model]) -> list[tuple]:
    """(attribute, null, blank, choices, longest, numbers) of each field that has any; longest is
    None for what is always checked, and 0 where any value will do."""
    limits = []
    for field in model._meta.local_concrete_fields:
        if field.primary_key:
            continue
        choices = frozenset(value for value, _ in field.flatchoices)
        longest = field.max_length if isinstance(field, models.CharField) else 0
        numbers = None
        if field.editable and isinstance(field, models.IntegerField):
            numbers = _numbers_of(field)
        elif field.editable and isinstance(field, models.DecimalField):
            longest = None
        if choices and field.blank:
            choices |= {""}
        if choices or longest != 0 or numbers or not field.null:
            limits.append((field.attname, field.null, field.blank, choices, longest, numbers))
    return limits


def _numbers_of(field: models.IntegerField) -> range:
    lowest, highest = connection.ops.integer_field_range(field.get_internal_type())
    return range(lowest, highest + 1)


@contextmanager
def translated(model: type[models.Model], rows: list[models.Model]):
    """Turn a refusal of the database into the Japanese message of the constraint it names, and
    what must be unique into the value that is not."""
    within = _touched.get()
    alone = within is None or not within.whole
    try:
        with transaction.atomic(savepoint=alone):
            yield
    except IntegrityError as error:
        if alone:
            raise ValidationError(_message(model, rows, str(error))) from error
        # In a transaction that is lost nothing more can be asked: whose value it is stays unsaid.
        constraint = _broken(model, str(error))
        raise Refused(_message(model, [], str(error)), rows=rows, constraint=constraint) from error


def _broken(model: type[models.Model], said: str) -> models.BaseConstraint | models.Field | None:
    """What the database says is broken."""
    for constraint in model._meta.constraints:
        fields = getattr(constraint, "fields", ())  # of what must be unique
        if constraint.name in said or (fields and _columns(model, fields) in said):
            return constraint
    for field in model._meta.local_fields:
        # On SQLite; on PostgreSQL; and there of tables with row-level security, which hides values.
        key = f'"{model._meta.db_table}_{field.column}_'
        named = (_columns(model, [field.name]), f"({field.column})=", key)
        if field.unique and any(name in said for name in named):
            return field
    return None


def _message(model: type[models.Model], rows: list[models.Model], said: str):
    broken = _broken(model, said)
    if isinstance(broken, models.BaseConstraint):
        return f"{broken.violation_error_message}{_taken(rows, getattr(broken, 'fields', ()))}"
    if broken is not None:
        known = broken.error_messages["unique"]
        words = f"{broken.verbose_name}は既に使われています。" if "%(" in known else known
        return {broken.name: f"{words}{_taken(rows, [broken.name])}"}
    return f"{model._meta.verbose_name}を記録できません。データベースの制約に反しています。"


def _columns(model: type[models.Model], fields: Iterable[str]) -> str:
    """How SQLite names what must be unique: by its columns."""
    table = model._meta.db_table
    return ", ".join(f"{table}.{model._meta.get_field(f).column}" for f in fields)


def _taken(rows: list[models.Model], fields: Iterable[str]) -> str:
    """The value, of the first row whose value another has: （課室コード「001」）."""
    seen = set()
    for row in rows if fields else ():
        values = tuple(getattr(row, row._meta.get_field(field).attname) for field in fields)
        if None in values:
            continue
        same = type(row)._base_manager.filter(**dict(zip(fields, values, strict=True)))
        if values in seen or same.exclude(pk=row.pk).exists():
            named = (f"{label(row, field)}「{getattr(row, field)}」" for field in fields)
            return f"（{'、'.join(named)}）"
        seen.add(values)
    return ""
