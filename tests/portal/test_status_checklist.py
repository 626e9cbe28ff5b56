"""A new installation says what is left to do before the first case."""

import pytest
from django.core.management import call_command
from django.db import connection

from portal.checklist import left_to_do

pytestmark = pytest.mark.django_db


def test_after_founding_all_of_it_is_named(capsys):
    call_command("found_partnership", "wirral")
    said = left_to_do()
    assert "No edition of the agreement is in force. The statutory partners agree one." in said
    assert any("No guidance is in force" in each for each in said)
    assert any("invite another" in each for each in said)
    assert (
        "Merseyside Police: the register lacks its data controller, the domains of its people's "
        "addresses, the address of its privacy notice."
    ) in said
    assert "Wirral Integrated Front Door has not signed the agreement yet." in said
    assert len([each for each in said if "has not signed" in each]) == 4


def test_what_is_done_is_not_named(cast, settings):
    settings.SECURITY_CONTACT = ""
    said = left_to_do()
    assert not any("has not signed" in each for each in said)
    assert "Nobody is named whom to tell of a weakness. Set SECURITY_CONTACT." in said
    settings.SECURITY_CONTACT = "mailto:security@portal.example"
    assert not any("SECURITY_CONTACT" in each for each in left_to_do())


def test_it_costs_the_same_however_many_agencies_there_are(cast, django_assert_num_queries):
    with django_assert_num_queries(5):
        left_to_do()


def test_who_has_not_signed_is_not_led_to_a_page_that_is_not_there(cast, signed_in):
    school = cast.users["requester"].memberships.get().agency
    assert "/who-to-call/" in signed_in("requester").get("/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE agencies_agency SET status = 'listed' WHERE id = %s", [school.pk])
    client = signed_in("requester")
    assert "/who-to-call/" not in client.get("/").content.decode()
    assert client.get("/who-to-call/").status_code == 404
