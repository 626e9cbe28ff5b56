"""What of the agencies leans on the ring: links of invitations that still lead somewhere."""

from collections import Counter

from django.utils import timezone

from agencies.models import Invitation
from encryption.uses import KeyUse


def _leaning() -> Counter[str]:
    # A link is made of its ring key and cannot be moved to another; it lasts 72 hours.
    open_ones = Invitation.objects.filter(status=Invitation.Status.SENT, ends_at__gt=timezone.now())
    return Counter(open_ones.values_list("key_id", flat=True))


USES = [KeyUse("links of invitations", leaning=_leaning)]
