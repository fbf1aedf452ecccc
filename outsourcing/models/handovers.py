"""担当引継ぎ: what one officer had in charge passes to another."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from outsourcing.models.base import LedgerRow


class Handover(LedgerRow):
    """That it passed, from whom to whom, on which day. What passed has its own history; what was
    recorded before stays under the name of who recorded it."""

    from_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name="引き継ぐ人",
        related_name="+",
    )
    to_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name="引き受ける人",
        related_name="+",
    )
    day = models.DateField("引継日")
    number = models.PositiveIntegerField("件数")

    class Meta(LedgerRow.Meta):
        verbose_name = verbose_name_plural = "担当引継ぎ"
        ordering = ["-day", "-id"]
        constraints = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                name="handover_to_another",
                condition=~Q(from_officer=F("to_officer")),
                violation_error_message="引き継ぐ人と引き受ける人が同じです。",
            ),
        ]

    def __str__(self):
        return f"{self.from_officer} → {self.to_officer}（{self.day}）"


def handed_over() -> list[type[models.Model]]:
    """What a handover passes on: whatever has an ``officer``. Its queryset says by ``open_on(day)``
    what of it is still to be worked on, and its ``SECTIONS``, where it has no section itself, whose
    answers for it. A model adds itself by having them."""
    return [
        model
        for model in apps.get_models()
        if any(field.name == "officer" for field in model._meta.local_fields)
    ]
