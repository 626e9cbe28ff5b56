"""For what a passkey was asked: a challenge is answered where it was put, and nowhere else (M2).

The library keeps one challenge in the session, whatever it was for. One that was put after a
password, or to add a passkey, must not sign anybody in.
"""

from typing import Any, Final

from allauth.core import context
from allauth.mfa.webauthn.internal import auth
from fido2.webauthn import UserVerificationRequirement

SIGN_IN: Final = "sign in"
SECOND: Final = "after the password"
PROVE: Final = "prove again"
ADD: Final = "add"
KEY: Final = "for"


def begun(ceremony: str) -> None:
    """Note for what the challenge is that the library has just put."""
    auth.set_state({**(auth.get_state() or {}), KEY: ceremony})


def is_of(ceremony: str) -> bool:
    """Whether the challenge was put for this, and the device has to ask who its user is.

    One of another ceremony is gone then: whoever tries has to begin again.
    """
    state: dict[str, Any] = auth.get_state() or {}
    asks = state.get("user_verification") == UserVerificationRequirement.REQUIRED
    if state.get(KEY) == ceremony and asks:
        return True
    if context.request is not None:
        auth.clear_state()
    return False
