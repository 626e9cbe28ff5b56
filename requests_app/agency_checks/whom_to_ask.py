"""To which agencies a check can be put, and why to others it cannot."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from agencies.models import Agency
from agencies.register.selectors import closed_today
from requests_app.agency_people import CannotBeAsked, agencies_by_whether_asked

FEW = 3  # agencies that cannot be asked, up to which they are not folded away


@dataclass(frozen=True)
class WhomToAsk:
    """The register as the front door chooses from it.

    ``can`` are the agencies that can be asked, each with whether it was in this case already;
    ``cannot`` are the others, by why not.
    """

    can: list[tuple[Agency, bool]]
    cannot: list[tuple[CannotBeAsked, list[Agency]]]

    @property
    def are_few(self) -> bool:
        """Whether those who cannot be asked are few enough to be shown unfolded."""
        return sum(len(agencies) for _why, agencies in self.cannot) <= FEW


def whom_to_ask(asked: Iterable[Any]) -> WhomToAsk:
    """Every agency on the register, in one query.

    ``closed`` on each that can be asked is the closure that runs today, if one does.
    """
    known, agencies = {check.holder_id for check in asked}, list(agencies_by_whether_asked())
    can = [each for each in agencies if not each.cannot]
    closures = closed_today(can)
    for each in can:
        each.closed = closures.get(each.pk)
    cannot = [(why, [each for each in agencies if each.cannot == why]) for why in CannotBeAsked]
    return WhomToAsk(
        [(each, each.pk in known) for each in can],
        [(why, those) for why, those in cannot if those],
    )
