from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class TrailConfig(AppConfig):
    name = "trail"
    verbose_name = "記録"

    def ready(self):
        from trail import accesses, checks, context, triggers  # noqa: F401  (checks: by itself)

        connection_created.connect(context.on_connection_created)
        pre_migrate.connect(triggers.before_migrate, sender=self)
        post_migrate.connect(triggers.on_migrate, sender=self)
        accesses.listen()
