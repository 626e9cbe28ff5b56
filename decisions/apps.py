from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """Decisions to share or not to share, and their scrutiny."""

    name = "decisions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hang up the check of the editions."""
        from decisions import checks  # noqa: F401
