"""What 8-4 and 8-8 ask for beside the contract: selection, written confirmation, anonymization."""

from __future__ import annotations

from django.db import models

from outsourcing.models.base import LedgerRow, listed_problem
from outsourcing.models.contracts import Contract


class Matter(models.TextChoices):
    """What 8-4 wants confirmed in writing, beside what the contract itself says."""

    RESPONSIBLE_PERSON = "responsible_person", "責任者"
    MANAGEMENT = "management", "管理体制"
    WORK_STRUCTURE = "work_structure", "実施体制"
    INSPECTION = "inspection", "検査に関する事項"


class CapabilityCheck(LedgerRow):
    """8-4: that the contractor is able to manage personal information was looked into."""

    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="capability_checks"
    )
    checked_on = models.DateField("確認日")
    method = models.CharField("確認の方法", max_length=300, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "委託先の選定の確認"
        constraints = [*LedgerRow.Meta.constraints]


class WrittenConfirmation(LedgerRow):
    """8-4: a paper in which the contractor confirmed matters (``Matter``, or what a later edition
    adds to them)."""

    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="written_confirmations"
    )
    matters = models.JSONField("確認した事項", default=list)
    confirmed_on = models.DateField("書面で確認した日")
    document_number = models.CharField("文書番号", max_length=60, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "書面による確認"
        constraints = [*LedgerRow.Meta.constraints]

    def problems(self):
        yield from listed_problem(self, "matters")


class AnonymizationDecision(LedgerRow):
    """第8-8: whether anonymization is needed for this contract, decided on a day."""

    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="anonymization_decisions"
    )
    decided_on = models.DateField("判断した日")
    needed = models.BooleanField("匿名化措置の要否")
    reason = models.CharField("判断の理由", max_length=500, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "匿名化措置の要否の判断"
        constraints = [*LedgerRow.Meta.constraints]


class AnonymizationMeasure(LedgerRow):
    """第8-8: a measure in place, such as names replaced by numbers."""

    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="anonymization_measures"
    )
    done_on = models.DateField("措置を講じた日")
    method = models.CharField("措置の方法", max_length=500)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "匿名化措置"
        constraints = [*LedgerRow.Meta.constraints]
