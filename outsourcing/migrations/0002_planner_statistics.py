from django.db import migrations

from outsourcing.planner import FUNCTION

# SECURITY DEFINER: it runs as the owner of the tables, whoever calls it, and does this one thing.
CREATE = f"""
CREATE FUNCTION {FUNCTION}() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one name;
BEGIN
    FOR one IN
        SELECT relname FROM pg_class
         WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
           AND relowner = current_user::regrole
    LOOP
        EXECUTE format('ANALYZE public.%I', one);
    END LOOP;
END
$$
"""  # noqa: S608


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE, params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP FUNCTION {FUNCTION}()")


class Migration(migrations.Migration):
    dependencies = [("outsourcing", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
