"""Help, contact and privacy: open to everybody, and only what the partnership itself gave."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from agencies.models import Partnership
from agencies.partnership.actions import change_partnership
from agencies.partnership.selectors import version_of_partnership
from agencies.permissions import ROLES, Role
from agencies.register.actions import change_agency
from agencies.register.selectors import front_doors, statutory_partners
from audit.ledger.verifying_rows import verify_live
from encryption.uploads import KINDS
from portal.checklist import left_to_do
from retention.choices import MONTHS

pytestmark = pytest.mark.django_db

CONTACTS = {
    "out_of_hours_telephone": "01632 960099",
    "support_email": "help@office.example",
    "support_telephone": "01632 960011",
    "support_hours": "Monday to Friday, 9am to 5pm",
    "privacy_email": "data.protection@office.example",
}
SECTIONS = {
    Role.REQUESTER: "requester",
    Role.IFD_OFFICER: "front-door",
    Role.SPOC: "spoc",
    Role.MANAGER: "manager",
    Role.ADVISER: "adviser",
    Role.PARTNER: "partner",
    Role.ADMINISTRATOR: "administrator",
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
        for name in ("help", "contact", "privacy", "accessibility"):
            assert f'href="{reverse(name)}"' in text(page)
    for name in ("help", "contact", "privacy"):
        assert client.get(reverse(name)).status_code == 200
        assert signed_in("administrator").get(reverse(name)).status_code == 200


def test_nothing_is_invented_where_the_partnership_said_nothing(cast, client):
    for name in ("help", "contact", "privacy"):
        page = text(client.get(reverse(name)))
        assert ("No number has been entered here yet" in page) == (name == "contact")
        assert "has not yet said here" in page
        assert "mailto:" not in page
        assert "None" not in page


def test_they_name_whom_the_partnership_gave(cast, client):
    give(cast, **CONTACTS)
    helping, contact, privacy = (
        text(client.get(reverse(name))) for name in ("help", "contact", "privacy")
    )
    for name in ("support_email", "support_telephone", "support_hours"):
        assert CONTACTS[name] in helping
        assert CONTACTS[name] in contact
    assert CONTACTS["out_of_hours_telephone"] in contact
    for page in (contact, privacy):
        assert f'href="mailto:{CONTACTS["privacy_email"]}"' in page
    assert "has not yet said here" not in helping + contact + privacy
    assert "No number has been entered here yet" not in contact


def test_an_administrator_gives_them_on_the_page_of_the_partnership(cast, signed_in):
    administrator, there = signed_in("administrator"), reverse("agencies:partnership")
    form = administrator.get(there).context["form"]
    typed = {name: form[name].value() for name in form.fields} | CONTACTS
    assert administrator.post(there, typed | {"support_email": "nobody"}).status_code == 422
    assert administrator.post(there, typed | {"support_telephone": "ring"}).status_code == 422
    assert administrator.post(there, typed).status_code == 302
    row = Partnership.objects.get()
    assert {name: getattr(row, name) for name in CONTACTS} == CONTACTS
    none = dict.fromkeys(CONTACTS, "") | {"out_of_hours_telephone": "01632 960098"}
    typed |= {"expected_version": version_of_partnership()} | none
    assert administrator.post(there, typed).status_code == 302
    row.refresh_from_db()
    kept = row.out_of_hours_telephone
    assert {getattr(row, name) for name in CONTACTS} == {None, kept}
    assert kept == "01632 960098"


def test_a_partnership_says_whom_to_call_while_its_front_door_is_closed(cast, signed_in):
    administrator, there = signed_in("administrator"), reverse("agencies:partnership")
    assert any("no telephone number yet" in said for said in left_to_do())
    form = administrator.get(there).context["form"]
    typed = {name: form[name].value() for name in form.fields} | {"area": "Othertown"}
    refused = administrator.post(there, typed | {"out_of_hours_telephone": ""})
    assert refused.status_code == 422
    assert "Enter the telephone number while the front door is closed" in text(refused)
    assert 'value="Othertown"' in text(refused)
    assert Partnership.objects.get().area == "Anytown"
    typed["out_of_hours_telephone"] = CONTACTS["out_of_hours_telephone"]
    assert administrator.post(there, typed).status_code == 302
    assert not any("no telephone number yet" in said for said in left_to_do())


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


def test_the_contact_page_gives_the_front_doors_own_number_and_nobodys_name(cast, client):
    assert "No number is on the register yet" in text(client.get(reverse("contact")))
    desk, number = front_doors().get(), "01632 960042"
    change_agency(
        desk, by=cast.administrator, values={"phone": number}, expected_version=desk.version
    )
    page = text(client.get(reverse("contact")))
    assert number in page
    assert "No number is on the register yet" not in page
    for person in cast.users.values():
        assert str(person) not in page
        assert person.email not in page


def test_the_help_says_to_each_role_what_to_do(client, db):
    page = text(client.get(reverse("help")))
    for role in ROLES:
        assert f'id="{SECTIONS[role]}"' in page
        assert f'href="#{SECTIONS[role]}"' in page


def test_privacy_says_how_long_and_why(client, db):
    page = re.sub(r"\s+", " ", text(client.get(reverse("privacy"))))
    assert f"kept for {MONTHS} months after its purpose was served" in page
    assert "lawful basis" in page
    assert "Information Commissioner" in page
