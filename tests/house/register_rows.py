"""A row in each state of the register's tables, and who may make each of its moves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from agencies.models import Agency
from agencies.register import actions
from tests.cast import Cast
from tests.register import a_contact, listed

ADMINISTRATOR = {"administrator"}

# What the register itself does with an agency; how it comes to take part stands elsewhere.
REGISTER_WHO: dict[str, set[str]] = dict.fromkeys(
    ("change", "leave", "merge", "take_in"), ADMINISTRATOR
) | {"add_domain": ADMINISTRATOR | {"trust_spoc", "trust_manager"}}
OF_THE_REGISTER_WHO: dict[str, dict[str, set[str]]] = {
    "contact": {"replace": ADMINISTRATOR},
    "closure": {"withdraw": ADMINISTRATOR},
}


def contact(cast: Cast, *, ended: bool) -> Any:
    """Whoever holds a post, or has been replaced in it."""
    agency = listed(cast)
    held = agency.contacts.get(post="spoc")
    if ended:
        by = cast.administrator
        actions.fill_post(
            agency, by=by, idempotency_key=uuid4(), post="spoc", holder=a_contact("Nadia")
        )
    return held


def a_closure(cast: Cast, agency: Agency) -> Any:
    """Three weeks in a year's time."""
    starts = timezone.localdate() + timedelta(days=365)
    return actions.plan_closure(
        agency,
        by=cast.administrator,
        idempotency_key=uuid4(),
        starts=starts,
        ends=starts + timedelta(days=21),
        answers="Anytown Council",
        answers_phone="0151 496 0099",
    )


def closure(cast: Cast, *, withdrawn: bool) -> Any:
    """A closure that is planned, or was taken back."""
    planned = a_closure(cast, listed(cast))
    return actions.withdraw_closure(planned, by=cast.administrator) if withdrawn else planned


OF_THE_REGISTER_ROWS: dict[str, dict[str, Callable[[Cast], Any]]] = {
    "contact": {
        "current": lambda c: contact(c, ended=False),
        "ended": lambda c: contact(c, ended=True),
    },
    "closure": {
        "planned": lambda c: closure(c, withdrawn=False),
        "withdrawn": lambda c: closure(c, withdrawn=True),
    },
}
