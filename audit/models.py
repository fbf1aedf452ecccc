"""What an auditor keeps: saved lists of findings with their counts, and warnings sent out."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from outsourcing.models import Agency
from outsourcing.models.base import Row


class SavedReport(Row):
    """保存した条件: a list of findings by name, as its conditions stand in the address.

    Of an agency, or of the ministry's survey office (no agency), whose ledgers it counts. Its
    owner's alone, unless it is ``shared`` with all who read the same ledgers.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="作った人",
        editable=False,
    )
    name = models.CharField("名前", max_length=80)
    conditions = models.CharField("条件", max_length=2000, blank=True, editable=False)
    shared = models.BooleanField("機関の中で共有する", default=False)

    row_security = True

    class Meta(Row.Meta):
        verbose_name = verbose_name_plural = "保存した条件"
        constraints = [
            *Row.Meta.constraints,
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="savedreport_name_once",
                condition=Q(voided_on__isnull=True),
                violation_error_message="同じ名前の条件を既に保存しています。",
            ),
        ]

    def __str__(self):
        return self.name


class ReportCount(models.Model):
    """How many findings a saved report lists as of a day. Follows from the ledger; no record."""

    report = models.ForeignKey(SavedReport, on_delete=models.CASCADE, related_name="counts")
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    day = models.DateField("日")
    number = models.PositiveIntegerField("件数")
    counted_at = models.DateTimeField("数えた日時", default=timezone.now)

    row_security = True

    class Meta:
        verbose_name = verbose_name_plural = "保存した条件の件数"
        constraints = [
            models.UniqueConstraint(fields=["report", "day"], name="reportcount_once_a_day"),
        ]

    def __str__(self):
        return f"{self.report_id} {self.day} {self.number}"


class Advisory(Row):
    """注意喚起: a warning, sent to agencies by the ministry (``agency`` empty), or by an agency
    within itself. Once sent it is not changed; it can be voided."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    title = models.CharField("件名", max_length=200)
    body = models.TextField("本文", max_length=10_000)
    sent_on = models.DateField("発出日")
    conditions = models.CharField("関係する所見の条件", max_length=2000, blank=True)

    row_security = True

    class Meta(Row.Meta):
        verbose_name = verbose_name_plural = "注意喚起"
        ordering = ["-sent_on", "-id"]

    def __str__(self):
        return self.title


class Addressee(models.Model):
    """宛先: an agency that an advisory is sent to."""

    advisory = models.ForeignKey(Advisory, on_delete=models.PROTECT, related_name="addressees")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")

    row_security = True

    class Meta:
        verbose_name = verbose_name_plural = "注意喚起の宛先"
        constraints = [
            models.UniqueConstraint(fields=["advisory", "agency"], name="addressee_once"),
        ]

    def __str__(self):
        return f"{self.advisory_id} {self.agency_id}"


class Reading(models.Model):
    """閲読: somebody of an agency has said that they have read an advisory."""

    advisory = models.ForeignKey(Advisory, on_delete=models.PROTECT, related_name="readings")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="読んだ人",
    )
    read_at = models.DateTimeField("読んだ日時")

    row_security = True

    class Meta:
        verbose_name = verbose_name_plural = "注意喚起の閲読"
        constraints = [
            models.UniqueConstraint(
                fields=["advisory", "agency", "reader"], name="reading_once_each"
            ),
        ]

    def __str__(self):
        return f"{self.advisory_id} {self.reader_id}"
