"""What the law makes of the ledger, stored as half-open intervals of days."""

from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from outsourcing.models import Agency, Contract, Disclosure, Relation
from outsourcing.models.base import LedgerRow, day_order, one_of, order_problem
from outsourcing.querysets import WorkQuerySet


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


class FindingShape(models.Model):
    """型: what lists of findings are narrowed by, in one word (guideline/shapes.py), under the
    number that findings carry. Written as findings need it, and never changed."""

    id = models.AutoField(primary_key=True)
    text = models.CharField("型", max_length=160)

    class Meta:
        verbose_name = verbose_name_plural = "所見の型"

    def __str__(self):
        return self.text


class FindingQuerySet(models.QuerySet):
    def visible_to(self, scope):
        return self if scope.is_everything else self.filter(agency_id__in=scope.agency_ids)

    def on(self, day):
        """Findings that are true on ``day``."""
        return self.overlapping(day, day)

    def overlapping(self, first, last):
        """Findings that share a day with first..last, both included."""
        return self.filter(since__lte=last, ends__gt=first)

    def arising(self, first, last):
        """Findings that begin on one of the days first..last: deadlines, where these lie ahead."""
        return self.filter(since__gte=first, since__lte=last)

    def ending(self, first, last):
        """Findings whose first good day is one of first..last."""
        return self.filter(ends__gte=first, ends__lte=last)


# What lists are narrowed and counted by, beside days.
CARRIED = ("agency", "shape", "acted_on", "settled_on", "leaves_on")
DAYS = ("since", "ends")


class Finding(models.Model):
    """所見: one rule, one subject, the days ``[since, until)`` on which it fails.

    Of a contract, or of a provision of information to others. ``edition`` is the first day of the
    edition that decides; ``owed_to`` is the same where the finding would not be without it.
    ``excused``: a reason covers these days.

    Derived: made and unmade by ``guideline.refresh`` alone. ``until`` is empty if no end is known.
    Carried along, so that lists ask one table alone: the ``provision`` of the guideline it rests on
    first, ``work`` of the contract, ``depth`` of the link (0: the contract itself), ``relation``,
    the closest of ``relations``; and of its correction ``acted_on``, the day of the first action,
    ``settled_on``, from which day nothing is to be done any more, and ``leaves_on``, from which day
    it is on no list of open matters: it is settled, and of an earlier fiscal year. A day that has
    not come is ``date.max``.

    ``relations`` says part by part whether the link's contractor was a subsidiary of the prime
    contractor: [{"since": day, "until": day or null, "relation": …, "basis": …}].
    """

    # Made from these very rows: that the database looked each up would cost a first import seconds.
    contract = models.ForeignKey(
        Contract, models.CASCADE, "findings", null=True, db_index=False, db_constraint=False
    )
    disclosure = models.ForeignKey(
        Disclosure, models.CASCADE, "findings", null=True, db_index=False, db_constraint=False
    )
    agency = models.ForeignKey(Agency, models.PROTECT, "+", db_index=False, db_constraint=False)
    rule = models.CharField("規則", max_length=40)
    subject = models.CharField("対象", max_length=40)
    severity = models.CharField("区分", max_length=16, choices=Severity)
    since = models.DateField("いつから")
    until = models.DateField("いつまで（この日を含まない）", null=True, blank=True)
    # One range condition asks for a day, also of what goes on: the end, or the last day there is.
    # A column like others: SQLite answers nothing that names a generated one from an index alone.
    ends = models.DateField(editable=False)
    excused = models.BooleanField("理由書あり", default=False)
    relations = models.JSONField("資本関係", default=list, blank=True)
    provision = models.CharField("指針の条項", max_length=16, blank=True)
    work = models.CharField("業務の種類", max_length=32, blank=True)
    depth = models.PositiveSmallIntegerField("再委託の段階", default=0)
    relation = models.CharField("委託先との関係", max_length=16, blank=True)
    # What lists are narrowed by, in one.
    shape = models.ForeignKey(
        FindingShape, models.PROTECT, "+", editable=False, db_index=False, db_constraint=False
    )
    # Under which of its days it is filed: guideline/standing.py.
    node = models.PositiveIntegerField("節", default=0, editable=False)
    acted_on = models.DateField("是正の着手日", default=date.max)
    settled_on = models.DateField("是正の完了日", default=date.max)
    leaves_on = models.DateField("未済の一覧から外れる日", default=date.max)
    edition = models.DateField("適用した指針の版", null=True)
    owed_to = models.DateField("この版によってはじめて生じた所見の版", null=True, blank=True)
    law = models.ForeignKey(Law, models.PROTECT, "+", db_index=False, db_constraint=False)

    objects = FindingQuerySet.as_manager()
    row_security = True

    class Meta:
        verbose_name = verbose_name_plural = "所見"
        constraints = [
            models.CheckConstraint(
                name="finding_since_before_until",
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                violation_error_message="所見の終わりが始まり以前です。",
            ),
            models.CheckConstraint(
                name="finding_ends_is_until",
                condition=Q(until__isnull=True, ends=date.max) | Q(until=F("ends")),
                violation_error_message="所見の終わりが二通りに記録されています。",
            ),
            models.UniqueConstraint(
                fields=["contract", "rule", "subject", "since"],
                name="finding_unique",
                violation_error_message="同じ所見があります。",
            ),
            models.UniqueConstraint(
                fields=["disclosure", "rule", "since"],
                name="finding_of_disclosure_unique",
                condition=Q(disclosure__isnull=False),
                violation_error_message="同じ所見があります。",
            ),
            models.CheckConstraint(
                name="finding_of_one_subject",
                condition=Q(contract__isnull=False, disclosure__isnull=True)
                | Q(contract__isnull=True, disclosure__isnull=False),
                violation_error_message="所見は、契約か提供のどちらか一方のものです。",
            ),
            models.CheckConstraint(
                name="finding_severity_known", condition=Q(severity__in=Severity.values)
            ),
            one_of("finding_work_known", "work", Contract.Work, blank=True),
            one_of("finding_relation_known", "relation", Relation, blank=True),
        ]
        indexes = [
            # What stands on a day, counted by whatever a finding carries, from the index alone.
            *(
                models.Index(
                    fields=["node", *days, *CARRIED, "severity"], name=f"finding_standing_{name}"
                )
                for days, name in ((("ends", "since"), "1"), (("since", "ends"), "2"))
            ),
            # A list in the order of a column, narrowed by what else a finding carries. The key
            # right behind: thousands begin on the day an edition comes into force.
            *(
                models.Index(
                    fields=[
                        *(*columns, "id"),
                        *(c for c in (*DAYS, *CARRIED) if c not in columns),
                    ],
                    name=f"finding_by_{columns[0]}",
                )
                for columns in (
                    ["since"],
                    ["ends", "since"],
                    ["provision", "since"],
                    ["agency", "since"],
                )
            ),
            # Of few shapes, or how many of each: one walk along it, whatever is counted.
            models.Index(
                fields=["shape", *DAYS, "leaves_on", "agency", "acted_on", "settled_on"],
                name="finding_by_shape",
            ),
            # Of one rule on a day, from the index alone; row-level security asks for the agency.
            models.Index(
                fields=["rule", *DAYS, "leaves_on"], include=["agency"], name="finding_of_rule"
            ),
            # Few breaches stand beside many contracts: a survey starts from them. Days in front:
            # behind a text PostgreSQL would have to look for them in each entry anew.
            models.Index(
                fields=["since", "leaves_on", "ends", "contract", "agency", "severity"],
                condition=Q(severity=Severity.BREACH),
                name="finding_severity_days",
            ),
            # So are those that have been acted upon.
            models.Index(
                fields=["acted_on", "settled_on", *DAYS, "leaves_on", "agency", "shape"],
                condition=Q(acted_on__lt=date.max),
                name="finding_acted_on",
            ),
        ]

    def __str__(self):
        return f"{self.rule} {self.subject} {self.since}–{self.until or ''}"


class Justification(LedgerRow):
    """理由書: a recorded reason that takes the days first_day..last_day out of a rule's findings.

    For one ``subject`` of a contract ("contract", "link:2", "item:8-4(3)") or of a provision of
    information ("disclosure"). It counts once approved, by another person than asked for it, and is
    inert where nothing fails. It refers to no stored finding, and stays when that vanishes.
    """

    contract = models.ForeignKey(Contract, models.PROTECT, "justifications", null=True, blank=True)
    disclosure = models.ForeignKey(
        Disclosure, models.PROTECT, "justifications", null=True, blank=True
    )
    rule = models.CharField("規則", max_length=40)
    subject = models.CharField("対象", max_length=40)
    first_day = models.DateField("理由の及ぶ初日")
    last_day = models.DateField("理由の及ぶ末日")
    reason = models.CharField("理由", max_length=1000)
    document_number = models.CharField("文書番号", max_length=60, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="申請者"
    )
    asked_on = models.DateField("申請日")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="承認者",
    )
    approved_on = models.DateField("承認日", null=True, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "理由書"
        constraints = [
            *LedgerRow.Meta.constraints,
            day_order("justification_days_in_order", "first_day", "last_day"),
            models.CheckConstraint(
                name="justification_of_one_subject",
                condition=Q(contract__isnull=False, disclosure__isnull=True)
                | Q(contract__isnull=True, disclosure__isnull=False),
                violation_error_message="理由書は、契約か提供のどちらか一方のものです。",
            ),
            models.CheckConstraint(
                name="justification_with_reason",
                condition=~Q(reason=""),
                violation_error_message="理由を入力してください。",
            ),
            models.CheckConstraint(
                name="justification_approved_by_another",
                condition=Q(approved_by__isnull=True, approved_on__isnull=True)
                | Q(approved_by__isnull=False, approved_on__isnull=False)
                & ~Q(approved_by=F("asked_by")),
                violation_error_message="申請した人は、自分の理由書を承認できません。",
            ),
        ]

    def __str__(self):
        return f"{self.rule} {self.subject} {self.first_day}–{self.last_day}"

    def problems(self):
        yield from order_problem(self, "first_day", "last_day")
        if not self.reason.strip():
            yield "reason", "理由を入力してください。"
        if self.approved_by_id is not None and self.approved_by_id == self.asked_by_id:
            yield "approved_by", f"申請した人「{self.asked_by}」は、自分の理由書を承認できません。"


class Measure(models.TextChoices):
    """What was done about a finding."""

    GUIDANCE = "guidance", "委託先への指導"
    CONTRACT_CHANGED = "contract_changed", "契約の変更"
    APPROVED_AFTERWARDS = "approved_afterwards", "事後の承認"
    TERMINATED = "terminated", "契約の解除"
    SUBCONTRACT_ENDED = "subcontract_ended", "再委託の取りやめ"
    INSPECTED = "inspected", "検査の実施"
    RECORDED = "recorded", "書面・記録の整備"
    PREVENTION = "prevention", "再発防止策の策定"
    OTHER = "other", "その他"


class CorrectiveActionQuerySet(WorkQuerySet):
    def overdue_on(self, day, *, plain: bool = False):
        """Actions that were to be done before ``day``, and are not done by then; ``plain``: of
        those of one contract, for which no index of days is wanted."""
        as_is = "__plain" if plain else ""
        done = Q(closed_on__isnull=False) & Q(**{f"closed_on{as_is}__lte": day})
        return self.valid().filter(~done, **{f"due_on{as_is}__lt": day})


class CorrectiveAction(LedgerRow):
    """是正・再発防止策: what is done about a finding, by whom, by when, and when it was done.

    Of the ``subject`` of a contract, or of a provision of information, under a rule, on the days
    first_day..last_day (no last day: whatever comes after). It answers the findings of that rule
    and subject that share a day with them; it refers to no stored finding, and stays when that
    vanishes. ``closed_on`` empty: still to be done.
    """

    DONE = "closed_on"
    SECTIONS = ("contract__section", "disclosure__section")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contract = models.ForeignKey(
        Contract, models.PROTECT, "corrective_actions", null=True, blank=True
    )
    disclosure = models.ForeignKey(
        Disclosure, models.PROTECT, "corrective_actions", null=True, blank=True
    )
    rule = models.CharField("規則", max_length=40)
    subject = models.CharField("対象", max_length=40)
    first_day = models.DateField("所見の初日")
    last_day = models.DateField("所見の末日", null=True, blank=True)
    measure = models.CharField("措置の種類", max_length=24, choices=Measure)
    description = models.CharField("措置の内容", max_length=1000, blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="担当者",
    )
    started_on = models.DateField("着手日")
    due_on = models.DateField("期限", null=True, blank=True)
    closed_on = models.DateField("完了日", null=True, blank=True)
    outcome = models.CharField("完了の内容", max_length=1000, blank=True)
    document_number = models.CharField("文書番号", max_length=60, blank=True)

    objects = CorrectiveActionQuerySet.as_manager()

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "是正・再発防止策"
        constraints = [
            *LedgerRow.Meta.constraints,
            day_order("correctiveaction_days_in_order", "first_day", "last_day"),
            day_order("correctiveaction_closed_after_start", "started_on", "closed_on"),
            day_order("correctiveaction_due_after_start", "started_on", "due_on"),
            one_of("correctiveaction_measure_known", "measure", Measure),
            models.CheckConstraint(
                name="correctiveaction_of_one_subject",
                condition=Q(contract__isnull=False, disclosure__isnull=True)
                | Q(contract__isnull=True, disclosure__isnull=False),
                violation_error_message="是正措置は、契約か提供のどちらか一方のものです。",
            ),
        ]
        indexes = [
            models.Index(fields=["closed_on", "due_on"], name="correctiveaction_open"),
        ]

    def __str__(self):
        return f"{self.get_measure_display()}（{self.rule} {self.subject} {self.first_day}）"

    def problems(self):
        yield from order_problem(self, "first_day", "last_day")
        yield from order_problem(self, "started_on", "due_on")
        yield from order_problem(self, "started_on", "closed_on")


class CorrectionEvidence(LedgerRow):
    """証拠書類: a file that shows what was done. Kept in the database, so that it is backed up and
    hidden like all else; the trail records it by its digest."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    action = models.ForeignKey(CorrectiveAction, on_delete=models.PROTECT, related_name="evidence")
    name = models.CharField("ファイル名", max_length=255)
    kind = models.CharField("ファイルの種類", max_length=100)
    size = models.PositiveIntegerField("大きさ（バイト）")
    sha256 = models.CharField("SHA-256", max_length=64)
    content = models.BinaryField("内容", editable=False)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "是正の証拠書類"
        constraints = [*LedgerRow.Meta.constraints]

    def __str__(self):
        return self.name
