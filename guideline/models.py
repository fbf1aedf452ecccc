"""What the law makes of the ledger, stored as half-open intervals of days."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from outsourcing.models import Agency, Contract


class Severity(models.TextChoices):
    BREACH = "breach", "契約に反する再委託"
    VIOLATION = "violation", "指針不適合"
    ATTENTION = "attention", "注意"


class Law(models.Model):
    """A state of editions and rules, by digest. ``complete``: all contracts were judged by it."""

    digest = models.CharField("法令と規則の要約値", max_length=64, unique=True)
    complete = models.BooleanField("全契約を評価済み", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "評価に用いた法令"

    def __str__(self):
        return self.digest[:12]


class FindingQuerySet(models.QuerySet):
    def visible_to(self, scope):
        return self if scope.is_everything else self.filter(agency_id__in=scope.agency_ids)

    def on(self, day):
        """Findings that are true on ``day``."""
        return self.overlapping(day, day)

    def overlapping(self, first, last):
        """Findings that share a day with first..last, both included."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=first), since__lte=last)


class Finding(models.Model):
    """所見: one rule, one subject, the days ``[since, until)`` on which it fails.

    Derived: made and unmade by ``guideline.refresh`` alone. ``until`` is empty if no end is known.
    ``relations`` says part by part whether the link's contractor was a subsidiary of the prime
    contractor: [{"since": day, "until": day or null, "relation": …, "basis": …}].
    """

    contract = models.ForeignKey(
        Contract, on_delete=models.CASCADE, related_name="findings", db_index=False
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    rule = models.CharField("規則", max_length=40)
    subject = models.CharField("対象", max_length=40)
    severity = models.CharField("区分", max_length=16, choices=Severity)
    since = models.DateField("いつから")
    until = models.DateField("いつまで（この日を含まない）", null=True, blank=True)
    excused = models.BooleanField("理由書あり", default=False)
    relations = models.JSONField("資本関係", default=list, blank=True)
    law = models.ForeignKey(Law, on_delete=models.PROTECT, related_name="+", db_index=False)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "所見"
        constraints = [
            models.CheckConstraint(
                name="finding_since_before_until",
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                violation_error_message="所見の終わりが始まり以前です。",
            ),
            models.UniqueConstraint(
                fields=["contract", "rule", "subject", "since"],
                name="finding_unique",
                violation_error_message="同じ所見があります。",
            ),
            models.CheckConstraint(
                name="finding_severity_known", condition=Q(severity__in=Severity.values)
            ),
        ]
        indexes = [
            # Few breaches stand beside many contracts: a survey starts from them.
            models.Index(
                fields=["severity", "since", "until", "contract"], name="finding_severity_days"
            ),
        ]

    def __str__(self):
        return f"{self.rule} {self.subject} {self.since}–{self.until or ''}"
