"""What the outbox says about ways to sign in; none names or describes anybody (ISA-6.2)."""

from django.utils.translation import gettext as _

from agencies.composing import compose
from agencies.models import User
from outbox.notifications import Notification, Writer


def _told(pk: str, said: str) -> Notification:
    """To whoever's account it is."""
    warning = _("If that was not you, tell your agency's single point of contact (SPoC) at once.")
    return compose(User.objects.filter(pk=pk), said.rstrip("."), said, warning)


def linked(pk: str) -> Notification:
    """Another way to sign in."""
    return _told(pk, _("Your account was linked to single sign-on."))


def unlinked(pk: str) -> Notification:
    """One way less."""
    return _told(pk, _("Your account is no longer linked to single sign-on."))


NOTIFICATIONS: dict[str, Writer] = {"signin.linked": linked, "signin.unlinked": unlinked}
