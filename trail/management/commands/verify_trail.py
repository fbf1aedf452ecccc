"""Tell whether the trail is as it was sealed."""

from __future__ import annotations

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from trail.verification import Bent, verify


class Command(BaseCommand):
    help = (
        "記録が封印のとおりであることを確かめます。違えば、最初に違う記録を示し、"
        "終了コード1で終わります。"
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--seal", metavar="FILE", type=Path, help="seal_trail --export で持ち出した封印"
        )

    def handle(self, *, seal, **options):
        try:
            found = verify(exported=_exported(seal))
        except Bent as bent:
            raise CommandError(str(bent)) from bent
        self.stdout.write(
            f"記録{found.records:,}件と封印{found.seals:,}件を確かめました。違いはありません。"
            f"まだ封印していない記録は{found.unsealed:,}件です。"
        )
        if seal is None:
            self.stdout.write(
                "持ち出した封印（--seal）と比べていないため、末尾の切取りと封印の作直しは分かりません。"
            )


def _exported(file: Path | None) -> dict | None:
    if file is None:
        return None
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return {"number": int(found["number"]), "hash": str(found["hash"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"封印のファイル {file} を読めません: {error}") from error
