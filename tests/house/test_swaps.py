"""Every identifier in every address, by everybody: what is not theirs is not there.

What somebody may reach is said here by hand, by the keys of ``tests.house.world``.
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
from tests.house.urls import ALL, DESK, NURSED, OPENER, REQUESTER, SCHOOL, TABLE, TRUST
from tests.house.world import TWO_HATS, World

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-7.2")]

UNSENT = {"draft", "another", "discarded", "foreign"}
OF_TRUST = {"put", "gone", "held", "begun", "ready", "ready_not", "offered", "waiting", "shared"}
# Who reaches which checks, and what hangs on them, as the agency that answers.
ANSWERS = {
    "trust_spoc": OF_TRUST | {"nursed"},
    "trust_manager": OF_TRUST | {"nursed"},
    "trust_nurse": {"nursed"},
    "housing_spoc": {"homes", "refused"},
    "police_spoc": {"police"},
}
OTHERS = {
    "release": {"requester": {"released"}},
    "scrutiny": {"police_partner": {"refused"}, "board_partner": {"refused", "police"}},
    "advice": {"trust_adviser": {"waiting"}},
}
# What is of one agency or of everybody: whoever gets one of them gets them all.
KEPT = {"agency", "edition", "member", "reset", "invitation", "organisational", "guidance"}
NAMED = {name: row for name, row in TABLE.items() if "." in row.where}
# What names its parent, for the addresses that hold both.
PARENT = {
    "person": "case_id",
    "need": "case_id",
    "file": "case_id",
    "question": "case_id",
    "item": "enquiry_id",
    "advice": "decision_id",
    "invitation": "membership_id",
    "organisational": "membership_id",
}


def kinds_of(name: str) -> list[str]:
    """The kinds of rows that the address takes; ``=word`` stays a word."""
    return [
        each if each.startswith("=") else each.split(".")[0] for each in NAMED[name].where.split()
    ]


def reach(world: World, name: str, who: str) -> set[str]:
    """The keys of the rows in the first place of the address that this person may reach."""
    kind, people = kinds_of(name)[0], NAMED[name].who
    everything = set(world.rows[kind])
    if kind in KEPT:
        theirs = {"trust"} if kind == "agency" and who in TRUST else everything
        return theirs if who in people else set()
    if kind == "opening":  # one person made them all, of cases of one front door
        return everything if who in people else set()
    if kind in OTHERS:
        return OTHERS[kind].get(who, set())
    if kind != "case":
        return (
            everything
            if people == DESK and who in DESK
            else (set() if people == DESK else ANSWERS.get(who, set()) & everything)
        )
    reached: set[str] = set()
    if people >= REQUESTER:
        mine = {"requester": everything - {"foreign"}, "classmate": {"foreign"}}
        reached |= mine.get(who, set())
    if (people >= SCHOOL and who == "school_spoc") or (people >= DESK and who in DESK):
        reached |= everything - UNSENT
    return reached


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


def with_words(kinds: list[str], ids: tuple[Any, ...]) -> list[Any]:
    """The arguments of an address: the ids in their places, and the words in theirs."""
    given = iter(ids)
    return [kind[1:] if kind.startswith("=") else next(given) for kind in kinds]


def child_of(world: World, kind: str, key: str) -> str | None:
    """A row of that kind which belongs to the row ``key`` of the kind before it."""
    return next((k for k in world.rows[kind] if k == key or k.endswith(f"_{key}")), None)


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
        if belongs == (row.enquiry_id if (outer, inner) == ("decision", "item") else row.pk):
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
            text = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", got.content.decode())
            pages.append((got.status_code, text.replace(str(pk), "")))
        assert pages[0] == pages[1]
        assert pages[0][0] == 404


SENT_TO = SCHOOL | DESK
ASKED = NURSED | {"housing_spoc", "police_spoc"}
PARTNERS = {"police_partner", "board_partner"}
AT_TRUST = NURSED | {"trust_adviser"}
AT_SCHOOL = SCHOOL | {"classmate", TWO_HATS}
AT_POLICE = {"police_spoc", "police_partner"}
# What must not be read by anybody else, in the page or its headers: (words, who may).
SECRETS: dict[str, set[str] | frozenset[str]] = {
    **{f"Zed{key}": REQUESTER for key in ("draft", "another", "discarded")},
    "Zedforeign": {"classmate"},
    **{f"Zed{key}": SENT_TO for key in ("returned", "declined", "checked")},
    "Zedsent": SENT_TO | OPENER,  # opened for another reason
    "Zedaccepted": SENT_TO | ASKED,
    "Zed Example": SENT_TO | TRUST | {"housing_spoc"},
    "9990000018": SENT_TO,
    "999 000 0018": SENT_TO,
    "Rex Risk": SENT_TO | {"classmate"} | OPENER,
    "1 Invented Street": SENT_TO | {"classmate"} | OPENER,
    "A bruise nobody explains": SENT_TO | {"classmate"} | OPENER,
    "Rapid review seven": DESK | OPENER,
    "file-draft": REQUESTER,
    "paper of": SENT_TO | {"classmate"},
    # An agency that is asked is not told by whom, nor who else was asked.
    "Oak School": AT_SCHOOL | DESK | OPENER,
    "Rita Requester": AT_SCHOOL | DESK | OPENER,
    "Anytown Homes": {"housing_spoc", "requester"} | DESK | PARTNERS,
    "Anytown Health Trust": AT_TRUST | {"requester"} | DESK,
    "Anytown Police": AT_POLICE | {"board_partner", "desk_lead"} | DESK | SCHOOL,
    "Hugo": {"housing_spoc", "officer", "officer2"} | PARTNERS,
    # What is not shared: its title goes to the partners, its reasons to the requester as well.
    "Rent account": {"housing_spoc", "police_spoc"} | PARTNERS,
    "Rent says nothing": {"housing_spoc", "police_spoc", "requester"} | PARTNERS | DESK,
    "Attended on 3 October": TRUST | {"requester"} | DESK,
    **{f"{title}1": TRUST for title in ("Held", "Begun", "Waiting", "Kept")},
    "Nursed1": NURSED,
    "Homes1": {"housing_spoc"},
    "May we ask?": TRUST | {"trust_adviser"},
}
# Who read what an agency holds is shown to it, with the agency they read it for (ISA-7.2); and to
# which agency it was released (ISA-4.3-RECORD).
LOOKS = {"Oak School", "Rita Requester"}
SAYS_WHO = ("requests:check_looks", "decisions:disclosures")
# Who takes part, and whom to call there, is for every partner to see; it says nothing of a case.
AGENCIES = {words for words in SECRETS if words.startswith("Anytown")} | {"Oak School"}
OF_ALL = ("agencies:call", "agreement:")


def pages_of(world: World, who: str) -> dict[str, str]:
    """Every page that this person gets, with its headers."""
    if who in world.pages:
        return world.pages[who]
    client, seen = world.client(who), world.pages.setdefault(who, {})
    for name, row in TABLE.items():
        if row.get == 405:
            continue
        kinds = row.where.split()
        if name not in NAMED:  # no row in its address, or a word only
            words = [kind.removeprefix("=") for kind in kinds]
            seen[name] = text_of(client.get(reverse(name, args=words)))
            continue
        kinds = kinds_of(name)
        rows = [kind for kind in kinds if not kind.startswith("=")]
        for key in sorted(reach(world, name, who)):
            ids = [world.rows[rows[0]][key].pk]
            if len(rows) > 1:
                inner = child_of(world, rows[1], key)
                if inner is None:
                    continue
                ids.append(world.rows[rows[1]][inner].pk)
            there = reverse(name, args=with_words(kinds, tuple(ids)))
            got = client.get(there)
            assert got.status_code in {200, 302, 404}, f"{who} {name} {key}: {got.status_code}"
            seen[f"{name} {key}"] = text_of(got)
    return seen


def text_of(got: Any) -> str:
    content = b"".join(got.streaming_content) if got.streaming else got.content
    return f"{got.headers}\n{content.decode(errors='replace')}"


@pytest.mark.parametrize("who", sorted(ALL))
@pytest.mark.clause("ISA-3.7", "ISA-5.4", "P-RELEVANT")
def test_nobody_reads_what_is_not_for_them(world: World, who: str):
    leaks = [
        f"{who} reads {words!r} at {page}"
        for page, text in pages_of(world, who).items()
        for words, may in SECRETS.items()
        if words in text and who not in may
        if not (words in LOOKS and page.startswith(SAYS_WHO))
        if not (words in AGENCIES and page.startswith(OF_ALL))
        if not (who == TWO_HATS and words.startswith("Anytown"))  # in the list of their agencies
    ]
    assert not leaks, "\n".join(leaks)


def test_each_of_these_words_is_read_by_somebody(world: World):
    """Or the test above would be looking for nothing."""
    readers = ("requester", "classmate", "officer", "trust_spoc", "trust_nurse", "housing_spoc")
    seen = [text for who in readers for text in pages_of(world, who).values()]
    missing = [words for words in SECRETS if not any(words in text for text in seen)]
    # A number is written in groups; what is discarded is shown to nobody, but might be.
    assert set(missing) <= {"9990000018", "Zeddiscarded"}
