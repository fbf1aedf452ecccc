"""At the start: the editions can be used, and findings were made under the law of this code."""

from __future__ import annotations

from django.core.checks import Error, Tags, register
from django.db import connections

from guideline.edition_files import EditionErrors
from guideline.law import law
from guideline.models import Law
from guideline.refresh import is_stale


@register()
def editions_can_be_used(app_configs=None, **kwargs):
    """Every problem of the files of editions, with file and line."""
    try:
        law()
    except EditionErrors as errors:
        return [
            Error(problem, hint="guideline/editions/ を直してください。", id="guideline.E002")
            for problem in errors.problems
        ]
    return []


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
