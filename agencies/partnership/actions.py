"""The partnership's own row: its names, its response times, its partners and its front door."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.grants import revoke
from agencies.models import Agency, HeldRole, Partnership
from agencies.partnership.selectors import THE_PARTNERSHIP, version_of_partnership
from agencies.permissions import Permission, Role
from agencies.register.policies import PARTNERSHIP
from agencies.register.selectors import front_doors, statutory_partners
from agencies.register.transitions import AGENCY
from agencies.roles import SECOND_PEOPLE
from agencies.second_person.actions import propose_role
from encryption.unit_of_work import ask_again
from workflow.transitions import TransitionRefused
from workflow.versions import ChangedMeanwhile

STATUTORY = 3


@transaction.atomic
def change_partnership(
    *,
    by: Actor,
    values: Mapping[str, Any],
    partners: Iterable[Agency],
    front_door: Agency,
    expected_version: int | None,
) -> Partnership:
    """Change what the partnership is called, how fast it answers and who its partners are.

    The row has no state, so this is no transition; it locks, checks and is in evidence as one.
    Saying again what is there already changes nothing.
    """
    row = Partnership.objects.select_for_update().get(pk=Partnership.ONLY)
    if not PARTNERSHIP.allows(by, row, Permission.ADMINISTER):
        raise PermissionDenied("may not change the partnership")
    chosen = {agency.pk: agency for agency in partners}
    if _is_so(row, values, set(chosen), front_door):
        return row
    if expected_version != version_of_partnership():
        raise ChangedMeanwhile
    if len(chosen) != STATUTORY:
        raise TransitionRefused(_("A partnership has three statutory partners."))
    _mark(by, "is_statutory_partner", statutory_partners(), chosen.values())
    _mark(by, "is_front_door", front_doors(), [front_door])
    for name, value in values.items():
        setattr(row, name, value)
    row._history_user, row._history_agency_id = by.user, by.agency.pk  # type: ignore[attr-defined]
    row._change_reason = "change"  # type: ignore[attr-defined]
    row.save()
    ask_again(THE_PARTNERSHIP)
    return row


def _is_so(row: Partnership, values: Mapping[str, Any], chosen: set[Any], door: Agency) -> bool:
    if any(getattr(row, name) != value for name, value in values.items()):
        return False
    partners = set(statutory_partners().values_list("pk", flat=True))
    return partners == chosen and list(front_doors().values_list("pk", flat=True)) == [door.pk]


def _mark(by: Actor, flag: str, now: Iterable[Agency], then: Iterable[Agency]) -> None:
    """Give a part in the partnership to the one and take it from the other, by transitions."""
    wanted = {agency.pk: agency for agency in then}
    there = {agency.pk: agency for agency in now}
    for pk in sorted(wanted.keys() ^ there.keys()):
        agency = wanted.get(pk) or there[pk]
        if pk in wanted and agency.status not in Agency.THERE:
            raise TransitionRefused(_("Choose another entry that is on the register."))
        with AGENCY.making("change", agency, by=by):
            setattr(agency, flag, pk in wanted)
        if pk in wanted:
            _propose_anew(agency, by)


def _propose_anew(agency: Agency, by: Actor) -> None:
    """Whoever keeps people there, or reviews openings, had that from one person alone, until now.

    Of the agency's own cases that was enough; of everybody's it is not (docs/adr/0093).
    """
    held = HeldRole.objects.filter(membership__agency=agency, role__in=SECOND_PEOPLE)
    for each in held.select_related("membership__user"):
        member = each.membership
        revoke(member.user, Role(each.role), agency, by=by)
        if member.user_id != by.user.pk:  # one's own is for others to give
            propose_role(member, Role(each.role), by=by)
