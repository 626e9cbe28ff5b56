"""The dry run: which records are due, and what stands in the way of the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404

from agencies.acting import Actor
from agencies.permissions import Permission
from requests_app.policies import REQUESTS
from retention.disposal.reckoning import Reckoned, reckon
from retention.models import Disposal, DisposalList
from retention.policies import DISPOSALS, LISTS
from retention.transitions import CLOSED
from workflow.paging import Page, moment, page_of

OLDEST: Mapping[str, Callable[[str], Any]] = {"sent_at": moment, "pk": UUID}
LATEST: Mapping[str, Callable[[str], Any]] = {"listed_at": moment, "pk": UUID}
AT_A_TIME = 200
PERMISSIONS = (Permission.TRIAGE, Permission.REVIEW_OPENINGS)


@dataclass(frozen=True)
class Due:
    """Of so many records looked at, oldest first: those that can go, and those that cannot yet."""

    looked_at: int
    can_go: list[Reckoned]
    stopped: list[Reckoned]
    after: str


def here_or_404(actor: Actor) -> None:
    """Lists are the front door's, for its officers and information governance leads there."""
    if not actor.agency.is_front_door or not actor.permissions & {
        permission.value for permission in PERMISSIONS
    }:
        raise Http404


def due(actor: Actor, after: str = "", again: UUID | None = None) -> Due:
    """The next closed requests of this front door that are on no list; destroys nothing.

    Those on the list ``again`` are among them: its page may be sent a second time.
    """
    others = Disposal.objects.exclude(list=again) if again else Disposal.objects.all()
    listed = others.filter(case=OuterRef("pk")).exclude(status=Disposal.Status.KEPT)
    closed = REQUESTS.scope(actor, Permission.TRIAGE).filter(~Exists(listed), status__in=CLOSED)
    page = page_of(closed, OLDEST, after, AT_A_TIME)
    found = reckon(page.rows)
    return Due(
        len(found),
        [each for each in found if each.can_go],
        [each for each in found if each.obstacle and (each.is_due or each.due_on is None)],
        page.after,
    )


def lists(actor: Actor, after: str = "", *, only_waiting: bool = False) -> Page:
    """The disposal lists of this front door, the latest first; or those still to be approved."""
    rows = LISTS.scope(actor, *PERMISSIONS).select_related("listed_by", "approved_by")
    if only_waiting:
        rows = rows.filter(status=DisposalList.Status.LISTED)
    return page_of(rows, LATEST, after, newest_first=True)


def lines_of(listed: DisposalList, actor: Actor) -> list[Disposal]:
    """What stands on one list."""
    rows = DISPOSALS.scope(actor, *PERMISSIONS).filter(list=listed)
    return list(rows.order_by("reference"))
