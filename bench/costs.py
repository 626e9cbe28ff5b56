"""What pages and acts cost: statements, and processor time against a peer of the same run.

Processor time is the application's and the database's together. Pages are compared with a bare page
of 25 rows, acts with django-helpdesk's where the whole bench runs. Each and its peer go by turns,
and the middle one of the ratios counts, so that a busy machine changes little.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

import click
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import world
from bench.figures import Figure
from bench.posts import Act

TICKS: Final = os.sysconf("SC_CLK_TCK")
BOTH: Final = ("default", "keystore")
Cost = Callable[[int], float]  # seconds of processor for so many times


@dataclass(frozen=True)
class Budget:
    """At most so many statements, and so many times the peer: the bare page, if not said."""

    statements: int
    times: float
    peer: str = "bare"


@dataclass(frozen=True)
class Work:
    """A page or an act: who does it, what is made before each time, and what is measured."""

    who: str
    do: Callable[[Client, Any], object]
    budget: Budget
    ready: Callable[[], Any] = lambda: None

    @classmethod
    def page(cls, who: str, there: str, budget: Budget) -> "Work":
        """A page that somebody opens."""
        return cls(who, lambda client, _nothing: world.got(client, there), budget)

    @classmethod
    def act(cls, act: Act, budget: Budget) -> "Work":
        """Something that is sent."""
        return cls(act.who, act.send, budget, act.ready)


@dataclass(frozen=True)
class Found:
    """What one work took: its statements, and its ratio to each peer that is there."""

    statements: int
    times: Mapping[str, float]


@dataclass(frozen=True)
class Effort:
    """How often each is measured: so many turns of so many times."""

    turns: int = 5
    times: int = 10


def once(works: Mapping[str, Work]) -> Iterator[Callable[[], object]]:
    """Each of the works, to be done once."""
    for work in works.values():
        yield partial(_once, work, world.signed_in(work.who))


def _once(work: Work, client: Client) -> None:
    work.do(client, work.ready())


def measured(
    works: Mapping[str, Work], peers: Mapping[str, Cost], effort: Effort
) -> dict[str, Found]:
    """Each of the works, with a bar on the terminal."""
    names = list(works)
    with click.progressbar(names, label="Measuring", file=sys.stderr) as bar:
        return {name: _measured(works[name], peers, effort) for name in bar}


def figures_of(works: Mapping[str, Work], found: Mapping[str, Found]) -> list[Figure]:
    """Each held to its budget, where its peer is there."""
    figures = []
    for name, work in works.items():
        budget, took = work.budget, found[name]
        figures.append(Figure(f"{name}: statements", took.statements, most=budget.statements))
        figures += [
            Figure(
                f"{name}: times {peer}", times, most=budget.times if peer == budget.peer else None
            )
            for peer, times in took.times.items()
            if peer in ("bare", budget.peer)
        ]
    return figures


def _measured(work: Work, peers: Mapping[str, Cost], effort: Effort) -> Found:
    client = world.signed_in(work.who)
    work.do(client, work.ready())
    thing = work.ready()
    with (
        CaptureQueriesContext(connections["default"]) as asked,
        CaptureQueriesContext(connections["keystore"]) as keys,
    ):
        work.do(client, thing)
        statements = len(asked.captured_queries) + len(keys.captured_queries)
    own = partial(_cost_of, work, client)
    ratios: dict[str, list[float]] = {name: [] for name in peers}
    for _turn in range(effort.turns):
        spent = own(effort.times)
        for name, peer in peers.items():
            ratios[name].append(spent / peer(effort.times))
    return Found(statements, {name: median(every) for name, every in ratios.items()})


def _cost_of(work: Work, client: Client, times: int) -> float:
    things = [work.ready() for _each in range(times)]
    return cost([partial(work.do, client, thing) for thing in things])


def cost_of(get: Callable[[], object]) -> Cost:
    """What a peer of this process costs."""
    return lambda times: cost([get] * times)


def cost(all_of_it: list[Any]) -> float:
    """Seconds of processor, ours and the database's."""
    processes = [_backend(alias) for alias in BOTH]
    begun = time.process_time() + _spent(processes)
    for each in all_of_it:
        each()
    return time.process_time() + _spent(processes) - begun


def _backend(alias: str) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _spent(processes: list[int]) -> float:
    """Seconds of processor of other processes so far (proc(5))."""
    stats = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in processes)
    return sum(int(each[11]) + int(each[12]) for each in stats) / TICKS
