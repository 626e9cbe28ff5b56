from django.apps import AppConfig


class SigninConfig(AppConfig):
    """Proving who one is: second factors, sessions, single sign-on."""

    name = "signin"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks."""
        from signin import sso_checks  # noqa: F401
