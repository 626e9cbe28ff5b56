"""What a check tells nobody beyond the ticks, and a package no colleague."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from requests_app.agency_checks import actions as agency_checks
from requests_app.models import AgencyCheck, Subject
from requests_app.people import actions as people
from requests_app.release import actions as releasing
from requests_app.request_parts import actions as parts
from tests import walks
from tests.requests_app.agency_checks.test_putting_checks import filled

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
    assert not AgencyCheck.objects.exists()


def test_a_question_names_nobody_beyond_the_ticks(cast, put):
    """The agency reads the questions as it reads the concern."""
    sent = put(filled(cast, further="Does Rex Risk live there?", further_why="Rex is violent"))
    assert sent.status_code == 422
    assert not AgencyCheck.objects.exists()


@pytest.mark.parametrize("words", [("Is Rex Risk known?", "To see"), ("Any visit?", "Rex hits")])
def test_a_fact_of_the_request_names_nobody_beyond_the_ticks(cast, signed_in, words):
    """The agency reads the requester's fact and its why as they stand."""
    draft = walks.a_draft(cast)
    fact, why = words
    parts.add_need(draft, by=cast.requester, idempotency_key=uuid4(), fact=fact, why=why)
    case = walks.accepted(cast, draft)
    address = reverse("requests:put_check", args=[case.pk])
    officer = signed_in("officer")
    refused = officer.post(address, filled(cast, needs=["0", "1"]))
    assert refused.status_code == 422
    said = " ".join(refused.content.decode().split())
    assert "A fact that you selected gives a detail of Rex Risk" in said
    assert not AgencyCheck.objects.exists()
    ticked = filled(cast, needs=["0", "1"], person_2=["name"])
    assert officer.post(address, ticked).status_code == 302
    assert AgencyCheck.objects.get().questions.count() == 2


def listed(page):
    """The list of errors: where each leads, and what it says."""
    said = " ".join(page.content.decode().split())
    rows = said.split("govuk-error-summary__list")[1].split("</ul>")[0]
    return re.findall(r'<a href="#(\w+)">(.+?)</a>', rows)


def test_the_error_leads_to_the_tick_that_mends_it_and_to_the_words(cast, signed_in):
    """Once only to the words, of which the fact of a request cannot be cut."""
    draft = walks.a_draft(cast)
    fact = "Did 100% Ray see 1 Invented Street, Anytown?"
    parts.add_need(draft, by=cast.requester, idempotency_key=uuid4(), fact=fact, why="To see")
    who = {"given_name": "100%", "family_name": "Ray", "relationship": "Aunt"}
    people.add_subject(draft, by=cast.requester, idempotency_key=uuid4(), role="risk", details=who)
    case = walks.accepted(cast, draft)
    address = reverse("requests:put_check", args=[case.pk])
    posted = filled(cast, needs=["0", "1"], concern="Ray hits")
    page = signed_in("officer").post(address, posted)
    assert page.status_code == 422
    child, ray = "Zed Example (Child or young person)", "100% Ray (Person who may pose a risk)"
    (_all, part), *_none = page.context["form"].parts
    number = [person.name for person in part.people].index("100% Ray") + 1
    may, mend = "if the agency may see it, since it stands in", "Tick it for that person, or"
    both = "a fact that you selected and the concern"
    gives = "A fact that you selected gives a detail of"
    words = f"{mend} ask about the fact in other words as a further question"
    assert listed(page) == [
        ("id_person_1_2", f"Tick Address for {child} {may} a fact that you selected"),
        (f"id_person_{number}_0", f"Tick Name for {ray} {may} {both}"),
        ("id_needs_1", f"{gives} {child}: Address. {words}"),
        ("id_needs_1", f"{gives} {ray}: Name. {words}"),
        ("id_concern", f"The concern gives a detail of {ray}: Name. {mend} take it out"),
    ]
    [box] = re.findall(r'<input[^>]*id="id_person_1_2"[^>]*>', page.content.decode())
    assert 'value="address"' in box
    ticked = {"person_1": ["name", "address"], f"person_{number}": ["name"]}
    assert signed_in("officer").post(address, posted | ticked).status_code == 302


def test_a_colleague_reads_no_name_in_what_was_searched(cast, case, signed_in):
    """Who typed it was told that the front door and the requester read it."""
    child = Subject.objects.get(case=case, role="child")
    check = agency_checks.put_agency_check(
        case,
        by=cast.officer,
        idempotency_key=case.pk,
        holder=cast.agencies["housing"],
        shown={str(child.pk): ["name", "date_of_birth"]},
        questions=[("Any arrears?", "To see who lives there")],
    )
    check = agency_checks.answer_not_known(
        check, by=cast.housing_spoc, searched="Tenancies of Zed Example since 2015"
    )
    package = releasing.release_information(
        case,
        by=cast.officer,
        idempotency_key=check.pk,
        agency_checks=[check],
        recipients=[cast.users["requester"], cast.users["classmate"]],
    )
    page = signed_in("classmate").get(reverse("requests:released", args=[package.pk]))
    assert page.status_code == 200
    assert "Zed" not in page.content.decode()
