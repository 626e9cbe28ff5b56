from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Wiring; it has no tables."""

    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks that ``migrate`` and ``check --database`` run."""
        from portal import checks  # noqa: F401 - registers on import
