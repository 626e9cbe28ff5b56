"""What sharing asks for, said at once."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from agencies.acting import Actor
from decisions.flow.actions import consider_points
from decisions.flow.protocol import Outcome
from decisions.flow.readiness import state_of
from decisions.flow.whole import WITH_ITS_PARTS, items_of
from decisions.models import Decision
from decisions.transitions import DECISION
from requests_app.items.actions import fill_item
from workflow.act import act
from workflow.transitions import AlreadyMade, TransitionRefused, idempotent
from workflow.versions import ChangedMeanwhile

Points = Mapping[str, Mapping[str, tuple[bool, str]]]  # kind -> code -> whether met, and why not


@idempotent
def say_what_sharing_asks(
    decision: Decision,
    *,
    by: Actor,
    written: Mapping[str, Any],
    content: Mapping[str, Any] | None,
    points: Points,
    expected_state: str,
) -> Decision:
    """Basis, safety, the one piece of information, points and who is told: all of it or nothing.

    ``written`` goes on the decision, ``content`` on its only piece, if there is but one.
    ``expected_state`` is ``state_of`` the decision that the page was filled in from. Raises
    ChangedMeanwhile where the decision says something else since, TransitionRefused where the
    answers do not lead to sharing any more.
    """
    with act():
        with DECISION.making("weigh", decision, by=by), WITH_ITS_PARTS(decision):
            items, place = items_of(decision), decision.where()
            if not isinstance(place, Outcome) or not place.shares:
                raise TransitionRefused(_("Your answers do not lead to sharing this any more."))
            if expected_state != state_of(decision):
                if _says_so_already(decision, written, content, points):
                    raise AlreadyMade(decision)
                raise ChangedMeanwhile
            for name, value in written.items():
                setattr(decision, name, value)
        if content is not None:
            fill_item(items[0], by=by, **content)
        for kind, confirmed in points.items():
            consider_points(decision, by=by, kind=kind, points=confirmed)
    return decision


def _says_so_already(
    decision: Decision,
    written: Mapping[str, Any],
    content: Mapping[str, Any] | None,
    points: Points,
) -> bool:
    """Whether all of it stands there word for word, so that it was sent twice."""
    there: dict[str, dict[str, tuple[bool, str]]] = {kind: {} for kind in points}
    for point in decision.points.all():
        if point.kind in there:
            there[point.kind][point.code] = (point.is_met, point.explanation)
    return (
        all(getattr(decision, name) == value for name, value in written.items())
        and all(
            getattr(item, name) == value
            for item in items_of(decision)[:1]
            for name, value in (content or {}).items()
        )
        and there == {kind: dict(confirmed) for kind, confirmed in points.items()}
    )
