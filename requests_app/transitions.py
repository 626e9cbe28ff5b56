"""Every change of state in this app, as tables."""

from requests_app.agency_checks.transitions import (
    AGENCY_CHECK,
    ITEM,
    PAUSE,
    QUESTION,
    RECEIPT,
    RECIPIENT,
    RELEASE,
    RELEASED_ANSWER,
    RELEASED_ITEM,
)
from requests_app.asking.transitions import (
    ATTACHMENT,
    CLARIFICATION,
    CONSENT,
    NEED,
    REQUEST,
    SUBJECT,
    TRIAGE_CHECK,
)
from requests_app.break_glass.transitions import OPENING, OPENING_NOTE

__all__ = [
    "AGENCY_CHECK",
    "ATTACHMENT",
    "CLARIFICATION",
    "CONSENT",
    "ITEM",
    "NEED",
    "OPENING",
    "OPENING_NOTE",
    "PAUSE",
    "QUESTION",
    "RECEIPT",
    "RECIPIENT",
    "RELEASE",
    "RELEASED_ANSWER",
    "RELEASED_ITEM",
    "REQUEST",
    "SUBJECT",
    "TRIAGE_CHECK",
]
