"""Check a file that somebody uploaded, in a process of its own."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from exchange.aside import TIED
from exchange.importing import working
from exchange.importing.limits import bind
from exchange.models import Import


class Command(BaseCommand):
    help = "アップロードされたファイルを検査します（サーバーが呼びます）。"
    requires_system_checks = []  # the server that calls it has made them
    work = staticmethod(working.check)

    def add_arguments(self, parser):
        parser.add_argument("key")
        parser.add_argument(TIED, action="store_true", help="サーバーが終わるとこれも終わります。")

    def handle(self, *, key, tied, **options):
        row = Import.objects.filter(public_id=key).select_related("agency").first()
        if row is None:
            raise CommandError(f"「{key}」という取込みはありません。")
        if tied:
            bind()
        self.work(row, tied=tied)
