"""What a check tells nobody beyond the ticks, and a package no colleague."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from requests_app.actions import enquiries, parts, releasing
from requests_app.models import Enquiry, Subject
from tests import walks
from tests.pages.test_put import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast):
    return walks.accepted(cast)


@pytest.fixture
def put(case, signed_in):
    return lambda form: signed_in("officer").post(
        reverse("requests:put_check", args=[case.pk]), form
    )


@pytest.mark.parametrize("form", ["j F Y", "d/m/Y"])
def test_a_birth_date_that_is_not_ticked_is_not_told(cast, case, put, form):
    """The details come as texts, and a date in a text was looked for as a date alone."""
    child = Subject.objects.get(case=case, role="child")
    words = f"Born on {date_format(child.date_of_birth, form)}"
    sent = put(filled(cast, concern=words, person_1=["name"]))
    assert sent.status_code == 422
    assert not Enquiry.objects.exists()


def test_a_question_names_nobody_beyond_the_ticks(cast, put):
    """The agency reads the questions as it reads the concern."""
    sent = put(filled(cast, further="Does Rex Risk live there?", further_why="Rex is violent"))
    assert sent.status_code == 422
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("words", [("Is Rex Risk known?", "To see"), ("Any visit?", "Rex hits")])
def test_a_fact_of_the_request_names_nobody_beyond_the_ticks(cast, signed_in, words):
    """The agency reads the requester's fact and its why as they stand."""
    draft = walks.a_draft(cast)
    fact, why = words
    parts.add_need(draft, by=cast.requester, once=uuid4(), fact=fact, why=why)
    case = walks.accepted(cast, draft)
    address = reverse("requests:put_check", args=[case.pk])
    officer = signed_in("officer")
    refused = officer.post(address, filled(cast, needs=["0", "1"]))
    assert refused.status_code == 422
    said = " ".join(refused.content.decode().split())
    assert "A fact that you selected gives a detail of Rex Risk" in said
    assert not Enquiry.objects.exists()
    ticked = filled(cast, needs=["0", "1"], person_2=["name"])
    assert officer.post(address, ticked).status_code == 302
    assert Enquiry.objects.get().questions.count() == 2


def test_a_colleague_reads_no_name_in_what_was_searched(cast, case, signed_in):
    """Who typed it was told that the front door and the requester read it."""
    child = Subject.objects.get(case=case, role="child")
    check = enquiries.put_enquiry(
        case,
        by=cast.officer,
        once=case.pk,
        holder=cast.agencies["housing"],
        shown={str(child.pk): ["name", "date_of_birth"]},
        questions=[("Any arrears?", "To see who lives there")],
    )
    check = enquiries.answer_not_known(
        check, by=cast.housing_spoc, searched="Tenancies of Zed Example since 2015"
    )
    package = releasing.release_information(
        case,
        by=cast.officer,
        once=check.pk,
        enquiries=[check],
        recipients=[cast.users["requester"], cast.users["classmate"]],
    )
    page = signed_in("classmate").get(reverse("requests:released", args=[package.pk]))
    assert page.status_code == 200
    assert "Zed" not in page.content.decode()
