from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Evidence: what happened, and who looked."""

    name = "audit"
    default_auto_field = "django.db.models.BigAutoField"
