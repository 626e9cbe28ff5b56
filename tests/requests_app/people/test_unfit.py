"""A due date or a school that no answer asks for any more is named before it is left out."""

from datetime import date

import pytest

from requests_app.people import actions as people
from tests import walks
from tests.requests_app.people.test_particulars import one_line, tick_of
from tests.requests_app.request_parts.test_request_parts import BORN, CHILD, to

pytestmark = pytest.mark.django_db

DUE = {"due_date_day": "1", "due_date_month": "2", "due_date_year": "2027"}
SCHOOL = {"education": "setting", "school": "Brookside Invented Primary"}
DUE_WORDS, SCHOOL_WORDS = "Expected date of birth", "School, nursery or college"


@pytest.fixture
def draft(cast):
    return walks.a_draft(cast)


@pytest.fixture
def client(signed_in):
    return signed_in("requester")


@pytest.fixture
def page(draft):
    return to("person_change", draft, child_of(draft).pk)


def child_of(draft):
    return draft.subjects.get(role="child")


def said_of(response):
    assert response.status_code == 422
    return one_line(response).split("govuk-error-summary__list")[1].split("</ul>")[0]


def not_kept(what):
    return (
        f'<a href="#id_leave_out_0">These do not fit your answers and are not kept: {what}. Tick '
        "the box to leave them out, or change your answer</a>"
    )


def test_a_due_date_of_a_child_who_has_been_born_since(cast, client, draft, page):
    unborn = {"is_unborn": True, "due_date": date(2027, 2, 1), "date_of_birth": None}
    people.change_subject(child_of(draft), by=cast.requester, details=unborn)
    answer = client.post(page, CHILD | BORN | DUE)
    assert said_of(answer).count("<li>") == 1
    assert not_kept(DUE_WORDS) in said_of(answer)
    assert f"Leave out: {DUE_WORDS}" in one_line(answer)
    assert 'value="2027"' in one_line(answer)
    child = child_of(draft)
    assert (child.is_unborn, child.due_date) == (True, date(2027, 2, 1))
    # Taken back, nothing is lost.
    assert client.post(page, {"born": "unborn", "family_name": "Example"} | DUE).status_code == 302
    assert child_of(draft).due_date == date(2027, 2, 1)
    ticked = {"leave_out": tick_of(answer)}
    assert client.post(page, CHILD | BORN | DUE | ticked).status_code == 302
    child = child_of(draft)
    assert (child.is_unborn, child.due_date) == (False, None)


@pytest.mark.parametrize("education", ["home", "none", "unknown"])
def test_a_school_of_a_child_who_is_at_none(cast, client, draft, page, education):
    people.change_subject(child_of(draft), by=cast.requester, details=SCHOOL)
    body = CHILD | BORN | SCHOOL | {"education": education}
    answer = client.post(page, body)
    assert said_of(answer).count("<li>") == 1
    assert not_kept(SCHOOL_WORDS) in said_of(answer)
    assert "Brookside Invented Primary" in one_line(answer)
    assert child_of(draft).school == "Brookside Invented Primary"
    back = CHILD | BORN | SCHOOL
    assert client.post(page, back).status_code == 302
    assert child_of(draft).school == "Brookside Invented Primary"
    assert client.post(page, body | {"leave_out": tick_of(answer)}).status_code == 302
    child = child_of(draft)
    assert (child.education, child.school) == (education, "")


def test_both_at_once_and_a_tick_agrees_to_nothing_more(client, draft, page):
    school = SCHOOL | {"education": "home"}
    ticked = {"leave_out": tick_of(client.post(page, CHILD | BORN | school))}
    more = client.post(page, CHILD | BORN | school | DUE | ticked)
    assert not_kept(f"{DUE_WORDS}, {SCHOOL_WORDS}") in said_of(more)
    assert "checked" not in one_line(more).split('id="id_leave_out_0"')[1].split(">")[0]
    assert client.post(page, CHILD | BORN | school | DUE | {"leave_out": tick_of(more)}).url


@pytest.mark.parametrize(
    "wrong",
    [
        {"due_date_day": "31", "due_date_month": "2"},
        {"education": "home", "school": "x" * 201},
    ],
)
def test_what_is_wrong_in_it_is_no_error_of_its_own(client, draft, page, wrong):
    answer = client.post(page, CHILD | BORN | wrong)
    assert said_of(answer).count("<li>") == 1
    body = CHILD | BORN | wrong | {"leave_out": tick_of(answer)}
    assert client.post(page, body).status_code == 302
    child = child_of(draft)
    assert (child.due_date, child.school) == (None, "")


@pytest.mark.parametrize(
    "fits",
    [
        SCHOOL,
        {"school": "Brookside Invented Primary"},
        {"education": "home", "school": "  "},
        {"due_date_day": " "},
    ],
)
def test_where_nothing_is_lost_nothing_is_asked(client, draft, page, fits):
    assert client.post(page, CHILD | BORN | fits).status_code == 302
    assert "Some details do not fit" not in one_line(client.get(page))


def test_before_it_is_said_whether_the_child_was_born_only_that_is_asked(client, page):
    answer = client.post(page, CHILD | DUE | {"born": ""})
    assert said_of(answer).count("<li>") == 1
    assert "whether the child has been born" in said_of(answer)


def test_the_details_of_an_unborn_child_are_still_named_so(client, page):
    answer = client.post(page, {"born": "unborn", "family_name": "Example"} | SCHOOL)
    assert "These are not kept for an unborn child: Education, School" in said_of(answer)
    assert "Some details are not kept for an unborn child" in one_line(answer)
