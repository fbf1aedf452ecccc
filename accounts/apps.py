from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "利用者"

    def ready(self):
        from accounts.sign_in import receivers  # noqa: F401  (they register themselves)
