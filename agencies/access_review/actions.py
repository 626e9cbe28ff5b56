"""The quarterly access review of an agency: confirm somebody's access, or let it lapse."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from agencies.access_review.selectors import confirmed_from_today
from agencies.acting import Actor
from agencies.models import Agency, Membership
from agencies.people.transitions import MEMBERSHIP
from workflow.locking import hold

CONFIRM: Final = "confirm"
LAPSE: Final = "lapse"


@transaction.atomic
def review_access(agency: Agency, *, by: Actor, said: Mapping[UUID, str]) -> int:
    """Do what was said of each member; how many were changed by it.

    All of it or, where one has moved on meanwhile, nothing. Nobody confirms themselves.
    """
    hold(agency)
    changed = 0
    for pk in sorted(said):
        membership = Membership.objects.filter(agency=agency, pk=pk).first()
        if membership is None:
            raise PermissionDenied("not a member of this agency")
        until = confirmed_from_today() if said[pk] == CONFIRM else _yesterday()
        if membership.confirmed_until == until:
            continue  # a doubled post
        with MEMBERSHIP.making(said[pk], membership, by=by):
            membership.confirmed_until = until
        changed += 1
    return changed


def _yesterday() -> date:
    """The last day of an access that ends now."""
    return timezone.localdate() - timedelta(days=1)
