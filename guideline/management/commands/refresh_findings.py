"""Re-evaluates every contract and provision of information, and says what changed."""

from __future__ import annotations

import time

from django.core.management.base import BaseCommand

from guideline.refresh import number_judged, refresh_everything
from outsourcing.progress import Progress


class Command(BaseCommand):
    help = "すべての契約と提供を今の指針・規則で評価し直し、所見を更新します。"

    def handle(self, *args, **options):
        begun = time.monotonic()
        with Progress(self.stderr, "評価", number_judged()) as progress:
            difference = refresh_everything(progress=progress.at)
        self.stdout.write(
            f"findings: added {difference.added}, changed {difference.changed}, "
            f"removed {difference.removed}, unchanged {difference.kept} "
            f"({time.monotonic() - begun:.1f} s)"
        )
