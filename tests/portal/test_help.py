"""Help and privacy: open to everybody, and only the contacts that the partnership itself gave."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from agencies.models import Partnership
from agencies.partnership.actions import change_partnership
from agencies.partnership.selectors import version_of_partnership
from agencies.register.selectors import front_doors, statutory_partners
from audit.ledger.verifying_rows import verify_live
from encryption.uploads import KINDS

pytestmark = pytest.mark.django_db

CONTACTS = {
    "support_email": "help@office.example",
    "support_telephone": "01632 960011",
    "support_hours": "Monday to Friday, 9am to 5pm",
    "privacy_email": "data.protection@office.example",
}


def text(answer) -> str:
    return answer.content.decode()


def give(cast, **values) -> None:
    change_partnership(
        by=cast.administrator,
        values=values,
        partners=list(statutory_partners()),
        front_door=front_doors().get(),
        expected_version=version_of_partnership(),
    )


def test_every_page_leads_to_them_before_and_after_signing_in(cast, client, signed_in):
    for page in (client.get("/accounts/login/"), signed_in("requester").get("/"), client.get("/x")):
        for name in ("help", "privacy", "accessibility"):
            assert f'href="{reverse(name)}"' in text(page)
    for name in ("help", "privacy"):
        assert client.get(reverse(name)).status_code == 200
        assert signed_in("administrator").get(reverse(name)).status_code == 200


def test_nothing_is_invented_where_the_partnership_said_nothing(cast, client):
    for name in ("help", "privacy"):
        page = text(client.get(reverse(name)))
        assert "has not yet said here" in page
        assert "mailto:" not in page
        assert "None" not in page


def test_they_name_whom_the_partnership_gave(cast, client):
    give(cast, **CONTACTS)
    helping, privacy = text(client.get(reverse("help"))), text(client.get(reverse("privacy")))
    for name in ("support_email", "support_telephone", "support_hours"):
        assert CONTACTS[name] in helping
    assert f'href="mailto:{CONTACTS["privacy_email"]}"' in privacy
    assert "has not yet said here" not in helping + privacy


def test_an_administrator_gives_them_on_the_page_of_the_partnership(cast, signed_in):
    administrator, there = signed_in("administrator"), reverse("agencies:partnership")
    form = administrator.get(there).context["form"]
    typed = {name: form[name].value() for name in form.fields} | CONTACTS
    assert administrator.post(there, typed | {"support_email": "nobody"}).status_code == 422
    assert administrator.post(there, typed | {"support_telephone": "ring"}).status_code == 422
    assert administrator.post(there, typed).status_code == 302
    row = Partnership.objects.get()
    assert {name: getattr(row, name) for name in CONTACTS} == CONTACTS
    typed |= {"expected_version": version_of_partnership()} | dict.fromkeys(CONTACTS, "")
    assert administrator.post(there, typed).status_code == 302
    row.refresh_from_db()
    assert {getattr(row, name) for name in CONTACTS} == {None}


def test_a_change_of_them_stands_in_the_ledger(cast):
    give(cast, **CONTACTS)
    assert verify_live().wrong == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE agencies_partnership SET support_email = 'other@evil.example'")
    assert verify_live().wrong


def test_the_help_lists_the_kinds_of_files_that_are_taken(client, db):
    page = re.sub(r"\s+", " ", text(client.get(reverse("help"))))
    for kind in KINDS.values():
        assert kind.name in page
