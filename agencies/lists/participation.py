"""Which agencies take part: they signed, and neither lapsed nor were suspended (ISA-2.1)."""

from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency


def takes_part(path: str = "") -> Q:
    """What is true of an agency that takes part today; ``path`` leads to it, as in ``agency__``."""
    today = timezone.localdate()
    status = Q(**{f"{path}status": Agency.Status.TAKING_PART})
    return status & (Q(**{f"{path}lapses_on": None}) | Q(**{f"{path}lapses_on__gt": today}))
