"""``make bench ARGS=quick``: whether a page or an act costs more than it did, in some minutes.

Pages among 1,000 requests and among 20,000, acts among the latter, against the bare page alone, by
statements and processor time: each is held to its ceiling. What is above it is measured again, so
that noise fails nothing and a regression does.
"""

from collections.abc import Mapping
from typing import Final

from bench import ceilings, copies, works, world
from bench.bare import bare_page
from bench.costs import Cost, Effort, Found, Work, cost_of, measured
from bench.figures import Figure, show
from bench.options import Options

SIZES: Final = (1_000, 20_000)
PAGES: Final = Effort(turns=5, times=4)
ACTS: Final = Effort(turns=3, times=3)  # what they are done to is made first, which takes its time
AGAIN: Final = 3  # times at most, and the least counts: noise only adds


def main(told: Options) -> bool:
    """Fill, measure, fill, measure; whether all keep their ceilings."""
    cast = world.cast()
    case = works.gather(cast)
    pages = works.pages_of(cast, case) | works.inboxes()
    peers: dict[str, Cost] = {"bare": cost_of(bare_page())}
    found: list[Figure] = []
    for since, until in zip((0, *SIZES), SIZES, strict=False):
        works.among(cast, case, since, until)
        copies.readable(pages)
        found += _figures(pages, peers, PAGES, until)
    # Last, since they leave open requests behind.
    found += _figures(works.acts_of(cast), peers, ACTS, SIZES[-1])
    if told.write:
        ceilings.lower(found)
    return show("What pages and acts cost", found)


def _figures(
    works: Mapping[str, Work], peers: Mapping[str, Cost], effort: Effort, requests: int
) -> list[Figure]:
    figures = {
        name: _two(name, took, requests) for name, took in measured(works, peers, effort).items()
    }
    for _time in range(AGAIN):
        above = {name: works[name] for name, (_count, times) in figures.items() if not times.holds}
        if not above:
            break
        for name, took in measured(above, peers, effort).items():
            count, times = _two(name, took, requests)
            figures[name] = (count, min(times, figures[name][1], key=lambda each: each.value))
    return [figure for both in figures.values() for figure in both]


def _two(name: str, took: Found, requests: int) -> tuple[Figure, Figure]:
    """Its statements and its times, each held to its ceiling."""
    what = f"{name}, {requests:,}"
    statements = Figure(f"{what}: statements", took.statements)
    return ceilings.held(statements), ceilings.held(
        Figure(f"{what}: times bare", took.times["bare"])
    )
