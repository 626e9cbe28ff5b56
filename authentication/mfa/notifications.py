"""What the outbox says about second factors; none names or describes anybody (ISA-6.2)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from agencies.composing import compose
from agencies.grants import people_who
from agencies.models import User
from agencies.permissions import Permission
from authentication.mfa_reset.selectors import those_who_keep_the_register
from authentication.models import FactorReset
from outbox.notifications import Notification, Writer


def _compose(to: Iterable[Any], said: str, *more: str) -> Notification:
    """A notification whose subject is what it says first."""
    return compose(to, said.rstrip("."), said, *more)


def _not_you() -> str:
    return _("If that was not you, tell your agency's single point of contact (SPoC) at once.")


def _own(pk: str, said: str) -> Notification:
    return _compose(User.objects.filter(pk=pk), said, _not_you())


def factor_added(pk: str) -> Notification:
    """Another way to prove who one is."""
    return _own(pk, _("Another way to prove who you are was added to your account."))


def factor_removed(pk: str) -> Notification:
    """One way less."""
    return _own(pk, _("A way to prove who you are was removed from your account."))


def codes_made(pk: str) -> Notification:
    """The old recovery codes are worth nothing."""
    return _own(pk, _("New recovery codes were made for your account."))


def forged_taken(pk: str) -> Notification:
    """Somebody wrote a way to sign in into the database, in this person's name."""
    said = _("A forged way to sign in as you was found and taken away.")
    more = _(
        "It let nobody in. If the service asks you to set up how you prove who you are, do it "
        "today."
    )
    wrong = _(
        "If anything about your account looks wrong, tell your agency's single point of contact "
        "(SPoC) at once."
    )
    return _compose(User.objects.filter(pk=pk), said, more, wrong)


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
    return _compose(keepers.values(), said, _("It has to be approved within 24 hours."))


def reset_told(pk: str) -> Notification:
    """The person themselves, in case that it is not they who asked."""
    said = _("Somebody at your agency has asked to reset how you prove who you are.")
    return _compose([_reset(pk).person], said, _not_you())


def reset_approved(pk: str) -> Notification:
    """The person can begin again."""
    said = _("Your passkeys, authenticator app and recovery codes were reset.")
    more = _(
        "Follow “I have forgotten my password” on the page where you sign in. Once you have"
        " chosen a new password by the link of that letter, you can set up a new one. Do it today."
    )
    return _compose([_reset(pk).person], said, more, _not_you())


NOTIFICATIONS: dict[str, Writer] = {
    "signin.factor_added": factor_added,
    "signin.factor_removed": factor_removed,
    "signin.codes_made": codes_made,
    "forged.taken_away": forged_taken,
    "reset.asked": reset_asked,
    "reset.told": reset_told,
    "reset.approved": reset_approved,
}
