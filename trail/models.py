"""What happened: changes, accesses, and the seals over both.

Written by the database and by ``accesses`` and ``seals``, and never again: the database refuses
every change. Names are copied, and nothing refers to a row of the ledger, which may be gone.
"""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One record. Changes and accesses are numbered together, in the order they were made; numbers
    of what was rolled back are missing."""

    number = models.BigAutoField("番号", primary_key=True)
    at = models.DateTimeField("日時")
    who = models.CharField("利用者", max_length=200, blank=True)
    who_id = models.BigIntegerField("利用者の番号", null=True)
    request = models.CharField("要求の番号", max_length=32, blank=True)
    address = models.CharField("アドレス", max_length=64, blank=True)
    reason = models.CharField("理由", max_length=1000, blank=True)
    agency_id = models.BigIntegerField("機関の番号", null=True)

    class Meta:
        abstract = True
        ordering = ["number"]
        indexes = [
            models.Index(fields=["agency_id", "at"], name="trail_%(class)s_agency"),
            # What comes in bulk is made by nobody in particular, and cheaper without.
            models.Index(
                fields=["who_id", "at"],
                name="trail_%(class)s_who",
                condition=models.Q(who_id__isnull=False),
            ),
        ]


class Action(models.TextChoices):
    INSERT = "insert", "記録"
    UPDATE = "update", "変更"
    DELETE = "delete", "消去"


class Change(Entry):
    """One row of the ledger inserted, updated or deleted: the whole row before and after it,
    without the columns that are never recorded. Written by triggers alone."""

    table = models.CharField("表", max_length=63)
    key = models.CharField("行", max_length=40)
    action = models.CharField("操作", max_length=6, choices=Action)
    before = models.JSONField("変更前", null=True)
    after = models.JSONField("変更後", null=True)

    runtime_privileges = ("SELECT",)
    row_security = True

    class Meta(Entry.Meta):
        verbose_name = verbose_name_plural = "変更の記録"
        indexes = [
            *Entry.Meta.indexes,
            models.Index(fields=["table", "key"], name="trail_change_row"),
        ]

    def __str__(self):
        return f"{self.number} {self.table} {self.key} {self.action}"


class Kind(models.TextChoices):
    SIGN_IN = "sign_in", "ログイン"
    SIGN_IN_FAILED = "sign_in_failed", "ログインの失敗"
    SIGN_OUT = "sign_out", "ログアウト"
    REFUSED = "refused", "拒否"
    READ = "read", "閲覧"
    EXPORT = "export", "出力"
    DOWNLOAD = "download", "ダウンロード"


class Access(Entry):
    """Something opened, taken out or refused. ``rows`` is the number of rows taken out, ``object``
    the public code or the name of the file; of a refusal the address that was refused, with its
    ``status``."""

    kind = models.CharField("種類", max_length=16, choices=Kind)
    object = models.CharField("対象", max_length=500, blank=True)
    rows = models.PositiveIntegerField("件数", null=True)
    status = models.PositiveSmallIntegerField("応答", null=True)
    note = models.CharField("備考", max_length=1000, blank=True)

    runtime_privileges = ("SELECT", "INSERT")
    row_security = True

    class Meta(Entry.Meta):
        verbose_name = verbose_name_plural = "利用の記録"

    def __str__(self):
        return f"{self.number} {self.kind} {self.object}"


class Seal(models.Model):
    """封印: a hash over every record numbered ``first`` to ``last``, and over the seal before it.

    ``digests``: of each of these records 8 bytes of its number and 32 of its digest, by number; so
    that the first bent record can be named. See ``seals`` for what exactly is hashed.
    """

    number = models.BigIntegerField("番号", primary_key=True)
    first = models.BigIntegerField("最初の記録")
    last = models.BigIntegerField("最後の記録")
    digests = models.BinaryField("各記録の要約値")
    previous = models.CharField("前の封印の要約値", max_length=64, blank=True)
    made_at = models.DateTimeField("封印した日時")
    hash = models.CharField("要約値", max_length=64)

    runtime_privileges = ("SELECT", "INSERT")

    class Meta:
        verbose_name = verbose_name_plural = "封印"
        ordering = ["number"]

    def __str__(self):
        return f"封印{self.number} {self.hash[:12]}"
