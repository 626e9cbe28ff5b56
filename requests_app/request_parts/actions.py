"""What a request is made of: people, facts needed, consent, files."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from agencies.acting import Actor
from encryption.files import seal_file
from encryption.uploads import sniffed_kind
from requests_app.matching.actions import write_tokens
from requests_app.models import Attachment, Consent, InformationRequest, Need, Subject
from requests_app.transitions import ATTACHMENT, CONSENT, NEED, SUBJECT
from workflow.act import act
from workflow.transitions import TransitionRefused, idempotent
from workflow.versions import only_if_unchanged

# What is said of a person, and what stands there while nothing is.
NOTHING_SAID: Mapping[str, Any] = {
    "is_unborn": False,
    "date_of_birth": None,
    "due_date": None,
    **dict.fromkeys(("given_name", "family_name", "other_names", "address", "relationship"), ""),
    **dict.fromkeys(("nhs_number", "upn", "sex", "ethnicity", "first_language"), ""),
    **dict.fromkeys(("interpreter", "communication", "disability", "education", "school"), ""),
    **dict.fromkeys(("gp_practice", "parental_responsibility"), ""),
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
    write_tokens(subject)
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


@idempotent
def add_need(
    case: InformationRequest, *, by: Actor, idempotency_key: UUID, fact: str, why: str
) -> Need:
    """Ask for one fact, and say why it is needed (P-NECESSARY)."""
    need = Need(id=idempotency_key, case=case, fact=fact, why=why)
    NEED.make("add", need, by=by)
    return need


def change_need(need: Need, *, by: Actor, fact: str, why: str) -> None:
    """Put a question otherwise."""
    with NEED.making("change", need, by=by):
        need.fact, need.why = fact, why


@idempotent
def remove_need(need: Need, *, by: Actor) -> Need:
    """Ask it no longer."""
    NEED.make("remove", need, by=by)
    return need


def record_consent(
    case: InformationRequest,
    *,
    by: Actor,
    answer: str,
    asked_of: str = "",
    covers: str = "",
    how: str = "",
    on: date | None = None,
    why_not: str = "",
    explanation: str = "",
) -> Consent:
    """Record what became of consent: who, for what, how, when; or why it was not sought."""
    with act():
        consent = Consent.objects.filter(case=case).first() or Consent(case=case, id=case.id)
        with CONSENT.making("record", consent, by=by):
            consent.answer, consent.asked_of, consent.covers = answer, asked_of, covers
            consent.how, consent.on = how, on
            consent.why_not, consent.explanation = why_not, explanation
    return consent


@idempotent
def attach_file(
    case: InformationRequest, *, by: Actor, idempotency_key: UUID, upload: "UploadedFile[Any]"
) -> Attachment:
    """Seal a file into the case. Raises TransitionRefused for a type that is not allowed."""
    kind = sniffed_kind(upload.name or "", upload.read())
    upload.seek(0)
    if kind is None:
        raise TransitionRefused(_("This type of file cannot be attached."))
    attachment = Attachment(id=idempotency_key, case=case, kind=kind, size=upload.size or 0)
    attachment.name = upload.name or ""
    with ATTACHMENT.making("add", attachment, by=by):
        seal_file(upload, case_id=case.id, file_id=idempotency_key)
    return attachment


@idempotent
def remove_file(attachment: Attachment, *, by: Actor) -> Attachment:
    """Take a file out of the request; nobody can open it any more."""
    ATTACHMENT.make("remove", attachment, by=by)
    return attachment
