"""Who uses the ledger, in which role of 第2, for which agency, from when to when."""

from __future__ import annotations

import uuid
from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.sign_in.models import SignInAttempt  # noqa: F401  (Django finds models here)
from outsourcing.scope import Scope


class User(AbstractUser):
    """A person. What a person may do comes from memberships alone."""

    first_name = None
    last_name = None
    full_name = models.CharField("氏名", max_length=100, blank=True)
    must_change_password = models.BooleanField(
        "パスワードの変更が必要",
        default=False,
        help_text="ほかの人が決めたパスワードのとき。変えるまで、ほかのページは開けません。",
    )
    last_day = models.DateField(
        "利用の最終日", null=True, blank=True, help_text="この日までログインできます。"
    )
    version = models.PositiveIntegerField("版", default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "利用者"

    def __str__(self):
        return self.full_name or self.username

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self)

    def has_ended(self, on: date) -> bool:
        """The last day still counts; none means that no end is set."""
        return self.last_day is not None and self.last_day < on


class Role(models.TextChoices):
    """第2-1 to 2-4, the ministry's survey office, and two duties beside them."""

    CHIEF = "chief", "総括保護管理者"
    MANAGER = "manager", "保護管理者"
    OFFICER = "officer", "保護担当者"
    AUDITOR = "auditor", "監査責任者"
    SURVEY_OFFICE = "survey_office", "調査担当"
    IMPORTER = "importer", "取込担当"
    READER = "reader", "閲覧者"  # of another office, such as the supervising one, by grant
    SYSTEM_ADMIN = "system_admin", "システム管理者"


# These roles belong to no agency; every other role needs one.
WITHOUT_AGENCY = (Role.SURVEY_OFFICE, Role.SYSTEM_ADMIN)

# 第2-2, 2-3: offices of a section, or of the whole agency. The others are of the whole agency.
WITH_SECTION = (Role.MANAGER, Role.OFFICER, Role.IMPORTER)


class MembershipQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope):
        return self if scope.is_everything else self.filter(agency__in=scope.agency_ids)

    def valid(self):
        """Without those that were refused or withdrawn."""
        return self.filter(voided_on__isnull=True)

    def confirmed(self):
        return self.valid().filter(confirmed_on__isnull=False)

    def proposed(self):
        """Those that wait for a second person's word."""
        return self.valid().filter(confirmed_on__isnull=True)

    def to_settle(self):
        """Confirmed ones that go on although their section has been closed, or its closing day set:
        to be ended, and where the work goes on proposed anew."""
        ends = Q(last_day__isnull=True) | Q(last_day__gt=F("section__last_day"))
        return self.confirmed().filter(ends, section__last_day__isnull=False)

    def in_force(self, on):
        """Confirmed, and ``on`` is one of its days."""
        days = Q(last_day__isnull=True) | Q(last_day__gte=on)
        return self.confirmed().filter(days, first_day__lte=on)


class Membership(models.Model):
    """A role of a user, for an agency and where it applies a section; both days belong to it.

    It counts once a second person has confirmed it, who neither asked for it nor gets it. One that
    was set up on the command line, such as the first of an office, has neither of the two. Refused
    or withdrawn, it is voided with a reason, and counts no more.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField("役割", max_length=16, choices=Role)
    agency = models.ForeignKey(
        "outsourcing.Agency",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="機関",
        related_name="+",
    )
    section = models.ForeignKey(
        "outsourcing.Section",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name="課室",
        related_name="+",
    )
    first_day = models.DateField("開始日")
    last_day = models.DateField("終了日", null=True, blank=True)
    proposed_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="申請者",
    )
    confirmed_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="承認者",
    )
    confirmed_on = models.DateField("承認日", null=True, blank=True)
    voided_on = models.DateField("取り下げた日", null=True, blank=True)
    void_reason = models.CharField("取下げの理由", max_length=500, blank=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField("版", default=1, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "役割の割当て"
        constraints = [
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="membership_agency_where_needed",
                condition=Q(role__in=WITHOUT_AGENCY, agency__isnull=True)
                | (~Q(role__in=WITHOUT_AGENCY) & Q(agency__isnull=False)),
                violation_error_message="この役割には機関の指定が必要か、または指定できません。",
            ),
            models.CheckConstraint(
                name="membership_days_in_order",
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                violation_error_message="終了日が開始日より前です。",
            ),
            models.CheckConstraint(
                name="membership_voided_with_reason",
                condition=Q(voided_on__isnull=True, void_reason="")
                | (Q(voided_on__isnull=False) & ~Q(void_reason="")),
                violation_error_message="取り下げた日と理由は、両方そろえて入力してください。",
            ),
            models.CheckConstraint(
                name="membership_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True)
                & (Q(proposed_by__isnull=True) | Q(confirmed_on__isnull=True))
                | Q(confirmed_by__isnull=False, proposed_by__isnull=False)
                & Q(confirmed_on__isnull=False)
                & ~Q(confirmed_by=F("proposed_by"))
                & ~Q(confirmed_by=F("user")),
                violation_error_message="役割の割当ては、申請した人でも本人でもない人が承認します。",
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.get_role_display()}"

    @property
    def duty(self) -> str:
        """保護担当者（厚生労働省　総務課）"""
        where = "　".join(str(part) for part in (self.agency, self.section) if part)
        return self.get_role_display() + (f"（{where}）" if where else "")


class DownloadLimit(models.Model):
    """第6-5: above how many rows a day taking out warns, and asks a reason, in one agency. Where
    none is set, the settings' limits hold."""

    agency = models.OneToOneField(
        "outsourcing.Agency",
        on_delete=models.PROTECT,
        verbose_name="機関",
        related_name="+",
    )
    warn_above = models.PositiveIntegerField("警告する件数（一日）")
    ask_above = models.PositiveIntegerField("理由を求める件数（一日）")
    version = models.PositiveIntegerField("版", default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "持出し件数の限度"
        constraints = [
            models.CheckConstraint(
                name="downloadlimit_warns_before_it_asks",
                condition=Q(ask_above__gte=F("warn_above")),
                violation_error_message="理由を求める件数が、警告する件数より小さくなっています。",
            ),
        ]

    def __str__(self):
        return f"{self.agency} {self.warn_above} {self.ask_above}"


class DownloadNotice(models.Model):
    """Tells who answers for it (第2-1, 2-2) that somebody took out much, and why; names copied."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agency = models.ForeignKey(
        "outsourcing.Agency", on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField("日時", default=timezone.now)
    who = models.CharField("持ち出した人", max_length=200)
    name = models.CharField("ファイル", max_length=500)
    rows = models.PositiveIntegerField("件数")
    today = models.PositiveIntegerField("その日の累計")
    reason = models.CharField("理由", max_length=500)
    seen_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="確認した人"
    )
    seen_at = models.DateTimeField("確認した日時", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "持出しの知らせ"
        ordering = ["-at"]
        indexes = [models.Index(fields=["agency", "-at"], name="downloadnotice_of_agency")]

    def __str__(self):
        return f"{self.who} {self.name} {self.rows}"


class Unsent(models.Model):
    """What a form had sent when the sign-in was over: kept for its user, who signs in again and
    sends it once more. Never passwords, never files."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="unsent")
    path = models.CharField("送り先", max_length=500)
    sent = models.JSONField("送った内容", default=dict)
    at = models.DateTimeField("日時", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "送れなかった入力"

    def __str__(self):
        return self.path
