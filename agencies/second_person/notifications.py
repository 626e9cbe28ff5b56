"""Notifications about what waits for a second person; none names anybody (ISA-6.2)."""

from django.utils.translation import gettext as _

from agencies.composing import compose
from agencies.models import Proposal, User
from agencies.second_person.selectors import told_at_once
from outbox.notifications import Notification, Writer


def proposed(pk: str) -> Notification:
    """Those who could be the second person, and the agency's information governance lead."""
    proposal = Proposal.objects.select_related("agency", "membership").get(pk=pk)
    said = (
        _(
            "Somebody is to get a role at your agency, or at one that you keep, by which they "
            "could read cases. It counts for nothing until a second person has confirmed it."
        )
        if proposal.membership is not None
        else _(
            "An e-mail domain is to be added to your agency, or to one that you keep. It counts "
            "for nothing until a second person has confirmed it."
        )
    )
    expected = _(
        "If you did not expect this, refuse it, and tell the partnership’s office at once."
    )
    subject = _("A change waits for a second person")
    return compose(told_at_once(proposal), subject, f"{said}\n\n{expected}")


def confirmed(pk: str) -> Notification:
    """Whoever proposed it, and whoever has the role now."""
    said = _("A role or an e-mail domain that waited for a second person was confirmed.")
    return compose(_parties(pk, also_the_person=True), _("A second person has confirmed"), said)


def refused(pk: str) -> Notification:
    """Whoever proposed it; the person concerned never had the role."""
    said = _("A role or an e-mail domain that waited for a second person was refused.")
    return compose(_parties(pk), _("A second person has refused"), said)


def _parties(pk: str, *, also_the_person: bool = False) -> list[User]:
    proposal = Proposal.objects.select_related("membership__user", "proposed_by").get(pk=pk)
    found = [proposal.proposed_by] if proposal.proposed_by else []
    if also_the_person and proposal.membership is not None:
        found.append(proposal.membership.user)
    return found


NOTIFICATIONS: dict[str, Writer] = {
    "proposal.made": proposed,
    "proposal.confirmed": confirmed,
    "proposal.refused": refused,
}
