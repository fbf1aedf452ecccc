"""What a condition says to the database's planner beside what it asks.

SQLite keeps no statistics of ranges: of two conditions on days it takes one index or the other,
whatever the days. Where something else narrows a list far more, ``since__plain__lte`` keeps an
index on ``since`` out of it. PostgreSQL counts by itself.
"""

from __future__ import annotations

from django.db.models import Field, Transform


@Field.register_lookup
class Plain(Transform):
    """The value itself, by no index."""

    lookup_name = "plain"
    template = "%(expressions)s"

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)
