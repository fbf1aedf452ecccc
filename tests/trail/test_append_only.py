"""The database itself lets nobody change what is recorded, and says when it would not record."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction

from accounts.models import User
from tests import trails
from trail import accesses, seals, triggers
from trail.checks import everything_is_recorded
from trail.models import Access, Change, Kind, Seal

# As who owns the tables: the application itself has not even the right to try.
pytestmark = pytest.mark.django_db(databases="__all__")
MODELS = [Change, Access, Seal]
REFUSED = "書き換えることも消すこともできません"


@pytest.fixture
def owner():
    """The owner's connection, with one record of each kind."""
    alias = trails.owner_alias()
    User.objects.using(alias).create(username="written by the owner")
    accesses.record(Kind.READ, object="A01-2017-00001", using=alias)
    seals.seal(using=alias)
    return alias


@pytest.mark.parametrize("model", MODELS)
def test_a_record_is_neither_changed_nor_deleted(owner, model):
    rows = model.objects.using(owner)
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic(using=owner):
        rows.update(number=999)
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic(using=owner):
        rows.all().delete()
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic(using=owner):
        rows.first().delete()
    assert rows.exists()


@pytest.mark.parametrize("model", MODELS)
def test_not_even_the_owner_empties_a_table_at_once(owner, model, postgresql_only):
    with (
        pytest.raises(DatabaseError, match=REFUSED),
        transaction.atomic(using=owner),
        connections[owner].cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {model._meta.db_table}")


@pytest.mark.usefixtures("postgresql_only")
class TestTheRoleOfTheApplication:
    @pytest.mark.parametrize(
        ("model", "may"),
        [(Change, {"SELECT"}), (Access, {"SELECT", "INSERT"}), (Seal, {"SELECT", "INSERT"})],
    )
    def test_has_these_rights_alone(self, model, may):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT privilege FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE',"
                " 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege"
                " WHERE has_table_privilege(current_user, %s, privilege)",
                [model._meta.db_table],
            )
            assert {privilege for (privilege,) in cursor.fetchall()} == may

    @pytest.mark.parametrize(
        "statement",
        [
            'INSERT INTO trail_change (at, who, request, address, reason, "table", key, action)'
            " VALUES (now(), '', '', '', '', 't', '1', 'insert')",
            "UPDATE trail_access SET who = 'x'",
            "DELETE FROM trail_seal",
            "TRUNCATE trail_change",
            "ALTER TABLE trail_change DISABLE TRIGGER USER",
            "ALTER TABLE outsourcing_contract DISABLE TRIGGER USER",
            "TRUNCATE outsourcing_contract CASCADE",
        ],
    )
    def test_is_refused_everything_else(self, statement):
        with (
            pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


class TestBeforeServing:
    def test_a_database_that_was_prepared_passes(self, db):
        assert everything_is_recorded(databases=["default"]) == []

    def test_no_database_is_asked_when_none_is_named(self):
        assert everything_is_recorded(databases=None) == []

    @pytest.mark.parametrize("table", ["outsourcing_contract", "accounts_user", "trail_change"])
    def test_a_table_whose_triggers_are_gone_is_named(self, table):
        alias = trails.owner_alias()
        self.drop_triggers(connections[alias], table)
        (problem,) = everything_is_recorded(databases=[alias])
        assert problem.id == "trail.E001"
        assert table in problem.msg
        triggers.install(connections[alias])
        assert everything_is_recorded(databases=[alias]) == []

    def test_triggers_that_are_turned_off_are_missing(self, postgresql_only):
        alias = trails.owner_alias()
        with connections[alias].cursor() as cursor:
            cursor.execute("ALTER TABLE outsourcing_section DISABLE TRIGGER USER")
        (problem,) = everything_is_recorded(databases=[alias])
        assert "outsourcing_section" in problem.msg

    def test_triggers_that_record_too_little_are_out_of_date(self, settings):
        """As if the code had come to record a column that the triggers leave out."""
        alias = trails.owner_alias()
        excepted = settings.TRAIL_EXCEPT_COLUMNS
        settings.TRAIL_EXCEPT_COLUMNS = excepted | {"accounts.User": ["password"]}
        (problem,) = everything_is_recorded(databases=[alias])
        assert "accounts_user" in problem.msg
        assert "outsourcing" not in problem.msg

    def drop_triggers(self, connection, table):
        with connection.cursor() as cursor:
            for standing in triggers.standing(connection):
                if standing.table == table:
                    on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
                    cursor.execute(f'DROP TRIGGER "{standing.name}"{on}')
