"""What was taken in: each file with what came of it, and what the columns of others' sheets mean.

Of an import the ledger keeps who sent which file (its SHA-256) and who carried it out; the file
itself lies aside until then (``importing.kept``).
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from outsourcing.models import Agency
from outsourcing.models.base import LedgerRow, Row, one_of
from outsourcing.querysets import LedgerQuerySet


class State(models.TextChoices):
    """Where an import stands. One that is ``NOTHING`` says what the ledger says already."""

    CHECKING = "checking", "検査中"
    WRONG = "wrong", "誤りあり"
    UNMAPPED = "unmapped", "列の対応待ち"
    WAITING = "waiting", "確認待ち"
    NOTHING = "nothing", "変わるものなし"
    CARRYING = "carrying", "反映中"
    DONE = "done", "反映済み"
    WITHDRAWN = "withdrawn", "取下げ"
    FAILED = "failed", "失敗"


class Import(Row):
    """取込み: a file that somebody sent, ``recorded_by`` and ``recorded_at``. Of an agency, or by
    an operator of the whole ledger (no agency)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    file_name = models.CharField("ファイル名", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField("大きさ（バイト）")
    kind = models.CharField("種類", max_length=10, blank=True)
    state = models.CharField("状態", max_length=10, choices=State, default=State.CHECKING)
    checked_at = models.DateTimeField("検査した日時", null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name="反映した人",
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    carried_out_at = models.DateTimeField("反映した日時", null=True, blank=True)
    # By sheet: [{"sheet": as the file calls it, "key": of ours, "added": 3, …, "refused": 0}]
    totals = models.JSONField("件数", default=list, blank=True)
    mistakes = models.PositiveIntegerField("誤りの件数", default=0)
    appearing = models.PositiveIntegerField("現れる所見", null=True, blank=True)
    clearing = models.PositiveIntegerField("消える所見", null=True, blank=True)
    failure = models.TextField("失敗の理由", max_length=2000, blank=True)

    row_security = True
    objects = LedgerQuerySet.as_manager()

    class Meta(Row.Meta):
        verbose_name = verbose_name_plural = "取込み"
        ordering = ["-id"]
        constraints = [*Row.Meta.constraints, one_of("import_state_known", "state", State)]

    def __str__(self):
        return self.file_name


class ColumnMapping(LedgerRow):
    """列の対応: what the columns of a sheet that is not ours mean, said once by somebody of the
    agency, and found again by its headings. The newest that is not voided counts."""

    signature = models.CharField("見出しの要約値", max_length=64)
    sheet = models.CharField("シート", max_length=40)  # of ours, by key
    columns = models.JSONField("列の対応")  # heading → field of the sheet, "" for 取り込まない
    # Of what the file has no column for: field of the sheet → what stands in each of its rows.
    every_row = models.JSONField("すべての行に同じ値", default=dict, blank=True)

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "列の対応"
        indexes = [
            models.Index(fields=["agency", "signature"], name="columnmapping_of_headings"),
        ]

    def __str__(self):
        return f"{self.sheet} {self.signature[:8]}"
