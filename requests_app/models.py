"""Requests, the people in them, what is asked, answered and released."""

from requests_app.agency_checks.models import AgencyCheck, Question
from requests_app.asking.models import Attachment, Consent, InformationRequest, Need
from requests_app.break_glass.models import Opening, OpeningNote
from requests_app.clocks.models import Pause, TimeReminder
from requests_app.items.models import Item, Receipt
from requests_app.matching.models import MatchToken, MatchVerdict
from requests_app.people.models import Subject
from requests_app.release.models import Recipient, Release, ReleasedAnswer, ReleasedItem
from requests_app.triage.models import (
    Clarification,
    DeskChoice,
    InboxPlace,
    ShiftNote,
    TriageCheck,
)

__all__ = [
    "AgencyCheck",
    "Attachment",
    "Clarification",
    "Consent",
    "DeskChoice",
    "InboxPlace",
    "InformationRequest",
    "Item",
    "MatchToken",
    "MatchVerdict",
    "Need",
    "Opening",
    "OpeningNote",
    "Pause",
    "Question",
    "Receipt",
    "Recipient",
    "Release",
    "ReleasedAnswer",
    "ReleasedItem",
    "ShiftNote",
    "Subject",
    "TimeReminder",
    "TriageCheck",
]
