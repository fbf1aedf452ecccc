"""Who uses the ledger, in which role of 第2, for which agency, from when to when."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

from accounts.sign_in.models import SignInAttempt  # noqa: F401  (Django finds models here)


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
    SYSTEM_ADMIN = "system_admin", "システム管理者"


# These roles belong to no agency; every other role needs one.
WITHOUT_AGENCY = (Role.SURVEY_OFFICE, Role.SYSTEM_ADMIN)


class MembershipQuerySet(models.QuerySet):
    def in_force(self, on):
        return self.filter(first_day__lte=on).filter(Q(last_day__isnull=True) | Q(last_day__gte=on))


class Membership(models.Model):
    """A role of a user, for an agency and where it applies a section; both days belong to it."""

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
        ]

    def __str__(self):
        return f"{self.user} {self.get_role_display()}"
