from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """People, agencies, roles and grants."""

    name = "agencies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have grants and who is active checked wherever records are held against the ledger."""
        from agencies.active import people_unlike_their_memberships
        from agencies.grants_check import grants_unlike_roles
        from audit.ledger.verifying_rows import held_beside

        held_beside(grants_unlike_roles)
        held_beside(people_unlike_their_memberships)
