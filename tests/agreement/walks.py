"""Walks editions and agencies to any state through the same actions that the pages use."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from agencies.acting import Actor, actor_for
from agencies.bootstrap.unattended import join
from agencies.models import Agency, Contact, User
from agencies.permissions import Role
from agreement.bootstrap import found_agreement
from agreement.editions import actions as agreeing
from agreement.editions import actions as drafting
from agreement.editions.selectors import in_force, starting_point
from agreement.models import AgreementEdition, PartnerAgreement, Signature, Suspension, YearlyReview
from agreement.review import actions as reviewing
from agreement.signing import actions as signing
from tests.cast import PASSWORD, Cast
from tests.plugins.checkpoints import kept
from workflow.bootstrap import create_unattended, save_unattended

CHANGES = "Say more plainly who may be told."


def person(cast: Cast, role: Role, agency: str) -> Actor:
    """Somebody with this role there, made once."""
    address = f"{role}.extra@{agency}.example"
    user = User.objects.filter(email=address).first()
    if user is None:
        user = User.objects.create_user(
            address, PASSWORD, first_name="Extra", last_name=role.title()
        )
        join(user, role, cast.agencies[agency])
    return actor_for(user, cast.agencies[agency])


def three_partners(cast: Cast) -> tuple[Actor, Actor, Actor]:
    """One of each statutory partner."""
    return cast.police_partner, cast.board_partner, person(cast, Role.PARTNER, "council")


@kept
def edition_one(cast: Cast) -> AgreementEdition:
    """Edition 1 in force, signed by everybody."""
    return in_force() or found_agreement(cast.agencies.values())


@kept
def a_draft(cast: Cast, **said: Any) -> AgreementEdition:
    """A draft of the office, from the edition in force."""
    values = starting_point() | {"changes": CHANGES} | said
    return drafting.draft_edition(by=cast.administrator, idempotency_key=uuid4(), **values)


@kept
def proposed(cast: Cast, **said: Any) -> AgreementEdition:
    """A draft that was put before the partners."""
    return drafting.propose_edition(a_draft(cast, **said), by=cast.administrator)


@kept
def withdrawn(cast: Cast) -> AgreementEdition:
    """An edition that was proposed and withdrawn."""
    return drafting.withdraw_edition(proposed(cast), by=cast.administrator, reason="A slip")


@kept
def a_new_edition(cast: Cast, **said: Any) -> AgreementEdition:
    """An edition that all three have agreed."""
    edition = proposed(cast, **said)
    for partner in three_partners(cast):
        agreeing.agree(fresh(edition), by=partner)
    return fresh(edition)


@kept
def superseded(cast: Cast) -> AgreementEdition:
    """Edition 1 once edition 2 is in force."""
    first = edition_one(cast)
    a_new_edition(cast)
    return fresh(first)


def agreed(cast: Cast) -> PartnerAgreement:
    """The police agree to a proposed edition."""
    return agreeing.agree(proposed(cast), by=cast.police_partner)


def disagreed(cast: Cast) -> PartnerAgreement:
    """The police do not."""
    return agreeing.disagree(proposed(cast), by=cast.police_partner, reasons="Too short")


def voided(cast: Cast) -> PartnerAgreement:
    """What the police said to an edition that was withdrawn."""
    said = agreed(cast)
    drafting.withdraw_edition(said.edition, by=cast.administrator, reason="A slip")
    return fresh(said)


def with_all_that_is_needed(agency: Agency) -> Agency:
    """A privacy notice and both contacts on the register."""
    row = fresh(agency)
    row.privacy_notice = "https://agency.example/privacy"
    save_unattended(row)
    for post in (Contact.Post.SPOC, Contact.Post.MANAGER):
        if not row.contacts.filter(post=post, status="current").exists():
            create_unattended(
                Contact,
                agency=row,
                post=post,
                name="Nobody Real",
                email="nobody@agency.example",
                phone="01632 960000",
            )
    return fresh(agency)


def listed(cast: Cast, code: str = "trust") -> Agency:
    """An agency on the register that has not signed, with all it needs to."""
    agency = with_all_that_is_needed(cast.agencies[code])
    agency.status = Agency.Status.LISTED
    return save_unattended(agency)


def lapsed(cast: Cast, code: str) -> Agency:
    """An agency whose time to sign anew has run out."""
    agency = fresh(cast.agencies[code])
    agency.lapses_on = timezone.localdate()
    return save_unattended(agency)


def assessment(**said: Any) -> dict[str, Any]:
    """What a manager says of the privacy impact assessment."""
    today: date = timezone.localdate()
    return {
        "assessed_on": today - timedelta(days=30),
        "assessed_by": "Information governance lead",
        "controls": "Access by role, training every year.",
    } | said


@kept
def signed(cast: Cast) -> Signature:
    """The trust signs edition 1, which the others were founded with."""
    others = [agency for code, agency in cast.agencies.items() if code != "trust"]
    edition = in_force() or found_agreement(others)
    listed(cast)
    return signing.sign_agreement(edition, by=cast.trust_manager, **assessment())


@kept
def suspended(cast: Cast, code: str = "trust") -> Agency:
    """An agency that the office has suspended."""
    return signing.suspend_agency(
        fresh(cast.agencies[code]),
        by=cast.administrator,
        idempotency_key=uuid4(),
        reason="A breach",
    )


def suspension(cast: Cast, *, is_lifted: bool = False) -> Suspension:
    """Its suspension."""
    agency = suspended(cast)
    if is_lifted:
        signing.lift_suspension(agency, by=cast.administrator, reason="Mended")
    return agency.suspensions.get()


def reviewed(cast: Cast, outcome: str = "no_change") -> YearlyReview:
    """A review of edition 1 by a partner."""
    edition = edition_one(cast)
    return reviewing.record_review(
        edition,
        by=cast.police_partner,
        idempotency_key=uuid4(),
        due_on=edition.review_on,
        held_on=timezone.localdate(),
        outcome=outcome,
        notes="Read it together.",
    )


def gone(cast: Cast, status: str) -> Agency:
    """An agency that has left, or was merged into another entry."""
    agency = fresh(cast.agencies["trust"])
    agency.status = status
    agency.merged_into = cast.agencies["housing"] if status == Agency.Status.MERGED else None
    return save_unattended(agency)


def fresh(row: Any) -> Any:
    """The row as another request would load it."""
    return type(row)._base_manager.get(pk=row.pk)
