from django.apps import AppConfig


class SignedInConfig(AppConfig):
    """Who is signed in, where, and until when."""

    name = "signed_in"
    default_auto_field = "django.db.models.BigAutoField"
