from django.apps import AppConfig


class BackupsConfig(AppConfig):
    """Copies kept apart, and the proof that they can be used."""

    name = "backups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the check: it registers itself."""
        from backups import checks  # noqa: F401
