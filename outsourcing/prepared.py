"""Queries that are asked again and again: composed once, then only asked.

Reading the facts of one contract takes the database half a millisecond, and took Django five to
compose the same statements anew at every save. They are not prepared at the server: PostgreSQL
would go on with the plan it made while tables were small, and join for seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models

from outsourcing.querysets import among, between, close

# Stand for the keys while a statement is composed; no row has them.
LOWEST, HIGHEST = -9_007_199_254_740_981, -9_007_199_254_740_982


def places(number: int) -> list[int]:
    """Stand for so many keys, likewise."""
    return [HIGHEST - place for place in range(1, number + 1)]


def filled(places: list[int], keys: list[int]) -> dict[int, int]:
    """Keys, some, in those places; the last fills up what is left, so that the same statement asks
    for any number of them."""
    return dict(zip(places, [*keys, *[keys[-1]] * len(places)], strict=False))


class _Statement(NamedTuple):
    sql: str
    params: tuple
    converters: dict[int, tuple]

    @classmethod
    def of(cls, query, connection) -> _Statement:
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        fields = [column[0] for column in compiler.select[: compiler.col_count]]
        return cls(sql, tuple(params), compiler.get_converters(fields))

    def rows(self, connection, values: Mapping) -> Iterator[tuple]:
        """Asked with ``values`` in place of the parameters that stand for them."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [values.get(param, param) for param in self.params])
            rows = cursor.fetchall()
        return _converted(rows, self.converters, connection)


class Composed:
    """Queries that depend on nothing but a few values, each composed once: ``rows`` of the same
    ``key`` asks the same statement again. The key says all that ``compose`` looks at, whose ledgers
    may be read above all."""

    MOST = 512  # then all are forgotten

    def __init__(self):
        self._known: dict[Hashable, _Statement | None] = {}

    def rows(
        self, key: Hashable, compose: Callable[[], models.QuerySet], values: Mapping | None = None
    ) -> list[tuple]:
        """The rows of the values list that ``compose`` makes, with ``values`` in place of the
        parameters that stand for them."""
        statement = self._statement(key, compose)
        return list(statement.rows(_connection(), values or {})) if statement else []

    def count(self, key: Hashable, compose: Callable[[], models.QuerySet]) -> int:
        """How many rows that values list has."""
        statement = self._statement(key, compose)
        if statement is None:
            return 0
        with _connection().cursor() as cursor:
            sql = f"SELECT COUNT(*) FROM ({statement.sql}) AS counted"  # noqa: S608  (Django's own)
            cursor.execute(sql, statement.params)
            return cursor.fetchone()[0]

    def _statement(self, key: Hashable, compose) -> _Statement | None:
        """None where it would find nothing: where nothing may be read."""
        connection = _connection()
        key = connection.vendor, key
        if key not in self._known:
            if len(self._known) >= self.MOST:
                self._known.clear()
            try:
                self._known[key] = _Statement.of(compose().query, connection)
            except EmptyResultSet:
                self._known[key] = None
        return self._known[key]


def _connection():
    return connections[DEFAULT_DB_ALIAS]


class Prepared:
    """``queryset(condition)`` is a values list narrowed by what ``condition(field)`` returns for
    the name of a column of keys. Called with keys (sorted), it yields rows; of keys that lie close
    also those between, as ``among`` does, unless it locks them: others wait for no row in vain."""

    def __init__(self, queryset: Callable[[Callable[[str], models.Q]], models.QuerySet]):
        self.queryset = queryset
        self._composed = Composed()

    def __call__(self, ids: list[int]) -> Iterable[tuple]:
        if len(ids) == 1:
            condition = partial(among, ids=[LOWEST])
        elif self._locks:
            return self.queryset(lambda field: models.Q(**{f"{field}__in": ids}))
        elif close(ids):
            condition = partial(between, lowest=LOWEST, highest=HIGHEST)
        else:
            return self.queryset(partial(among, ids=ids))
        return self._composed.rows(
            len(ids) == 1,
            lambda: self.queryset(condition),
            {LOWEST: ids[0], HIGHEST: ids[-1]},
        )

    @cached_property
    def _locks(self) -> bool:
        locking = self.queryset(partial(among, ids=[LOWEST])).query.select_for_update
        return locking and connections[DEFAULT_DB_ALIAS].features.has_select_for_update


def _converted(rows: list[tuple], converters: dict[int, tuple], connection) -> Iterator[Any]:
    """The rows as Django would give them."""
    if not converters:
        yield from rows
        return
    for row in rows:
        values = list(row)
        for place, (functions, expression) in converters.items():
            for convert in functions:
                values[place] = convert(values[place], expression, connection)
        yield tuple(values)
