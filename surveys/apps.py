from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"
    verbose_name = "調査"

    def ready(self):
        from surveys import standing  # noqa: F401  (registers itself)
