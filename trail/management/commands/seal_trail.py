"""Seal what is not yet sealed."""

from __future__ import annotations

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from trail import seals


class Command(BaseCommand):
    help = (
        "まだ封印していない記録をすべて封印します。--export で最新の封印をファイルに書き出します。"
        "ファイルは、台帳と別の人・別の場所で保管してください。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--export", metavar="FILE", type=Path, help="最新の封印の書出し先")

    def handle(self, *, export, **options):
        try:
            made = seals.seal()
        except seals.Busy as busy:
            raise CommandError(
                "書込みの途中の処理があるため封印できません。しばらくしてから実行してください。"
            ) from busy
        self.stdout.write(f"封印を{len(made):,}件作りました。")
        if export is None:
            return
        if (newest := seals.newest()) is None:
            raise CommandError("記録がまだないため、書き出す封印がありません。")
        text = json.dumps(seals.as_exported(newest), ensure_ascii=False, indent=2)
        export.write_text(text + "\n", encoding="utf-8")
        self.stdout.write(f"封印{newest.number}を {export} に書き出しました。")
