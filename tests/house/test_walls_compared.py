"""Both walls compared where each of their ways leads to a row (docs/adr/0112)."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from agencies.acting import actor_for
from agencies.bootstrap.unattended import join
from agencies.models import User
from agencies.permissions import Role
from decisions.advice.actions import give_advice, seek_advice
from decisions.flow.actions import begin_anew
from decisions.recording.actions import record_decision
from decisions.scrutiny.actions import ask_to_reconsider
from portal.rls.plan import tables
from requests_app.break_glass.actions import review_opening
from tests import walks
from tests.cast import PASSWORD
from tests.house.second_wall import MODELS, POLICIES, differing
from tests.house.world import ANONYMOUS, EVERYBODY, REVOKED, World, undone
from workflow.acting import Actor
from workflow.policy import Path, Policy
from workflow.rls_session import rls_session

pytestmark = pytest.mark.django_db

ACTING = [who for who in EVERYBODY if who not in (ANONYMOUS, REVOKED)]
# Told only for the length of the act that opens a case.
BEING_OPENED = ("requests_app_subject", "case_id = (SELECT wall_being_opened())")
Way = tuple[str, str]  # a table, and a condition on its rows


@pytest.fixture(scope="module")
def actors(world: World) -> Iterator[dict[str, Actor]]:
    """Everybody in the world, and what else a way leads to.

    A refusal after advice and after points were weighed, which the partners sent back and which is
    being decided anew, and another that was; requests that were released and returned, opened by
    somebody without a part in them; an adviser at that person's agency; the front door's manager.
    """
    cast = world.cast
    with undone():
        decision = walks.ready_to_share(cast, case=world.row("case.accepted"))
        asked = {"idempotency_key": uuid4(), "step": "consent", "question": "May we ask?"}
        advice = seek_advice(decision, by=cast.trust_spoc, **asked)
        give_advice(advice, by=cast.trust_adviser, outcome="No")
        walks.refuse(decision, by=cast.trust_spoc)
        record_decision(decision, by=cast.trust_spoc)
        ask_to_reconsider(decision.scrutiny, by=cast.police_partner, reasons="Weigh it again")
        begin_anew(decision, by=cast.trust_spoc, idempotency_key=uuid4())
        refusal = walks.ready_to_refuse(cast, case=world.row("case.accepted"))
        record_decision(refusal, by=cast.housing_spoc)
        ask_to_reconsider(refusal.scrutiny, by=cast.police_partner, reasons="Arrears matter")
        anew = begin_anew(refusal, by=cast.housing_spoc, idempotency_key=uuid4())
        walks.fill(anew, anew.weighed.get().item, by=cast.housing_spoc)
        record_decision(anew, by=cast.housing_spoc)
        for key in ("released", "returned"):
            opening = walks.opened(cast, world.row(f"case.{key}"))
            review_opening(opening, by=cast.desk_lead, note="In order")
        police = cast.agencies["police"]
        adviser = User.objects.create_user("adviser@police.example", PASSWORD, first_name="Ann")
        join(adviser, Role.ADVISER, police)
        everybody = {who: world.actors[who] for who in ACTING}
        front_door = cast.agencies["front_door"]
        manager = User.objects.create_user("manager@desk.example", PASSWORD, first_name="Mona")
        join(manager, Role.MANAGER, front_door)
        yield everybody | {
            "police_adviser": actor_for(adviser, police),
            "desk_manager": actor_for(manager, front_door),
        }


def test_the_database_shows_what_the_policies_reach_and_what_is_named(actors: dict[str, Actor]):
    found = {who: differing(actor) for who, actor in actors.items()}
    assert not {who: differ for who, differ in found.items() if differ}


def test_each_way_of_the_wall_leads_somebody_to_a_row(actors: dict[str, Actor]):
    """Or the comparison would say nothing of it."""
    compared = {model._meta.db_table for model in MODELS}
    ways = {(each.name, way.sql) for each in tables() for way in each.ways if each.name in compared}
    assert len(ways) > 100
    led = {way for actor in actors.values() for way in shown_by(actor, sorted(ways))}
    assert ways - led == {BEING_OPENED}


def test_each_path_of_a_policy_leads_somebody_to_a_row(actors: dict[str, Actor]):
    paths = [
        (policy, permission, path)
        for policy in POLICIES
        for permission, some in policy.reach.items()
        for path in some
    ]
    assert len(paths) > 90
    dead = [
        f"{policy.model.__name__} {permission} {path}"
        for policy, permission, path in paths
        if not any(leads(policy, permission, path, actor) for actor in actors.values())
    ]
    assert not dead


def shown_by(actor: Actor, ways: list[Way]) -> set[Way]:
    """By which of these ways the database shows somebody a row."""
    asked = ", ".join(f"EXISTS (SELECT FROM {table} WHERE {way})" for table, way in ways)
    with undone(), rls_session(actor), connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}")
        return {way for way, leads in zip(ways, cursor.fetchone(), strict=True) if leads}


def leads(policy: Policy[Any], permission: Any, path: Path, actor: Actor) -> bool:
    """Whether this path of a policy opens a row to somebody."""
    alone = Policy(policy.model, {permission: (path,)}, policy.only, many=policy.many)
    return alone.scope(actor, permission).exists()
