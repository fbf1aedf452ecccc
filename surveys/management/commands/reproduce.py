"""Makes the synthetic contracts of a fiscal year from a seed."""

from __future__ import annotations

import time

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from outsourcing.models import Contract
from outsourcing.progress import Progress
from surveys import rounds
from surveys.reproduction import SEED, ReproductionError, number_published, reproduce
from surveys.reproduction.removal import StillNeeded, remove_synthetic


class Command(BaseCommand):
    help = "公表された件数に合う合成の契約を作ります（平成29年度、22,618件）。"

    def add_arguments(self, parser):
        # Numbers are read below: what argparse says of a wrong one is English.
        parser.add_argument("year", help="調査対象年度（西暦、例：2017）")
        parser.add_argument("--seed", default=SEED, help=f"乱数の種（0以上の整数、既定 {SEED}）")
        parser.add_argument(
            "--replace", action="store_true", help="今ある合成データを消して作り直します"
        )

    def handle(self, *args, year, seed, replace, **options):
        seed = whole_number("乱数の種（--seed）", seed)
        try:
            round_ = rounds.find(whole_number("年度", year))
        except rounds.NoSuchRound as error:
            raise CommandError(str(error), returncode=2) from error
        self._refuse_a_ledger_in_use(round_, replace)
        begun = time.monotonic()
        try:
            with transaction.atomic(), self._progress(round_) as progress:
                if replace:
                    remove_synthetic()
                made = reproduce(round_, seed=seed, progress=progress.at)
        except (ReproductionError, StillNeeded) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"synthetic contracts: {made:,} (seed {seed}, {time.monotonic() - begun:.1f} s)"
        )

    def _progress(self, round_):
        return Progress(self.stderr, "契約", number_published(round_))

    def _refuse_a_ledger_in_use(self, round_, replace: bool) -> None:
        if not round_.synthetic or Contract.objects.filter(synthetic=False).exists():
            raise CommandError(
                "実際の契約がある台帳に合成データは作れません。別のデータベースを使ってください。"
            )
        if not replace and Contract.objects.filter(synthetic=True).exists():
            raise CommandError(
                "合成データは既にあります。作り直すには --replace を付けてください。"
            )


def whole_number(name: str, text) -> int:
    """A number from the command line. A negative seed would draw what the positive one does."""
    try:
        number = int(text)
    except ValueError:
        number = -1
    if number < 0:
        raise CommandError(f"{name}「{text}」は0以上の整数ではありません。", returncode=2)
    return number
