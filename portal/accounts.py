"""How allauth behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


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
        super().send_mail(template_prefix, email, context)
