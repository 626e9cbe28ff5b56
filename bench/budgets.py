"""The part ``costs``: every page and act against its budget, among few and many, new and old."""

from collections.abc import Mapping
from functools import partial

from django.urls import reverse

from bench import copies, report, world
from bench.bare import bare_page
from bench.costs import Cost, Effort, Work, cost_of, figures_of, measured
from bench.figures import Figure, show
from bench.filling import count_anew
from bench.helpdesk import helpdesk
from bench.options import Options
from bench.works import LIST, ROW, acts_of, among, gather, inboxes, pages_of
from requests_app.models import InformationRequest
from requests_app.triage.actions import change_rating
from tests import walks
from tests.cast import Cast

PAGES, ACTS = 10, 4  # how often each in a turn
HALF_WAY = 1.2  # times the first page
LISTS = {
    "inbox, released": ("officer", "requests:inbox", "?group=released"),
    "own requests": ("requester", "requests:mine", ""),
    "requests of the agency": ("school_spoc", "requests:oversight", ""),
    "disclosure log": ("trust_manager", "decisions:disclosures", ""),
}


def main(told: Options) -> bool:
    """Fill, measure by turns, fill more; whether every budget is kept."""
    cast, pages, acts = world.cast(), Effort(told.turns, PAGES), Effort(told.turns, ACTS)
    case = gather(cast)
    bare = cost_of(bare_page())
    with helpdesk(told.tickets) as peers:
        among(cast, case, 0, told.requests)
        here = {"bare": bare}
        found = _held("", pages_of(cast, case), here, pages)
        found += _held("", acts_of(cast), here | dict(peers), acts)
    found += _held("few open: ", inboxes(), here, pages)
    found += _half_way(told.requests, pages)
    found += _held("", _long_ones(cast, told.versions), here, pages)
    copies.open_ones(cast, told.open)
    count_anew()
    found += _held(f"{told.open:,} open: ", inboxes(), here, pages)
    if told.write:
        report.write(found, tickets=told.tickets)
    return show(f"What pages and acts cost, among {told.requests:,} requests", found)


def _held(
    before: str, every: Mapping[str, Work], peers: Mapping[str, Cost], effort: Effort
) -> list[Figure]:
    """What they take, once the copies that they show can be opened."""
    copies.readable(every)
    named = {f"{before}{name}": work for name, work in every.items()}
    return figures_of(named, measured(named, peers, effort))


def _half_way(requests: int, effort: Effort) -> list[Figure]:
    """Each list's page in the middle against its first."""
    figures = []
    for name, (who, view, asked) in LISTS.items():
        first = f"{reverse(view)}{asked}"
        client = world.signed_in(who)
        middle = copies.last_page(client, first, half_way=requests // 100)
        pages = {there: Work.page(who, there, LIST) for there in (first, middle)}
        copies.readable(pages)
        peers = {"first": cost_of(partial(world.got, client, first))}
        took = measured({name: pages[middle]}, peers, effort)[name]
        ratio = took.times["first"]
        figures.append(Figure(f"{name}: half-way page, times its first", ratio, most=HALF_WAY))
    return figures


def _long_ones(cast: Cast, versions: int) -> dict[str, Work]:
    """A request that was changed three times, and one that was changed very often."""
    pages = {}
    for number in (3, versions):
        case = walks.accepted(cast)
        _change(cast, case, number)
        there = reverse("requests:triage_case", args=[case.pk])
        pages[f"a request that was changed {number} times"] = Work.page("officer", there, ROW)
        there = reverse("requests:request_history", args=[case.pk])
        pages[f"versions of one that was changed {number} times"] = Work.page("officer", there, ROW)
    return pages


def _change(cast: Cast, case: InformationRequest, times: int) -> None:
    for number in range(times):
        rating = ("red", "amber")[number % 2]
        case = change_rating(case, by=cast.officer, rating=rating, reason="Seen again")
