"""What pages cost: statements, and processor time as a multiple of a bare page of 25 rows.

Processor time is the application's and the database's together. A page and the bare one are
asked by turns, and the middle one of the ratios counts, so that a busy machine changes little.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import world
from bench.bare import bare_page
from bench.figures import Figure, show
from bench.filling import count_anew, fill
from decisions.models import Scrutiny
from decisions.scrutiny.actions import accept_decision
from requests_app.models import AgencyCheck
from tests import walks
from tests.cast import Cast

FINISHED: Final = 1_000
ACCEPTED: Final = 8  # with those that are taken 25 are open, as many as the bare page has rows
TAKEN: Final = 14
RELEASED: Final = 3
TURNS: Final = 5
GETS: Final = 10
TICKS: Final = os.sysconf("SC_CLK_TCK")
Get = Callable[[], object]


@dataclass(frozen=True)
class Budget:
    """At most so many statements and so many bare pages."""

    statements: int
    bare: float


LIST, ROW, START = Budget(10, 3.5), Budget(12, 4), Budget(6, 2)


def main() -> bool:
    """Fill, measure by turns; whether every page keeps its budget."""
    cast = world.cast()
    pages = _pages(cast, _filled(cast))
    bare, figures = bare_page(), []
    for name, (who, there, budget) in pages.items():
        client = world.signed_in(who)
        figures += _measured(name, partial(world.got, client, there), bare, budget)
    return show("What pages cost", figures)


def _filled(cast: Cast) -> dict[str, str]:
    """A request, a check and a decision, among open and finished ones; their ids."""
    for _each in range(ACCEPTED):
        walks.accepted(cast)
    for _each in range(TAKEN):
        walks.taken(cast)
    for _each in range(RELEASED):
        case = walks.released(cast)
    decision = walks.shared(cast)
    accept_decision(Scrutiny.objects.filter(case=case).get(), by=cast.police_partner)
    world.got(world.signed_in("officer"), reverse("requests:triage_case", args=[case.pk]))
    fill(cast, case, 0, FINISHED)
    count_anew()
    check = AgencyCheck.objects.get(case=case, holder=cast.agencies["trust"])
    return {"case": str(case.pk), "check": str(check.pk), "decision": str(decision.pk)}


def _pages(cast: Cast, ids: dict[str, str]) -> dict[str, tuple[str, str, Budget]]:
    case, check, decision = ([ids[name]] for name in ("case", "check", "decision"))
    return {
        "start page, officer": ("officer", reverse("home"), START),
        "start page, requester": ("requester", reverse("home"), START),
        "start page, SPoC": ("trust_spoc", reverse("home"), START),
        "inbox, 25 rows": ("officer", reverse("requests:inbox"), Budget(8, 3)),
        "agency checks": ("trust_spoc", reverse("requests:checks"), LIST),
        "own requests": ("requester", reverse("requests:mine"), LIST),
        "scrutiny": ("police_partner", reverse("decisions:scrutinies"), LIST),
        "oversight": ("trust_manager", reverse("decisions:oversight"), LIST),
        "a request": ("officer", reverse("requests:triage_case", args=case), ROW),
        "a check": ("trust_spoc", reverse("requests:check", args=check), ROW),
        "a decision": ("trust_spoc", reverse("decisions:decision", args=decision), ROW),
    }


def _measured(name: str, get: Get, bare: Get, budget: Budget) -> list[Figure]:
    get()
    with (
        CaptureQueriesContext(connections["default"]) as asked,
        CaptureQueriesContext(connections["keystore"]) as keys,
    ):
        get()
        statements = len(asked.captured_queries) + len(keys.captured_queries)
    processes = [_backend(alias) for alias in ("default", "keystore")]
    ratios = [_cost(get, processes) / _cost(bare, processes) for _turn in range(TURNS)]
    return [
        Figure(f"{name}: statements", statements, most=budget.statements),
        Figure(f"{name}: bare pages", median(ratios), most=budget.bare),
    ]


def _backend(alias: str) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _cost(get: Get, processes: list[int]) -> float:
    """Seconds of processor, ours and the database's."""
    begun = time.process_time() + _spent(processes)
    for _each in range(GETS):
        get()
    return time.process_time() + _spent(processes) - begun


def _spent(processes: list[int]) -> float:
    """Seconds of processor of other processes so far (proc(5))."""
    stats = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in processes)
    return sum(int(each[11]) + int(each[12]) for each in stats) / TICKS
