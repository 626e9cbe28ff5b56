"""Notifications about memberships, checks and reviews; none names anybody (ISA-6.2)."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.composing import compose
from agencies.grants import people_who
from agencies.models import Agency, Membership, Reminder, User
from agencies.people.selectors import with_last_check
from agencies.permissions import Permission
from outbox.notifications import Notification, Writer

Active = Membership.Status.ACTIVE


def suspended(pk: str) -> Notification:
    """Somebody learns that their access is stopped."""
    said = _("Your access to the service is suspended for one of your agencies.")
    return compose([_membership(pk).user], _("Your access is suspended"), said)


def lifted(pk: str) -> Notification:
    """Somebody learns that they can work again."""
    said = _("The suspension of your access to the service has been lifted.")
    return compose([_membership(pk).user], _("The suspension was lifted"), said)


def check_runs_out(pk: str) -> Notification:
    """Somebody learns that their check runs out, unless a later one was recorded meanwhile."""
    reminder = Reminder.objects.get(pk=pk)
    subject = _("Your organisational check runs out")
    rows = with_last_check(Membership.objects.filter(pk=reminder.about, status=Active))
    row = rows.filter(checked_until=reminder.due_on).select_related("user").first()
    said = _(
        "The organisational check that is recorded for you holds until %s. After that you "
        "cannot open cases. Ask your agency to record a new one."
    ) % _day(reminder)
    return compose([row.user] if row else [], subject, said)


def checks_run_out(pk: str) -> Notification:
    """Those who keep an agency's people learn that checks run out on a day."""
    reminder = Reminder.objects.get(pk=pk)
    rows = with_last_check(Membership.objects.filter(agency=reminder.about, status=Active))
    still = rows.filter(checked_until=reminder.due_on).exists()
    said = _(
        "Organisational checks of people of your agency run out on %s. After that these "
        "people cannot open cases. Sign in to see whose, and record new ones."
    ) % _day(reminder)
    to = keepers(reminder) if still else []
    return compose(to, _("Organisational checks run out"), said)


def access_ends(pk: str) -> Notification:
    """Somebody learns that their access has to be confirmed."""
    reminder = Reminder.objects.get(pk=pk)
    rows = Membership.objects.filter(pk=reminder.about, status=Active)
    row = rows.filter(confirmed_until=reminder.due_on).select_related("user").first()
    said = _(
        "Your access to the service is confirmed until %s. After that you cannot open cases. "
        "Your agency has to confirm it."
    ) % _day(reminder)
    return compose([row.user] if row else [], _("Your access has to be confirmed"), said)


def review_due(pk: str) -> Notification:
    """Those who keep an agency's people learn that the access review is due."""
    reminder = Reminder.objects.get(pk=pk)
    rows = Membership.objects.filter(agency=reminder.about, status=Active)
    still = rows.filter(confirmed_until=reminder.due_on).exists()
    subject = (
        _("The access review of your agency is due")
        if reminder.due_on > timezone.localdate()
        else _("The access review of your agency is late")
    )
    said = _(
        "The access of people of your agency is confirmed until %s. Those who are not "
        "confirmed by then cannot open cases."
    ) % _day(reminder)
    return compose(keepers(reminder) if still else [], subject, said)


def keepers(reminder: Reminder) -> Iterable[User]:
    """Single points of contact and responsible managers of the agency that it is about."""
    agency = Agency.objects.filter(pk=reminder.about).first()
    return people_who(Permission.MANAGE_PEOPLE, agency) if agency else []


def _membership(pk: str) -> Membership:
    found: Membership = Membership.objects.select_related("user").get(pk=pk)
    return found


def _day(reminder: Reminder) -> str:
    return date_format(reminder.due_on, "j F Y")


NOTIFICATIONS: dict[str, Writer] = {
    "membership.suspended": suspended,
    "membership.lifted": lifted,
    "check.runs_out": check_runs_out,
    "checks.run_out": checks_run_out,
    "access.ends": access_ends,
    "access.review_due": review_due,
}
