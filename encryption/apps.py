"""The app: registers its checks, and nothing else happens on start."""

from django.apps import AppConfig


class EncryptionConfig(AppConfig):
    """Keys, sealed columns, sealed files, match tokens."""

    name = "encryption"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the checks: they register themselves."""
        from encryption import checks  # noqa: F401
