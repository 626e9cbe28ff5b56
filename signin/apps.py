from django.apps import AppConfig


class SigninConfig(AppConfig):
    """Proving who one is: second factors, sessions, single sign-on."""

    name = "signin"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks, and let nothing let in that was not made here."""
        from allauth.socialaccount.models import SocialAccount

        from audit.ledger.live import held_beside
        from signin import bound, sso_bound, sso_checks  # noqa: F401

        bound.count_only_ours()
        bound.take_what_cannot_be_read_for_nothing(SocialAccount, "extra_data")
        held_beside(bound.not_ours)
        held_beside(sso_bound.not_ours)
