from django.db import migrations

from outsourcing.name_parts import parts

SLICE = 2000


def take_apart(apps, schema_editor):
    """What the contractors there are can be found by."""
    alias = schema_editor.connection.alias
    contractors = apps.get_model("outsourcing", "Contractor").objects.using(alias)
    part = apps.get_model("outsourcing", "NamePart")
    last = 0
    while found := list(contractors.filter(pk__gt=last).order_by("pk")[:SLICE]):
        part.objects.using(alias).bulk_create(
            [
                part(contractor_id=row.pk, part=text, place=place)
                for row in found
                for text, place in parts(row.name, row.kana).items()
            ],
            batch_size=SLICE,
        )
        last = found[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ('outsourcing', '0008_name_parts'),
    ]

    operations = [
        migrations.RunPython(take_apart, migrations.RunPython.noop),
    ]
