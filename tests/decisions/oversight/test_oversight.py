"""What a SPoC or responsible manager keeps an eye on (ISA-5.1)."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.bootstrap.unattended import join
from agencies.grants import grant
from agencies.models import User
from agencies.permissions import Role
from decisions.flow import actions as deciding
from decisions.recording import actions as recording
from decisions.scrutiny import actions as scrutinising
from tests import walks
from tests.cast import PASSWORD
from tests.plugins.people import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-5.1")]

PAGE = "/oversight/"
FORTNIGHT = timedelta(days=14)


def counts(client):
    """The number on each card, by where it leads."""
    page = client.get(PAGE).content.decode()
    cards = re.findall(r'href="#(\w+)".*?portal-card__(?:count|none)">(\d+)<', page, re.DOTALL)
    return {to: int(number) for to, number in cards}


def test_open_decided_and_challenged_are_counted_and_listed(cast, signed_in):
    waiting = walks.an_agency_check(cast, "housing")
    refusal = walks.refused(cast)
    scrutinising.ask_to_reconsider(refusal.scrutiny, by=cast.police_partner, reasons="Think again")
    homes = signed_in("housing_spoc")
    page = homes.get(PAGE).content.decode()
    assert waiting.reference in page
    assert refusal.agency_check.reference in page
    assert reverse("decisions:decision", args=[refusal.pk]) in page
    assert counts(homes) == {
        "checks": 2,  # the one that was sent back is open again
        "asked": 0,
        "decided": 1,
        "challenged": 1,
        "people": 0,
    }
    school = counts(signed_in("school_spoc"))
    assert (school["asked"], school["checks"]) == (2, 0)


def test_what_was_decided_anew_is_no_longer_challenged(cast, signed_in):
    old = walks.refused(cast)
    scrutinising.ask_to_reconsider(old.scrutiny, by=cast.police_partner, reasons="Think again")
    again = deciding.begin_anew(old, by=cast.housing_spoc, idempotency_key=uuid4())
    assert counts(signed_in("housing_spoc"))["challenged"] == 1
    walks.refuse(again, by=cast.housing_spoc)
    recording.record_decision(again, by=cast.housing_spoc)
    assert counts(signed_in("housing_spoc"))["challenged"] == 0


def test_what_is_late_is_said(cast):
    walks.an_agency_check(cast, "housing")
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        for who in ("housing_spoc", "school_spoc"):
            page = sign_in(Client(), cast.users[who]).get(PAGE).content.decode()
            assert "1 late" in page
            assert "Late by" in page


def test_people_whose_checks_run_out_or_are_missing_are_listed(cast, signed_in):
    trust = signed_in("trust_manager")
    assert counts(trust)["people"] == 0
    membership = cast.users["trust_nurse"].memberships.get()
    check = membership.checks.get()
    with time_machine.travel(timezone.now() + (check.expires - timezone.localdate()) - FORTNIGHT):
        page = sign_in(Client(), cast.users["trust_spoc"]).get(PAGE).content.decode()
        assert "Nora Nurse" in page
        assert "Staff check expires on" in page
        assert "Hugo" not in page


def test_somebody_without_a_check_is_listed(cast, signed_in):
    newcomer = User.objects.create_user(
        "new@trust.example", PASSWORD, first_name="Ned", last_name="New"
    )
    grant(newcomer, Role.REQUESTER, cast.agencies["trust"])
    page = signed_in("trust_spoc").get(PAGE).content.decode()
    assert "Ned New" in page
    assert "No staff check in date" in page
    assert "Ned New" not in signed_in("housing_spoc").get(PAGE).content.decode()


def test_only_those_who_keep_oversight_see_it(signed_in):
    for who in ("requester", "trust_nurse", "trust_adviser", "officer", "administrator"):
        assert signed_in(who).get(PAGE).status_code == 404
    for who in ("trust_spoc", "trust_manager"):
        assert signed_in(who).get(PAGE).status_code == 200


def test_it_costs_the_same_for_many(cast, signed_in, flat):
    homes, school = signed_in("housing_spoc"), signed_in("school_spoc")

    def more():
        refusal = walks.refused(cast)
        scrutinising.ask_to_reconsider(refusal.scrutiny, by=cast.police_partner, reasons="Again")
        number = User.objects.count()
        person = User.objects.create_user(f"p{number}@homes.example", PASSWORD, last_name="Person")
        join(person, Role.REQUESTER, cast.agencies["housing"])

    flat(lambda: (homes.get(PAGE), school.get(PAGE)), add=more, more=3)
