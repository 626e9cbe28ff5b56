"""What speaks for two people being one, what speaks against it, and in which words."""

from datetime import date

import pytest

from requests_app.matching.scoring import likeness
from requests_app.models import Subject

BORN = date(2015, 3, 7)


def person(**details):
    given = {"given_name": "Zed", "family_name": "Example", "date_of_birth": BORN}
    return Subject(**(given | details))


def words(texts):
    return [str(each) for each in texts]


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({}, {"date_of_birth": date(2015, 7, 3)}, "day and month of birth the other way round"),
        ({}, {"date_of_birth": date(2014, 3, 7)}, "nearly the same date of birth"),
        ({}, {"date_of_birth": date(2015, 3, 17)}, "nearly the same date of birth"),
        ({}, {"given_name": "Example", "family_name": "Zed"}, "same name, the other way round"),
        ({"given_name": "Bill"}, {"given_name": "William"}, "same name in another form"),
        ({"given_name": "Muhammad"}, {"given_name": "Mohamed"}, "same name in another form"),
        ({"given_name": "Олександр"}, {"given_name": "Alexander"}, "same name in another form"),
        (
            {"given_name": "Bill"},
            {"given_name": "Example", "family_name": "William"},
            "same name in another form",
        ),
        ({"family_name": "Ковальчук"}, {"family_name": "Kovalchuk"}, "same name and same date"),
        ({"family_name": "Exampel"}, {}, "similar name"),
    ],
)
def test_known_errors_are_seen_through(one, other, reason):
    found = likeness(person(**one), person(**other))
    assert found.is_shown
    assert reason in words(found.reasons)[0]


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        ({}, []),
        ({"date_of_birth": date(2015, 7, 3)}, ["different date of birth"]),
        ({"given_name": "Mo", "family_name": "Quux"}, ["different name"]),
        ({"nhs_number": "9990000026"}, ["different NHS number"]),
        ({"nhs_number": "999 000 0018"}, []),
        ({"upn": "A123456789012"}, ["different unique pupil number (UPN)"]),
        ({"date_of_birth": None}, ["no date of birth to compare"]),
    ],
)
def test_what_differs_is_said(other, differs):
    own = person(nhs_number="9990000018", upn="B801200005001")
    assert words(likeness(own, person(**other)).differs) == differs


def test_somebody_without_a_date_of_birth_matches_by_the_whole_name_alone():
    mother = {"given_name": "Wanda", "family_name": "Weighmore", "date_of_birth": None}
    assert likeness(person(**mother), person(**mother)).is_shown
    assert likeness(person(**mother), person(**mother | {"date_of_birth": BORN})).is_shown
    assert likeness(person(**mother), person(**mother | {"given_name": "Wendy"})).is_shown is False


def test_nor_does_a_short_form_of_the_whole_name_need_one():
    known, short = {"given_name": "William", "date_of_birth": None}, {"given_name": "Bill"}
    assert likeness(person(**known), person(**short)).is_shown
    assert likeness(person(**known), person(**short | {"family_name": "Quux"})).is_shown is False


def test_a_shared_home_makes_nobody_one_and_the_same():
    home = {"address": "14 Elm Road, AB1 2CD"}
    twin = person(**home | {"given_name": "Otto"})
    found = likeness(person(**home), twin)
    assert found.is_home_same
    assert "same address" in words(found.reasons)
    assert not found.is_sure
    assert likeness(person(**home), person(**home)).is_sure
    stranger = {"given_name": "Quill", "family_name": "Invented", "date_of_birth": date(1980, 1, 2)}
    assert not likeness(person(**home), person(**home | stranger)).is_shown


def test_another_name_and_another_day_are_two_people():
    other = person(given_name="Mo", family_name="Quux", date_of_birth=date(2009, 1, 2))
    assert not likeness(person(), other).is_shown
