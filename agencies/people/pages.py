"""What the list of an agency's people and one member's page offer to whom."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.models import Agency, Membership
from agencies.people import selectors
from agencies.people.transitions import BELONGS, MEMBERSHIP
from agencies.roles import roles_to_give

STEPS = ("change_roles", "suspend", "lift", "leave", "take_back")


# What waits for those who keep people, by its code in addresses.
WAITING = {"running_out": selectors.running_out, "to_confirm": selectors.to_confirm}


def of_agency(actor: Actor, agency: Agency, asked: QueryDict) -> dict[str, Any]:
    """All that the list says."""
    state = asked.get("state", "")
    only = WAITING[state](agency) if state in WAITING else None
    after = asked.get("after", "")
    running_out, to_confirm = (rows(agency).count() for rows in WAITING.values())
    return {
        "agency": agency,
        "is_own": actor.agency == agency,
        "found": selectors.people_of_agency(agency, state=state, only=only, after=after),
        "states": states(agency, state, running_out=running_out, to_confirm=to_confirm),
        "running_out": running_out,
        "review_due": to_confirm,
        "may_invite": bool(roles_to_give(actor, agency)),
    }


def states(
    agency: Agency, chosen: str, *, running_out: int, to_confirm: int
) -> list[dict[str, Any]]:
    """The states to choose between, with how many are in each, and what waits for a keeper."""
    there = selectors.counts(agency)
    left = Membership.Status.LEFT
    everybody = sum(count for status, count in there.items() if status != left)
    known = chosen if chosen in {*Membership.Status.values, *WAITING} else ""
    rows = [{"value": "", "text": _("Everybody"), "count": everybody}]
    rows += [
        {"value": status.value, "text": str(status.label), "count": there.get(status.value, 0)}
        for status in Membership.Status
    ]
    rows += [
        {"value": "running_out", "text": _("Staff check expires"), "count": running_out},
        {"value": "to_confirm", "text": _("Access to confirm"), "count": to_confirm},
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
