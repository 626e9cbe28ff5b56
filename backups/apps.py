from django.apps import AppConfig


class BackupsConfig(AppConfig):
    """Copies kept apart, and the proof that they can be used."""

    name = "backups"
    default_auto_field = "django.db.models.BigAutoField"
