"""Rounds of the ministry's survey: who was asked, what was answered, what was printed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from outsourcing import fiscal_year
from outsourcing.models import Agency, Contract
from outsourcing.models.base import LedgerRow, Row, one_of


class Survey(Row):
    """調査: one round of a fiscal year for one kind of information.

    Synthetic and real contracts are never counted together, so a round is of one or the other.
    """

    fiscal_year = models.PositiveSmallIntegerField("調査対象年度")
    information = models.CharField(
        "情報の種類", max_length=16, choices=Contract.Information.choices
    )
    title = models.CharField("調査名", max_length=200)
    published_on = models.DateField("公表日", null=True, blank=True)

    class Meta(Row.Meta):
        verbose_name = verbose_name_plural = "調査"
        ordering = ["-fiscal_year", "information"]
        constraints = [
            *Row.Meta.constraints,
            models.UniqueConstraint(
                fields=["fiscal_year", "information", "synthetic"], name="survey_unique"
            ),
            one_of("survey_information_known", "information", Contract.Information),
        ]

    def __str__(self):
        return self.title

    @property
    def first_day(self):
        return fiscal_year.first_day(self.fiscal_year)

    @property
    def last_day(self):
        return fiscal_year.last_day(self.fiscal_year)


class Listing(models.Model):
    """掲載順: one printed row of a table of a round. A later name never changes an old table."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="listings")
    table = models.CharField("表", max_length=40)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField("掲載順")
    group = models.CharField("法人区分", max_length=40, blank=True)
    printed_name = models.CharField("掲載名", max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = "掲載順"
        ordering = ["table", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "table", "order"], name="listing_order_unique"
            ),
            models.UniqueConstraint(
                fields=["survey", "table", "agency"], name="listing_agency_once"
            ),
        ]

    def __str__(self):
        return f"{self.table} {self.order} {self.printed_name}"


class Response(LedgerRow):
    """回答: an agency's answer to a round. It cannot be submitted while contradictions stand."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="responses")
    submitted_on = models.DateField("提出日", null=True, blank=True)
    remarks = models.CharField("備考", max_length=2000, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "回答"
        constraints = [
            *LedgerRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["survey", "agency"],
                name="response_once",
                condition=Q(voided_on__isnull=True),
                violation_error_message="この機関の回答は既にあります。",
            ),
        ]


class Confirmed(models.TextChoices):
    NO_BREACH = "no_breach", "違反なし"
    BREACH = "breach", "違反あり"
    UNVERIFIABLE = "unverifiable", "確認不能"


class Confirmation(LedgerRow):
    """確認: what the agency confirmed of one contract in one round."""

    survey = models.ForeignKey(
        Survey, on_delete=models.PROTECT, related_name="confirmations", db_index=False
    )
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="confirmations", db_index=False
    )
    result = models.CharField("確認の結果", max_length=16, choices=Confirmed)
    reason = models.CharField("確認できない理由", max_length=500, blank=True)
    confirmed_on = models.DateField("確認日")
    # Whether the round takes the contract in, which a corrected term can change. Kept by
    # ``surveys.standing``, so that counting need not join all contracts with all confirmations.
    stands = models.BooleanField("調査の対象", default=True, editable=False)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "確認"
        constraints = [
            *LedgerRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["contract", "survey"],  # in this order, to be found by contract
                name="confirmation_once",
                condition=Q(voided_on__isnull=True),
                violation_error_message="この契約は既に確認されています。",
            ),
            one_of("confirmation_result_known", "result", Confirmed),
            models.CheckConstraint(
                name="confirmation_unverifiable_with_reason",
                condition=~Q(result="unverifiable") | ~Q(reason=""),
                violation_error_message="確認不能とするには、その理由が必要です。",
            ),
        ]
        indexes = [
            # Who confirmed what, for the count, from the index alone.
            models.Index(
                fields=["survey", "agency", "result"],
                condition=Q(voided_on__isnull=True, stands=True),
                name="confirmation_standing",
            ),
        ]


class PublishedFigure(models.Model):
    """公表値: one cell of a table as the ministry printed it, with where it stands."""

    fiscal_year = models.PositiveSmallIntegerField("調査対象年度")
    sheet = models.CharField("表", max_length=40)
    row = models.CharField("行", max_length=40)
    column = models.CharField("列", max_length=40)
    label = models.CharField("行の名称", max_length=200)
    value = models.PositiveIntegerField("件数")
    source = models.CharField("出典", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "公表値"
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year", "sheet", "row", "column"], name="publishedfigure_unique"
            ),
        ]

    def __str__(self):
        return f"{self.sheet} {self.label} {self.column} {self.value}"
