"""Counts every saved report up to today. To be run once a day; twice does nothing more."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from audit.models import SavedReport
from audit.report_actions import bring_up


class Command(BaseCommand):
    help = "保存した条件の件数を、今日の分まで数えます。毎日一度動かしてください。"

    def handle(self, *args, **options):
        saved = SavedReport.objects.valid().select_related("agency").order_by("pk")
        number = 0
        for report in saved.iterator(500):
            number += 1
            for why in bring_up([report]).get(report.pk, []):
                self.stdout.write(f"not counted: {report.name}（{report.owner}）: {why}")
        self.stdout.write(f"reports: {number}")
