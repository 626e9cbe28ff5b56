"""Composes notifications in the shape that all share; none names anybody (ISA-6.2)."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import User
from agencies.partnership.selectors import the_partnership
from outbox.notifications import InTurn, Notification, people


def compose(to: Iterable[User], subject: str, *said: str, page: str = "/") -> Notification:
    """What is said, and where to sign in; whoever can no longer sign in gets none.

    ``page`` is where the link leads, once somebody has signed in there.
    """
    sign_in = _("Sign in to see it: %s") % link_to(page)
    reached = people((user.pk, user.email) for user in to if user.is_active)
    return Notification(to=reached, subject=subject, text=text_of(*said, sign_in))


def link_to(page: str) -> str:
    """The whole address of a page of the portal."""
    return f"{settings.PORTAL_URL.rstrip('/')}{page}"


def several(turns: list[InTurn]) -> tuple[str, str]:
    """The letter that tells of several things at once, each with its own link."""
    count = len(turns)
    subject = ngettext("%s reminder", "%s reminders", count) % count
    said = _("Each link leads to its page once you have signed in.")
    return subject, text_of(said, *(f"{each.line}\n{each.link}" for each in turns))


def text_of(*paragraphs: str) -> str:
    """The paragraphs, and how every message ends."""
    no_reply = _("Do not reply to this message. Nobody reads replies.")
    return "\n\n".join([*paragraphs, no_reply, the_partnership().service_name])
