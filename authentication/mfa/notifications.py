"""What the outbox says about second factors; none names or describes anybody (ISA-6.2)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from agencies.composing import compose
from agencies.models import User
from outbox.notifications import Notification, Writer


def compose_said(to: Iterable[Any], said: str, *more: str) -> Notification:
    """A notification whose subject is what it says first."""
    return compose(to, said.rstrip("."), said, *more)


def not_you() -> str:
    """What to do for whoever did not do it themselves."""
    return _("If that was not you, tell your agency's single point of contact (SPoC) at once.")


def _own(pk: str, said: str) -> Notification:
    return compose_said(User.objects.filter(pk=pk), said, not_you())


def factor_added(pk: str) -> Notification:
    """Another way to prove who one is."""
    return _own(pk, _("A sign-in method was added to your account."))


def factor_removed(pk: str) -> Notification:
    """One way less."""
    return _own(pk, _("A sign-in method was removed from your account."))


def codes_made(pk: str) -> Notification:
    """The old recovery codes are worth nothing."""
    return _own(pk, _("New recovery codes were made for your account."))


def forged_taken(pk: str) -> Notification:
    """Somebody wrote a way to sign in into the database, in this person's name."""
    said = _("A forged way to sign in as you was found and taken away.")
    more = _(
        "It let nobody in. If the service asks you to set up a second sign-in method, do it today."
    )
    wrong = _(
        "If anything about your account looks wrong, tell your agency's single point of contact "
        "(SPoC) at once."
    )
    return compose_said(User.objects.filter(pk=pk), said, more, wrong)


NOTIFICATIONS: dict[str, Writer] = {
    "signin.factor_added": factor_added,
    "signin.factor_removed": factor_removed,
    "signin.codes_made": codes_made,
    "forged.taken_away": forged_taken,
}
