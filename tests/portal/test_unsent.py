"""What is typed on a page and not sent comes back to whoever typed it, and to nobody else."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
import time_machine
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.tasks import forget_ended_sessions
from portal.unsent_forms import SlipForm
from sessions import unsent
from sessions.models import UnsentText
from tests import walks
from tests.statements import texts

pytestmark = pytest.mark.django_db

WORDS = "He said <that> he is “afraid” of going home."
NOTICE = "You typed something on this page"


@pytest.fixture
def draft(cast):
    return walks.a_draft(cast)


@pytest.fixture
def path(draft):
    return reverse("requests:purpose", args=[draft.pk])


@pytest.fixture
def requester(signed_in):
    return signed_in("requester")


def slip_on(client: Client, path: str) -> str:
    return slip_in(client.get(path).content.decode())


def slip_in(page: str) -> str:
    return unescape(re.search(r'data-unsent="([^"]+)"', page)[1])


def keep(client, slip, **typed):
    return client.post(
        reverse("keep_unsent"), {"slip": slip, "typed": urlencode(typed, doseq=True)}
    )


def shown(client, path):
    return unescape(client.get(path).content.decode())


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}"\s+value="([^"]*)"', page)[1]


def test_it_comes_back_with_when_it_was_typed(requester, path):
    assert NOTICE not in shown(requester, path)
    assert keep(requester, slip_on(requester, path), reason=WORDS).status_code == 204
    page = shown(requester, path)
    assert NOTICE in page
    assert WORDS in page.partition("<textarea")[2].partition("</textarea>")[0]


def test_it_stands_nowhere_in_clear_and_the_database_cannot_open_it(requester, path, draft):
    keep(requester, slip_on(requester, path), reason=WORDS)
    [row] = UnsentText.objects.all()
    assert b"afraid" not in bytes(row.sealed)
    assert str(draft.pk) not in str(row.pk)
    requester.cookies[unsent.COOKIE] = f"{'A' * 43}={unsent.HOLDS}"  # another browser's
    assert NOTICE not in shown(requester, path)


def test_the_key_is_out_of_reach_of_scripts_and_lasts_as_long_as_the_text(requester, path):
    answer = keep(requester, slip_on(requester, path), reason=WORDS)
    cookie = answer.cookies[unsent.COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie["max-age"] == timedelta(days=7).total_seconds()


def test_what_is_sent_is_saved_and_comes_back_no_more(requester, path, draft):
    keep(requester, slip_on(requester, path), reason=WORDS)
    purposes = re.findall(r'name="purposes"\s+value="(\w+)"', shown(requester, path))
    fields = {"purposes": purposes[:1], "reason": WORDS}
    assert requester.post(path, fields | {"unsent": "1"}).status_code == 302
    page = shown(requester, path)
    assert NOTICE not in page
    assert WORDS in page
    assert not any(bytes(row.sealed) for row in UnsentText.objects.all())


def test_what_is_refused_stays_kept(requester, path):
    keep(requester, slip_on(requester, path), reason=WORDS)
    assert requester.post(path, {"reason": WORDS, "unsent": "1"}).status_code == 422
    assert NOTICE in shown(requester, path)


def test_a_page_from_before_it_was_sent_keeps_nothing_after(requester, path):
    """A letter that was on its way when the form was sent, or a second tab."""
    old = slip_on(requester, path)
    purposes = re.findall(r'name="purposes"\s+value="(\w+)"', shown(requester, path))
    requester.post(path, {"purposes": purposes[:1], "reason": WORDS, "unsent": "1"})
    assert keep(requester, old, reason="of before").status_code == 409
    assert NOTICE not in shown(requester, path)
    assert keep(requester, slip_on(requester, path), reason="of after").status_code == 204
    assert "of after" in shown(requester, path)


def test_two_tabs_keep_what_was_typed_last(requester, path):
    first, second = slip_on(requester, path), slip_on(requester, path)
    keep(requester, first, reason="of the first")
    keep(requester, second, reason="of the second")
    assert "of the second" in shown(requester, path)
    assert UnsentText.objects.count() == 1


def test_it_can_be_given_up(requester, path):
    slip = slip_on(requester, path)
    keep(requester, slip, reason=WORDS)
    answer = requester.post(reverse("clear_unsent"), {"slip": slip})
    assert (answer.status_code, answer["Location"]) == (302, path)
    page = shown(requester, path)
    assert "What you had typed was deleted." in page
    assert NOTICE not in page
    assert WORDS not in page


def test_the_query_of_an_address_keeps_no_second_text(requester, path):
    keep(requester, slip_on(requester, f"{path}?next=review"), reason=WORDS)
    assert NOTICE in shown(requester, path)


def test_nobody_else_in_the_same_browser_reads_it(signed_in, requester, cast):
    """Not even on a page that both of them have, with the key that is in the browser."""
    path = reverse("requests:add_item", args=[walks.taken(cast).pk])
    spoc, manager = signed_in("trust_spoc"), signed_in("trust_manager")
    keep(spoc, slip_on(spoc, path), title=WORDS)
    manager.cookies[unsent.COOKIE] = spoc.cookies[unsent.COOKIE].value
    assert NOTICE in shown(spoc, path)
    assert NOTICE not in shown(manager, path)


def test_a_slip_is_taken_from_nobody_else(signed_in, requester, path):
    slip = slip_on(requester, path)
    other = signed_in("officer")
    assert keep(other, slip, reason=WORDS).status_code == 422
    answer = other.post(reverse("clear_unsent"), {"slip": slip})
    assert answer["Location"] == reverse("home")
    assert not UnsentText.objects.exists()


@pytest.mark.parametrize("slip", ["", "nonsense", "\u2026", "a:b:c", "x" * 3000])
def test_a_slip_that_was_not_signed_here_keeps_nothing(requester, slip):
    assert keep(requester, slip, reason=WORDS).status_code == 422
    assert requester.post(reverse("clear_unsent"), {"slip": slip}).status_code == 302
    assert not UnsentText.objects.exists()


def test_a_slip_signed_for_something_else_keeps_nothing(requester, cast):
    forged = signing.dumps([str(cast.users["requester"].pk), "", "/", 0.0], salt="another")
    assert keep(requester, forged, reason=WORDS).status_code == 422


def test_a_slip_of_last_week_keeps_nothing(cast, requester, path):
    slip = slip_on(requester, path)
    assert SlipForm({"slip": slip}, actor=cast.requester).is_valid()
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert not SlipForm({"slip": slip}, actor=cast.requester).is_valid()


def test_too_much_is_not_kept(requester, path):
    slip = slip_on(requester, path)
    most = unsent.LONGEST - len("reason=")
    assert keep(requester, slip, reason="x" * most).status_code == 204
    assert keep(requester, slip, reason="x" * (most + 1)).status_code == 422
    assert "x" * most in shown(requester, path)


@pytest.mark.parametrize("cookie", ["", "nonsense", "AAAA.holds", "A" * 44 + ".holds", ".holds"])
def test_a_key_that_opens_nothing_shows_the_page_as_it_is_saved(requester, path, cookie):
    keep(requester, slip_on(requester, path), reason=WORDS)
    requester.cookies[unsent.COOKIE] = cookie
    assert NOTICE not in shown(requester, path)
    assert keep(requester, slip_on(requester, path), reason="anew").status_code == 204
    assert "anew" in shown(requester, path)


def test_fields_that_the_page_has_not_are_passed_over(requester, path):
    keep(requester, slip_on(requester, path), reason=WORDS, expected_version="7", other="x")
    page = shown(requester, path)
    assert WORDS in page
    assert 'name="other"' not in page


def test_what_is_saved_meanwhile_is_said(signed_in, cast):
    """A check answered in one tab, typed about in another of before."""
    case = walks.sent(cast)
    officer = signed_in("officer")
    path = reverse("requests:triage_checks", args=[case.pk])
    page = officer.get(path).content.decode()
    name = re.search(r'<textarea[^>]*name="(\w+)"', page)[1]
    typed = {name: WORDS, "expected_version": hidden(page, "expected_version")}
    keep(officer, slip_in(page), **typed)
    assert "has changed since then" not in shown(officer, path)
    keep(officer, slip_in(page), **typed | {"expected_version": "99"})
    assert "has changed since then" in shown(officer, path)


def test_after_a_week_it_is_gone(requester, path):
    keep(requester, slip_on(requester, path), reason=WORDS)
    UnsentText.objects.update(kept_at=timezone.now() - timedelta(days=7, minutes=1))
    assert NOTICE not in shown(requester, path)
    forget_ended_sessions()
    assert not UnsentText.objects.exists()


def test_what_is_younger_stays(requester, path):
    keep(requester, slip_on(requester, path), reason=WORDS)
    UnsentText.objects.update(kept_at=timezone.now() - timedelta(days=6))
    forget_ended_sessions()
    assert NOTICE in shown(requester, path)


def test_whoever_typed_nothing_costs_no_statement(requester, path):
    requester.get(path)  # which gives the browser its key
    with CaptureQueriesContext(connection) as seen:
        requester.get(path)
    assert not [sql for sql in texts(seen) if "unsenttext" in sql]


def test_a_date_that_is_none_comes_back_as_it_was_typed(requester, draft):
    path = reverse("requests:person_add", args=[draft.pk, "child"])
    page = requester.get(path).content.decode()
    stem = re.search(r'name="(\w+)_day"', page)[1]
    typed = {f"{stem}_day": "31", f"{stem}_month": "2", f"{stem}_year": "20x6"}
    keep(requester, slip_in(page), given_name="Sam", **typed)
    page = shown(requester, path)
    for name, value in {"given_name": "Sam", **typed}.items():
        assert re.search(rf'name="{name}"[^>]*value="{value}"', page), name


def test_whoever_signs_in_again_in_that_browser_finds_it(requester, path, signed_in):
    keep(requester, slip_on(requester, path), reason=WORDS)
    again = signed_in("requester")
    again.cookies[unsent.COOKIE] = requester.cookies[unsent.COOKIE].value
    assert WORDS in shown(again, path)
