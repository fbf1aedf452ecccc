from django.apps import AppConfig


class GuidelineConfig(AppConfig):
    name = "guideline"
    verbose_name = "指針"

    def ready(self):
        from guideline import checks, lookups, refresh  # noqa: F401  (they register themselves)
