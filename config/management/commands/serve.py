"""Serve the ledger on this machine."""

from __future__ import annotations

import os

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.migrations.executor import MigrationExecutor
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from config.ports import HOST, PortError, ensure_free, wanted_port

# Pages take milliseconds; what waits is the database. A few threads in each process are enough; but
# on SQLite each of those who save while another writes, an import for seconds, waits in one of
# them, and others go on reading. Threads that nobody needs are not made.
THREADS = {"postgresql": 4, "sqlite": 32}
THREADS_KEPT_FOR = 10 * 60  # seconds without a request: with a thread goes its connection
MOST_WORKERS = 4


class Command(BaseCommand):
    help = f"台帳を {HOST} で開きます。Ctrl-C で終わります。"
    requires_system_checks = []  # run below, with those of the database

    def add_arguments(self, parser):
        parser.add_argument(
            "--port", help="ポート番号（指定がなければ環境変数 PORT、それもなければ 8000）"
        )

    def handle(self, *, port, **options):
        try:
            number = wanted_port(port)
            ensure_free(number)
        except PortError as error:
            raise CommandError(str(error)) from error
        self.check_database()
        check_static_files()
        leave_databases()
        self.stdout.write(
            f"\n    http://{HOST}:{number}/ をブラウザで開いてください（終了は Ctrl-C）。\n"
        )
        self.stdout.flush()
        serve(number)

    def check_database(self):
        try:
            executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
            behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
        except Error as error:
            raise CommandError(f"データベースにつながりません: {error}") from error
        if behind:
            raise CommandError(
                "データベースが今のプログラムに合っていません。"
                "python manage.py prepare_database を実行してください。"
            )
        self.check(databases=[DEFAULT_DB_ALIAS])


def leave_databases():
    """The workers open their own connections: one that they shared would give the rows of the one
    to the other."""
    connections.close_all()


def check_static_files():
    """Without the manifest every page would fail; better to say so than to serve that."""
    manifest = getattr(staticfiles_storage, "manifest_name", None)
    if manifest and not settings.DEBUG and not (settings.STATIC_ROOT / manifest).exists():
        raise CommandError(
            "静的ファイルがまだありません。"
            "python manage.py collectstatic --noinput を実行してください。"
        )


def serve(port: int) -> None:
    Granian(
        target="config.wsgi:application",
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        workers=min(os.cpu_count() or 1, MOST_WORKERS),
        blocking_threads=THREADS[connections[DEFAULT_DB_ALIAS].vendor],
        blocking_threads_idle_timeout=THREADS_KEPT_FOR,
        log_level=LogLevels.error,  # else it warns of so many threads at each start
        respawn_failed_workers=True,
        workers_kill_timeout=5,
    ).serve()
