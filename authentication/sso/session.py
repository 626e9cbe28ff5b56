"""What a session remembers of single sign-on: whether the provider asked for a second factor."""

from django.http import HttpRequest

from agencies.models import User

KEY = "sso_second_factor"


def note(request: HttpRequest, user: User, *, second_factor: bool) -> None:
    """Remember it for this person and this session, or forget what was remembered."""
    request.session.pop(KEY, None)
    if second_factor:
        request.session[KEY] = str(user.pk)


def provider_showed_second_factor(request: HttpRequest, user: User) -> bool:
    """Whether this person signed in to this session with a provider that asked for one.

    Only providers whose settings name the values of ``amr`` or ``acr`` can say so; else the
    portal asks for a second factor of its own.
    """
    return bool(request.session.get(KEY) == str(user.pk))
