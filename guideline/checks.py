"""At the start: findings must have been made under the law of this code."""

from __future__ import annotations

from django.core.checks import Error, Tags, register
from django.db import connections

from guideline.models import Law
from guideline.refresh import is_stale


@register(Tags.database)
def findings_are_of_this_law(app_configs=None, databases=None, **kwargs):
    """Ask for ``refresh_findings`` where stored findings rest on other editions or rules."""
    if not databases or "default" not in databases:
        return []
    if Law._meta.db_table not in connections["default"].introspection.table_names():
        return []  # not migrated yet
    if not is_stale():
        return []
    return [
        Error(
            "保存されている所見は、今と異なる指針・規則で評価されたものです。",
            hint="manage.py refresh_findings を実行してください。",
            id="guideline.E001",
        )
    ]
