"""再委託: the links of a contract's chain, what was approved, and what was given notice of."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from outsourcing.models.base import (
    LedgerRow,
    choice_problem,
    day_order,
    listed_problem,
    one_of,
    order_problem,
)
from outsourcing.models.contractors import Contractor
from outsourcing.models.contracts import Contract, LinkWork


class Relation(models.TextChoices):
    """What the contractor declared of a subcontractor, seen from the prime contractor."""

    WHOLLY_OWNED = "wholly_owned", "100%子会社"
    SUBSIDIARY = "subsidiary", "子会社"
    NONE = "none", "非該当"
    UNKNOWN = "unknown", "不明"


class Subcontract(LedgerRow):
    """One link of a chain: work passed on by ``parent``, or by the prime contractor if it has none.

    ``number`` counts the links of one contract; "link:3" names the third. Without a last day a link
    runs to its parent's end, in the end to its contract's.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="subcontracts")
    number = models.PositiveSmallIntegerField("枝番", editable=False)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="再委託元",
        related_name="children",
    )
    contractor = models.ForeignKey(
        Contractor, on_delete=models.PROTECT, verbose_name="再委託先", related_name="subcontracts"
    )
    # 年度更新: the link of the year before. Until a decision is recorded it is 再承認待ち.
    renews = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="更新元の再委託",
        related_name="renewals",
        db_index=False,
    )
    work = models.CharField(
        "再委託する業務の種類", max_length=16, choices=LinkWork, default=LinkWork.CORE
    )
    work_detail = models.CharField("再委託する業務の内容", max_length=1000, blank=True)
    place = models.CharField("履行場所", max_length=300, blank=True)
    first_day = models.DateField("再委託期間の初日")
    last_day = models.DateField("再委託期間の末日", null=True, blank=True)
    handles_information = models.BooleanField("個人情報を取り扱う", default=True)
    declared_relation = models.CharField(
        "申告された資本関係", max_length=16, choices=Relation, default=Relation.UNKNOWN
    )
    declared_on = models.DateField("申告日", null=True, blank=True)
    declared_evidence = models.CharField("申告の根拠資料", max_length=300, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "再委託"
        ordering = ["contract", "number"]
        constraints = [
            *LedgerRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["contract", "number"],
                name="subcontract_number_unique",
                violation_error_message="この契約には同じ枝番の再委託があります。",
            ),
            models.CheckConstraint(
                name="subcontract_number_from_1",
                condition=Q(number__gte=1),
                violation_error_message="枝番は1以上です。",
            ),
            models.CheckConstraint(
                name="subcontract_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                violation_error_message="再委託元に自分自身は選べません。",
            ),
            day_order("subcontract_days_in_order", "first_day", "last_day"),
            one_of("subcontract_relation_known", "declared_relation", Relation),
        ]

    def __str__(self):
        return f"再委託{self.number} {self.contractor}"

    @property
    def subject(self) -> str:
        """How findings name this link."""
        return f"link:{self.number}"

    def problems(self):
        yield from order_problem(self, "first_day", "last_day")
        for field, choices in (("work", LinkWork), ("declared_relation", Relation)):
            yield from choice_problem(self, field, choices)


class ApprovalResult(models.TextChoices):
    APPROVED = "approved", "承認"
    CONDITIONAL = "conditional", "条件付き承認"
    REJECTED = "rejected", "不承認"
    WITHDRAWN = "withdrawn", "取消"


class Approval(LedgerRow):
    """A decision on one link. Without a known day of decision it does not count, and is listed."""

    Result = ApprovalResult

    subcontract = models.ForeignKey(
        Subcontract, on_delete=models.PROTECT, related_name="approvals", verbose_name="再委託"
    )
    applied_on = models.DateField("申請日", null=True, blank=True)
    decided_on = models.DateField("決定日", null=True, blank=True)
    result = models.CharField("結果", max_length=16, choices=ApprovalResult)
    first_day = models.DateField("有効期間の初日", null=True, blank=True)
    last_day = models.DateField("有効期間の末日", null=True, blank=True)
    scope = models.CharField("承認の範囲", max_length=500, blank=True)
    conditions = models.CharField("条件", max_length=500, blank=True)
    authority = models.CharField("決裁者", max_length=100, blank=True)
    document_number = models.CharField("文書番号", max_length=60, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "再委託の承認"
        ordering = ["decided_on", "id"]
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                name="approval_days_in_order",
                condition=Q(first_day__isnull=True)
                | Q(last_day__isnull=True)
                | Q(last_day__gte=models.F("first_day")),
                violation_error_message="有効期間の末日が初日より前です。",
            ),
            one_of("approval_result_known", "result", ApprovalResult),
        ]

    def problems(self):
        yield from order_problem(self, "first_day", "last_day")
        yield from choice_problem(self, "result", ApprovalResult)


class Notification(LedgerRow):
    """事前届出: the contractor gave notice of one link, received on a day."""

    subcontract = models.ForeignKey(
        Subcontract, on_delete=models.PROTECT, related_name="notifications", verbose_name="再委託"
    )
    received_on = models.DateField("受理日")
    document_number = models.CharField("文書番号", max_length=60, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "再委託の届出"
        ordering = ["received_on", "id"]
        constraints = [*LedgerRow.Meta.constraints]


class FlowDownRecord(LedgerRow):
    """8-6: measures of 8-4 that the contractor was seen to have taken with its subcontractor.

    ``items``: "capability", "written_confirmation", and the items of the contract ("8-4(1)" …).
    """

    subcontract = models.ForeignKey(
        Subcontract, on_delete=models.PROTECT, related_name="flow_down", verbose_name="再委託"
    )
    items = models.JSONField("措置の項目", default=list)
    recorded_on = models.DateField("確認日")

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "再委託先に求めた措置"
        constraints = [*LedgerRow.Meta.constraints]

    def problems(self):
        yield from listed_problem(self, "items")
