"""下書き: a contract as far as it has been typed; and which forms were sent, to count each once."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from outsourcing.models.agencies import Section
from outsourcing.models.base import LedgerRow
from outsourcing.models.contracts import Contract
from outsourcing.querysets import WorkQuerySet


class Draft(LedgerRow):
    """What has been typed of a contract, its chain and its inspections: no fact, so nothing is
    found in it and no count has it.

    ``typed`` maps each field of the page to the texts typed there, unread. Registered, it has
    become ``contract``, and stays as it was sent.
    """

    DONE = "contract"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, verbose_name="課室"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="保護担当者",
        related_name="+",
        db_index=False,
    )
    typed = models.JSONField("入力", default=dict, blank=True)
    title = models.CharField("契約件名", max_length=300, blank=True)
    renews = models.ForeignKey(
        Contract,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="更新元の契約",
        related_name="renewing_drafts",
    )
    contract = models.OneToOneField(
        Contract,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="登録した契約",
        related_name="draft",
        editable=False,
    )
    saved_at = models.DateTimeField("保存日時", default=timezone.now, editable=False)

    objects = WorkQuerySet.as_manager()

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "契約の下書き"
        ordering = ["-saved_at", "-id"]
        constraints = [*LedgerRow.Meta.constraints]
        indexes = [models.Index(fields=["agency", "contract"], name="draft_open")]

    def __str__(self):
        return self.title or "（件名なし）"


class Submission(models.Model):
    """That a form was sent: sent again, it does nothing and leads to the same page."""

    key = models.UUIDField("送信の識別子", unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField("日時", default=timezone.now)
    leads_to = models.CharField("結果のページ", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "送信した様式"

    def __str__(self):
        return str(self.key)
