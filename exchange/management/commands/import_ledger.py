"""Take in a workbook of the ledger, of one agency or of many, on the command line."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from exchange.importing import working
from exchange.importing.plan import Outcome, Plan
from exchange.importing.preview import WORDS
from exchange.importing.refusals import MovedOn
from exchange.reading import Refused


class Command(BaseCommand):
    help = (
        "台帳のExcelを取り込みます。すべての機関の行を含むことができます。"
        "誤りが一つでもあれば、すべて示し、何も書かずに終わります（終了コード1）。"
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, metavar="USER", help="記録者とする利用者")
        parser.add_argument("--dry-run", action="store_true", help="検査だけをし、何も書きません。")

    def handle(self, *, file, by, dry_run, **options):
        begun, spent = time.perf_counter(), time.process_time()
        user = get_user_model().objects.filter(username=by, is_active=True).first()
        if user is None:
            raise CommandError(f"利用者「{by}」はいません。")
        if not file.is_file():
            raise CommandError(f"ファイル「{file}」がありません。")
        try:
            row, book, plan = working.look_at(file, by=user)
            self._tell(plan)
            if plan.can_be_carried_out and not dry_run:
                working.carry_out_at_once(row, plan, by=user)
        except (Refused, MovedOn) as refused:
            raise CommandError(str(refused)) from refused
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused
        finally:
            taken, own = time.perf_counter() - begun, time.process_time() - spent
            self.stdout.write(f"{taken:.1f}秒（CPU {own:.1f}秒）、メモリー 最大{_peak()}")
        self.stdout.write(
            f"読み取り {book.seconds:.1f}秒、{book.peak_kilobytes >> 10}MB（別の過程）"
        )
        if plan.mistakes or plan.unmapped:
            raise CommandError(f"誤りが{len(plan.mistakes):,}か所あります。何も書いていません。")
        self.stdout.write(_ending(plan, dry_run))

    def _tell(self, plan: Plan) -> None:
        for sheet in plan:
            numbers = (f"{word} {len(sheet.of(outcome)):,}" for outcome, word in WORDS.items())
            self.stdout.write(f"{sheet.name}: {'、'.join(numbers)}")
        for caution in plan.cautions:
            self.stdout.write(f"注意: {caution}")
        for name in plan.unmapped:
            self.stderr.write(f"{name}: どのシートか、列から分かりません。")
        for one in plan.mistakes:
            self.stderr.write(f"{one.sheet} {one.place} {one.heading}: {one.message}")


def _ending(plan: Plan, dry_run: bool) -> str:
    if not plan.changes_something:
        return "このファイルの内容はすべて台帳にあります。変わるものはありません。"
    changed = sum(len(sheet.of(one)) for sheet in plan for one in (Outcome.ADDED, Outcome.CHANGED))
    return f"{changed:,}行を{'反映できます（何も書いていません）' if dry_run else '反映しました'}。"


def _peak() -> str:
    """Memory of this process at its highest."""
    try:
        import resource
    except ImportError:  # Windows
        return "（不明）"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"{peak >> (20 if sys.platform == 'darwin' else 10):,}MB"
