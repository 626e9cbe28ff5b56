"""The wall's functions, asked one by one: whatever they are given, they tell nobody of others."""

from typing import Any

import pytest
from django.db import connection

from tests.house.world import World, undone
from workflow.acting import Actor
from workflow.rls_session import rls_session

pytestmark = pytest.mark.django_db

TOLD_WHOSE = {"holder", "asking", "partner"}  # what such functions call the agency they are given
STRANGERS = ["housing_spoc", "classmate", "board_partner", "administrator"]


def ask(actor: Actor, function: str, given: list[Any]) -> Any:
    """What a function says to somebody who asks it themselves."""
    marks = ", ".join(["%s"] * len(given))
    with undone(), rls_session(actor), connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({marks})", given)
        return cursor.fetchone()[0]


def asked(world: World) -> dict[str, tuple[str, list[Any]]]:
    """Somebody to whom each function says yes, and of what."""
    trust = world.actors["trust_spoc"]
    police = world.actors["police_partner"]
    holder, adviser = [trust.agency.pk, True, None], [trust.agency.pk]
    partner = [police.agency.pk, police.user.pk]
    check, advice, refused = (world.row(f"check.{key}") for key in ("held", "waiting", "refused"))
    case = world.row("case.accepted")
    shown = world.row("person.child_accepted")
    by_spoc = {
        "wall_holds": [check.pk],
        "wall_is_asked": [check.questions.first().pk],
        "wall_was_asked": [check.case_id],
        "wall_holds_item": [world.row("item.held").pk],
        "wall_was_told": [world.row("release.released").pk],
        "wall_was_shown": [shown.pk],
        "wall_decided": [world.row("decision.begun").pk],
        "wall_holds_thing": ["requests_app.enquiry", str(check.pk)],
    }
    by_adviser = {
        "wall_advised": world.row("decision.waiting").pk,
        "wall_advised_check": advice.pk,
        "wall_advised_case": advice.case_id,
    }
    by_partner = {
        "wall_scrutinised": world.row("decision.refused").pk,
        "wall_scrutinised_check": refused.pk,
        "wall_scrutinised_case": refused.case_id,
    }
    return (
        {name: ("trust_spoc", [*of, *holder]) for name, of in by_spoc.items()}
        | {name: ("trust_adviser", [of, *adviser]) for name, of in by_adviser.items()}
        | {name: ("police_partner", [of, *partner]) for name, of in by_partner.items()}
        | {"wall_oversees": ("school_spoc", [case.pk, case.agency_id])}
    )


def test_whatever_a_function_is_given_it_tells_a_stranger_nothing(world: World):
    for function, (who, given) in asked(world).items():
        assert ask(world.actors[who], function, given) is True, function
        elsewhere = [each for each in STRANGERS if not same_agency(world, each, who)]
        for stranger in elsewhere:
            assert ask(world.actors[stranger], function, given) is not True, (function, stranger)


def same_agency(world: World, one: str, other: str) -> bool:
    return world.actors[one].agency == world.actors[other].agency


def test_every_function_that_is_told_whose_is_tried_here(world: World):
    with undone(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, proargnames::text[] FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace AND starts_with(proname, 'wall_')"
        )
        found = {name for name, given in cursor.fetchall() if TOLD_WHOSE & set(given or [])}
    assert found == set(asked(world))


def test_what_was_handed_to_a_colleague_is_told_to_that_colleague_alone(world: World):
    nurse, check = world.actors["trust_nurse"], world.row("check.nursed")
    given = [check.pk, nurse.agency.pk, False, nurse.user.pk]
    assert ask(nurse, "wall_holds", given) is True
    assert ask(world.actors["trust_spoc"], "wall_holds", given) is False


@pytest.mark.parametrize("who", [*STRANGERS, "trust_spoc"])
def test_what_a_front_door_does_not_reach_is_listed_to_no_other_agency(world: World, who: str):
    assert listed(world.actors["officer"]), "nothing found is nothing measured"
    assert not listed(world.actors[who])


def listed(actor: Actor) -> list[Any]:
    with undone(), rls_session(actor), connection.cursor() as cursor:
        cursor.execute("SELECT wall_not_at_desk()")
        return cursor.fetchall()
