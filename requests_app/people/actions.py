"""Somebody is added to a request, corrected, taken out."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from agencies.acting import Actor
from requests_app.choices import DETAILS
from requests_app.matching.actions import write_tokens
from requests_app.models import InformationRequest, Subject
from requests_app.transitions import SUBJECT
from workflow.transitions import idempotent
from workflow.versions import only_if_unchanged

# What is said of a person, and what stands there while nothing is.
NOTHING_SAID: Mapping[str, Any] = {
    **dict.fromkeys({"given_name", "family_name", *DETAILS} - {"name"}, ""),
    **dict.fromkeys(("date_of_birth", "due_date")),
    "is_unborn": False,
}


@idempotent
def add_subject(
    case: InformationRequest,
    *,
    by: Actor,
    idempotency_key: UUID,
    role: str,
    details: Mapping[str, Any],
) -> Subject:
    """Add a child, a connected person or a person who may pose a risk."""
    subject = Subject(id=idempotency_key, case=case, role=role)
    _fill(subject, {**NOTHING_SAID, **details})
    SUBJECT.make("add", subject, by=by)
    write_tokens(subject, is_new=True)
    return subject


@idempotent
def change_subject(
    subject: Subject, *, by: Actor, details: Mapping[str, Any], expected_version: int | None = None
) -> Subject:
    """Correct what is said about a person, unless it was changed since the page was opened."""
    with SUBJECT.making("change", subject, by=by):
        only_if_unchanged(
            subject, expected_version=expected_version, now=subject.version, written=details
        )
        _fill(subject, details)
        write_tokens(subject)
    return subject


@idempotent
def remove_subject(subject: Subject, *, by: Actor) -> Subject:
    """Take a person out; what was said of them goes from the live row, history keeps it."""
    with SUBJECT.making("remove", subject, by=by):
        _fill(subject, NOTHING_SAID)
        write_tokens(subject)
    return subject


def _fill(subject: Subject, details: Mapping[str, Any]) -> None:
    for name in NOTHING_SAID.keys() & details.keys():
        setattr(subject, name, details[name])
