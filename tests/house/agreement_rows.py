"""A row in each state of the agreement's tables, and who may make each of its moves."""

from collections.abc import Callable
from typing import Any

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
        "be_reviewed": PARTNERS,
        "note_review": ADMINISTRATOR,
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
