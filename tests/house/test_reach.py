"""``reach.csv``, written by hand in the words of the agreement, against policies and pages."""

import csv
from pathlib import Path

import pytest
from django.urls import reverse

from agencies.acting import actor_for
from agencies.models import Membership
from tests.cast import PEOPLE as CAST
from tests.house.reach import ACTS, PEOPLE, Act
from tests.house.world import World, undone
from workflow.bootstrap import save_unattended

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.clause("ISA-7.1"),
    pytest.mark.clause("ISA-7.2", part=True),
]

with (Path(__file__).parent / "reach.csv").open(newline="") as table:
    ROWS = list(csv.DictReader(table))
REFUSED = {403, 404}


def cells(row: dict[str, str]) -> dict[str, bool]:
    """What the table says of one person in one state of membership, by act."""
    return {act: row[act] == "yes" for act in ACTS}


def by_policy(world: World, act: Act, who: str) -> bool:
    """Whether the policies let this person do it now."""
    actor = actor_for(world.cast.users[who], world.cast.agencies[CAST[who][2]])
    row = world.row(act.row)
    return bool(act.policy.scope(actor, *act.permissions).filter(pk=row.pk).exists())


def by_page(world: World, act: Act, who: str) -> bool:
    """Whether any of the addresses lets this person do it now."""
    client = world.client(who)
    for name, where in act.ways:
        with undone():
            answer = getattr(client, act.verb)(reverse(name, args=world.args(where)))
        assert answer.status_code < 500, f"{who} at {name}: {answer.status_code}"
        if answer.status_code not in REFUSED:
            return True
    return False


def test_the_table_is_whole():
    assert set(ROWS[0]) == {"person", "membership", *ACTS}
    pairs = {(row["person"], row["membership"]) for row in ROWS}
    assert pairs == {(who, status) for who in PEOPLE for status in Membership.Status.values}
    words = {row[act] for row in ROWS for act in ACTS}
    assert words == {"yes", "no"}
    assert len(ROWS) * len(ACTS) >= 1500


@pytest.mark.parametrize(
    "row", ROWS, ids=lambda row: f"{PEOPLE[row['person']]}-{row['membership']}"
)
def test_policies_and_pages_say_what_the_table_says(world: World, row: dict[str, str]):
    who, wrong = PEOPLE[row["person"]], []
    with undone():
        membership = Membership.objects.get(
            user=world.cast.users[who], agency=world.cast.agencies[CAST[who][2]]
        )
        if membership.status != row["membership"]:
            membership.status = row["membership"]
            save_unattended(membership)
        for name, right in cells(row).items():
            act = ACTS[name]
            if act.policy is not None and by_policy(world, act, who) is not right:
                wrong.append(f"policy: {name} should be {right}")
            if by_page(world, act, who) is not right:
                wrong.append(f"page: {name} should be {right}")
    assert not wrong, "\n".join([f"{row['person']}, {row['membership']}", *wrong])
