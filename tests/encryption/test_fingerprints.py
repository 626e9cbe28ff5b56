"""Fingerprints of plain columns: known answers, and columns that came after the records."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from encryption.fingerprints import plain_digest
from requests_app.models import Enquiry

# Of a check as it was before it had ``released_at``, worked out by the portal of that time.
BEFORE = "8a79ba8c1a23be264897f983de6f556dabf124d7c6e7b099eef970090dd241ce"
ANSWERED_AT = datetime(2026, 9, 1, 12, 30, 0, 250000, tzinfo=UTC)


def a_check(**other: Any) -> dict[str, Any]:
    said = {each.attname: None for each in Enquiry._meta.concrete_fields}
    return said | {
        "id": UUID(int=1),
        "version": 4,
        "status": "answered",
        "reference": "C-2345-6789",
        "case_id": UUID(int=2),
        "holder_id": UUID(int=3),
        "shown": {str(UUID(int=4)): ["name", "born"]},
        "rating": "amber",
        "taken_by_id": UUID(int=5),
        "outcome": "share",
        "sent_at": datetime(2026, 9, 1, 9, tzinfo=UTC),
        "due_at": datetime(2026, 9, 1, 17, tzinfo=UTC),
        "answered_at": ANSWERED_AT,
        **other,
    }


def test_a_row_from_before_a_column_came_keeps_its_fingerprint():
    assert plain_digest(Enquiry, a_check()) == BEFORE


def test_once_it_holds_something_a_later_column_counts():
    later = ANSWERED_AT + timedelta(hours=1)
    told = {plain_digest(Enquiry, a_check(released_at=at)) for at in (None, ANSWERED_AT, later)}
    assert len(told) == 3
