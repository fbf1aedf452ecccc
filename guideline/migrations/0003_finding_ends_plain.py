from datetime import date

from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

INDEXES = {
    'finding_severity_days': ['severity', 'since', 'ends', 'contract'],
    'finding_rule_since': ['rule', 'since', 'ends', 'contract'],
    'finding_rule_ends': ['rule', 'ends', 'since', 'contract'],
}


def fill(apps, schema_editor):
    findings = apps.get_model('guideline', 'Finding').objects.using(schema_editor.connection.alias)
    findings.update(ends=Coalesce('until', Value(date.max)))


class Migration(migrations.Migration):
    """The end of a finding as a column like others, where it was a generated one."""

    dependencies = [
        ('guideline', '0002_rules_of_chapter_8'),
    ]

    operations = [
        *(migrations.RemoveIndex('finding', name) for name in INDEXES),
        migrations.RemoveField('finding', 'ends'),
        migrations.AddField(
            'finding',
            'ends',
            models.DateField(default=date.max, editable=False),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        *(
            migrations.AddIndex('finding', models.Index(fields=fields, name=name))
            for name, fields in INDEXES.items()
        ),
        migrations.AddConstraint(
            'finding',
            models.CheckConstraint(
                name='finding_ends_is_until',
                condition=Q(until__isnull=True, ends=date.max) | Q(until=F('ends')),
                violation_error_message='所見の終わりが二通りに記録されています。',
            ),
        ),
    ]
