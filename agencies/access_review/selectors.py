"""Until when access is confirmed, and whose has to be confirmed soon."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency, Membership
from agencies.people.selectors import SOON, check_words, role_names, with_last_check

GRACE = timedelta(days=14)
MONTHS_A_QUARTER, MONTHS_A_YEAR = 3, 12


def confirmed_until(today: date) -> date:
    """The last day of an access confirmed today: the end of the next quarter, and some grace."""
    quarter = (today.month - 1) // MONTHS_A_QUARTER
    # The first month after the next quarter, counted from January of this year.
    after = (quarter + 2) * MONTHS_A_QUARTER
    first = date(today.year + after // MONTHS_A_YEAR, after % MONTHS_A_YEAR + 1, 1)
    return first - timedelta(days=1) + GRACE


def confirmed_from_today() -> date:
    """The same from today, by the calendar in London."""
    return confirmed_until(timezone.localdate())


def is_due(membership: Membership) -> bool:
    """Whether access has to be confirmed soon, or should have been."""
    until = membership.confirmed_until
    return until is not None and until - SOON <= timezone.localdate()


def to_review(agency: Agency) -> QuerySet[Membership]:
    """Every active member, those whose access ends first first."""
    active = Membership.objects.filter(agency=agency, status=Membership.Status.ACTIVE)
    named = active.select_related("user").prefetch_related("roles")
    return named.order_by(
        F("confirmed_until").asc(nulls_last=True),
        Coalesce("user__last_name", "user__email"),
        "pk",
    )


def review_rows(members: Iterable[Membership], form: Any) -> list[dict[str, Any]]:
    """Each member with roles, check and last sign-in, and the field in which to choose."""
    found = with_last_check(Membership.objects.filter(pk__in=[each.pk for each in members]))
    checked = dict(found.values_list("pk", "checked_until"))
    rows = []
    for each in members:
        until = checked.get(each.pk)
        words, colour = check_words(until) if until else (_("None recorded"), "red")
        name = f"member-{each.pk}"
        rows.append(
            {
                "name": str(each.user),
                "job": each.user.job_title,
                "roles": ", ".join(role_names(each)),
                "check": words,
                "colour": colour,
                "last_sign_in": each.user.last_login,
                "until": each.confirmed_until,
                "is_due": is_due(each),
                "field": form[name] if name in form.fields else None,
            }
        )
    return rows
