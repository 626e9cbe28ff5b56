"""One member's page: roles, checks, what has happened; also one's own."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from agencies.eligibility import with_standing
from agencies.models import (
    Acknowledgement,
    HeldRole,
    Invitation,
    Membership,
    Proposal,
    User,
    Vetting,
)
from agencies.people.selectors import check_words, member, with_last_check
from agencies.permissions import Role
from agencies.roles import roles_of, roles_waiting
from agencies.transitions import CHECK, MEMBERSHIP, OWN_MEMBERSHIP, PROPOSAL

Recorded = Vetting.Status.RECORDED
SAID = {**CHECK.labels, **MEMBERSHIP.labels, **OWN_MEMBERSHIP.labels}


def shown(membership: Membership) -> dict[str, Any]:
    """All that a page says of one member."""
    rows = with_last_check(with_standing(Membership.objects.filter(pk=membership.pk)))
    row = rows.select_related("user", "agency").prefetch_related("roles").get()
    return {
        "membership": row,
        "member": member(row),
        "roles": [role.label for role in roles_of(row)],
        "waiting": [role.label for role in roles_waiting(row)],
        "checks": [*checks_of(row)],
        "acknowledged": acknowledged(row.user),
        "last_sign_in": row.user.last_login,
    }


def checks_of(membership: Membership) -> Iterator[dict[str, Any]]:
    """The checks, those that hold longest first; one withdrawn says so."""
    for check in membership.checks.order_by("status", "-expires"):
        words, colour = check_words(check.expires)
        if check.status != Recorded:
            words, colour = str(check.get_status_display()), "grey"
        yield {
            "check": check,
            "words": words,
            "colour": colour,
            "counts": check.status == Recorded,
        }


def acknowledged(user: User) -> list[Acknowledgement]:
    """Which guidance somebody has acknowledged, the newest first."""
    given = Acknowledgement.objects.filter(user=user).select_related("guidance")
    return list(given.order_by("-guidance__in_force_from"))


def history_of(membership: Membership) -> list[dict[str, Any]]:
    """What has happened to a membership, its roles and its checks, the newest first."""
    entries = [
        *_told(membership.history, _words),
        *_told(HeldRole.history.filter(membership=membership), _of_role),
        *_told(Proposal.history.filter(membership=membership), _of_proposal),
        *_told(Vetting.history.filter(membership=membership), _of_check),
    ]
    return sorted(entries, key=lambda entry: entry["when"], reverse=True)


def _told(rows: Any, words: Any) -> Iterator[dict[str, Any]]:
    for row in rows.select_related("history_user", "history_agency"):
        who = row.history_user
        by = f"{who}, {row.history_agency}" if who else _("the installation")
        yield {"title": words(row), "by": by, "when": row.history_date}


def _words(row: Any) -> str:
    said = str(SAID.get(row.history_change_reason, _("came in")))
    return said[:1].upper() + said[1:]


def _of_role(row: Any) -> str:
    role = Role(row.role).label
    if row.history_type == "-":
        return _("Role taken away: %s") % role
    return _("Role given: %s") % role


def _of_proposal(row: Any) -> str:
    said = PROPOSAL.labels[row.history_change_reason]
    return f"{Role(row.role).label}: {said}"


def _of_check(row: Any) -> str:
    kind = Vetting.Kind(row.kind).label
    if row.status != Recorded:
        return _("Check withdrawn: %s") % kind
    return _("Check recorded: %s") % kind


def invitation_waiting(membership_pk: UUID) -> Invitation | None:
    """The invitation of a membership that was not accepted yet."""
    rows = Invitation.objects.filter(membership=membership_pk, status=Invitation.Status.SENT)
    found: Invitation | None = rows.first()
    return found
