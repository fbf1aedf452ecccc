"""What cross tables ask of both databases that Django has no words for."""

# ruff: noqa: S608  (statements that Django composed, and names and years from here)

from __future__ import annotations

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Aggregate, Func, IntegerField, QuerySet, TextField


def year_of(column: str, years: range, *, before: bool = False) -> str:
    """The fiscal year of a day; with ``before`` that of the day before it. On PostgreSQL the first
    and the last of ``years`` stand for all beyond."""
    sign = "<=" if before else "<"
    if connection.vendor == "sqlite":  # days are text
        return f"(substr({column}, 1, 4) - (substr({column}, 6) {sign} '04-01'))"
    return f"({_by_halves(column, years, sign)})"


def _by_halves(column: str, years: range, sign: str) -> str:
    """One comparison for each doubling of the years: less than its calendar would take."""
    if len(years) == 1:
        return str(years[0])
    middle = len(years) // 2
    low, high = (_by_halves(column, part, sign) for part in (years[:middle], years[middle:]))
    return f"CASE WHEN {column} {sign} '{years[middle]}-04-01' THEN {low} ELSE {high} END"


class FiscalYear(Func):
    """``year_of`` as Django asks for it."""

    output_field = IntegerField()

    def __init__(self, day, years: range, *, before: bool = False):
        super().__init__(day)
        self.years, self.before = years, before

    def as_sql(self, compiler, connection, **more):
        column, params = compiler.compile(self.source_expressions[0])
        assert not params  # a column, named as often as it is compared
        return year_of(column, self.years, before=self.before), []


class Marks(Aggregate):
    """What the rows of a group have, each 「a:b」, with commas between; in no order."""

    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s || '', ',')"
    arg_joiner = " || ':' || "
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **more):
        return self.as_sql(compiler, connection, function="STRING_AGG", **more)


def grouped(inner: QuerySet, keys: list[str], number: str) -> list[tuple]:
    """``keys``, and ``number`` of the rows alike in them, of a statement that has grouped before:
    so the first grouping follows an index, and the second has little left to sort."""
    try:
        sql, params = inner.query.sql_with_params()
    except EmptyResultSet:  # nothing may be read
        return []
    names = ", ".join(str(place) for place in range(1, len(keys) + 1))
    by = f" GROUP BY {names}" if keys else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([*keys, number])} FROM ({sql}) AS each{by}", params)
        return cursor.fetchall()
