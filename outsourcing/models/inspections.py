"""取扱状況の検査 (8-5, 8-6): one visit, many targets."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from outsourcing.models.base import LedgerRow, one_of
from outsourcing.models.contracts import Contract
from outsourcing.models.subcontracts import Subcontract


class InspectionMethod(models.TextChoices):
    ON_SITE = "on_site", "実地"
    DOCUMENTS = "documents", "書面"
    REMOTE = "remote", "遠隔"


class Inspection(LedgerRow):
    """One visit. 8-6 lets it be made through the contractor: ``through_contractor``."""

    Method = InspectionMethod

    fiscal_year = models.PositiveSmallIntegerField("年度", editable=False)
    serial = models.PositiveIntegerField("通番", editable=False)
    day = models.DateField("検査日")
    method = models.CharField("検査の方法", max_length=16, choices=InspectionMethod)
    not_on_site_reason = models.CharField("実地によらない理由", max_length=500, blank=True)
    through_contractor = models.BooleanField("委託先を通じて実施", default=False)
    place = models.CharField("検査の場所", max_length=300, blank=True)
    inspectors = models.CharField("検査した者", max_length=300, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "取扱状況の検査"
        constraints = [
            *LedgerRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["agency", "fiscal_year", "serial"],
                name="inspection_code_unique",
                violation_error_message="同じ検査コードがあります。",
            ),
            one_of("inspection_method_known", "method", InspectionMethod),
        ]

    @property
    def code(self) -> str:
        return f"{self.agency.code}-{self.fiscal_year}-K{self.serial:05d}"


class InspectionResult(models.TextChoices):
    GOOD = "good", "適切"
    POINTS = "points", "指摘あり"
    BAD = "bad", "不適切"


class InspectionTarget(LedgerRow):
    """What one visit looked at: a contract, or one of its links, and which matters."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="targets")
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="inspection_targets"
    )
    subcontract = models.ForeignKey(
        Subcontract,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="inspection_targets",
    )
    covers_handling = models.BooleanField("個人情報の管理の状況", default=True)
    covers_management = models.BooleanField("管理体制", default=False)
    covers_work = models.BooleanField("実施体制", default=False)
    result = models.CharField(
        "結果", max_length=16, choices=InspectionResult, default=InspectionResult.GOOD
    )
    points = models.CharField("指摘事項", max_length=2000, blank=True)
    due_on = models.DateField("改善の期限", null=True, blank=True)
    cleared_on = models.DateField("改善を確認した日", null=True, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "検査の対象"
        constraints = [
            *LedgerRow.Meta.constraints,
            one_of("inspectiontarget_result_known", "result", InspectionResult),
            models.UniqueConstraint(
                fields=["inspection", "contract", "subcontract"],
                name="inspectiontarget_link_once",
                condition=Q(voided_on__isnull=True),
                violation_error_message="同じ検査に同じ対象があります。",
            ),
            models.UniqueConstraint(
                fields=["inspection", "contract"],
                name="inspectiontarget_contract_once",
                condition=Q(voided_on__isnull=True, subcontract__isnull=True),
                violation_error_message="同じ検査に同じ対象があります。",
            ),
            models.CheckConstraint(
                name="inspectiontarget_covers_something",
                condition=Q(covers_handling=True) | Q(covers_management=True) | Q(covers_work=True),
                violation_error_message="検査した事項を一つ以上選んでください。",
            ),
        ]
