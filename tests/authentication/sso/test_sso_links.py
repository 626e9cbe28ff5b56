"""Linking and unlinking: by whom, twice, raced, and to whom not."""

import json
import threading
from importlib import import_module

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import Client

from audit.ledger.verifying_rows import verify_live
from audit.models import Event
from authentication.key_uses import USES
from authentication.sso import links as sso_links
from encryption.provider import key_provider
from tests.audit.pages import as_page
from tests.authentication.sso.sso_visitor import HERE, LINK, LOGIN, UNLINK, YOURS, Visitor
from tests.patience import PATIENCE
from tests.plugins.people import sign_in
from tests.plugins.provider import NAME, SLUG


@pytest.fixture
def at_work(provider, signed_in):
    """``at_work("officer")``: that person, signed in with their password."""

    def visitor(name: str) -> Visitor:
        provider.person(name.replace("_", "-"))
        return Visitor(provider, signed_in(name))

    return visitor


def test_the_page_says_what_is_linked(at_work):
    rita = at_work("requester")
    assert f'href="{YOURS}"' in rita.client.get("/").content.decode()
    assert "Not linked." in rita.client.get(YOURS).content.decode()
    answer = rita.link("requester")
    assert answer.url == YOURS
    text = rita.client.get(YOURS).content.decode()
    assert f"From now on you can sign in with {NAME}" in text
    assert "Linked on" in text
    assert f"Unlink {NAME}" in text


def test_somebody_elses_identity_is_refused(at_work, cast):
    at_work("requester").link("requester")
    officer = at_work("officer")
    answer = officer.link("requester")
    assert answer.status_code == 403
    assert "linked to another person" in answer.content.decode()
    assert SocialAccount.objects.get().user == cast.users["requester"]


def test_linking_the_same_again_changes_nothing(at_work):
    rita = at_work("requester")
    assert [rita.link("requester").status_code for _ in range(2)] == [302, 302]
    assert SocialAccount.objects.count() == 1


def test_a_second_identity_of_one_provider_is_refused(at_work, provider):
    rita = at_work("requester")
    rita.link("requester")
    provider.person("rita-again")
    rita.there.cookies.clear()
    answer = rita.link("rita-again")
    assert answer.status_code == 403
    assert "unlink the first" in answer.content.decode()
    assert SocialAccount.objects.count() == 1


def test_unlinked_it_signs_in_nobody(at_work):
    rita = at_work("requester")
    rita.link("requester")
    for _ in range(2):
        assert rita.client.post(UNLINK).status_code == 302
    assert not SocialAccount.objects.exists()
    rita.sign_out()
    assert rita.go("requester").status_code == 403
    assert rita.who is None


@pytest.mark.clause("ISA-4.3-SECURITY", part=True)
@pytest.mark.parametrize("marked", [False, True])
def test_ones_own_identity_put_by_sql_in_the_name_of_another_signs_in_nobody(
    at_work, cast, marked, caplog
):
    """In the database role of pages, with the mark of one's own link or none (docs/adr/0105)."""
    thief, person = at_work("officer"), cast.users["requester"]
    thief.link("officer")
    link = SocialAccount.objects.get()
    data = json.dumps(link.extra_data if marked else {})
    insert = "INSERT INTO socialaccount_socialaccount (user_id, provider, uid, extra_data, "
    as_page(
        cast,
        ("DELETE FROM socialaccount_socialaccount WHERE id = %s", [link.pk]),
        (
            f"{insert}last_login, date_joined) VALUES (%s, %s, %s, %s, now(), now())",
            [person.pk, link.provider, link.uid, data],
        ),
        ("SET LOCAL ROLE none", []),
    )
    thief.sign_out()
    assert thief.go("officer").status_code == 403
    assert thief.who is None
    row = SocialAccount.objects.get()
    said = f"ink {row.pk} of person {person.pk}"
    assert [said in line for line in verify_live().wrong] == [True]
    assert f"link {row.pk} is not ours" in caplog.text
    rita = at_work("requester")
    assert "Not linked." in rita.client.get(YOURS).content.decode()
    assert rita.link("requester").url == YOURS
    rita.sign_out()
    rita.go("requester")
    assert rita.who == str(person.pk)
    assert Event.objects.filter(move="sso.not_ours").count() == 1
    assert not verify_live().wrong


def test_the_link_is_marked_anew_by_a_rotation_and_marked_once_by_the_step(at_work):
    rita = at_work("requester")
    rita.link("requester")
    [_factors, links] = USES
    assert links.leaning() == {key_provider().active: 1}
    link = SocialAccount.objects.get()
    SocialAccount.objects.update(extra_data={})
    rita.sign_out()
    assert rita.go("requester").status_code == 403
    step = import_module("authentication.migrations.0003_marks")
    before = MigrationLoader(connection).project_state(step.Migration.dependencies)
    with connection.schema_editor() as editor:
        step.mark_all(before.apps, editor)
    assert SocialAccount.objects.get().extra_data == link.extra_data
    rita.go("requester")
    assert rita.who == str(link.user_id)


@pytest.mark.clause("ISA-4.3-SECURITY")
def test_other_sessions_end_when_a_way_to_sign_in_comes_or_goes(at_work, cast):
    rita, colleague = at_work("requester"), at_work("officer")
    for act in (lambda: rita.link("requester"), lambda: rita.client.post(UNLINK)):
        elsewhere = sign_in(Client(), cast.users["requester"])
        assert act().status_code == 302
        assert rita.client.get(YOURS).status_code == 200
        assert elsewhere.get(YOURS).status_code == 302
    assert colleague.client.get(YOURS).status_code == 200


def test_unlinked_on_the_way_it_signs_in_nobody_and_stays_unlinked(at_work, cast):
    rita = at_work("requester")
    rita.link("requester")
    rita.sign_out()
    back = rita.sign_in_there("requester", rita.begin())
    assert sso_links.unlink(cast.users["requester"], SLUG)
    assert rita.come_back(back).status_code == 403
    assert not SocialAccount.objects.exists()


def test_unlinked_at_the_very_moment_it_signs_in_nobody(at_work, cast, monkeypatch):
    """After the link was looked up and before it was used; nothing brings it back."""
    rita, look_up = at_work("requester"), sso_links.link_of
    rita.link("requester")
    rita.sign_out()

    def gone_in_between(slug, uid):
        found = look_up(slug, uid)
        sso_links.unlink(cast.users["requester"], slug)
        return found

    monkeypatch.setattr(sso_links, "link_of", gone_in_between)
    assert rita.go("requester").status_code == 403
    assert rita.who is None
    assert not SocialAccount.objects.exists()


def test_what_one_began_to_link_is_not_linked_to_the_next_who_signs_in(at_work, cast):
    rita = at_work("requester")
    back = rita.sign_in_there("requester", rita.begin(LINK))
    states = rita.client.session["socialaccount_states"]
    rita.client.force_login(cast.users["officer"])
    session = rita.client.session
    session["socialaccount_states"] = states
    session.save()
    assert rita.come_back(back).status_code == 403
    assert not SocialAccount.objects.exists()


def test_what_a_signed_out_browser_brings_back_is_not_linked(at_work):
    rita = at_work("requester")
    back = rita.sign_in_there("requester", rita.begin(LINK))
    rita.sign_out()
    assert rita.come_back(back).status_code == 403
    assert not SocialAccount.objects.exists()


def test_signing_in_does_not_link_and_linking_does_not_sign_in(at_work, provider):
    visitor = at_work("requester")
    assert visitor.client.post(LOGIN).url == "/"  # already signed in
    anonymous = Visitor(provider)
    for address in (LINK, UNLINK):
        answer = anonymous.client.post(address)
        assert answer.status_code in (302, 403)
        assert SLUG not in answer.headers.get("Location", "").partition("?")[0]
    assert not SocialAccount.objects.exists()


@pytest.mark.clause("ISA-4.3-SECURITY")
@pytest.mark.parametrize("address", [LINK, UNLINK])
def test_it_is_done_only_after_proving_again_who_one_is(at_work, cast, address):
    rita = at_work("requester")
    rita.link("requester")
    sign_in(rita.client, cast.users["requester"], ago=60 * 60)
    answer = rita.client.post(address, headers={"referer": f"{HERE}{YOURS}"})
    assert answer.url == f"/accounts/reauthenticate/?next={YOURS}"
    assert SocialAccount.objects.count() == 1


def test_a_get_changes_nothing(at_work):
    rita = at_work("requester")
    rita.link("requester")
    for address in (LINK, UNLINK):
        assert rita.client.get(address).status_code == 405
    assert SocialAccount.objects.count() == 1


def test_another_site_cannot_post_it(at_work, cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.users["requester"])
    at_work("requester").link("requester")
    assert client.post(UNLINK).status_code == 403
    assert SocialAccount.objects.count() == 1


def test_somebody_who_was_switched_off_meanwhile_links_nothing(at_work, cast):
    rita = cast.users["requester"]
    rita.is_active = False
    rita.save()
    with pytest.raises(sso_links.LinkRefused):
        sso_links.link(rita, SLUG, "f" * 64)
    assert not SocialAccount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_who_link_one_identity_at_once(cast, settings, provider):
    """One of them gets it, the other is refused; nobody gets a fault."""
    names, ready, outcomes = ("requester", "officer"), threading.Barrier(2), {}

    def link(name):
        ready.wait(PATIENCE)
        try:
            sso_links.link(cast.users[name], SLUG, "f" * 64)
            outcomes[name] = "linked"
        except sso_links.LinkedToAnother:
            outcomes[name] = "refused"
        finally:
            connection.close()

    threads = [threading.Thread(target=link, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(outcomes.values()) == ["linked", "refused"]
    assert SocialAccount.objects.count() == 1
