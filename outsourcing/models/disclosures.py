"""保有個人情報の提供 (8-1 to 8-3): the register of information provided to others."""

from __future__ import annotations

import re

from django.db import models
from django.db.models import Q

from outsourcing.models.agencies import Section
from outsourcing.models.base import LedgerRow, choice_problem, day_order, one_of, order_problem


class Basis(models.TextChoices):
    """法第8条第2項: on what ground information is provided for another purpose."""

    ITEM_3 = "item_3", "法第8条第2項第3号"
    ITEM_4 = "item_4", "法第8条第2項第4号"


class Disclosure(LedgerRow):
    """One provision of personal information to another body, and what was asked of it.

    ``last_day`` is empty while it goes on. ``recipient_is_public``: an administrative organ or an
    independent agency, to which 8-3 applies instead of 8-1 and 8-2. Days are those on which the
    thing was done; empty means not done.
    """

    CODE = re.compile(r"^(?P<agency>[A-Z][0-9]{2,5})-(?P<year>[0-9]{4})-T(?P<serial>[0-9]{5,7})$")

    fiscal_year = models.PositiveSmallIntegerField("年度", editable=False)
    serial = models.PositiveIntegerField("通番", editable=False)
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, verbose_name="課室"
    )
    recipient = models.CharField("提供先", max_length=200)
    recipient_is_public = models.BooleanField("提供先が行政機関又は独立行政法人等", default=False)
    basis = models.CharField("提供の根拠", max_length=16, choices=Basis)
    purpose = models.CharField("提供先における利用目的", max_length=500)
    information_detail = models.CharField("記録範囲及び記録項目", max_length=1000, blank=True)
    persons = models.PositiveIntegerField("本人の数（人）", null=True, blank=True)
    first_day = models.DateField("提供の初日")
    last_day = models.DateField("提供の末日", null=True, blank=True)
    # 8-1
    terms_agreed_on = models.DateField("書面を取り交わした日", null=True, blank=True)
    terms_document = models.CharField("書面の文書番号", max_length=60, blank=True)
    # 8-2
    safety_requested_on = models.DateField("安全確保の措置を要求した日", null=True, blank=True)
    survey_decided_on = models.DateField("実地の調査の要否を判断した日", null=True, blank=True)
    survey_needed = models.BooleanField("実地の調査の要否", null=True, blank=True)
    surveyed_on = models.DateField("実地の調査等の日", null=True, blank=True)
    survey_result = models.CharField("調査の結果", max_length=1000, blank=True)
    # 8-3
    measures_decided_on = models.DateField(
        "8-1・8-2の措置の要否を判断した日", null=True, blank=True
    )
    measures_needed = models.BooleanField("8-1・8-2の措置の要否", null=True, blank=True)
    # 8-8
    anonymization_decided_on = models.DateField(
        "匿名化措置の要否を判断した日", null=True, blank=True
    )
    anonymization_needed = models.BooleanField("匿名化措置の要否", null=True, blank=True)
    anonymized_on = models.DateField("匿名化措置を講じた日", null=True, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "保有個人情報の提供"
        constraints = [
            *LedgerRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["agency", "fiscal_year", "serial"],
                name="disclosure_code_unique",
                violation_error_message="同じ提供コードがあります。",
            ),
            day_order("disclosure_days_in_order", "first_day", "last_day"),
            one_of("disclosure_basis_known", "basis", Basis),
            *(
                models.CheckConstraint(
                    name=f"disclosure_{what}_decision_whole",
                    condition=Q(**{f"{what}_decided_on__isnull": True})
                    & Q(**{f"{what}_needed__isnull": True})
                    | Q(**{f"{what}_decided_on__isnull": False})
                    & Q(**{f"{what}_needed__isnull": False}),
                    violation_error_message="要否とその判断日は、両方そろえて入力してください。",
                )
                for what in ("survey", "measures", "anonymization")
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.recipient}"

    @property
    def code(self) -> str:
        return f"{self.agency.code}-{self.fiscal_year}-T{self.serial:05d}"

    def problems(self):
        yield from order_problem(self, "first_day", "last_day")
        yield from choice_problem(self, "basis", Basis)
        for what in ("survey", "measures", "anonymization"):
            decided = getattr(self, f"{what}_decided_on")
            if (decided is None) != (getattr(self, f"{what}_needed") is None):
                yield f"{what}_needed", "要否とその判断日は、両方そろえて入力してください。"
