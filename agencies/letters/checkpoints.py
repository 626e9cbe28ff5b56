"""The daily letter by which every partner becomes a witness of the ledger (P-RECORD)."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agencies.letters.people import letter
from agencies.lists.participation import takes_part
from agencies.models import Membership, User
from agencies.permissions import Role
from audit.lists import checkpoint_of
from outbox.letters import Letter, Writer


def checkpoint_signed(pk: str) -> Letter:
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
    return letter(
        User.objects.filter(pk__in=held.values("user")),
        _("Checkpoint of the record, %s") % date_format(signed.at, "j F Y"),
        said,
    )


LETTERS: dict[str, Writer] = {"ledger.checkpoint": checkpoint_signed}
