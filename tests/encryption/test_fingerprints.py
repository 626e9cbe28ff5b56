"""Fingerprints of rows: known answers, and columns that came after the records."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from encryption.casekeys import sealing_key
from encryption.fingerprints import COMMITMENT_KEY, commitment, plain_digest
from encryption.models import raw_values, sealed_digest
from encryption.seal import length_prefixed
from encryption.unit_of_work import key_cache
from requests_app.models import AgencyCheck
from tests import walks

# Of a check as it was before it had ``released_at``, worked out by the portal of that time.
BEFORE = "8a79ba8c1a23be264897f983de6f556dabf124d7c6e7b099eef970090dd241ce"
ANSWERED_AT = datetime(2026, 9, 1, 12, 30, 0, 250000, tzinfo=UTC)


def a_check(**other: Any) -> dict[str, Any]:
    said = {each.attname: None for each in AgencyCheck._meta.concrete_fields}
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
    assert plain_digest(AgencyCheck, a_check()) == BEFORE


def test_once_it_holds_something_a_later_column_counts():
    later = ANSWERED_AT + timedelta(hours=1)
    told = {plain_digest(AgencyCheck, a_check(released_at=at)) for at in (None, ANSWERED_AT, later)}
    assert len(told) == 3


LATER = ("concern", "consent_position", "parents_position")
AT_FIRST = ("searched", "reconsider_reason")  # the sealed columns of a check before those came


@pytest.fixture
def from_before(cast):
    """A check as it was before it could tell its agency anything."""
    row = walks.an_agency_check(cast)
    for name in LATER:
        row.__dict__[name] = None
    return row


@pytest.mark.django_db
def test_a_row_from_before_a_sealed_column_came_keeps_its_fingerprint(from_before):
    raw, said = raw_values(from_before), hashlib.sha256()
    for name in AT_FIRST:
        said.update(length_prefixed(f"enquiry.{name}".encode(), b"\x01", raw[name].token))
    assert sealed_digest(from_before) == said.hexdigest()


@pytest.mark.django_db
def test_and_its_commitment(from_before):
    with key_cache():
        salt = sealing_key(from_before.case_id).derive(COMMITMENT_KEY)
    said = hmac.new(salt, from_before.pk.bytes, hashlib.sha256)
    for name in AT_FIRST:
        said.update(length_prefixed(f"enquiry.{name}".encode(), b"\x01", b""))
    assert commitment(from_before) == said.hexdigest()


@pytest.mark.django_db
@pytest.mark.parametrize("name", LATER)
def test_once_something_is_sealed_in_it_a_later_column_counts_even_an_empty_text(cast, name):
    row = walks.an_agency_check(cast)
    before = sealed_digest(row), commitment(row)
    row.__dict__[name] = None
    assert sealed_digest(row) != before[0]
    assert commitment(row) != before[1]


PARTICULARS = (
    *("sex", "ethnicity", "first_language", "interpreter", "communication", "disability"),
    *("education", "school", "gp_practice", "parental_responsibility"),
)
OF_A_PERSON = (  # the sealed columns of a person before those came, in their order
    *("given_name", "family_name", "other_names", "date_of_birth", "due_date", "address"),
    *("nhs_number", "upn", "relationship"),
)


@pytest.mark.django_db
def test_a_person_from_before_there_was_more_about_them_keeps_digest_and_commitment(cast):
    row = walks.a_draft(cast).subjects.get(role="child")
    for name in PARTICULARS:
        row.__dict__[name] = None
    with key_cache():
        salt = sealing_key(row.case_id).derive(COMMITMENT_KEY)
    stored, said = hashlib.sha256(), hmac.new(salt, row.pk.bytes, hashlib.sha256)
    for name in OF_A_PERSON:
        held, value = raw_values(row)[name], getattr(row, name)
        token = [held.token] if held else []
        text = [value.isoformat() if name == "date_of_birth" else value] if held else []
        count, label = bytes([len(token)]), f"subject.{name}".encode()
        stored.update(length_prefixed(label, count, *token))
        said.update(length_prefixed(label, count, *(each.encode() for each in text)))
    assert sealed_digest(row) == stored.hexdigest()
    assert commitment(row) == said.hexdigest()
    assert row.details().keys() == {"name", "date_of_birth", "address", "nhs_number"}


@pytest.mark.django_db
def test_a_person_added_now_says_of_each_that_nothing_is_said(cast):
    row = walks.a_draft(cast).subjects.get(role="child")
    before = sealed_digest(row), commitment(row)
    for name in PARTICULARS:
        assert getattr(row, name) == ""
        changed = type(row).objects.get(pk=row.pk)
        changed.__dict__[name] = None
        assert sealed_digest(changed) != before[0]
        assert commitment(changed) != before[1]
