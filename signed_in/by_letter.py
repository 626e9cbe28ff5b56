"""Whether the password of a session was chosen by the link of a letter (docs/adr/0105).

Whoever writes to the database can set a password, but cannot make such a link, which takes
SECRET_KEY, nor write into a session, which is sealed.
"""

from typing import Any, Final

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

KEY: Final = "by_letter"


def chosen_by_letter(request: HttpRequest, user: Any) -> None:
    """Remember that this person has just chosen their password in this browser, by a link."""
    request.session.cycle_key()  # a session that somebody else planted here is not theirs any more
    request.session[KEY] = [str(user.pk), user.get_session_auth_hash()]


def was_chosen_by_letter(request: HttpRequest) -> bool:
    """Whether the one who is signed in has, and it is still their password."""
    whose, password = request.session.get(KEY) or ("", "")
    now = request.user.get_session_auth_hash()  # type: ignore[union-attr]
    return whose == str(request.user.pk) and constant_time_compare(password, now)
