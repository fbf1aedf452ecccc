"""Writes the five tables as a workbook and as CSV files."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from outsourcing.scope import Scope
from surveys import rounds, sheets
from surveys.exports import EVERYTHING, ExportError, export, tables_of_agency


class Command(BaseCommand):
    help = "調査の五つの表を、Excelブックと表ごとのCSVに書き出します。"

    def add_arguments(self, parser):
        parser.add_argument("year", type=int, help="調査対象年度（西暦、例：2017）")
        parser.add_argument("--out", type=Path, required=True, help="書き出す先のフォルダ")
        parser.add_argument("--agency", default="", help="一つの機関だけ（機関コード、例：A25）")
        parser.add_argument(
            "--encoding", default="utf-8", choices=["utf-8", "cp932"], help="CSVの文字コード"
        )

    def handle(self, *args, year, out, agency, encoding, **options):
        wanted = {"agency": agency, "encoding": encoding}
        try:
            round_ = rounds.find(year)
            keys = self._keys(round_, agency)
            files = [
                export(round_, Scope.everything(), name, wanted, on=timezone.localdate())
                for name in (f"{EVERYTHING}.xlsx", *(f"{key}.csv" for key in keys))
            ]
            out.mkdir(parents=True, exist_ok=True)
            for file in files:
                (out / file.name).write_bytes(file.content)
        except (rounds.NoSuchRound, ExportError) as error:
            raise CommandError(str(error), returncode=2) from error
        except OSError as error:
            raise CommandError(
                f"「{error.filename}」に書き込めません（{error.strerror}）。", returncode=2
            ) from error
        for file in files:
            self.stdout.write(f"{out / file.name}  {len(file.content):,} bytes")

    def _keys(self, round_, agency) -> list[str]:
        if not agency:
            return list(sheets.LAYOUTS)
        return [sheet.key for sheet in tables_of_agency(round_, Scope.everything(), agency)]
