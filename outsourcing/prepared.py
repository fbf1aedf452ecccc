"""Queries that are asked again and again: composed once, then only asked.

Reading the facts of one contract takes the database half a millisecond, and took Django five to
compose the same statements anew at every save.

PostgreSQL also keeps the plans of those that pages ask for (``planned_once``): of a table with many
indexes it plans for longer than it reads. Not of others: in a process that writes much it would go
on with a plan made while tables were small, and join for seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any, NamedTuple

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from psycopg.sql import Literal

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
    is_planned_once: bool = False

    @classmethod
    def of(cls, query, connection) -> _Statement:
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        fields = [column[0] for column in compiler.select[: compiler.col_count]]
        return cls(sql, tuple(params), compiler.get_converters(fields))

    def planned_once(self, connection, places: Container) -> _Statement:
        """The same for a server that keeps its plan: with all parameters written out but those that
        stand for something else, so that the plan is made for these."""
        connection.ensure_connection()
        within = connection.connection
        texts = ["%s" if p in places else Literal(p).as_string(within) for p in self.params]
        texts = [text if text == "%s" else text.replace("%", "%%") for text in texts]
        return self._replace(
            sql=self.sql.replace("%%", "%%%%") % tuple(texts),
            params=tuple(p for p in self.params if p in places),
            is_planned_once=True,
        )

    def counting(self) -> _Statement:
        """How many rows it has, in one row."""
        sql = f"SELECT COUNT(*) FROM ({self.sql}) AS counted"  # noqa: S608  (Django's own)
        return self._replace(sql=sql, converters={})

    def rows(self, connection, values: Mapping) -> Iterator[tuple]:
        """Asked with ``values`` in place of the parameters that stand for them."""
        params = [values.get(param, param) for param in self.params]
        # A statement that the server knows by a name, Django's log could not tell.
        if self.is_planned_once and not connection.queries_logged:
            rows = _by_its_plan(connection, self.sql, params)
        else:
            with connection.cursor() as cursor:
                cursor.execute(self.sql, params)
                rows = cursor.fetchall()
        return _converted(rows, self.converters, connection)


def _by_its_plan(connection, sql: str, params: list) -> list[tuple]:
    """Django's own cursors put the parameters into the text, of which no plan is kept."""
    connection.validate_no_broken_transaction()
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(sql, params).fetchall()


class Composed:
    """Queries that depend on nothing but a few values, each composed once: ``rows`` of the same
    ``key`` asks the same statement again. The key says all that ``compose`` looks at, whose ledgers
    may be read above all."""

    MOST = 512  # then all are forgotten

    def __init__(self, *, planned_once: bool = False):
        """``planned_once``: PostgreSQL keeps their plans too, for as long as the connection is
        kept or until it learns how the tables have grown (ANALYZE)."""
        self._planned_once = planned_once
        self._known: dict[Hashable, _Statement | None] = {}

    def rows(
        self, key: Hashable, compose: Callable[[], models.QuerySet], values: Mapping | None = None
    ) -> list[tuple]:
        """The rows of the values list that ``compose`` makes, with ``values`` in place of the
        parameters that stand for them."""
        values = values or {}
        connection = _connection()
        statement = self._statement((key, False), compose, values, connection)
        return list(statement.rows(connection, values)) if statement else []

    def count(self, key: Hashable, compose: Callable[[], models.QuerySet]) -> int:
        """How many rows that values list has."""
        connection = _connection()
        statement = self._statement((key, True), compose, {}, connection)
        return next(statement.rows(connection, {}))[0] if statement else 0

    def _statement(self, key: tuple[Hashable, bool], compose, values, connection):
        """The key says whether it counts. None where it would find nothing: where nothing may be
        read."""
        known = connection.vendor, key
        try:
            return self._known[known]
        except KeyError:
            statement = self._composed(compose, values, connection, counts=key[1])
        if len(self._known) >= self.MOST:
            self._known.clear()
        self._known[known] = statement
        return statement

    def _composed(self, compose, values: Mapping, connection, *, counts: bool):
        try:
            statement = _Statement.of(compose().query, connection)
        except EmptyResultSet:
            return None
        if counts:
            statement = statement.counting()
        if self._planned_once and connection.vendor == "postgresql":
            statement = statement.planned_once(connection, values)
        return statement


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
