"""取扱状況の検査 (8-5, 8-6): one visit, many targets."""

from __future__ import annotations

import re
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from outsourcing.models.base import LedgerRow, choice_problem, one_of
from outsourcing.models.contracts import Contract
from outsourcing.models.subcontracts import Subcontract
from outsourcing.querysets import WorkQuerySet


class InspectionMethod(models.TextChoices):
    ON_SITE = "on_site", "実地"
    DOCUMENTS = "documents", "書面"
    REMOTE = "remote", "遠隔"


class Inspection(LedgerRow):
    """One visit. 8-6 lets it be made through the contractor: ``through_contractor``."""

    Method = InspectionMethod
    CODE = re.compile(r"^(?P<agency>[A-Z][0-9]{2,5})-(?P<year>[0-9]{4})-K(?P<serial>[0-9]{5,7})$")

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

    def __str__(self):
        return self.code

    @property
    def code(self) -> str:
        return f"{self.agency.code}-{self.fiscal_year}-K{self.serial:05d}"


class InspectionResult(models.TextChoices):
    GOOD = "good", "適切"
    POINTS = "points", "指摘あり"
    BAD = "bad", "不適切"


class InspectionScope(models.TextChoices):
    """検査した事項: each a column ``covers_…`` of a target."""

    HANDLING = "handling", "個人情報の管理の状況"
    MANAGEMENT = "management", "管理体制"
    WORK = "work", "実施体制"


def target_code(contract: Contract, link: Subcontract | None) -> str:
    """How addresses and forms name what is inspected: A25-2017-00001, A25-2017-00001:link:3."""
    return f"{contract.code}:{link.subject}" if link else contract.code


OF_TARGET = ("contract__agency", "subcontract")  # what its words are made of


def target_in_words(contract: Contract, link: Subcontract | None) -> str:
    """A25-2017-00001, A25-2017-00001の再委託3"""
    return f"{contract.code}の再委託{link.number}" if link else contract.code


class InspectionTarget(LedgerRow):
    """What one visit looked at: a contract, or one of its links, and which matters."""

    named_with = OF_TARGET

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

    def __str__(self):
        return target_in_words(self.contract, self.subcontract)

    @property
    def code(self) -> str:
        return target_code(self.contract, self.subcontract)

    @property
    def scopes(self) -> list[str]:
        return [scope for scope in InspectionScope.values if getattr(self, f"covers_{scope}")]

    @property
    def scopes_in_words(self) -> str:
        return "、".join(InspectionScope(scope).label for scope in self.scopes)

    @property
    def waits(self) -> bool:
        """Whether points were raised whose correction is not confirmed yet."""
        return self.result != InspectionResult.GOOD and self.cleared_on is None


class PlannedInspection(LedgerRow):
    """検査計画: that a contract, or one of its links, shall be inspected on a day. Done once a
    visit is recorded for it."""

    named_with = OF_TARGET
    DONE = "inspection"
    SECTIONS = ("contract__section",)  # its contract's answers for it

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="planned_inspections"
    )
    subcontract = models.ForeignKey(
        Subcontract,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="planned_inspections",
    )
    planned_on = models.DateField("予定日")
    method = models.CharField(
        "検査の方法", max_length=16, choices=InspectionMethod, default=InspectionMethod.ON_SITE
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="担当者",
        related_name="+",
        db_index=False,
    )
    inspectors = models.CharField("検査する者", max_length=300, blank=True)
    note = models.CharField("備考", max_length=500, blank=True)
    inspection = models.ForeignKey(
        Inspection,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="実施した検査",
        related_name="plans",
        editable=False,
    )

    objects = WorkQuerySet.as_manager()

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "検査計画"
        ordering = ["planned_on", "id"]
        constraints = [
            *LedgerRow.Meta.constraints,
            one_of("plannedinspection_method_known", "method", InspectionMethod),
        ]
        indexes = [models.Index(fields=["agency", "planned_on"], name="plannedinspection_day")]

    def __str__(self):
        return f"{self.target}（{self.planned_on}）"

    @property
    def code(self) -> str:
        """What is to be inspected."""
        return target_code(self.contract, self.subcontract)

    @property
    def target(self) -> str:
        return target_in_words(self.contract, self.subcontract)

    def problems(self):
        yield from choice_problem(self, "method", InspectionMethod)


class Evidence(LedgerRow):
    """証拠書類: a file that shows what an inspection found. Kept in the database, so that it is
    backed up and hidden like all else; the trail records it by its digest."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="evidence")
    name = models.CharField("ファイル名", max_length=255)
    kind = models.CharField("ファイルの種類", max_length=100)
    size = models.PositiveIntegerField("大きさ（バイト）")
    sha256 = models.CharField("SHA-256", max_length=64)
    content = models.BinaryField("内容", editable=False)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "検査の証拠書類"
        constraints = [*LedgerRow.Meta.constraints]

    def __str__(self):
        return self.name
