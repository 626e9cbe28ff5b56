"""Whoever opens what is sealed is noted for it, on every page; a page that forgets is found."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path, reverse

from agencies.permissions import Permission
from audit.models import AccessEntry
from requests_app.agency_checks import several
from requests_app.policies import AGENCY_CHECKS, ITEMS, SUBJECTS
from requests_app.triage import inbox, owning
from scripts.check import APPS
from tests import walks
from tests.house.readings import INITIALS, LISTS, forgotten, opened
from tests.house.urls import TABLE
from tests.house.world import World, undone
from workflow.gateway import fetch_or_404

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-7.2", part=True)]

ROOT = Path(__file__).parents[2]
SHOWS = {200, 409, 422}


def items(request: Any, pk: UUID) -> HttpResponse:
    """A page that forgets: what an agency shared, though the check itself is noted."""
    fetch_or_404(AGENCY_CHECKS, request.actor, Permission.TRIAGE, pk=pk)
    rows = ITEMS.scope(request.actor, Permission.TRIAGE).filter(agency_check=pk)
    return HttpResponse("\n".join(row.title for row in rows))


def people(request: Any, pk: UUID) -> HttpResponse:
    """Another: everybody in a request, which nobody fetched."""
    rows = SUBJECTS.scope(request.actor, Permission.TRIAGE).filter(case=pk)
    return HttpResponse("\n".join(row.address for row in rows))


urlpatterns = [
    path("forgets/items/<uuid:pk>/", items, name="forgets_items"),
    path("forgets/people/<uuid:pk>/", people, name="forgets_people"),
    path("", include("portal.urls")),
]


@pytest.fixture(autouse=True)
def looked_for(monkeypatch):
    """Whoever asks for the results of a search has searched for this."""
    monkeypatch.setattr("requests_app.search.views.typed_for", lambda *_told: "Zed Example")


def unnoted(world: World, there: str, who: str, *, post: bool = False, **said: Any) -> list[str]:
    """What somebody is shown there without its being noted; nothing where no page is shown."""
    with undone():
        last = AccessEntry.objects.order_by("-pk").first()
        client = world.client(who)
        with opened() as rows:
            answer = client.post(there, said) if post else client.get(there)
            answer.getvalue()  # a file is opened as it is sent
        if answer.status_code not in SHOWS:
            return []
        entries = AccessEntry.objects.filter(pk__gt=last.pk if last else 0).exclude(kind="refused")
        return forgotten(rows, list(entries), world.actors[who].agency.pk)


@pytest.mark.parametrize("name", TABLE)
def test_whatever_a_page_opens_it_notes(world: World, name: str):
    row, wrong = TABLE[name], []
    there = reverse(name, args=world.args(row.where))
    for who in sorted(row.who):
        for post in (False, True):
            found = unnoted(world, there, who, post=post)
            wrong += [f"{name}, {'POST' if post else 'GET'} by {who}: {said}" for said in found]
    if name in LISTS:
        assert wrong, f"{name} opens nothing unnoted: take it from LISTS"
        wrong = [said for said in wrong if not is_of_initials(said)]
    assert not wrong, "\n".join(wrong)


def is_of_initials(said: str) -> bool:
    labels = said.rpartition(": ")[2]
    return set(labels.split(", ")) <= INITIALS


def test_each_list_that_notes_nothing_is_an_address_and_says_why():
    assert set(LISTS) <= set(TABLE)
    assert all(len(why.split()) > 3 for why in LISTS.values())


@pytest.mark.parametrize(
    ("name", "where", "found"),
    [
        ("forgets_items", "check.offered", "requests_app.item: item.title"),
        ("forgets_people", "case.accepted", "requests_app.subject: subject.address"),
    ],
)
@override_settings(ROOT_URLCONF=__name__)
def test_a_page_that_forgets_is_found(world: World, name: str, where: str, found: str):
    assert found in unnoted(world, reverse(name, args=world.args(where)), "officer")


# Each feature whose selectors show several rows: a page, of what, who reads it, and what would be
# unnoted if its ``fetch_all`` forgot.
MANY = {
    "requests_app.matching": ("requests:matches", "case.accepted", "officer", "subject"),
    "requests_app.search": (
        *("requests:found", "=00000000-0000-4000-8000-000000000000"),
        *("officer", "subject"),
    ),
    "requests_app.receiving": ("requests:check_for_desk", "check.offered", "officer", "item"),
    "requests_app.release": ("requests:released", "release.released", "requester", "item"),
    "requests_app.access_log": (
        *("requests:child_access_log", "case.released person.child_released"),
        *("officer", "subject"),
    ),
    "requests_app.break_glass": ("requests:access_log", "case.sent", "officer", "opening"),
    "decisions.disclosure_log": ("decisions:disclosures", "", "trust_spoc", "decision"),
    "decisions.break_glass": ("decisions:opened", "opening.of_all", "police_partner", "decision"),
}


@pytest.fixture
def opening_of_all(world: World) -> Iterator[None]:
    """An opening of a case in which there is everything to be read."""
    with undone():
        yield world.keep("opening", "of_all", walks.opened(world.cast, world.row("case.released")))
        del world.rows["opening"]["of_all"]


def unlogged(actor: Any, permission: Any, *rows: Iterable[Any]) -> tuple[list[Any], ...]:
    """What ``fetch_all`` would be if it forgot."""
    return tuple(list(each) for each in rows)


@pytest.mark.parametrize("feature", MANY)
@pytest.mark.usefixtures("opening_of_all")
def test_every_page_of_many_rows_would_be_found(world: World, feature: str, monkeypatch):
    name, where, who, kind = MANY[feature]
    there = reverse(name, args=world.args(where))
    assert unnoted(world, there, who) == []
    monkeypatch.setattr(import_module(f"{feature}.selectors"), "fetch_all", unlogged)
    assert [said for said in unnoted(world, there, who) if f".{kind}: " in said]


def test_the_desk_notes_whom_it_names(world: World, monkeypatch: pytest.MonkeyPatch):
    """Beside those of whom it shows initials."""
    there = reverse("requests:inbox")
    with undone():
        owning.claim_request(world.row("case.sent"), by=world.cast.officer)
        assert all(map(is_of_initials, unnoted(world, there, "officer")))
        monkeypatch.setattr(inbox, "fetch_all", unlogged)
        assert any("date_of_birth" in said for said in unnoted(world, there, "officer"))


def test_a_page_of_several_checks_notes_whom_it_shows(world: World, monkeypatch):
    there = reverse("requests:not_known_several")
    chosen = [str(world.row("check.put").pk)]
    assert unnoted(world, there, "trust_spoc", post=True, chosen=chosen) == []
    monkeypatch.setattr(several, "fetch_all", unlogged)
    assert unnoted(world, there, "trust_spoc", post=True, chosen=chosen)


def test_every_feature_that_shows_several_rows_is_tried_here():
    users = {
        ".".join(found.parent.relative_to(ROOT).parts)
        for app in APPS
        for found in (ROOT / app).rglob("*.py")
        if "fetch_all(" in found.read_text() and found.parts[-2:] != ("workflow", "gateway.py")
    }
    # Whose looks somebody asks for is a person, of whom nothing is sealed. Of checks
    # asked before see test_asking_several, of the others see above.
    others = {"decisions.access_log", "requests_app.triage", "requests_app.agency_checks"}
    assert users == {*MANY, *others}
