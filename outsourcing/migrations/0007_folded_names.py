from django.db import migrations

from outsourcing.folding import folded

SLICE = 2000


def fold_names(apps, schema_editor):
    """What is searched by, of the rows there are."""
    for name, field, of in (
        ("Contract", "search_text", lambda row: folded(row.title, row.number)),
        ("Contractor", "search_name", lambda row: folded(row.name, row.kana)[:600]),
    ):
        rows = apps.get_model("outsourcing", name).objects.using(schema_editor.connection.alias)
        last = 0
        while found := list(rows.filter(pk__gt=last).order_by("pk")[:SLICE]):
            for row in found:
                setattr(row, field, of(row))
            rows.bulk_update(found, [field], batch_size=200)
            last = found[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ('outsourcing', '0006_entering'),
    ]

    operations = [
        migrations.RunPython(fold_names, migrations.RunPython.noop),
    ]
