"""The partnership's row as its page shows it."""

from django.db.models import QuerySet

from agencies.models import Agency, Partnership
from agencies.register.policies import GONE
from agencies.register.selectors import front_doors, statutory_partners


def version_of_partnership() -> int:
    """A number that grows with each change of the row, or of who is a partner or front door."""
    parts = statutory_partners() | front_doors()
    changes: int = Partnership.history.count()
    return changes + sum(parts.values_list("version", flat=True))


def could_be_a_partner() -> QuerySet[Agency]:
    """Every agency there, to choose partners and front door from."""
    return Agency.objects.exclude(status__in=GONE).order_by("name")
