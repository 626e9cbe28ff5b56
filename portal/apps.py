import gc

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Wiring; it has no tables."""

    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Leave alone what is there by now, and look for garbage among what comes after it."""
        gc.freeze()
        gc.enable()
