"""Write an import that was released into the ledger, in a process of its own."""

from __future__ import annotations

from exchange.importing import working
from exchange.management.commands import check_import


class Command(check_import.Command):
    help = "確認された取込みを台帳に反映します（サーバーが呼びます）。"
    work = staticmethod(working.carry_out)
