"""Every identifier in every address, by everybody: what is not theirs is not there.

What somebody may reach is said by hand in ``tests.house.reached``.
"""

import re
import time
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.internal.flows import login
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory
from django.urls import resolve, reverse

from tests.cast import PEOPLE
from tests.house.reached import NAMED, PARENT, child_of, kinds_of, reach, with_words
from tests.house.urls import ALL, TABLE
from tests.house.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-7.2", part=True)]


def straight(world: World, who: str, name: str, args: list[Any]) -> int:
    """The status of the view itself, past the middleware: by POST if the page takes one."""
    there = reverse(name, args=args)
    match = resolve(there)
    factory = RequestFactory()
    request: Any = factory.get(there) if NAMED[name].post == 405 else factory.post(there)
    request.actor = world.actors[who]
    request.user = request.actor.user
    request.session = {
        login.AUTHENTICATION_METHODS_SESSION_KEY: [{"method": "password", "at": time.time()}],
        login._AUTHENTICATION_METHODS_USER_SESSION_KEY: str(request.user.pk),
    }
    try:
        return int(match.func(request, *match.args, **match.kwargs).status_code)
    except Http404:
        return 404
    except PermissionDenied:
        return 403


def taking_turns(world: World, name: str, key: str) -> list[str]:
    """Whoever reaches some row here; of the others, who reach none, every third in turn."""
    some = [who for who in sorted(ALL) if reach(world, name, who)]
    none = [who for who in sorted(ALL) if who not in some]
    turn = (list(NAMED).index(name) + list(world.rows[kinds_of(name)[0]]).index(key)) % 3
    return some + (none if len(world.rows[kinds_of(name)[0]]) < 3 else none[turn::3])


@pytest.mark.parametrize("name", NAMED)
def test_what_is_not_theirs_is_not_there(world: World, name: str):
    kinds = kinds_of(name)
    rows = [kind for kind in kinds if not kind.startswith("=")]
    wrong = []
    for key, row in world.rows[rows[0]].items():
        ids = [row.pk]
        if len(rows) > 1:
            inner = child_of(world, rows[1], key)
            ids.append(world.rows[rows[1]][inner].pk if inner else uuid4())
        args = with_words(kinds, tuple(ids))
        wrong += [
            f"{name}: {who} reaches {key}"
            for who in taking_turns(world, name, key)
            if key not in reach(world, name, who) and straight(world, who, name, args) != 404
        ]
    assert not wrong, "\n".join(wrong)


# Two of a kind in one address are side by side, and neither belongs to the other.
WITH_A_PART = [n for n in NAMED if len(set(kinds_of(n))) > 1 and "=" not in NAMED[n].where]


@pytest.mark.parametrize("name", WITH_A_PART)
def test_a_part_of_one_is_not_a_part_of_another(world: World, name: str):
    """One's own case or check, and in the same address a part of another one of one's own."""
    outer, inner = kinds_of(name)
    wrong = []
    for (key, row), (part_key, part) in product(
        world.rows[outer].items(), world.rows[inner].items()
    ):
        belongs = getattr(part, PARENT[inner], None)
        if belongs == (row.agency_check_id if (outer, inner) == ("decision", "item") else row.pk):
            continue
        for who in sorted(TABLE[name].who):
            if key not in reach(world, name, who):
                continue
            if (got := straight(world, who, name, [row.pk, part.pk])) != 404:
                wrong.append(f"{name}: {who} gets {got} for {part_key} under {key}")
            break
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", NAMED)
def test_an_identifier_of_something_else_is_nothing(world: World, name: str):
    kinds, right = kinds_of(name), world.args(NAMED[name].where)
    who = min(NAMED[name].who & set(PEOPLE))
    for place, kind in enumerate(kinds):
        if kind.startswith("="):
            continue
        own_kind = {row.pk for row in world.rows[kind].values()}
        turn = list(NAMED).index(name) % 4  # each id in every fourth address
        for pk in sorted(world.every_id() - own_kind)[turn::4]:
            if kind == "scrutiny" and pk in {row.pk for row in world.rows["decision"].values()}:
                continue  # a scrutiny has the id of what it is about
            args = [*right[:place], pk, *right[place + 1 :]]
            assert straight(world, who, name, args) == 404, f"{name} {args}"


def test_out_of_reach_looks_like_not_there(world: World):
    """The same bytes, so that nobody learns that there is something."""
    for name, key in (("requests:check", "check.homes"), ("requests:triage_case", "case.draft")):
        who = "trust_spoc" if name == "requests:check" else "officer"
        pages = []
        for pk in (world.row(key).pk, uuid4()):
            got = world.client(who).get(reverse(name, args=[pk]))
            changing = r'csrfmiddlewaretoken" value="\w+"|data-(token|left)="\w+"'
            text = re.sub(changing, "", got.content.decode())
            pages.append((got.status_code, text.replace(str(pk), "")))
        assert pages[0] == pages[1]
        assert pages[0][0] == 404
