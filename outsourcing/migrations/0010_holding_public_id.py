import uuid

from django.db import migrations, models


def give(apps, schema_editor):
    """An address to every holding there is."""
    alias = schema_editor.connection.alias
    rows = apps.get_model("outsourcing", "Shareholding").objects.using(alias)
    for key in rows.values_list("pk", flat=True):
        rows.filter(pk=key).update(public_id=uuid.uuid4())


class Migration(migrations.Migration):

    dependencies = [
        ('outsourcing', '0009_parts_of_names'),
    ]

    operations = [
        migrations.AddField(
            model_name='shareholding',
            name='public_id',
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        migrations.RunPython(give, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='shareholding',
            name='public_id',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
