"""The second wall over connections that are kept: whoever was told of is gone with the page."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from requests_app.models import InformationRequest
from tests import walks
from tests.plugins.people import sign_in
from workflow.rls_session import of_what_is_being_opened, rls_session

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "keystore"]),
    pytest.mark.clause("ISA-7.2", part=True),
]
TOLD = ("portal.person", "portal.agency", "portal.may", "portal.opening")


def backend():
    """Which connection of the server it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def left_over():
    """What a connection still knows of whoever was served on it before, and as which role."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(f'current_setting({n!r}, true)' for n in TOLD)}, current_user"
        )
        *told, role = cursor.fetchone()
    return [each for each in told if each], role


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    """Keep the connection from page to page, as a pool does."""
    monkeypatch.setattr("django.db.close_old_connections", lambda **_more: None)


@pytest.mark.parametrize("what", ["answered", "refused", "faulty"])
def test_nobody_is_left_over_on_a_connection_after_a_page(cast, monkeypatch, what):
    case = walks.sent(cast)
    client = sign_in(Client(raise_request_exception=False), cast.users["officer"])
    where = reverse("requests:triage_case", args=[case.pk])
    if what == "refused":
        client = sign_in(Client(), cast.users["housing_spoc"])
    if what == "faulty":
        monkeypatch.setattr("requests_app.triage.views.show", lambda *_a, **_k: 1 / 0)
    before = backend()
    status = client.get(where).status_code
    assert status == {"answered": 200, "refused": 404, "faulty": 500}[what]
    assert backend() == before
    assert left_over() == ([], connection.settings_dict["USER"])
    # The next page on it is somebody else's, and shows them nothing of the one before.
    with rls_session(cast.housing_spoc):
        assert not InformationRequest.objects.exists()


def test_what_was_being_opened_is_gone_when_opening_it_fails(cast):
    case = walks.sent(cast)
    told = (rls_session(cast.police_partner), of_what_is_being_opened(case.pk))
    with pytest.raises(ZeroDivisionError), told[0], told[1]:
        raise ZeroDivisionError
    assert left_over() == ([], connection.settings_dict["USER"])


def test_whoever_is_told_of_outside_a_transaction_is_told_to_nobody(cast):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.person', %s, true)", [str(cast.officer.user.pk)])
    assert left_over() == ([], connection.settings_dict["USER"])
    assert settings.SECOND_WALL
