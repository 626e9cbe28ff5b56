"""What the list of an agency's people and one member's page offer to whom."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.lists import people as lists
from agencies.lists.people_roles import roles_to_give
from agencies.lists.reviews import due
from agencies.models import Agency, Membership
from agencies.moves.people import BELONGS, MEMBERSHIP

STEPS = ("change_roles", "suspend", "lift", "leave", "take_back")


def of_agency(actor: Actor, agency: Agency, asked: QueryDict) -> dict[str, Any]:
    """All that the list says."""
    state = asked.get("state", "")
    return {
        "agency": agency,
        "is_own": actor.agency == agency,
        "found": lists.people_of_agency(agency, state=state, after=asked.get("after", "")),
        "states": states(agency, state),
        "running_out": lists.running_out(agency).count(),
        "review_due": due(agency).count(),
        "may_invite": bool(roles_to_give(actor, agency)),
    }


def states(agency: Agency, chosen: str) -> list[dict[str, Any]]:
    """The states to choose between, with how many there are in each."""
    there = lists.counts(agency)
    left = Membership.Status.LEFT
    everybody = sum(count for status, count in there.items() if status != left)
    known = chosen if chosen in Membership.Status.values else ""
    rows = [{"value": "", "text": _("Everybody"), "count": everybody}]
    rows += [
        {"value": status.value, "text": str(status.label), "count": there.get(status.value, 0)}
        for status in Membership.Status
    ]
    return [{**row, "chosen": row["value"] == known} for row in rows]


def is_mine(membership: Membership, actor: Actor) -> bool:
    """Whether it is one's own, which one does not change oneself."""
    return bool(membership.user_id == actor.user.pk)


def what_can_be_done(membership: Membership, actor: Actor) -> dict[str, bool]:
    """Which steps the page offers now."""
    if is_mine(membership, actor):
        return {}
    can = {step: MEMBERSHIP.can(step, membership, by=actor) for step in STEPS}
    return {**can, "add_check": membership.status in BELONGS}
