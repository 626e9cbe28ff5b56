from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Information requests, from the first word to what is released."""

    name = "requests_app"
    default_auto_field = "django.db.models.BigAutoField"
