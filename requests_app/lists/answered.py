"""Which questions of a request nothing that was released answers, for whoever wrote them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from agencies.acting import Actor
from agencies.permissions import May
from requests_app.models import Item, Need, Release
from requests_app.policies import NEEDS, RELEASED_ITEMS

CURRENT = Need.Status.CURRENT


@dataclass(frozen=True)
class OwnQuestion:
    """A question in the requester's own words, and what released to them answers it.

    ``here`` is in the package that is read; if there is nothing, ``elsewhere`` are their other
    packages. Where there is neither, no page says why: who was asked, and what was kept back, is
    not for the requester to know.
    """

    fact: str
    here: list[Item]
    elsewhere: list[Release]

    @property
    def is_unanswered(self) -> bool:
        """Whether nothing that was released to them answers it."""
        return not (self.here or self.elsewhere)


def own_questions(release: Release, actor: Actor, here: Sequence[Any]) -> list[OwnQuestion]:
    """The questions of this very person, as a package with these items answers them.

    None where something was released to them before it was kept what answers what.
    """
    inside = RELEASED_ITEMS.scope(actor, May.SEND_REQUEST).filter(case=release.case_id)
    inside = inside.select_related("release").order_by("release__released_at", "pk")
    known = {item.pk: item for item in here}
    items: dict[str, list[Item]] = defaultdict(list)
    packages: dict[str, dict[UUID, Release]] = defaultdict(dict)
    for row in inside:
        if row.needs_answered is None:
            return []
        for need in row.needs_answered:
            if row.release_id != release.pk:
                packages[need][row.release_id] = row.release
            elif row.item_id in known:
                items[need].append(known[row.item_id])
    needs = NEEDS.scope(actor, May.SEND_REQUEST).filter(case=release.case_id, status=CURRENT)
    return [
        OwnQuestion(need.fact, items[key], [] if items[key] else [*packages[key].values()])
        for need in needs.order_by("added_at", "pk")
        for key in [str(need.pk)]
    ]
