from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Information requests, from the first word to what is released."""

    name = "requests_app"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the check of the ledger hold match tokens and places in the inbox too."""
        from audit.ledger.verifying_rows import held_beside
        from requests_app.matching.tokens_held import tokens_unlike_people
        from requests_app.triage.places import places_unlike_requests

        held_beside(tokens_unlike_people)
        held_beside(places_unlike_requests)
