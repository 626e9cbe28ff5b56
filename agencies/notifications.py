"""What the outbox says about agencies and people; none names anybody (ISA-6.2)."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies import checkpoint_notifications
from agencies.composing import compose, text_of
from agencies.grants import people_who
from agencies.invitations.selectors import why_over
from agencies.invitations.tokens import leads_somewhere, token_of
from agencies.models import Agency, Guidance, Invitation, Membership, Proposal, Reminder, User
from agencies.people.selectors import with_last_check
from agencies.permissions import Permission
from agencies.second_person.selectors import told_at_once
from outbox.notifications import Notification, Writer, people

Active = Membership.Status.ACTIVE


def invited(pk: str) -> Notification:
    """The link, to the invited person's own address only; to nobody once it leads nowhere."""
    invitation = Invitation.objects.select_related("membership__user").get(pk=pk)
    subject = _("You are invited to a service for sharing information")
    if why_over(invitation) or not leads_somewhere(invitation):
        return Notification(to={}, subject=subject, text="")
    link = reverse("agencies:invitation", args=[token_of(invitation)])
    text = text_of(
        _(
            "An agency that you work with invites you to a service that agencies use to "
            "share information to keep children and young people safe."
        ),
        _("To accept, open this page: %s") % f"{settings.PORTAL_URL.rstrip('/')}{link}",
        _("It can be used once, within 72 hours, by you alone. Do not pass it on."),
        _("If you did not expect this, do nothing, and tell whoever is responsible for you."),
    )
    person = invitation.membership.user
    to = people([(person.pk, person.email)])
    return Notification(to=to, subject=subject, text=text)


def suspended(pk: str) -> Notification:
    """Somebody learns that their access is stopped."""
    said = _("Your access to the service is suspended for one of your agencies.")
    return compose([_membership(pk).user], _("Your access is suspended"), said)


def lifted(pk: str) -> Notification:
    """Somebody learns that they can work again."""
    said = _("The suspension of your access to the service has been lifted.")
    return compose([_membership(pk).user], _("The suspension was lifted"), said)


def guidance_in_force(pk: str) -> Notification:
    """Everybody who opens cases has something to read first."""
    guidance = Guidance.objects.get(pk=pk)
    subject = _("New guidance on confidentiality and consent")
    if guidance.status != Guidance.Status.IN_FORCE:
        return compose([], subject, "")
    active = Membership.objects.filter(status=Active, user__is_active=True)
    to = User.objects.filter(pk__in=active.values("user")).exclude(
        acknowledgements__guidance=guidance
    )
    said = _(
        "The guidance on confidentiality and consent has changed. You have to read and "
        "acknowledge it before you open a case again."
    )
    return compose(to, subject, said)


def check_runs_out(pk: str) -> Notification:
    """Somebody learns that their check runs out, unless a later one was recorded meanwhile."""
    reminder = Reminder.objects.get(pk=pk)
    subject = _("Your staff check expires soon")
    rows = with_last_check(Membership.objects.filter(pk=reminder.about, status=Active))
    row = rows.filter(checked_until=reminder.due_on).select_related("user").first()
    said = _(
        "The staff check recorded for you expires on %s. After that you cannot open cases. "
        "Ask your agency to record a new one."
    ) % _day(reminder)
    return compose([row.user] if row else [], subject, said)


def checks_run_out(pk: str) -> Notification:
    """Those who keep an agency's people learn that checks run out on a day."""
    reminder = Reminder.objects.get(pk=pk)
    rows = with_last_check(Membership.objects.filter(agency=reminder.about, status=Active))
    still = rows.filter(checked_until=reminder.due_on).exists()
    said = _(
        "Staff checks of people at your agency expire on %s. After that these people cannot "
        "open cases. Sign in to see whose, and record new ones."
    ) % _day(reminder)
    to = keepers(reminder) if still else []
    return compose(to, _("Staff checks expire soon"), said)


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


def proposed(pk: str) -> Notification:
    """Those who could be the second person, and the agency's information governance lead."""
    proposal = Proposal.objects.select_related("agency", "membership").get(pk=pk)
    said = (
        _(
            "A new role at your agency, or at one that you manage, would let somebody read "
            "cases. It has no effect until a second person has confirmed it."
        )
        if proposal.membership is not None
        else _(
            "An e-mail domain is to be added to your agency, or to one that you manage. It "
            "has no effect until a second person has confirmed it."
        )
    )
    expected = _(
        "If you did not expect this, refuse it, and tell the partnership’s office at once."
    )
    subject = _("A change is waiting for a second person")
    return compose(told_at_once(proposal), subject, f"{said}\n\n{expected}")


def confirmed(pk: str) -> Notification:
    """Whoever proposed it, and whoever has the role now."""
    said = _("A role or e-mail domain that was waiting for a second person has been confirmed.")
    return compose(_parties(pk, also_the_person=True), _("A second person has confirmed"), said)


def refused(pk: str) -> Notification:
    """Whoever proposed it; the person concerned never had the role."""
    said = _("A role or e-mail domain that was waiting for a second person has been refused.")
    return compose(_parties(pk), _("A second person has refused"), said)


def _parties(pk: str, *, also_the_person: bool = False) -> list[User]:
    proposal = Proposal.objects.select_related("membership__user", "proposed_by").get(pk=pk)
    found = [proposal.proposed_by] if proposal.proposed_by else []
    if also_the_person and proposal.membership is not None:
        found.append(proposal.membership.user)
    return found


NOTIFICATIONS: dict[str, Writer] = {
    "invitation.sent": invited,
    "membership.suspended": suspended,
    "membership.lifted": lifted,
    "proposal.made": proposed,
    "proposal.confirmed": confirmed,
    "proposal.refused": refused,
    "guidance.in_force": guidance_in_force,
    "check.runs_out": check_runs_out,
    "checks.run_out": checks_run_out,
    "access.ends": access_ends,
    "access.review_due": review_due,
    **checkpoint_notifications.NOTIFICATIONS,
}
