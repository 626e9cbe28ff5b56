"""What a page costs among a thousand finished requests, and among a million."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from math import inf
from typing import Final
from urllib.parse import urlencode

from django.db import OperationalError, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench import world
from bench.figures import Figure, show
from bench.filling import count_anew, fill
from decisions.models import Scrutiny
from decisions.scrutiny.actions import accept_decision
from requests_app.models import AgencyCheck
from tests import walks
from tests.cast import Cast

FEW: Final = 1_000
MANY: Final = 1_000_000
GETS: Final = 7
ENOUGH: Final = 10.0  # seconds for one page
A_FEW: Final = 3
A_PAGE: Final = 50  # as many as a list shows at once: the copies below them open for nobody
MOST: Final = 2.0


@dataclass
class _Cost:
    """Of one page: its statements, and seconds at the quickest of some requests."""

    statements: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def main(*, many: int = MANY) -> bool:
    """Fill, ask, fill, ask again; whether every page costs about the same."""
    cast = world.cast()
    for _each in range(A_FEW):
        walks.taken(cast)
    for _each in range(A_PAGE):
        case = walks.released(cast)
    check = AgencyCheck.objects.get(case=case, holder=cast.agencies["trust"])
    accept_decision(Scrutiny.objects.get(case=case), by=cast.police_partner)
    world.got(world.signed_in("officer"), reverse("requests:triage_case", args=[case.pk]))
    costs: dict[str, _Cost] = {}
    for since, until in ((0, FEW), (FEW, many)):
        fill(cast, case, since, until)
        count_anew()
        for name, who, there in _pages(str(case.pk), str(check.pk)):
            _measure(costs.setdefault(name, _Cost()), who, there)
    figures = [_seen(cast, 2 * many)]
    for name, cost in costs.items():
        few, more = cost.seconds
        figures += [
            Figure(f"{name}: statements more", cost.statements[1] - cost.statements[0], most=0),
            Figure(f"{name}: seconds", more, "s"),
            Figure(f"{name}: against itself among few", more / few, most=MOST),
        ]
    return show(f"Growth from {FEW:,} to {many:,} requests", figures)


def _seen(cast: Cast, entries: int) -> Figure:
    """What one person saw in all, who looked at half of what anybody looked at."""
    first, last = timezone.localdate() - timedelta(days=365 * 40), timezone.localdate()
    asked: dict[str, object] = {"email": cast.users["officer"].email}
    for name, day in (("since", first), ("until", last)):
        asked |= {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
    begun = time.perf_counter()
    world.got(world.signed_in("desk_lead"), f"{reverse('decisions:seen')}?{urlencode(asked)}")
    spent = time.perf_counter() - begun
    return Figure(f"what one person saw, among {entries:,} entries", spent, "s", most=5)


def _pages(case: str, check: str) -> Iterator[tuple[str, str, str]]:
    yield "inbox of the front door", "officer", reverse("requests:inbox")
    yield "request at the front door", "officer", reverse("requests:triage_case", args=[case])
    yield "who has looked at it", "officer", reverse("requests:access_log", args=[case])
    yield (
        "who has looked at a check",
        "trust_manager",
        reverse("requests:check_access_log", args=[check]),
    )
    yield "scrutiny", "police_partner", reverse("decisions:scrutinies")
    yield "records that are due", "officer", reverse("retention:due")
    yield "own requests", "requester", reverse("requests:mine")
    yield "agency checks", "trust_spoc", reverse("requests:checks")
    yield "disclosure log", "trust_manager", reverse("decisions:disclosures")
    yield "oversight", "trust_manager", reverse("decisions:oversight")


def _measure(cost: _Cost, who: str, there: str) -> None:
    """The quickest of some requests; of slow ones fewer. No page at all takes for ever."""
    client = world.signed_in(who)
    try:
        world.got(client, there)
        with CaptureQueriesContext(connections["default"]) as asked:
            world.got(client, there)
        cost.statements.append(len(asked.captured_queries))
        taken: list[float] = []
        while len(taken) < GETS and sum(taken) < ENOUGH:
            begun = time.perf_counter()
            world.got(client, there)
            taken.append(time.perf_counter() - begun)
        cost.seconds.append(min(taken))
    except OperationalError:  # the database gave up on a statement, as it does in production
        cost.statements.append(0)
        cost.seconds.append(inf)
