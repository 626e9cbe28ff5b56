"""A row in each state of the people's tables, and who may make each of its moves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from agencies.guidance import actions as guidance
from agencies.invitations import actions as invitations
from agencies.models import Guidance, Membership
from agencies.people import actions as people
from agencies.permissions import Role
from agencies.second_person import actions as proposals
from agencies.tasks import remind_of_people
from agencies.vetting import actions as checks
from tests.agencies import people_walks as walks
from tests.cast import Cast
from workflow.bootstrap import create_unattended, save_unattended

# Of the nurse at the trust, or of somebody whom the trust has asked in.
KEEPERS = {"trust_spoc", "trust_manager", "administrator"}
OFFICE = {"administrator"}
SECOND = {"trust_manager", "administrator"}

PEOPLE_WHO: dict[str, dict[str, set[str]]] = {
    "membership": {
        **dict.fromkeys(("invite", "take_back", "activate", "change_roles", "suspend"), KEEPERS),
        **dict.fromkeys(("lift", "leave", "confirm", "lapse"), KEEPERS),
        "accept": {"trust_nurse"},
        "begin": {"trust_nurse"},
    },
    # Only the one who was invited accepts, and that is nobody of the cast.
    "invitation": {"send_anew": KEEPERS, "withdraw": KEEPERS, "accept": set()},
    "organisationalcheck": {"withdraw": KEEPERS},
    # The trust's single point of contact proposed it.
    "proposal": {
        "confirm": SECOND,
        "refuse": SECOND,
        "withdraw": KEEPERS,
    },
    "guidance": {"change": OFFICE, "come_into_force": OFFICE, "supersede": OFFICE},
    "acknowledgement": {},
}


def superseded(cast: Cast) -> Any:
    """Guidance that was replaced."""
    first = walks.in_force(cast)
    walks.in_force(cast)
    return first


def withdrawn(cast: Cast) -> Any:
    """An invitation that was taken back."""
    invitation = walks.invited(cast)
    invitations.take_back_invitation(invitation.membership, by=cast.trust_spoc)
    return invitation


def acknowledged(cast: Cast) -> Any:
    """Guidance that the nurse has read."""
    current: Guidance = create_unattended(
        Guidance, title="G", text="T", status=Guidance.Status.IN_FORCE
    )
    return guidance.acknowledge(current, by=cast.trust_nurse)


def a_check(cast: Cast) -> Any:
    """A check on the nurse."""
    return walks.check_on(walks.member(cast), cast.trust_spoc)


def proposed(cast: Cast) -> Any:
    """A role for the nurse that the trust's single point of contact proposed."""
    return proposals.propose_role(walks.member(cast), Role.SPOC, by=cast.trust_spoc)


PEOPLE_ROWS: dict[str, dict[str, Callable[[Cast], Any]]] = {
    "membership": {
        status.value: lambda c, status=status: walks.in_state(c, status)
        for status in Membership.Status
    },
    "invitation": {
        "sent": walks.invited,
        "accepted": lambda c: walks.accept(walks.invited(c)),
        "withdrawn": withdrawn,
    },
    "organisationalcheck": {
        "recorded": a_check,
        "withdrawn": lambda c: checks.withdraw_check(a_check(c), by=c.trust_spoc),
    },
    "proposal": {
        "proposed": proposed,
        "confirmed": lambda c: proposals.confirm(proposed(c), by=c.trust_manager),
        "refused": lambda c: proposals.refuse(proposed(c), by=c.trust_manager),
        "withdrawn": lambda c: proposals.withdraw(proposed(c), by=c.trust_spoc),
    },
    "guidance": {
        "draft": walks.a_draft,
        "in_force": walks.in_force,
        "superseded": superseded,
    },
    "acknowledgement": {"given": acknowledged},
}


def everything_of_the_people(cast: Cast) -> None:
    """Whatever sends a letter: by somebody's act, or because its day has come."""
    today = timezone.localdate()
    walks.invited(cast)
    nurse = walks.member(cast)
    people.suspend(nurse, by=cast.trust_spoc, reason="absent")
    people.lift(nurse, by=cast.trust_spoc)
    check = nurse.checks.get()
    check.expires = today + timedelta(days=7)
    save_unattended(check)
    nurse.refresh_from_db()
    nurse.confirmed_until = today + timedelta(days=14)
    save_unattended(nurse)
    remind_of_people()
    walks.in_force(cast)
    proposals.confirm(proposed(cast), by=cast.trust_manager)
    domain = proposals.propose_domain(cast.agencies["trust"], "new.example", by=cast.trust_spoc)
    proposals.refuse(domain, by=cast.administrator)
