"""Everything between installing and serving; done anew at each start, it loses nothing."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone

from accounts.actions import unsent
from accounts.sign_in.unsent import KEPT_FOR
from outsourcing import once
from outsourcing.models import Contract

YEAR = "2017"
SENT_BEFORE = timedelta(days=90)  # what was sent so long ago is sent no second time


class Command(BaseCommand):
    help = (
        "起動の準備をすべて行います: データベース、参照データ、"
        f"（実際の契約がない台帳では）試用の利用者と{YEAR}年度の合成データ、公表値との突合、静的ファイル。"
    )
    requires_system_checks = []  # run below, once there is a database to check

    def handle(self, *, verbosity, **options):
        call_command("prepare_database", verbosity=verbosity)
        call_command("load_reference", verbosity=verbosity)
        call_command("clearsessions", verbosity=0)
        unsent.forget(before=timezone.now() - KEPT_FOR)
        once.forget(before=timezone.now() - SENT_BEFORE)
        self.check(databases=[DEFAULT_DB_ALIAS])
        # A ledger in earnest is left alone: no demo users, no invented contracts.
        if not Contract.objects.filter(synthetic=False).exists():
            self.set_up_demonstration(verbosity)
        call_command("collectstatic", interactive=False, verbosity=0)

    def set_up_demonstration(self, verbosity):
        call_command("demo_users", verbosity=verbosity)
        empty = not Contract.objects.exists()
        if empty:
            call_command("reproduce", YEAR, verbosity=verbosity)
        try:
            call_command("reconcile", YEAR, verbosity=verbosity)
        except (CommandError, SystemExit):
            # Just made, the figures must agree. Later somebody may have changed the ledger: what
            # differs has been printed, and the pages are where one finds out why.
            if empty:
                raise
