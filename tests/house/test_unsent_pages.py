"""Every page that keeps what is typed says so, and gives each text back in its field."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from tests.cast import PEOPLE
from tests.house.urls import TABLE
from tests.house.world import World, undone

pytestmark = pytest.mark.django_db

TEXTAREA = re.compile(r"<textarea\b([^>]*)>([^<]*)</textarea>")
INPUT = re.compile(r"<input\b([^>]*)>")
NAME, VALUE = re.compile(r'\bname="([^"]+)"'), re.compile(r'\bvalue="([^"]*)"')
OF_CASES = ("requests", "decisions")
# Pages of cases with room for a long text on which nothing is kept, and why.
NOT_KEPT = {
    "requests:put_check": "what is ticked for one agency would come back for another one",
}


def views() -> Iterator[tuple[str, Any]]:
    """The name of each address, with its view."""
    for each in get_resolver().url_patterns:
        if hasattr(each, "url_patterns"):
            space = f"{each.namespace}:" if each.namespace else ""
            yield from ((f"{space}{one.name}", one.callback) for one in each.url_patterns)
        else:
            yield each.name, each.callback


KEPT = sorted(name for name, view in views() if hasattr(view, "keeps_what_is_typed"))
FORMS = sorted(
    name
    for name, row in TABLE.items()
    if row.get == 200 and row.post == 422 and row.who and name.startswith(OF_CASES)
)


def shown(world: World, name: str) -> tuple[Client, str, str]:
    """Somebody who may see the page, its path, and the page."""
    path = reverse(name, args=world.args(TABLE[name].where))
    client = world.client(min(TABLE[name].who & set(PEOPLE)))
    return client, path, client.get(path).content.decode()


def texts_in(page: str) -> dict[str, str]:
    """What stands in each field for text on the page, by its name."""
    main = page.partition("<main")[2].partition("</main>")[0]
    found = {NAME.search(tag)[1]: unescape(text).strip() for tag, text in TEXTAREA.findall(main)}
    for tag in INPUT.findall(main):
        if 'type="text"' in tag and (name := NAME.search(tag)):
            value = VALUE.search(tag)
            found[name[1]] = unescape(value[1]) if value else ""
    return found


@pytest.mark.parametrize("name", KEPT)
def test_a_kept_page_gives_back_what_was_typed_in_each_field(world: World, name: str):
    with undone():
        client, path, page = shown(world, name)
        typed = {field: f"Typed in {field}"[:20] for field in texts_in(page)}
        slip = re.search(r'data-unsent="([^"]+)"', page)
        assert slip, "the template does not say that what is typed is kept"
        if not typed:
            return  # nothing but choices, in the state that this record is in
        said = {"slip": unescape(slip[1]), "typed": urlencode(typed)}
        assert client.post(reverse("keep_unsent"), said).status_code == 204
        again = client.get(path).content.decode()
        assert "You typed something on this page" in again
        assert texts_in(again) == typed


@pytest.mark.parametrize("name", FORMS)
def test_wherever_much_can_be_typed_about_a_case_it_is_kept(world: World, name: str):
    with undone():
        page = shown(world, name)[2]
    if TEXTAREA.search(page):
        assert (name in KEPT) is not (name in NOT_KEPT), f"{name} keeps nothing of what is typed"
