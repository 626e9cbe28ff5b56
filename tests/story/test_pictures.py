"""The pictures of the README and of the help show the pages as they are."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from requests_app.clocks.selectors import the_calendar
from tests.requests_app.break_glass.test_break_glass_browser import browse
from tests.story import pictures

pytestmark = pytest.mark.browser
LONDON = ZoneInfo("Europe/London")
TUESDAY = 1


@pytest.fixture
def in_the_morning(cast):
    """At twenty past ten on a Tuesday with a common week after it: whatever day the tests run on.

    Somebody is there, and neither a weekend nor a holiday stands in the clocks another way.
    """
    day, calendar = timezone.localdate() + timedelta(days=1), the_calendar()
    while day.weekday() != TUESDAY or not all(
        calendar.open_on(day + timedelta(days=number)) for number in (0, 1, 2, 3, 6, 7, 8, 9)
    ):
        day += timedelta(days=1)
    with time_machine.travel(datetime.combine(day, time(10, 20), LONDON)):
        yield


@pytest.mark.usefixtures("in_the_morning")
@pytest.mark.parametrize("picture", pictures.PICTURES, ids=lambda picture: picture.name)
def test_a_picture_shows_what_its_page_says(live_server, cast, new_context, picture):
    address = picture.made(cast)
    page = browse(new_context, live_server, cast, picture.who, pictures.WIDTH)
    page.set_viewport_size({"width": pictures.WIDTH, "height": pictures.HEIGHT})
    page.goto(live_server.url + address)
    page.wait_for_load_state("networkidle")
    pictures.tell(picture, page)


def test_the_readme_shows_each_picture_with_words_for_whoever_sees_none():
    shown = re.findall(
        r"!\[([^\]]{20,})\]\(static/portal/pictures/(\w+)\.png\)",
        (pictures.ROOT / "README.md").read_text(),
    )
    assert {name for _words, name in shown} == {each.name for each in pictures.PICTURES}


@pytest.mark.django_db
def test_the_help_shows_those_of_the_roles_that_it_tells_of(client):
    page = client.get(reverse("help")).content.decode()
    shown = re.findall(r'<img[^>]*src="/static/portal/pictures/(\w+)[^"]*\.png"[^>]*>', page)
    assert set(shown) <= {each.name for each in pictures.PICTURES}
    assert {"asking", "desk", "question", "scrutiny"} <= set(shown)
    for tag in re.findall(r"<img[^>]*pictures[^>]*>", page):
        assert re.search(r'alt="[^"]{20,}"', tag), tag


def test_there_is_no_picture_that_nobody_makes():
    assert {path.stem for path in pictures.FOLDER.glob("*.png")} == {
        each.name for each in pictures.PICTURES
    }
