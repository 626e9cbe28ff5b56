from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """People, agencies, roles and grants."""

    name = "agencies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the grants checked wherever the records are held against the ledger."""
        from agencies.grants_check import grants_unlike_roles
        from audit.ledger.verifying_rows import held_beside

        held_beside(grants_unlike_roles)
