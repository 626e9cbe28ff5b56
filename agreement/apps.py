from django.apps import AppConfig


class AgreementConfig(AppConfig):
    """The agreement: its editions, who agreed them, and which agencies signed."""

    name = "agreement"
    default_auto_field = "django.db.models.BigAutoField"
