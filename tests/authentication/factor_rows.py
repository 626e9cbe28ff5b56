"""A reset of second factors in each of its states, and who may make each of its moves."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from agencies.models import Membership
from authentication.mfa_reset import actions as resets
from tests.authentication.factor_steps import with_app
from tests.cast import Cast

SECOND = {"trust_manager", "administrator"}  # whoever may, but for the one who asked


def member(cast: Cast, name: str, agency: str) -> Membership:
    """The membership of one of the cast."""
    return Membership.objects.get(user=cast.users[name], agency=cast.agencies[agency])


def asked(cast: Cast, *, who: str = "trust_nurse", by: Any = None) -> Any:
    """A reset that the trust's single point of contact asked for, for a nurse."""
    if not cast.users[who].authenticator_set.exists():
        with_app(cast.users[who])
    lost = member(cast, who, "trust")
    return resets.ask(lost, by=by or cast.trust_spoc, idempotency_key=uuid4(), known="met")


RESET_WHO: dict[str, set[str]] = {
    "approve": SECOND,
    "refuse": SECOND,
    "withdraw": SECOND | {"trust_spoc"},
}
RESET_ROWS: dict[str, Callable[[Cast], Any]] = {
    "asked": asked,
    "approved": lambda c: resets.approve(asked(c), by=c.trust_manager),
    "refused": lambda c: resets.refuse(asked(c), by=c.administrator),
    "withdrawn": lambda c: resets.withdraw(asked(c), by=c.trust_spoc),
}
