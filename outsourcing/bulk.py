# ruff: noqa: S608  (names of tables and columns; nothing that was typed)
"""Writes many rows of one model at once, new ones or changes of others.

Django's ``bulk_create`` spends some 80 µs on each row before the database hears of it, and making
the row another 30, which is most of what a ledger of a hundred thousand rows takes; this spends a
few. Like it, it sends no signals and gives every row its key.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from itertools import chain, groupby
from operator import attrgetter

from django.db import DEFAULT_DB_ALIAS, connections, models, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.base import ModelState

BATCH = 2000
MOST_PARAMETERS = 6000  # of a statement of SQLite, which takes 32,766
ROOM = 128 * 1024  # KiB
# What every database adapter takes as it is.
PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)


@contextmanager
def without_collector() -> Iterator[None]:
    """Thousands of rows are held until they are written: the collector would walk them over and
    over, and finds nothing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def roomy() -> Iterator[None]:
    """SQLite keeps more of the file at hand than the 2 MB it starts with: what a hundred thousand
    rows change of a dozen indexes it would write out and read again. To be asked for outside of a
    transaction."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = -{ROOM}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {before}")


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert unsaved rows of one model, all or none; a key that a row has already is kept.

    Raises IntegrityError.
    """
    if not rows:
        return
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    fields = model._meta.local_concrete_fields
    name_related(rows)
    # Whoever can go on after a refusal has a savepoint of its own.
    whole = transaction.atomic(using=connection.alias, savepoint=False)
    with whole, ahead(connection), connection.cursor() as cursor:
        insert = _insert_postgresql if connection.vendor == "postgresql" else _insert_sqlite
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            insert(cursor, model, fields, batch, connection)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def insert_values(model: type[models.Model], names: Sequence[str], rows: Sequence[tuple]) -> None:
    """Insert rows that never were instances, given as the values of these fields, of all there are:
    of a foreign key the key, and first the row's own, None where it is to be given. Raises
    IntegrityError.
    """
    connection = connections[router.db_for_write(model)]
    fields = [model._meta.get_field(name) for name in names]
    insert = _put_postgresql if connection.vendor == "postgresql" else _put_sqlite
    whole = transaction.atomic(using=connection.alias, savepoint=False)
    with whole, connection.cursor() as cursor, ahead(connection):
        for start in range(0, len(rows), BATCH):
            keys, *columns = zip(*rows[start : start + BATCH], strict=True)
            columns = [
                _prepared(field, values, connection)
                for field, values in zip(fields[1:], columns, strict=True)
            ]
            if connection.vendor == "postgresql" and not any(keys):
                # Keys that were asked for would have to wait for what was sent before.
                insert(cursor, model, fields[1:], columns, connection)
                continue
            new = iter(_keys(cursor, model, keys.count(None)))
            keys = [next(new) if key is None else key for key in keys]
            insert(cursor, model, fields, [keys, *columns], connection)


@contextmanager
def ahead(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """PostgreSQL writes what it was sent while the next is made ready, until something is asked of
    it."""
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    if connection.connection.pgconn.pipeline_status:  # somebody around this does so
        yield
        return
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def update_rows(rows: Sequence[models.Model], names: Iterable[str], seen: Sequence[int]) -> set:
    """Write these fields of saved rows of one model, and raise the version of each by one, where it
    still has the version ``seen``. The keys of those that had. Raises IntegrityError.
    """
    if not rows:
        return set()
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    name_related(rows)
    fields = tuple(model._meta.get_field(name) for name in sorted(names))
    update = _update_postgresql if connection.vendor == "postgresql" else _update_sqlite
    whole = transaction.atomic(using=connection.alias, savepoint=False)
    with whole, connection.cursor() as cursor:
        return {
            key
            for at in range(0, len(rows), BATCH)
            for (key,) in update(
                cursor, model, fields, rows[at : at + BATCH], seen[at : at + BATCH], connection
            )
        }


def give_keys(rows: Sequence[models.Model]) -> None:
    """Give unsaved rows of one model their keys before they are inserted, where others of them name
    them."""
    if rows:
        model = type(rows[0])
        with connections[router.db_for_write(model)].cursor() as cursor:
            for row, key in zip(rows, _keys(cursor, model, len(rows)), strict=True):
                row.pk = key


def new_row(model: type[models.Model], **values) -> models.Model:
    """``model(**values)``, in a fifth of the time: an unsaved row with the model's defaults.

    Raises TypeError where ``values`` names what the model has not.
    """
    row = model.__new__(model)
    plain, made, names = _defaults(model)
    if not names.issuperset(values):
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(values.keys() - names))}")
    row.__dict__.update(plain, _state=ModelState())
    for name, make in made:
        row.__dict__[name] = make()
    for name, value in values.items():
        setattr(row, name, value)
    return row


@cache
def _defaults(model: type[models.Model]) -> tuple[dict, list[tuple[str, Callable]], set[str]]:
    """By attribute, the defaults that are the same for every row, and how the others are made;
    and all names that a value may be given by."""
    fields = model._meta.local_concrete_fields
    making = [field for field in fields if field.has_default() and callable(field.default)]
    plain = {field.attname: field.get_default() for field in fields if field not in making}
    names = {"pk", *(name for field in fields for name in (field.name, field.attname))}
    return plain, [(field.attname, field.default) for field in making], names


def name_related(rows: Sequence[models.Model]) -> Sequence[models.Model]:
    """``rows`` of one model, with the keys that what they refer to was given since they were made.

    Assigning it anew would do the same in ten times the time.
    """
    if rows:
        keys = [field for field in rows[0]._meta.local_concrete_fields if field.is_relation]
        for row in rows:
            values = row.__dict__
            for field in keys:
                if values[field.attname] is None and (related := field.get_cached_value(row, None)):
                    values[field.attname] = related.pk
    return rows


def _keys(cursor, model: type[models.Model], number: int):
    """Keys nobody else has: from the sequence, or, where the writer is alone, the next."""
    if not number:
        return []
    table, column = model._meta.db_table, model._meta.pk.column
    if cursor.db.vendor == "postgresql":
        cursor.execute(
            # Its sequence is looked up once, not row by row.
            "SELECT nextval(named.sequence) FROM generate_series(1, %s), "
            "(SELECT pg_get_serial_sequence(%s, %s)::regclass AS sequence OFFSET 0) AS named",
            [number, f'"{table}"', column],
        )
        return [key for (key,) in cursor.fetchall()]
    # Keys of rows that are gone are not given again (AUTOINCREMENT), hence the second source.
    cursor.execute(
        f'SELECT MAX(COALESCE((SELECT MAX("{column}") FROM "{table}"), 0), '
        "COALESCE((SELECT seq FROM sqlite_sequence WHERE name = %s), 0))",
        [table],
    )
    (last,) = cursor.fetchone()
    return range(last + 1, last + 1 + number)


def _column(field: models.Field, rows: Sequence[models.Model], connection) -> list:
    """The values of one field, as the statement takes them."""
    return _prepared(field, map(attrgetter(field.attname), rows), connection)


def _prepared(field: models.Field, values: Iterable, connection) -> list:
    prepare = _preparation(field, connection)
    return list(values) if prepare is None else list(map(prepare, values))


def _preparation(field: models.Field, connection: BaseDatabaseWrapper) -> Callable | None:
    plain = field.target_field if field.is_relation else field
    if isinstance(plain, PLAIN):
        return None
    if isinstance(field, models.JSONField):
        # Part of a larger JSON text on PostgreSQL, a text of its own on SQLite.
        return None if connection.vendor == "postgresql" else _json
    if connection.vendor == "postgresql":
        prepare = _in_json
    else:
        prepare = partial(field.get_db_prep_save, connection=connection)
    # The same few days stand in thousands of rows.
    return lru_cache(maxsize=4096)(prepare)


def _json(value) -> str:
    return "[]" if value == [] else json.dumps(value)


def _in_json(value) -> str | None:
    return None if value is None else str(value)


def _columns(fields, rows: Sequence[models.Model], connection) -> list[list]:
    return [_column(field, rows, connection) for field in fields]


def _insert_sqlite(cursor, model, fields, rows, connection) -> None:
    give_keys([row for row in rows if row.pk is None])
    _put_sqlite(cursor, model, fields, _columns(fields, rows, connection), connection)


def _put_sqlite(cursor, model, fields, columns: list[list], connection) -> None:
    """Many rows a statement, for which the indexes are opened once; and like statements at once,
    since Django rewrites each that it is given."""
    values = list(zip(*columns, strict=True))
    most = MOST_PARAMETERS // len(fields)
    parts = (values[start : start + most] for start in range(0, len(values), most))
    place, into = f"({', '.join(['%s'] * len(fields))})", _into(model, fields)
    for number, alike in groupby(parts, key=len):
        parameters = [list(chain(*part)) for part in alike]
        cursor.executemany(f"{into} VALUES {', '.join([place] * number)}", parameters)


def _insert_postgresql(cursor, model, fields, rows, connection) -> None:
    """Each column as one JSON text: the same statement for any number of rows, and PostgreSQL takes
    it apart in half the time that JSON of rows takes. Keys come back with it."""
    new = [row for row in rows if row.pk is None]
    if len(new) < len(rows):
        give_keys(new)
        new = []
    sql, fields = _statement(model, with_keys=not new)
    columns = [json.dumps(column) for column in _columns(fields, rows, connection)]
    cursor.execute(sql, columns)
    if new:  # numbered in the order in which they stand
        for row, (key,) in zip(rows, sorted(cursor.fetchall()), strict=True):
            row.pk = key


def _put_postgresql(cursor, model, fields, columns: list[list], connection) -> None:
    listed, _ = _listed(fields, connection)
    cursor.execute(f"{_into(model, fields)} SELECT {listed}", [json.dumps(c) for c in columns])


@cache
def _statement(model: type[models.Model], *, with_keys: bool) -> tuple[str, list[models.Field]]:
    """PostgreSQL's, and the fields whose columns it takes. Without keys it returns what it gave."""
    connection = connections[router.db_for_write(model)]
    fields = [f for f in model._meta.local_concrete_fields if with_keys or not f.primary_key]
    listed, _ = _listed(fields, connection)
    sql = f"{_into(model, fields)} SELECT {listed}"
    return (sql if with_keys else f'{sql} RETURNING "{model._meta.pk.column}"'), fields


def _update_sqlite(cursor, model, fields, rows, seen, connection) -> list:
    columns = [[row.pk for row in rows], seen, *_columns(fields, rows, connection)]
    values = list(zip(*columns, strict=True))
    most = MOST_PARAMETERS // len(columns)
    place = f"({', '.join(['%s'] * len(columns))})"
    sql = _update(model, fields, [f"column{number}" for number in range(1, len(columns) + 1)])
    done = []
    for start in range(0, len(values), most):
        some = values[start : start + most]
        listed = f"(VALUES {', '.join([place] * len(some))})"
        cursor.execute(sql.format(rows=listed), list(chain(*some)))
        done += cursor.fetchall()
    return done


def _update_postgresql(cursor, model, fields, rows, seen, connection) -> list:
    columns = [[row.pk for row in rows], seen, *_columns(fields, rows, connection)]
    typed = (model._meta.pk, model._meta.get_field("version"), *fields)
    listed, names = _listed(typed, connection)
    sql = _update(model, fields, names)
    cursor.execute(sql.format(rows=f"(SELECT {listed})"), [json.dumps(c) for c in columns])
    return cursor.fetchall()


def _update(model: type[models.Model], fields, names: Sequence[str]) -> str:
    """Of rows of a key, a version and the fields, whose columns have these ``names``."""
    table, own, (key, version, *others) = model._meta.db_table, model._meta.pk.column, names
    put = (f'"{field.column}" = v.{name}' for field, name in zip(fields, others, strict=True))
    return (
        f'UPDATE "{table}" SET {", ".join(put)}, "version" = "{table}"."version" + 1 '
        f"FROM {{rows}} AS v "
        f'WHERE "{table}"."{own}" = v.{key} AND "{table}"."version" = v.{version} '
        f'RETURNING "{table}"."{own}"'
    )


def _listed(fields, connection) -> tuple[str, list[str]]:
    """Rows out of columns that come as JSON texts, to be selected; and the names they have."""
    names = [f"c{number}" for number in range(len(fields))]
    parts = (
        "json_array_elements" if isinstance(field, models.JSONField) else "json_array_elements_text"
        for field in fields
    )
    typed = ", ".join(
        f"{name}::{_type(field, connection)} AS {name}"
        for name, field in zip(names, fields, strict=True)
    )
    calls = ", ".join(f"{part}(%s::json)" for part in parts)
    return f"{typed} FROM ROWS FROM ({calls}) AS rows_({', '.join(names)})", names


def _into(model: type[models.Model], fields) -> str:
    names = ", ".join(f'"{field.column}"' for field in fields)
    return f'INSERT INTO "{model._meta.db_table}" ({names})'


def _type(field: models.Field, connection) -> str:
    """Without a length: a cast to one would cut what is too long, and not refuse it."""
    named = field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
    return named.partition("(")[0]
