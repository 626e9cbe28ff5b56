"""A row in each state of the agreement's tables, and who may make each of its moves."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import time_machine

from agreement.editions import actions as drafting
from agreement.editions.selectors import in_force, proposed
from agreement.models import ReviewReminder
from agreement.signing import actions as signing
from agreement.tasks import remind_of_reviews, remind_to_sign
from outbox.tasks import writer_of
from tests.agreement import walks
from tests.cast import Cast

ADMINISTRATOR = {"administrator"}
PARTNERS = {"police_partner", "board_partner"}
POLICE = {"police_partner"}
MANAGER = {"trust_manager"}

AGREEMENT_WHO: dict[str, dict[str, set[str]]] = {
    "agreementedition": {
        "change": ADMINISTRATOR,
        "propose": ADMINISTRATOR,
        "discard": ADMINISTRATOR,
        "withdraw": ADMINISTRATOR,
        "come_into_force": PARTNERS,
        "supersede": PARTNERS,
        "be_reviewed": PARTNERS | ADMINISTRATOR,
    },
    "partneragreement": {"agree": POLICE, "disagree": POLICE, "void": ADMINISTRATOR},
    "signature": {},
    "suspension": {"end": ADMINISTRATOR},
    "yearlyreview": {},
}

# Of the trust, as one that takes part; the register's own moves stand with the register's.
PARTICIPATION_WHO: dict[str, set[str]] = {
    "sign": MANAGER,
    "must_sign_anew": PARTNERS,
    "suspend": ADMINISTRATOR,
    "lift": ADMINISTRATOR,
}

AGREEMENT_ROWS: dict[str, dict[str, Callable[[Cast], Any]]] = {
    "agreementedition": {
        "draft": walks.a_draft,
        "proposed": walks.proposed,
        "in_force": walks.edition_one,
        "superseded": walks.superseded,
        "withdrawn": walks.withdrawn,
    },
    "partneragreement": {
        "agreed": walks.agreed,
        "disagreed": walks.disagreed,
        "void": walks.voided,
    },
    "signature": {"signed": walks.signed},
    "suspension": {
        "running": walks.suspension,
        "lifted": lambda c: walks.suspension(c, is_lifted=True),
    },
    "yearlyreview": {"recorded": walks.reviewed},
}

AGENCY_ROWS: dict[str, Callable[[Cast], Any]] = {
    "listed": walks.listed,
    "taking_part": lambda c: walks.fresh(c.agencies["trust"]),
    "suspended": walks.suspended,
    "left": lambda c: walks.gone(c, "left"),
    "merged": lambda c: walks.gone(c, "merged"),
}


def everything_of_the_agreement(cast: Cast) -> None:
    """Each thing of which the agreement sends an e-mail."""
    edition = walks.edition_one(cast)
    day = edition.review_on - timedelta(days=1)
    with time_machine.travel(datetime.combine(day, time(9), UTC), tick=False):
        remind_of_reviews()
        assert writer_of("review.due")(str(ReviewReminder.objects.get().pk)).to
    walks.reviewed(cast, "change")
    walks.disagreed(cast)
    drafting.withdraw_edition(proposed(), by=cast.administrator, reason="Too short")
    walks.a_new_edition(cast)
    day = walks.fresh(cast.agencies["trust"]).lapses_on
    with time_machine.travel(datetime.combine(day, time(9), UTC), tick=False):
        remind_to_sign()
    walks.with_all_that_is_needed(cast.agencies["trust"])
    signing.sign_agreement(in_force(), by=cast.trust_manager, **walks.assessment())
    walks.suspension(cast, is_lifted=True)
