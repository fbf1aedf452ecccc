import uuid

from django.db import migrations, models


def name_each(apps, schema_editor):
    rows = apps.get_model('accounts', 'Membership').objects.using(schema_editor.connection.alias)
    for row in rows.all():
        row.public_id = uuid.uuid4()
        row.save(update_fields=['public_id'])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_sign_in'),
        ('outsourcing', '0005_officers'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='public_id',
            field=models.UUIDField(null=True, editable=False),
        ),
        migrations.RunPython(name_each, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='membership',
            name='public_id',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddField(
            model_name='membership',
            name='void_reason',
            field=models.CharField(blank=True, max_length=500, verbose_name='取下げの理由'),
        ),
        migrations.AddField(
            model_name='membership',
            name='voided_on',
            field=models.DateField(blank=True, null=True, verbose_name='取り下げた日'),
        ),
        migrations.AddField(
            model_name='user',
            name='version',
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name='版'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('void_reason', ''), ('voided_on__isnull', True)), models.Q(('voided_on__isnull', False), models.Q(('void_reason', ''), _negated=True)), _connector='OR'), name='membership_voided_with_reason', violation_error_message='取り下げた日と理由は、両方そろえて入力してください。'),
        ),
    ]
