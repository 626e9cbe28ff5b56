"""Requests, the people in them, what is asked, answered and released."""

from requests_app.models.asking import Attachment, Consent, Need
from requests_app.models.case import InformationRequest
from requests_app.models.enquiry import Enquiry, Pause, Question
from requests_app.models.item import Item, Receipt
from requests_app.models.match import MatchToken
from requests_app.models.opening import Opening, OpeningNote
from requests_app.models.release import Recipient, Release, ReleasedAnswer, ReleasedItem
from requests_app.models.subject import Subject
from requests_app.models.triage import Clarification, TriageCheck

__all__ = [
    "Attachment",
    "Clarification",
    "Consent",
    "Enquiry",
    "InformationRequest",
    "Item",
    "MatchToken",
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
    "Subject",
    "TriageCheck",
]
