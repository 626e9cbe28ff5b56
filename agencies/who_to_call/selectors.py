"""Which agencies a partner can look up, and who can."""

from collections.abc import Mapping

from agencies.acting import Actor
from agencies.permissions import Permission
from agencies.register.selectors import Directory, directory
from agencies.who_to_call.policies import WHO_TO_CALL


def to_call(actor: Actor, wanted: Mapping[str, str], after: str) -> Directory:
    """The agencies that a partner can look up."""
    return directory(WHO_TO_CALL.scope(actor, *Permission), wanted, after)


def may_look_up(actor: Actor) -> bool:
    """Whether there is anything for this person to look up."""
    return WHO_TO_CALL.scope(actor, Permission.SEND_REQUEST).exists()
