"""Write a file that somebody asked for on a page, in a process of its own."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from exchange import bundles


class Command(BaseCommand):
    help = "画面から頼まれたまとめてのファイルを作ります（サーバーが呼びます）。"
    requires_system_checks = []  # the server that calls it has made them

    def add_arguments(self, parser):
        parser.add_argument("key")

    def handle(self, *, key, **options):
        bundle = bundles.find(key)
        if bundle is None:
            raise CommandError(f"「{key}」という出力はありません。")
        bundles.make(bundle)
