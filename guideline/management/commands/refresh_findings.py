"""Re-evaluates every contract and says what changed."""

from __future__ import annotations

import time

from django.core.management.base import BaseCommand

from guideline.refresh import refresh_everything
from outsourcing.models import Contract
from outsourcing.progress import Progress


class Command(BaseCommand):
    help = "すべての契約を今の指針・規則で評価し直し、所見を更新します。"

    def handle(self, *args, **options):
        begun = time.monotonic()
        with Progress(self.stderr, "評価", Contract.objects.count()) as progress:
            difference = refresh_everything(progress=progress.at)
        self.stdout.write(
            f"findings: added {difference.added}, changed {difference.changed}, "
            f"removed {difference.removed}, unchanged {difference.kept} "
            f"({time.monotonic() - begun:.1f} s)"
        )
