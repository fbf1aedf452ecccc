"""What every row of the ledger carries."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from outsourcing.querysets import LedgerQuerySet, RowQuerySet


class Row(models.Model):
    """A record that is never deleted: it is voided, on a day, with a reason, and is then no fact.

    ``version`` grows by one with each change, so that a second writer can be told what differs.
    """

    version = models.PositiveIntegerField("版", default=1, editable=False)
    voided_on = models.DateField("無効とした日", null=True, blank=True, editable=False)
    void_reason = models.CharField("無効の理由", max_length=500, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name="記録者",
        related_name="+",
        db_index=False,
        editable=False,
    )
    recorded_at = models.DateTimeField("記録日時", default=timezone.now, editable=False)
    synthetic = models.BooleanField("合成データ", default=False, editable=False)

    objects = RowQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_voided_with_reason",
                condition=Q(voided_on__isnull=True, void_reason="")
                | (Q(voided_on__isnull=False) & ~Q(void_reason="")),
                violation_error_message="無効とした日と理由は、両方そろえて入力してください。",
            )
        ]

    def clean(self):
        """Raise every problem of this row at once, by field, naming the value."""
        problems = dict(self.problems())
        if problems:
            raise ValidationError(problems)

    def problems(self):
        """Yield (field, Japanese message) for what cannot be; plain Python, no query."""
        return iter(())


class LedgerRow(Row):
    """A row of one agency's ledger."""

    row_security = True

    agency = models.ForeignKey(
        "outsourcing.Agency",
        on_delete=models.PROTECT,
        verbose_name="機関",
        related_name="+",
        db_index=False,
    )

    objects = LedgerQuerySet.as_manager()

    class Meta(Row.Meta):
        abstract = True


def day_order(name: str, first: str, last: str) -> models.CheckConstraint:
    """The last day is not before the first; an empty last day means no end is known."""
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": F(first)}),
        violation_error_message="終わりの日が始まりの日より前です。",
    )


def one_of(name: str, field: str, choices: type[models.Choices], *, blank=False):
    """The stored value is one of the choices, also for rows that come in bulk or by SQL."""
    values = [*choices.values, *([""] if blank else [])]
    return models.CheckConstraint(
        name=name,
        condition=Q(**{f"{field}__in": values}),
        violation_error_message="選択肢にない値です。",
    )


def choice_problem(row: models.Model, field: str, choices: type[models.Choices], *, blank=False):
    """Yield the problem of a value that is none of the choices, naming it."""
    value = getattr(row, field)
    if value not in choices._value2member_map_ and not (blank and value == ""):
        yield field, f"{row._meta.get_field(field).verbose_name}「{value}」は選択肢にありません。"


def listed_problem(row: models.Model, field: str):
    """Yield the problem of a list of codes that is empty, repeats one or holds anything else."""
    value = getattr(row, field)
    name = row._meta.get_field(field).verbose_name
    if not value:
        yield field, f"{name}を一つ以上選んでください。"
    elif (
        not isinstance(value, list)
        or not all(isinstance(code, str) and code for code in value)
        or len({*value}) < len(value)
    ):
        yield field, f"{name}「{value}」は、重なりのない項目の一覧ではありません。"


def order_problem(row: models.Model, first: str, last: str):
    """Yield the problem of a last day that is before its first day, naming both."""
    begin, end = getattr(row, first), getattr(row, last)
    if begin and end and end < begin:
        field = row._meta.get_field
        yield (
            last,
            f"{field(last).verbose_name}「{end}」が{field(first).verbose_name}「{begin}」より前です。",
        )
