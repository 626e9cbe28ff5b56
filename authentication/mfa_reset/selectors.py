"""Resets of second factors that wait, and the people for whom one can be asked."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from agencies.acting import Actor
from agencies.grants import roles_carrying
from agencies.models import Agency, Membership, User
from agencies.permissions import Permission
from authentication.mfa.marks import all_rows
from authentication.mfa_reset.models import LASTS
from authentication.mfa_reset.policies import PEOPLE, RESETS
from authentication.mfa_reset.transitions import RESET
from authentication.models import FactorReset

MOST_ENDED = 20
ENDED_FOR = timedelta(days=30)


def open_resets(actor: Actor) -> list[dict[str, Any]]:
    """Those that wait for a second person, and whether this actor could be that."""
    waiting = _reached(actor).filter(status="asked", asked_at__gt=timezone.now() - LASTS)
    return [{"reset": each, "can_decide": each.asked_by_id != actor.user.pk} for each in waiting]


def ended_resets(actor: Actor) -> QuerySet[FactorReset]:
    """The latest that are over, lapsed ones too."""
    now = timezone.now()
    over = _reached(actor).filter(asked_at__gt=now - ENDED_FOR)
    return over.exclude(status="asked", asked_at__gt=now - LASTS)[:MOST_ENDED]


def _reached(actor: Actor) -> QuerySet[FactorReset]:
    return RESETS.scope(actor, Permission.MANAGE_PEOPLE).select_related(
        "person", "agency", "asked_by"
    )


def people_to_reset(actor: Actor, agency: Agency) -> QuerySet[Membership]:
    """The people of one agency whom this actor keeps, and whether they have anything to reset."""
    has_one = all_rows().filter(user=OuterRef("user"))
    theirs = PEOPLE.scope(actor, Permission.MANAGE_PEOPLE).filter(agency=agency)
    named = theirs.select_related("user").order_by("user__last_name", "user__first_name")
    return named.annotate(has_factor=Exists(has_one))


def agencies_to_choose(actor: Actor) -> list[Agency]:
    """All of them for whoever keeps the register; nobody else has a choice."""
    if Permission.ADMINISTER not in actor.permissions or not actor.agency.keeps_register:
        return []
    return list(Agency.objects.filter(memberships__isnull=False).distinct().order_by("name"))


def chosen_agency(actor: Actor, wanted: str) -> Agency:
    """The agency that was chosen, if there is a choice, or the one acted for."""
    try:
        pk = UUID(wanted)
    except ValueError:
        return actor.agency
    return next((each for each in agencies_to_choose(actor) if each.pk == pk), actor.agency)


def what_can_be_done(reset: FactorReset, actor: Actor) -> dict[str, bool]:
    """Which transitions a page offers."""
    if reset.has_lapsed:
        return {}
    names = ("approve", "refuse", "withdraw")
    return {name: RESET.can(name, reset, by=actor) for name in names}


def those_who_keep_the_register() -> QuerySet[User]:
    """The active administrators."""
    memberships = Membership.objects.filter(
        status=Membership.Status.ACTIVE,
        agency__keeps_register=True,
        roles__role__in=roles_carrying(Permission.ADMINISTER),
    )
    return User.objects.filter(is_active=True, pk__in=memberships.values("user"))
