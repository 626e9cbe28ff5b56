"""What the outbox says about resets of second factors; none names anybody (ISA-6.2)."""

from django.utils.translation import gettext as _

from agencies.grants import people_who
from agencies.permissions import Permission
from authentication.mfa.notifications import compose_said, not_you
from authentication.mfa_reset.selectors import those_who_keep_the_register
from authentication.models import FactorReset
from outbox.notifications import Notification, Writer


def _reset(pk: str) -> FactorReset:
    return FactorReset.objects.select_related("person", "agency").get(pk=pk)


def reset_asked(pk: str) -> Notification:
    """Those who could be the second person."""
    reset = _reset(pk)
    keepers = {each.pk: each for each in people_who(Permission.MANAGE_PEOPLE, reset.agency)}
    keepers |= {each.pk: each for each in those_who_keep_the_register()}
    for one in (reset.person_id, reset.asked_by_id):
        keepers.pop(one, None)
    said = _("A colleague who has lost a device needs a second person's approval to begin again.")
    return compose_said(keepers.values(), said, _("It has to be approved within 24 hours."))


def reset_told(pk: str) -> Notification:
    """The person themselves, in case that it is not they who asked."""
    said = _("Somebody at your agency has asked to reset your sign-in security.")
    return compose_said([_reset(pk).person], said, not_you())


def reset_approved(pk: str) -> Notification:
    """The person can begin again."""
    said = _("Your passkeys, authenticator app and recovery codes were reset.")
    more = _(
        "Follow “I have forgotten my password” on the sign-in page. Once you have chosen a "
        "new password with the link in that e-mail, you can set up a new sign-in method. Do "
        "it today."
    )
    return compose_said([_reset(pk).person], said, more, not_you())


NOTIFICATIONS: dict[str, Writer] = {
    "reset.asked": reset_asked,
    "reset.told": reset_told,
    "reset.approved": reset_approved,
}
