from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Who is signed in, where, and until when."""

    name = "sessions"
    label = "signed_in"  # of tables and migrations, which keep it
    default_auto_field = "django.db.models.BigAutoField"
