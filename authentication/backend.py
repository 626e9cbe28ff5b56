"""Who a session belongs to, asked once in every request."""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend

from agencies.acting import person_of_a_session
from agencies.models import User


class Backend(AuthenticationBackend):  # type: ignore[misc]  # the package has no types
    """The package's, with one statement for the person and their agencies."""

    def get_user(self, user_id: Any) -> User | None:
        """The person of this id, unless they may not sign in."""
        try:
            user = person_of_a_session(UUID(str(user_id)))
        except (User.DoesNotExist, ValueError):
            return None
        return user if self.user_can_authenticate(user) else None
