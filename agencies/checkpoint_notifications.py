"""The daily e-mail by which every partner becomes a witness of the ledger (P-RECORD)."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.composing import compose
from agencies.grants import people_who
from agencies.models import Agency, Membership, User
from agencies.permissions import Permission, Role
from agencies.register.selectors import takes_part
from audit.selectors import checkpoint_of
from outbox.notifications import Notification, Writer


def checkpoint_signed(pk: str) -> Notification:
    """To every single point of contact of an agency that takes part: a hash, and no case."""
    signed = checkpoint_of(int(pk))
    held = Membership.objects.filter(
        takes_part("agency__"), status=Membership.Status.ACTIVE, roles__role=Role.SPOC
    )
    said = "\n\n".join(
        [
            _(
                "Please keep this message. You need not do anything with it. It holds the record "
                "of all decisions to what it was on %s: if anything before that were ever "
                "changed, added or taken out, what you keep here would show it."
            )
            % date_format(signed.at, "j F Y"),
            signed.note.strip(),
        ]
    )
    return compose(
        User.objects.filter(pk__in=held.values("user")),
        _("Checkpoint of the record, %s") % date_format(signed.at, "j F Y"),
        said,
    )


def leaf_set_aside(pk: str) -> Notification:
    """To the administrators, and to the front door's information governance lead."""
    said = "\n\n".join(
        [
            _(
                "Something that is no record of this service was written into its record, and "
                "not by the service itself. It was set aside and not signed. Everything else goes "
                "on and holds."
            ),
            _(
                "Ask whoever runs the service today who else can write to its database. What was "
                "set aside has the number %s."
            )
            % pk,
        ]
    )
    return compose(_who_is_alarmed(), _("Somebody else has written to the record"), said)


def finding_acknowledged(pk: str) -> Notification:
    """To the same: whoever runs the service has put on record that something is not as recorded."""
    said = "\n\n".join(
        [
            _(
                "Something in this service is not as its record says. Whoever runs the service has "
                "looked into it, given a reason, and put it on record. From now on it is shown as "
                "known, and no longer as new, when the record is checked."
            ),
            _(
                "Ask whoever runs the service what it is and why it stays so. It has the number "
                "%s. If nobody there knows of it, tell the information governance lead today."
            )
            % pk,
        ]
    )
    return compose(_who_is_alarmed(), _("A fault in the record was put on record as known"), said)


def forged_taken_away(pk: str) -> Notification:
    """To the same: somebody wrote a way to sign in past the service, and it was taken away."""
    said = "\n\n".join(
        [
            _(
                "Somebody has written a way to sign in, in the name of a person, into the database "
                "of this service, and not by the service itself. It let nobody in. Whoever runs "
                "the service has looked into it and taken it away, and has put on record why."
            ),
            _(
                "Ask whoever runs the service today who else can write to its database. It has the "
                "number %s. If nobody there knows of it, tell the information governance lead "
                "today."
            )
            % pk,
        ]
    )
    return compose(_who_is_alarmed(), _("A forged way to sign in was taken away"), said)


def _who_is_alarmed() -> list[User]:
    told = [
        each
        for office in Agency.objects.filter(keeps_register=True)
        for each in people_who(Permission.ADMINISTER, office)
    ]
    for desk in Agency.objects.filter(is_front_door=True):
        told += people_who(Permission.REVIEW_OPENINGS, desk)
    return told


NOTIFICATIONS: dict[str, Writer] = {
    "ledger.checkpoint": checkpoint_signed,
    "ledger.set_aside": leaf_set_aside,
    "ledger.acknowledged": finding_acknowledged,
    "ledger.taken_away": forged_taken_away,
}
