"""Every change of state in this app, as tables: gathered here from its features."""

from requests_app.agency_checks.transitions import AGENCY_CHECK, QUESTION
from requests_app.asking.transitions import ATTACHMENT, CONSENT, NEED, REQUEST, SUBJECT
from requests_app.break_glass.transitions import OPENING, OPENING_NOTE
from requests_app.clocks.transitions import PAUSE
from requests_app.items.transitions import ITEM, RECEIPT
from requests_app.matching.transitions import MATCH_VERDICT
from requests_app.release.transitions import RECIPIENT, RELEASE, RELEASED_ANSWER, RELEASED_ITEM
from requests_app.triage.transitions import CLARIFICATION, SHIFT_NOTE, TRIAGE_CHECK

__all__ = [
    "AGENCY_CHECK",
    "ATTACHMENT",
    "CLARIFICATION",
    "CONSENT",
    "ITEM",
    "MATCH_VERDICT",
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
    "SHIFT_NOTE",
    "SUBJECT",
    "TRIAGE_CHECK",
]
