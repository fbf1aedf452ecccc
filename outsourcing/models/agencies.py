"""Who outsources: administrative organs, independent agencies, and their sections."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from outsourcing.models.base import LedgerRow, Row, day_order, one_of, order_problem
from outsourcing.querysets import AgencyQuerySet


class AgencyKind(models.TextChoices):
    ORGAN = "organ", "行政機関"
    INDEPENDENT = "independent", "独立行政法人等"


class Agency(Row):
    """行政機関 or 独立行政法人等. ``name`` is the present name; ``names`` has the dated ones."""

    Kind = AgencyKind

    code = models.CharField("機関コード", max_length=8, unique=True)
    kind = models.CharField("機関の種別", max_length=16, choices=AgencyKind)
    name = models.CharField("機関名", max_length=200)
    kana = models.CharField("よみ", max_length=400, blank=True)
    abolished_on = models.DateField("廃止日", null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="承継機関",
        related_name="predecessors",
    )
    # 第11: who guides an independent agency. The survey of 2018 names none, so it may be empty.
    supervisor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="所管府省",
        related_name="supervised",
    )

    objects = AgencyQuerySet.as_manager()

    class Meta(Row.Meta):
        verbose_name = verbose_name_plural = "機関"
        ordering = ["code"]
        constraints = [
            *Row.Meta.constraints,
            one_of("agency_kind_known", "kind", AgencyKind),
            models.CheckConstraint(
                name="agency_successor_only_when_abolished",
                condition=Q(successor__isnull=True) | Q(abolished_on__isnull=False),
                violation_error_message="承継機関は廃止日と併せて入力してください。",
            ),
        ]

    def __str__(self):
        return self.name


class AgencyName(Row):
    """A name an agency bore from its first to its last day; no last day: it still does."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="names")
    name = models.CharField("機関名", max_length=200)
    kana = models.CharField("よみ", max_length=400, blank=True)
    first_day = models.DateField("使用開始日", null=True, blank=True)
    last_day = models.DateField("使用終了日", null=True, blank=True)

    class Meta(Row.Meta):
        verbose_name = verbose_name_plural = "機関名の履歴"
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                name="agencyname_days_in_order",
                condition=Q(first_day__isnull=True)
                | Q(last_day__isnull=True)
                | Q(last_day__gte=models.F("first_day")),
                violation_error_message="使用終了日が使用開始日より前です。",
            ),
        ]

    def problems(self):
        yield from order_problem(self, "first_day", "last_day")


class Section(LedgerRow):
    """課室: the unit that holds information and owns contracts (第2-2)."""

    code = models.CharField("課室コード", max_length=16)
    name = models.CharField("課室名", max_length=200)
    kana = models.CharField("よみ", max_length=400, blank=True)
    first_day = models.DateField("設置日", null=True, blank=True)
    last_day = models.DateField("廃止日", null=True, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "課室"
        ordering = ["agency", "code"]
        constraints = [
            *LedgerRow.Meta.constraints,
            day_order("section_days_in_order", "first_day", "last_day"),
            models.UniqueConstraint(
                fields=["agency", "code"],
                name="section_code_unique_in_agency",
                violation_error_message="この機関には同じ課室コードがあります。",
            ),
        ]

    def __str__(self):
        return self.name

    def problems(self):
        yield from order_problem(self, "first_day", "last_day")


class ReservedSerial(models.Model):
    """Serials up to ``last`` are put aside for an import that is being carried out: numbering goes
    on after them, also where the import came to nothing."""

    row_security = True

    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, verbose_name="機関", related_name="+", db_index=False
    )
    of = models.CharField("記録の種類", max_length=32)  # the name of the model
    fiscal_year = models.PositiveSmallIntegerField("年度")
    last = models.PositiveIntegerField("通番")

    class Meta:
        verbose_name = verbose_name_plural = "取り置いた通番"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "of", "fiscal_year"], name="reservedserial_once"
            )
        ]

    def __str__(self):
        return f"{self.agency} {self.of} {self.fiscal_year}: {self.last}"
