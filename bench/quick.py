"""``make bench ARGS=quick``: whether a page or an act costs more than it did, in some minutes.

Pages among 1,000 requests and among 20,000, acts among the latter, against the bare page alone, by
statements and processor time: each is held to its ceiling.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from bench import ceilings, copies, works, world
from bench.bare import bare_page
from bench.costs import Cost, Effort, Found, cost_of, measured
from bench.figures import Figure, show
from bench.options import Options

SIZES: Final = (1_000, 20_000)
PAGES: Final = Effort(turns=5, times=4)
ACTS: Final = Effort(turns=3, times=3)  # what they are done to is made first, which takes its time


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
        found += _figures(measured(pages, peers, PAGES), until)
    # Last, since they leave open requests behind.
    found += _figures(measured(works.acts_of(cast), peers, ACTS), SIZES[-1])
    if told.write:
        ceilings.lower(found)
    held = [ceilings.held(each) for each in found]
    return show("What pages and acts cost", held)


def _figures(every: Mapping[str, Found], requests: int) -> Iterator[Figure]:
    for name, took in every.items():
        yield Figure(f"{name}, {requests:,}: statements", took.statements)
        yield Figure(f"{name}, {requests:,}: times bare", took.times["bare"])
