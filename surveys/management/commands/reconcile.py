"""Compares every published cell with the one rebuilt from contracts."""

from __future__ import annotations

import sys

from django.core.management.base import BaseCommand, CommandError

from outsourcing.scope import Scope
from surveys import rounds
from surveys.reconciliation import reconcile, traces


class Command(BaseCommand):
    help = "公表された表のすべての数値を、台帳から組み立てた数値と突合します。"

    def add_arguments(self, parser):
        parser.add_argument("year", type=int, help="調査対象年度（西暦、例：2017）")

    def handle(self, *args, year, **options):
        try:
            round_ = rounds.find(year)
        except rounds.NoSuchRound as error:
            raise CommandError(str(error), returncode=2) from error
        result = reconcile(round_, Scope.everything())
        for problem in result.structure:
            self.stdout.write(f"structure: {problem}")
        for cell in result.differing:
            self.stdout.write(
                f"{cell.sheet} / {cell.label} / {cell.heading}: "
                f"published {cell.published}, rebuilt {cell.rebuilt}"
            )
        if result.differing:
            for trace in traces(round_, Scope.everything(), most=20):
                self.stdout.write(f"contract {trace.contract.code}: {trace.why}")
        self.stdout.write(
            f"cells compared: {len(result.cells)}, differing: {len(result.differing)}"
        )
        if not result.holds:
            sys.exit(1)
