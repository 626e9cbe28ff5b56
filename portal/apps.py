from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Wiring; it has no tables."""

    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"
