"""How allauth behaves here."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.core import context
from django.http import HttpRequest

from authentication.mfa.account import WithSecondFactors
from authentication.passwords.notifications import link_of
from authentication.throttling.account import WithLimits
from sessions.actions import end_all_sessions

logger = logging.getLogger(__name__)


class ClosedSignupAdapter(WithLimits, WithSecondFactors):
    """Nobody makes an account for themselves: agencies ask people in (ISA-7.1)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether strangers may sign up: never."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """The subject as it is; the stock one puts the host's name before it."""
        return subject

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Never by the address that a request came to: anybody can write that header."""
        return link_of(key)

    def set_password(self, user: Any, password: str) -> None:
        """Set it, and end every session but the one in which the person did it themselves."""
        user.set_password(password)
        user.save(update_fields=["password"])  # pages may change no more of a person than they do
        request = context.request
        here = request.session.session_key if request and request.user == user else None
        end_all_sessions(user, but=here or "")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send unless it would tell a stranger's address that it has no account here."""
        if template_prefix.endswith("unknown_account"):
            return
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as fault:
            # The page answers as for an address without an account; only the kind is logged.
            logger.warning("a message about an account was not sent: %s", type(fault).__name__)
