"""Who a session belongs to, asked once in every request."""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from agencies.models import User
from workflow.compiled import read_row


class Backend(AuthenticationBackend):  # type: ignore[misc]  # the package has no types
    """The package's, with a statement for the person that is put together once."""

    def get_user(self, user_id: Any) -> User | None:
        """The person of this id, unless they may not sign in."""
        try:
            user = read_row(User, UUID(str(user_id)))
        except (User.DoesNotExist, ValueError):
            return None
        return user if self.user_can_authenticate(user) else None
