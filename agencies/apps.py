from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """People, agencies, roles and grants."""

    name = "agencies"
    default_auto_field = "django.db.models.BigAutoField"
