from django.apps import AppConfig


class AuthenticationConfig(AppConfig):
    """Proving who one is: second factors, sessions, single sign-on."""

    name = "authentication"
    label = "signin"  # of tables, migrations and topics, which keep it
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks, and let nothing let in that was not made here."""
        from allauth.socialaccount.models import SocialAccount

        from audit.ledger.verifying_rows import held_beside
        from authentication import forged
        from authentication.mfa import marks as bound
        from authentication.sso import checks as sso_checks  # noqa: F401

        bound.count_only_ours()
        bound.take_what_cannot_be_read_for_nothing(SocialAccount, "extra_data")
        held_beside(forged.found)
