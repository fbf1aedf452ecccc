"""Makes the synthetic contracts of a fiscal year from a seed."""

from __future__ import annotations

import time

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from outsourcing.models import Contract
from outsourcing.progress import Progress
from surveys import rounds
from surveys.reproduction import SEED, ReproductionError, published_targets, reproduce
from surveys.reproduction.removal import remove_synthetic


class Command(BaseCommand):
    help = "公表された件数に合う合成の契約を作ります（平成29年度、22,618件）。"

    def add_arguments(self, parser):
        parser.add_argument("year", type=int, help="調査対象年度（西暦、例：2017）")
        parser.add_argument("--seed", type=int, default=SEED, help=f"乱数の種（既定 {SEED}）")
        parser.add_argument(
            "--replace", action="store_true", help="今ある合成データを消して作り直します"
        )

    def handle(self, *args, year, seed, replace, **options):
        try:
            round_ = rounds.find(year)
        except rounds.NoSuchRound as error:
            raise CommandError(str(error), returncode=2) from error
        self._refuse_a_ledger_in_use(round_, replace)
        begun = time.monotonic()
        known = sum(target.total for target in published_targets(round_))
        try:
            with transaction.atomic(), Progress(self.stderr, "契約", known) as progress:
                if replace:
                    remove_synthetic()
                made = reproduce(round_, seed=seed, progress=progress.at)
        except ReproductionError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"synthetic contracts: {made:,} (seed {seed}, {time.monotonic() - begun:.1f} s)"
        )

    def _refuse_a_ledger_in_use(self, round_, replace: bool) -> None:
        if not round_.synthetic or Contract.objects.filter(synthetic=False).exists():
            raise CommandError(
                "実際の契約がある台帳に合成データは作れません。別のデータベースを使ってください。"
            )
        if not replace and Contract.objects.filter(synthetic=True).exists():
            raise CommandError(
                "合成データは既にあります。作り直すには --replace を付けてください。"
            )
