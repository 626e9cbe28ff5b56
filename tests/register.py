"""Entries of the register for tests, made by the actions that make them in life."""

from datetime import time
from typing import Any
from uuid import UUID, uuid4

from agencies.acting import Actor
from agencies.kinds import AgencyKind
from agencies.models import Agency
from agencies.register import actions
from tests.cast import Cast

SAID: dict[str, Any] = {
    "name": "Anytown Ash School",
    "kind": AgencyKind.SCHOOL,
    "controller": "Anytown Ash School Trust",
    "phone": "0151 496 0000",
    "secure_email": "office@ash-school.example",
    "domains": ["ash-school.example"],
    "privacy_notice": "https://ash-school.example/privacy",
    "opens": time(9),
    "closes": time(17),
    "open_days": "12345",
}


def a_contact(given: str) -> dict[str, str]:
    """Somebody invented who holds a post."""
    return {
        "name": f"{given} Invented",
        "job_title": "",
        "email": f"{given}@ash-school.example".lower(),
        "phone": "0151 496 0001",
    }


def listed(
    cast: Cast, *, by: Actor | None = None, idempotency_key: UUID | None = None, **more: Any
) -> Agency:
    """An agency on the register with its two posts filled."""
    posts = {"spoc": a_contact("Sally"), "manager": a_contact("Mira")}
    return actions.list_agency(
        by=by or cast.administrator,
        idempotency_key=idempotency_key or uuid4(),
        values=SAID | more,
        posts=posts,
    )


def with_posts(agency: Agency) -> Agency:
    """The agency as another request would load it."""
    return Agency.objects.get(pk=agency.pk)
