"""Among 100,000 of each, no page and no form reads a table whole: the planner is asked.

Every address is tried by everybody whom it answers, by GET, by a POST with nothing in it and by one
with every field filled in; lists also by each group and filter; and a request goes all its way.
"""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from audit import append_only
from decisions.models import Decision
from decisions.scrutiny.actions import accept_decision
from requests_app.break_glass import actions as openings
from requests_app.triage.choosing import BY_CODE
from sessions.models import UnsentText
from tests.cast import PEOPLE
from tests.house import crowd
from tests.house.canaries import Flock
from tests.house.canary_story import Story
from tests.house.plans import plans
from tests.house.typists import Notebook, Typist
from tests.house.urls import TABLE, Row
from tests.house.world import KeptWorld, World, undone

pytestmark = pytest.mark.django_db

ENOUGH = 6  # people at one address
MOST = crowd.MANY // 2  # by an index; of one table some agencies may have some tenths
GROWING = {model._meta.db_table for model in crowd.growing()}
DAY = {"since_day": 1, "since_month": 1, "since_year": timezone.localdate().year - 3}
NOBODY = "00000000-0000-4000-8000-000000000000"
# What lists are asked for beside their first page, by their address.
ASKED: dict[str, list[dict[str, object]]] = {
    "requests:inbox": [
        *({"group": code} for code in BY_CODE),
        *({"sort": "due"}, {"sort": "came"}, {"rating": "red"}, {"group": "mine", "sort": "came"}),
        *({"sort": "agency"}, {"purpose": "needs"}, {"agency": NOBODY}),
    ],
    "requests:desk_news": [{"since": timezone.now().isoformat()}],
    "requests:checks": [{"show": "back"}],
    "requests:mine": [{"show": "released"}],
    "decisions:disclosures": [DAY, {"kind": "shared"}, {"outcome": "share"}, {"purpose": "needs"}],
    "decisions:seen": [{"email": "officer@front_door.example"} | DAY],
}

# What may still read a table whole, as the planner pleases: whoever mends it takes its line away.
HOLDER = "a decision does not bear its agency, so the log of one with few reads everybody's by time"
KNOWN = dict.fromkeys(("decisions:disclosures", "decisions:export_disclosures"), HOLDER)


@pytest.fixture(scope="module")
def swept(kept_world: KeptWorld, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is undone still lies in the tables, and every later test would read past it."""
    yield
    with django_db_blocker.unblock():
        for alias in connections:
            tables = [each._meta.db_table for each in crowd.growing() if crowd.is_on(each, alias)]
            with connections[alias].cursor() as cursor:
                cursor.execute("SET statement_timeout = 0")
                cursor.execute(f"VACUUM (FULL, ANALYZE) {', '.join(tables)}")
                cursor.execute("RESET statement_timeout")


@pytest.fixture(scope="module")
def crowded(swept: None, world: World) -> Iterator[World]:
    """The world among many rows."""
    with undone(), crowd.opened_anyway():
        opening, by = world.row("opening.closed"), world.cast.desk_lead
        openings.review_opening(opening, by=by, note="Asked her")
        there = reverse("requests:triage_case", args=world.args("case.released"))
        world.client("officer").get(there)
        accept_decision(world.row("scrutiny.refused"), by=world.cast.police_partner)
        UnsentText.objects.create(pk=uuid4(), sealed=b"sealed", kept_at=timezone.now())
        crowd.fill(world)
        yield world


def read_whole(act: Callable[[], object]) -> set[str]:
    """What is read whole while something is done, which is undone."""
    with undone(), plans(GROWING, MOST) as seen:
        act()
        for alias in connections:
            connections[alias].check_constraints()
    assert seen.statements
    return seen.whole


def of_the_address(world: World, name: str, row: Row) -> Iterator[tuple[str, Callable[[], object]]]:
    """Everything that is done at an address, and by whom."""
    there = reverse(name, args=world.args(row.where))
    for who in _some_of(row.who):
        client = world.client(who)
        if row.get == 200:
            yield who, lambda client=client: client.get(there)
        for asked in ASKED.get(name, []):
            yield who, lambda client=client, asked=asked: client.get(there, asked)
        if row.post != 405:
            yield who, lambda client=client: client.post(there)
        if row.post != 405 and row.get == 200:
            yield who, lambda client=client: filled_in(client, there)


def _some_of(people: frozenset[str]) -> list[str]:
    """All of them; of very many one of each role."""
    of_roles = {PEOPLE[who][3]: who for who in sorted(people & PEOPLE.keys())}
    return sorted(people) if len(people) <= ENOUGH else sorted(of_roles.values())


def filled_in(client: Client, there: str) -> None:
    """The form with something in every field; some then say that it does not fit together."""
    typist = Typist(Notebook(Flock()), client)
    form = typist.open(there).form()
    client.post(form.action, typist.filled(form, {}))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.xfail(reason=why) if why else ())
        for name, row in TABLE.items()
        for why in [KNOWN.get(name)]
        if row.who
    ],
)
def test_no_address_reads_a_table_whole(crowded: World, name: str):
    for who, act in of_the_address(crowded, name, TABLE[name]):
        assert not read_whole(act), who


def test_nothing_on_the_way_of_a_request_reads_a_table_whole(crowded: World):
    assert not read_whole(lambda: Story(crowded.cast, Notebook(Flock())).tell())


def test_a_table_is_said_to_grow_or_why_not():
    every = {model._meta.db_table for model in apps.get_models() if model._meta.managed}
    labels = {model._meta.app_label for model in apps.get_models()}
    assert set(crowd.FIXED) <= every | labels
    for table in GROWING - crowd.NOT_FILLED:
        alias = "keystore" if table.startswith("encryption_") else "default"
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
            assert cursor.fetchone() == (True,), table


# Whether it would be noticed.


def test_a_statement_that_reads_a_table_whole_is_noticed(crowded: World):
    found = read_whole(Decision.objects.count)
    assert any("Scan of decisions_decision" in each for each in found)


def test_a_trigger_that_reads_a_table_whole_is_noticed(crowded: World):
    """As it did until audit.0012: within the function, whatever the page itself asks."""
    was = append_only.POSTGRES_WITH.replace("id = ANY($1)", "id::text = ANY($1::text[])")
    assert was != append_only.POSTGRES_WITH

    def one_step() -> None:
        with connection.cursor() as cursor:
            cursor.execute(was)
        there = reverse("decisions:step", args=crowded.args("decision.nursed =purpose"))
        said = {"choice": "yes", "reasons": "Weighed it"}
        assert crowded.client("trust_spoc").post(there, said).status_code == 302

    assert any("Scan of decisions_decision" in each for each in read_whole(one_step))
