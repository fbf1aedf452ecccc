"""Prints the table of rules, as the editions have them."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from guideline.register import register


class Command(BaseCommand):
    help = "規則の一覧（コード、条項、いつから、いつまで、区分、名称）を表示します。"

    def handle(self, *args, **options):
        self.stdout.write("\t".join(("code", "provision", "from", "until", "severity", "title")))
        for row in register():
            self.stdout.write("\t".join(row.columns))
