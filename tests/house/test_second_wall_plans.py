"""What the second wall costs, by the plans of PostgreSQL and not by a clock: 10,000 requests."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from agencies.permissions import Permission
from requests_app.models import AgencyCheck, Item
from requests_app.policies import AGENCY_CHECKS, REQUESTS
from tests.house.world import World, undone
from workflow.rls_session import rls_session

pytestmark = pytest.mark.django_db

MANY = 10_000
# As many requests, checks and items again as there are, each a copy under an id of its own.
COPIES = (
    # No place in the inbox is kept for them one by one, by plans made for the few rows before.
    "SET LOCAL session_replication_role = replica",
    """
INSERT INTO requests_app_informationrequest SELECT (jsonb_populate_record(r, jsonb_build_object(
    'id', md5('case' || n)::uuid, 'reference', 'X-' || n))).*
FROM requests_app_informationrequest r, generate_series(1, %(many)s) n WHERE r.id = %(case)s
""",
    """
INSERT INTO requests_app_enquiry SELECT (jsonb_populate_record(r, jsonb_build_object(
    'id', md5('check' || n)::uuid, 'reference', 'Y-' || n, 'case_id', md5('case' || n)::uuid))).*
FROM requests_app_enquiry r, generate_series(1, %(many)s) n WHERE r.id = %(check)s
""",
    """
INSERT INTO requests_app_item SELECT (jsonb_populate_record(r, jsonb_build_object(
    'id', md5('item' || n)::uuid, 'enquiry_id', md5('check' || n)::uuid,
    'case_id', md5('case' || n)::uuid))).*
FROM requests_app_item r, generate_series(1, %(many)s) n WHERE r.id = %(item)s
""",
    "SET LOCAL session_replication_role = origin",
    "ANALYZE requests_app_informationrequest, requests_app_enquiry, requests_app_item",
    "DISCARD PLANS",
)


@pytest.fixture(scope="module")
def crowded(world: World) -> Iterator[World]:
    """The world, and 10,000 requests with a check of the trust each."""
    ids = {
        "many": MANY,
        "case": world.row("case.accepted").pk,
        "check": world.row("check.held").pk,
        "item": world.row("item.held").pk,
    }
    with undone(), connection.cursor() as cursor:
        for statement in COPIES:
            cursor.execute(statement, ids)
        yield world


def plan(world: World, who: str, rows: Any) -> list[dict[str, Any]]:
    """The nodes of the plan by which somebody gets these rows, as they were run."""
    with undone(), rls_session(world.actors[who]):
        said = rows(world.actors[who]).explain(analyze=True, format="json")
    nodes: list[dict[str, Any]] = []

    def walk(node: dict[str, Any]) -> None:
        nodes.append(node)
        for each in node.get("Plans", []):
            walk(each)

    walk(json.loads(said)[0]["Plan"])
    return nodes


ONE_CHECK = Item.objects.filter(agency_check=UUID(hashlib.md5(b"check5000").hexdigest()))  # noqa: S324
PAGES = {
    "the front door's inbox": (
        "officer",
        lambda actor: REQUESTS.scope(actor, Permission.TRIAGE).order_by("desk", "status", "due_at")[
            :20
        ],
    ),
    "the front door's view of one check": ("officer", lambda _actor: ONE_CHECK),
    "a requester's list": (
        "requester",
        lambda actor: REQUESTS.scope(actor, Permission.SEND_REQUEST).order_by("-started_at")[:20],
    ),
    "an agency's inbox": (
        "trust_spoc",
        lambda actor: AGENCY_CHECKS.scope(actor, Permission.ANSWER).filter(
            status=AgencyCheck.Status.SENT
        )[:20],
    ),
    "what an agency listed": ("trust_spoc", lambda _actor: ONE_CHECK),
    "a stranger's question": ("housing_spoc", lambda _actor: ONE_CHECK),
}


@pytest.mark.parametrize("page", PAGES)
def test_what_the_wall_asks_it_asks_once(crowded: World, page: str):
    nodes = plan(crowded, *PAGES[page])
    asked = [node for node in nodes if node.get("Parent Relationship") in ("InitPlan", "SubPlan")]
    assert asked, "the wall is not in the plan"
    assert all(node["Actual Loops"] <= 1 for node in asked)


@pytest.mark.parametrize("page", ["what an agency listed", "a stranger's question"])
def test_one_check_is_found_by_its_index(crowded: World, page: str):
    nodes = plan(crowded, *PAGES[page])
    on_items = [node for node in nodes if node.get("Relation Name") == "requests_app_item"]
    assert on_items
    assert all("Seq Scan" not in node["Node Type"] for node in on_items)


def asked_of_rows(world: World, who: str, rows: Any) -> int:
    """How often functions that say of one row whose it is were asked for these rows."""
    counted = "SELECT sum(calls) FROM pg_stat_xact_user_functions WHERE funcname = ANY(%s)"
    with undone(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL track_functions = 'all'")
        cursor.execute(counted, [OF_A_ROW])
        before = cursor.fetchone()[0] or 0
        with rls_session(world.actors[who]):
            assert list(rows(world.actors[who]).all()), "nothing found is nothing measured"
        cursor.execute(counted, [OF_A_ROW])
        return int((cursor.fetchone()[0] or 0) - before)


OF_A_ROW = [
    *("wall_holds", "wall_holds_item", "wall_is_asked", "wall_was_asked", "wall_was_shown"),
    "wall_oversees",
]


def test_an_agency_is_asked_of_the_rows_on_its_page_and_of_no_others(crowded: World):
    assert 0 < asked_of_rows(crowded, *PAGES["what an agency listed"]) < 10


def test_the_front_door_is_let_through_before_any_row_is_asked_of(crowded: World):
    for rows in (PAGES["the front door's inbox"][1], lambda _actor: AgencyCheck.objects.all()):
        assert asked_of_rows(crowded, "officer", rows) == 0
