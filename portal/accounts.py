"""How allauth behaves here."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

logger = logging.getLogger(__name__)


class ClosedSignupAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody makes an account for themselves: agencies ask people in (ISA-7.1)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether strangers may sign up: never."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """The subject as it is; the stock one puts the host's name before it."""
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send unless it would tell a stranger's address that it has no account here."""
        if template_prefix.endswith("unknown_account"):
            return
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as fault:
            # The page answers as for an address without an account; only the kind is logged.
            logger.warning("a message about an account was not sent: %s", type(fault).__name__)
