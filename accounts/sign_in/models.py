"""What the throttle remembers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Outcome(models.TextChoices):
    """Failed is also what has only begun: it is written before the password is looked at."""

    FAILED = "failed", "失敗"
    PASSED = "passed", "パスワード確認"
    SIGNED_IN = "signed_in", "ログイン"


class SignInAttempt(models.Model):
    """A password that was tried, or a sign-in that was completed; pruned when too old to matter.

    The account is as typed, and need not exist: the two must not differ.
    """

    account = models.CharField("ユーザー名", max_length=150)
    address = models.CharField("アドレス", max_length=45)
    address_known = models.BooleanField("このアカウントで使われてきたアドレス", default=False)
    outcome = models.CharField("結果", max_length=9, choices=Outcome, default=Outcome.FAILED)
    at = models.DateTimeField("日時")

    class Meta:
        verbose_name = verbose_name_plural = "ログインの試み"
        constraints = [
            models.CheckConstraint(
                name="sign_in_outcome_known", condition=Q(outcome__in=Outcome.values)
            ),
        ]
        indexes = [
            models.Index(name="sign_in_of_pair", fields=["account", "address", "outcome", "-at"]),
            models.Index(
                name="sign_in_of_account", fields=["account", "outcome", "address_known", "-at"]
            ),
            models.Index(name="sign_in_of_address", fields=["address", "outcome", "-at"]),
            models.Index(name="sign_in_prune", fields=["outcome", "at"]),
        ]

    def __str__(self):
        return f"{self.account} {self.get_outcome_display()}"
