"""Who the work goes to: contractors, and who holds whose votes. A master common to all agencies."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from outsourcing import corporate_numbers
from outsourcing.models.agencies import Agency
from outsourcing.models.base import Row, day_order, one_of, order_problem
from outsourcing.name_parts import LONGEST
from outsourcing.querysets import ContractorQuerySet


class NoNumber(models.TextChoices):
    """Why a contractor has no 法人番号."""

    INDIVIDUAL = "individual", "個人"
    OVERSEAS = "overseas", "海外"
    JOINT_VENTURE = "joint_venture", "共同企業体"
    UNKNOWN = "unknown", "不明"
    OTHER = "other", "その他"


class Contractor(Row):
    """委託先 or 再委託先, by 法人番号, or without one with the reason why not."""

    NoNumber = NoNumber

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # NULL, not "": both databases let many rows lack a number, and none share one.
    corporate_number = models.CharField(
        "法人番号",
        max_length=13,
        null=True,
        blank=True,
        unique=True,
        error_messages={"unique": "この法人番号の委託先は既に登録されています。"},
    )
    no_number_reason = models.CharField(
        "法人番号がない理由", max_length=16, choices=NoNumber, blank=True
    )
    name = models.CharField("名称", max_length=200)
    kana = models.CharField("よみ", max_length=400, blank=True)
    search_name = models.CharField("検索用名称", max_length=600, editable=False, blank=True)
    address = models.CharField("所在地", max_length=400, blank=True)
    # Numbers are published, so who has one is everybody's. Who has none may be a person, whom only
    # the agency knows that entered the name; empty: entered by the survey office, for all.
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="登録した機関",
        related_name="+",
        editable=False,
    )
    dissolved_on = models.DateField("解散日", null=True, blank=True)

    objects = ContractorQuerySet.as_manager()
    row_security = True

    class Meta(Row.Meta):
        verbose_name = verbose_name_plural = "委託先"
        constraints = [
            *Row.Meta.constraints,
            one_of("contractor_no_number_reason_known", "no_number_reason", NoNumber, blank=True),
            models.CheckConstraint(
                name="contractor_number_or_reason",
                condition=Q(corporate_number__isnull=False, no_number_reason="")
                | (Q(corporate_number__isnull=True) & ~Q(no_number_reason="")),
                violation_error_message="法人番号か、法人番号がない理由の、どちらか一方が必要です。",
            ),
            models.CheckConstraint(
                name="contractor_number_thirteen_digits",
                condition=Q(corporate_number__isnull=True)
                | Q(Exact(Length("corporate_number"), 13)),
                violation_error_message="法人番号は13桁の数字です。",
            ),
        ]

    def __str__(self):
        return self.name

    def problems(self):
        if self.corporate_number:
            try:
                self.corporate_number = corporate_numbers.parse(self.corporate_number)
            except ValueError as error:
                yield "corporate_number", str(error)
            if self.no_number_reason:
                yield (
                    "no_number_reason",
                    "法人番号がある委託先に「法人番号がない理由」は付けられません。",
                )
        elif not self.no_number_reason:
            yield "corporate_number", "法人番号か、法人番号がない理由の、どちらか一方が必要です。"
        if not self.name:
            yield "name", "名称を入力してください。"


class NamePart(models.Model):
    """A part of a contractor's name or reading (``name_parts``): no fact, written anew with the
    name. Sorted by bytes on both databases."""

    class Place(models.IntegerChoices):
        LEADING = 0, "名称の始まり"
        WITHIN = 1, "名称の途中"

    part = models.CharField("名称の一部", max_length=LONGEST)
    place = models.PositiveSmallIntegerField("位置", choices=Place)
    contractor = models.ForeignKey(Contractor, on_delete=models.CASCADE, related_name="parts")

    class Meta:
        verbose_name = verbose_name_plural = "名称の一部"
        indexes = [models.Index(fields=["place", "part", "contractor"], name="namepart_begins")]

    def __str__(self):
        return self.part


class Shareholding(Row):
    """出資関係: ``holder`` has ``share`` % of the votes of ``held``, both days included."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    holder = models.ForeignKey(
        Contractor, on_delete=models.PROTECT, verbose_name="出資者", related_name="holdings"
    )
    held = models.ForeignKey(
        Contractor, on_delete=models.PROTECT, verbose_name="被出資者", related_name="held_by"
    )
    share = models.DecimalField("議決権割合（％）", max_digits=7, decimal_places=4)
    first_day = models.DateField("保有開始日")
    last_day = models.DateField("保有終了日", null=True, blank=True)
    source = models.CharField("根拠資料", max_length=300, blank=True)

    class Meta(Row.Meta):
        verbose_name = verbose_name_plural = "出資関係"
        constraints = [
            *Row.Meta.constraints,
            day_order("shareholding_days_in_order", "first_day", "last_day"),
            models.CheckConstraint(
                name="shareholding_share_0_to_100",
                condition=Q(share__gte=0, share__lte=100),
                violation_error_message="議決権割合は0から100までです。",
            ),
            models.CheckConstraint(
                name="shareholding_not_of_itself",
                condition=~Q(holder=models.F("held")),
                violation_error_message="出資者と被出資者が同じです。",
            ),
        ]

    def __str__(self):
        return f"{self.holder} → {self.held} {self.share}%"

    @property
    def percent(self) -> str:
        """60, 33.3333"""
        return f"{self.share.normalize():f}"

    def problems(self):
        yield from order_problem(self, "first_day", "last_day")
        if self.share is not None and not 0 <= self.share <= 100:
            yield "share", f"議決権割合「{self.share}」は0から100までの数ではありません。"
        if self.holder_id and self.holder_id == self.held_id:
            yield "held", f"出資者と被出資者が同じ「{self.held}」です。"
