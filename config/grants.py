"""What the runtime role may do on PostgreSQL: read and write rows, and change nothing else.

A model that names ``runtime_privileges`` has these alone: nobody writes the trail anew.
"""

from __future__ import annotations

from django.apps import apps
from django.db import transaction
from django.db.utils import ProgrammingError

TABLES = ("SELECT", "INSERT", "UPDATE", "DELETE")
SEQUENCES = ("USAGE",)


def grant_runtime_role(owner, role: str, *, tables: tuple[str, ...] = TABLES) -> None:
    """Give the role exactly these privileges, taking away any others it was given before.

    `owner` is the connection of the role that owns the tables. Nobody reads half-granted tables:
    all of it is one transaction.
    """
    name = owner.ops.quote_name(role)
    schema = "SCHEMA public"
    with transaction.atomic(using=owner.alias), owner.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            raise ProgrammingError(f"PostgreSQLに利用者 {role} がありません。")
        cursor.execute(f"GRANT USAGE ON {schema} TO {name}")
        for kind, privileges in (("TABLES", tables), ("SEQUENCES", SEQUENCES)):
            every = f"ALL {kind} IN {schema}"
            cursor.execute(f"REVOKE ALL ON {every} FROM {name}")
            cursor.execute(f"GRANT {', '.join(privileges)} ON {every} TO {name}")
        for model in apps.get_models():
            if own := getattr(model, "runtime_privileges", None):
                table = owner.ops.quote_name(model._meta.db_table)
                cursor.execute(f"REVOKE ALL ON {table} FROM {name}")
                cursor.execute(f"GRANT {', '.join(own)} ON {table} TO {name}")
