"""The ledger is not served while something could be changed in it without a record."""

from __future__ import annotations

from django.core.checks import Error, Tags, register
from django.db import connections

from trail import triggers


@register(Tags.database)
def everything_is_recorded(app_configs=None, databases=None, **kwargs):
    return [problem for alias in databases or () for problem in _problems(connections[alias])]


def _problems(connection):
    missing = triggers.missing(connection)
    if missing:
        yield Error(
            "変更の記録に必要なトリガーが、ないか古くなっています"
            f"（{'、'.join(name or '関数' for name in missing)}）。",
            hint="python manage.py prepare_database を実行してください。",
            id="trail.E001",
        )
