"""What the outbox says about disposal: a reference and where to sign in (ISA-6.2)."""

from django.utils.translation import gettext as _

from agencies.grants import people_who
from agencies.permissions import Permission
from outbox.notifications import Notification, Writer
from requests_app.notifications import compose_about
from retention.models import DisposalList, DisposalStatement


def list_listed(pk: str) -> Notification:
    """Somebody has to approve a disposal, other than the one who listed it."""
    listed = DisposalList.objects.select_related("desk").get(pk=pk)
    to = [
        person
        for person in people_who(Permission.REVIEW_OPENINGS, listed.desk)
        if person.pk != listed.listed_by_id
    ]
    said = _("A disposal list is waiting for a second person.")
    return compose_about(to, said.rstrip("."), said, listed.reference)


def list_approved(pk: str) -> Notification:
    """The front door learns that the waiting time runs, while it can be cancelled."""
    listed = DisposalList.objects.select_related("desk").get(pk=pk)
    said = _("A disposal list was approved. Until its waiting time is over it can be cancelled.")
    subject = _("A disposal list was approved")
    return compose_about(
        people_who(Permission.TRIAGE, listed.desk), subject, said, listed.reference
    )


def statement_asked(pk: str) -> Notification:
    """A receiving agency is asked what became of its copy."""
    said = _("The portal has disposed of a record. Say what your agency has done with its copy.")
    return _of_statement(pk, _("Say what your agency did with its copy"), said)


def statement_chased(pk: str) -> Notification:
    """It is asked again: where it kept its copy, once the day until which it did is over."""
    said = _("Your agency has not said yet what it has done with its copy of a record.")
    if DisposalStatement.objects.get(pk=pk).status == DisposalStatement.Status.KEPT:
        said = _("The day until which your agency was to keep its copy of a record has passed.")
    return _of_statement(pk, _("Reminder: say what your agency did with its copy"), said)


def _of_statement(pk: str, subject: str, said: str) -> Notification:
    row = DisposalStatement.objects.select_related("agency").get(pk=pk)
    return compose_about(people_who(Permission.OVERSEE, row.agency), subject, said, row.reference)


NOTIFICATIONS: dict[str, Writer] = {
    "disposal.listed": list_listed,
    "disposal.approved": list_approved,
    "statement.asked": statement_asked,
    "statement.chased": statement_chased,
}
