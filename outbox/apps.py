from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Promises: what must still leave the building."""

    name = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
