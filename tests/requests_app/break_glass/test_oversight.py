"""Openings as information governance leads see them, and what stands out (ISA-7.2)."""

from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from agencies.acting import actor_for
from agencies.bootstrap.unattended import join
from agencies.models import User
from agencies.permissions import Role
from requests_app.break_glass import actions as openings
from requests_app.break_glass.patterns import is_out_of_hours
from requests_app.clocks.calendar import LONDON, Calendar
from requests_app.matching.scoring import share_a_surname
from requests_app.models import Opening, OpeningNote
from tests import walks
from tests.cast import PASSWORD
from tests.plugins.people import sign_in
from workflow.transitions import TransitionRefused

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-7.2", part=True)]

MINUTE = timedelta(minutes=1)
LIST = "/openings/watch/"
HOURS = Calendar(opens=time(9), closes=time(17), hours={})


def next_working_day():
    """Some Wednesday to come, at eleven."""
    day = timezone.localdate() + timedelta(days=1)
    while day.isoweekday() != 3 or HOURS.open_on(day) is None:
        day += timedelta(days=1)
    return datetime.combine(day, time(11), LONDON)


AT_WORK = next_working_day()


@pytest.fixture
def lead(signed_in):
    return signed_in("desk_lead")


@pytest.fixture
def police_lead(cast):
    user = User.objects.create_user(
        "lead@police.example", PASSWORD, first_name="Lena", last_name="Lead"
    )
    join(user, Role.ADVISER, cast.agencies["police"])
    return actor_for(user, cast.agencies["police"])


def at(cast, moment, who="police_partner", case=None):
    case = case or walks.sent(cast)
    with time_machine.travel(moment, tick=False):
        return walks.opened(cast, case, who)


def test_the_list_says_who_when_and_why_and_nothing_of_the_case(cast, lead):
    opening = at(cast, AT_WORK)
    page = lead.get(LIST).content.decode()
    for words in (
        "Polly Partner",
        "Anytown Police",
        f"{date_format(AT_WORK, 'j F Y')} at 11am",
        "Rapid review or safeguarding practice review",
        opening.case.reference,
    ):
        assert words in page, words
    for words in ("Zed", "Z.E.", "Rapid review seven", "bruise", "Oak School", "Rita"):
        assert words not in page, words


def test_somebody_with_the_surname_of_a_person_in_the_case_stands_out(cast, lead):
    User.objects.filter(pk=cast.users["police_partner"].pk).update(last_name="Éxample-Jones")
    cast.users["police_partner"].refresh_from_db()
    opening = at(cast, AT_WORK)
    assert opening.flags == ["own_name"]
    assert "Own surname" in lead.get(LIST).content.decode()
    row = Opening.objects.values().get()
    assert "example" not in str({k: v for k, v in row.items() if k != "in_words"}).casefold()


@pytest.mark.parametrize(
    ("surname", "name", "same"),
    [
        ("Müller", "MULLER", True),
        ("Smyth", "Smith", True),
        ("Smith-Jones", "jones", True),
        ("O'Brien", "O’Brien", True),
        ("Ng", "Ng", True),
        ("Ng", "Ng-Wong", True),
        ("Li", "Mai Li", True),
        ("O'Brien", "O Brien", True),
        ("De Souza", "Desouza", True),
        ("李", "李", True),
        ("Łukasz", "Lukasz", True),
        ("Ковальчук", "Kovalchuk", True),
        ("De Li", "De Ng", False),
        ("Lee", "Li", False),
        ("Partner", "Part", False),
        ("Partner", "", False),
        ("", "", False),
    ],
)
def test_how_a_surname_is_the_same(surname, name, same):
    assert share_a_surname(surname, name) is same


@pytest.mark.parametrize(
    ("moment", "out"),
    [
        ("2026-11-18T09:00", False),
        ("2026-11-18T08:59", True),
        ("2026-11-18T17:00", True),
        ("2026-11-21T11:00", True),  # a Saturday
        ("2026-12-25T11:00", True),  # a bank holiday
        ("2026-07-15T16:59", False),  # by the wall in London, also in summer
        ("2026-07-15T17:00", True),
    ],
)
def test_what_is_out_of_the_hubs_hours(moment, out):
    assert is_out_of_hours(datetime.fromisoformat(moment).replace(tzinfo=LONDON), HOURS) is out


def test_out_of_the_hubs_hours_stands_out(cast, lead):
    assert at(cast, AT_WORK.replace(hour=20)).flags == ["out_of_hours"]
    assert "Out of hours" in lead.get(LIST).content.decode()


def test_the_third_within_an_hour_stands_out_and_the_tenth_of_a_day(cast):
    case = walks.sent(cast)
    minutes = [0, 10, 20, 90, 160, 230, 300, 370, 390, 440, 451]
    found = [at(cast, AT_WORK.replace(hour=9) + (m * MINUTE), case=case).flags for m in minutes]
    assert [bool(flags) for flags in found] == [m in {20, 440, 451} for m in minutes]
    assert not at(cast, AT_WORK.replace(hour=9), "board_partner", case).flags


def test_each_lead_sees_what_is_theirs(cast, signed_in, lead, police_lead):
    at(cast, AT_WORK)
    police = sign_in(signed_in("police_spoc"), police_lead.user)
    assert "Polly Partner" in lead.get(LIST).content.decode()
    assert "Polly Partner" in police.get(LIST).content.decode()
    assert "Polly" not in signed_in("trust_adviser").get(LIST).content.decode()
    for who in ("officer", "police_partner", "requester", "administrator"):
        assert signed_in(who).get(LIST).status_code == 404


def test_an_opening_is_looked_at_with_a_note_once_by_each_agency(cast, lead, police_lead):
    opening = at(cast, AT_WORK.replace(hour=20))
    there = reverse("requests:review_opening", args=[opening.pk])
    assert "Out of hours" in lead.get(there).content.decode()
    assert "Zed" not in lead.get(there).content.decode()
    assert opening.case.reference in lead.get(f"{LIST}?show=flagged").content.decode()
    assert lead.post(there, {"note": ""}).status_code == 422
    for _ in range(2):
        assert lead.post(there, {"note": "Asked her: on call"}).status_code == 302
    assert opening.case.reference not in lead.get(f"{LIST}?show=flagged").content.decode()
    assert "Asked her: on call" in lead.get(there).content.decode()
    openings.review_opening(opening, by=police_lead, note="Duty rota shows it")
    assert OpeningNote.objects.count() == 2


def test_two_leads_of_one_agency_and_the_first_note_stands(cast):
    opening = at(cast, AT_WORK)
    openings.review_opening(opening, by=cast.desk_lead, note="Fine")
    other = User.objects.create_user("two@front-door.example", PASSWORD, last_name="Two")
    join(other, Role.ADVISER, cast.agencies["front_door"])
    with pytest.raises(TransitionRefused):
        openings.review_opening(
            opening, by=actor_for(other, cast.agencies["front_door"]), note="Not fine"
        )


def test_nobody_looks_at_their_own_opening(cast, signed_in):
    join(cast.users["police_partner"], Role.ADVISER, cast.agencies["police"])
    opening = at(cast, AT_WORK.replace(hour=20))
    assert "you opened it yourself" in signed_in("police_partner").get(LIST).content.decode()
    with pytest.raises(PermissionDenied):
        openings.review_opening(opening, by=cast.police_partner, note="All fine")


def test_an_adviser_of_another_agency_notes_nothing(cast):
    opening = at(cast, AT_WORK)
    with pytest.raises(PermissionDenied):
        openings.review_opening(opening, by=cast.trust_adviser, note="Fine")
    assert not OpeningNote.objects.exists()


def test_a_long_list_costs_the_same(cast, lead, flat):
    case = walks.sent(cast)
    flat(lambda: lead.get(LIST), add=lambda: walks.opened(cast, case))
    assert lead.get(f"{LIST}?show=flagged&after={uuid4()}").status_code == 200
