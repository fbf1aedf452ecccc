from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from outsourcing import row_security


class OutsourcingConfig(AppConfig):
    name = "outsourcing"
    verbose_name = "委託台帳"

    def ready(self):
        connection_created.connect(row_security.on_connection_created)
        post_migrate.connect(_protect_rows, sender=self)


def _protect_rows(sender, using, **kwargs):
    row_security.protect(connections[using])
