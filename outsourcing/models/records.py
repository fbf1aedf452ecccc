"""What happens along the way: disposals, reports, faults of management, incidents."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from outsourcing.models.base import LedgerRow, one_of
from outsourcing.models.contracts import Contract
from outsourcing.models.subcontracts import Subcontract


class OnContract(LedgerRow):
    """A record on a contract, or on one of its links."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="%(class)ss")
    subcontract = models.ForeignKey(
        Subcontract,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
    )

    class Meta(LedgerRow.Meta):
        abstract = True


class DisposalMethod(models.TextChoices):
    RETURNED = "returned", "媒体の返却"
    ERASED = "erased", "情報の消去"
    DESTROYED = "destroyed", "媒体の廃棄"


class Disposal(OnContract):
    """8-4(5): return or erasure at the end, and its proof."""

    method = models.CharField("返却・消去の方法", max_length=16, choices=DisposalMethod)
    done_on = models.DateField("返却・消去の日")
    certificate_received_on = models.DateField("証明書の受領日", null=True, blank=True)
    document_number = models.CharField("文書番号", max_length=60, blank=True)

    class Meta(OnContract.Meta):
        verbose_name = verbose_name_plural = "返却・消去"
        constraints = [
            *OnContract.Meta.constraints,
            one_of("disposal_method_known", "method", DisposalMethod),
        ]


class ReportKind(models.TextChoices):
    PERIODIC = "periodic", "定期報告"
    STAFFING_CHANGE = "staffing_change", "管理体制の変更"


class ContractorReport(OnContract):
    """体制報告: a periodic report, or one of a change of staffing."""

    kind = models.CharField("報告の種類", max_length=16, choices=ReportKind)
    due_on = models.DateField("提出期限", null=True, blank=True)
    received_on = models.DateField("受領日", null=True, blank=True)
    content = models.CharField("報告の内容", max_length=2000, blank=True)

    class Meta(OnContract.Meta):
        verbose_name = verbose_name_plural = "体制報告"
        constraints = [
            *OnContract.Meta.constraints,
            one_of("contractorreport_kind_known", "kind", ReportKind),
            models.CheckConstraint(
                name="contractorreport_due_or_received",
                condition=Q(due_on__isnull=False) | Q(received_on__isnull=False),
                violation_error_message="提出期限か受領日のどちらかが必要です。",
            ),
        ]


class ManagementFault(OnContract):
    """管理体制不適切: the staffing agreed was not kept. Feeds the ※ notes; no breach by itself."""

    found_on = models.DateField("確認した日")
    content = models.CharField("内容", max_length=2000)

    class Meta(OnContract.Meta):
        verbose_name = verbose_name_plural = "管理体制の不適切"
        constraints = [*OnContract.Meta.constraints]


class IncidentKind(models.TextChoices):
    LEAK = "leak", "漏えい"
    LOSS = "loss", "滅失"
    DAMAGE = "damage", "毀損"
    RISK = "risk", "発生のおそれ"


class Incident(OnContract):
    """第9: a leak or another event that touches the security of the information."""

    kind = models.CharField("事案の種類", max_length=16, choices=IncidentKind)
    occurred_on = models.DateField("発生日", null=True, blank=True)
    noticed_on = models.DateField("認識した日")
    persons = models.PositiveIntegerField("本人の数（人）", null=True, blank=True)
    content = models.CharField("事案の内容", max_length=2000)
    reported_on = models.DateField("総括保護管理者への報告日", null=True, blank=True)
    published_on = models.DateField("公表日", null=True, blank=True)

    class Meta(OnContract.Meta):
        verbose_name = verbose_name_plural = "漏えい等の事案"
        constraints = [
            *OnContract.Meta.constraints,
            one_of("incident_kind_known", "kind", IncidentKind),
        ]
