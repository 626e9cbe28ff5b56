"""An unborn child: what does not fit is named before it is left out, and nothing goes unsaid."""

from uuid import uuid4

import pytest

from tests import walks
from tests.requests_app.people.test_particulars import MORE, kept, one_line, tick_of
from tests.requests_app.request_parts.test_request_parts import BORN, CHILD, to

pytestmark = pytest.mark.django_db

UNBORN = {"born": "unborn", "family_name": "Example"}
NUMBERS = {"nhs_number": "999 000 0018", "upn": "B801200005001"}
ALL = (
    "Date of birth, Sex, NHS number, Unique pupil number (UPN), Education, School, nursery or "
    "college, First language, Interpreter needed, Communication needs, Ethnic group, Disability"
)


@pytest.fixture
def draft(cast):
    return walks.a_draft(cast)


@pytest.fixture
def client(signed_in):
    return signed_in("requester")


@pytest.fixture
def page(draft):
    return to("person_change", draft, draft.subjects.get(role="child").pk)


def listed(response):
    return one_line(response).split("govuk-error-summary__list")[1].split("</ul>")[0]


def test_all_that_would_be_lost_is_named_and_nothing_is_changed(client, draft, page):
    answer = client.post(page, UNBORN | BORN | NUMBERS | MORE)
    assert answer.status_code == 422
    assert (
        f'<a href="#id_leave_out_0">These are not kept for an unborn child: {ALL}. Tick the box '
        "to leave them out, or change your answer</a>" in listed(answer)
    )
    assert listed(answer).count("<li>") == 1
    shown = one_line(answer)
    assert f"Leave out: {ALL}" in shown
    for typed in ("999 000 0018", "Brookside Invented Primary", 'value="2016"'):
        assert typed in shown
    child = draft.subjects.get(role="child")
    assert (child.is_unborn, child.nhs_number) == (False, "9990000018")


def test_once_it_is_ticked_it_is_left_out_and_the_rest_is_kept(client, draft, page):
    body = UNBORN | BORN | NUMBERS | MORE | {"address": "1 Invented Street"}
    body["leave_out"] = tick_of(client.post(page, body))
    assert client.post(page, body).status_code == 302
    child = draft.subjects.get(role="child")
    left = kept(child, [*NUMBERS, *MORE, "date_of_birth"])
    assert left == dict.fromkeys([*NUMBERS, *MORE], "") | {
        "date_of_birth": None,
        "gp_practice": MORE["gp_practice"],
    }
    assert (child.is_unborn, child.address) == (True, "1 Invented Street")


def test_a_tick_agrees_to_nothing_that_was_filled_in_after_it(client, draft, page):
    ticked = {"leave_out": tick_of(client.post(page, UNBORN | {"sex": "female"}))}
    more = client.post(page, UNBORN | {"sex": "female", "upn": "B801200005001"} | ticked)
    assert more.status_code == 422
    assert "Sex, Unique pupil number (UPN). Tick the box" in listed(more)
    assert "checked" not in one_line(more).split('id="id_leave_out_0"')[1].split(">")[0]
    assert not draft.subjects.get(role="child").is_unborn


def test_a_wrong_date_of_birth_of_an_unborn_child_is_no_error_of_its_own(client, draft, page):
    body = UNBORN | {"date_of_birth_day": "31", "date_of_birth_month": "2"}
    answer = client.post(page, body)
    assert listed(answer).count("<li>") == 1
    assert "for an unborn child: Date of birth." in listed(answer)
    assert client.post(page, body | {"leave_out": tick_of(answer)}).status_code == 302
    assert draft.subjects.get(role="child").date_of_birth is None


@pytest.mark.parametrize("born", [UNBORN, CHILD | BORN])
def test_where_nothing_is_lost_nothing_is_asked(client, draft, page, born):
    fits = {"gp_practice": "Makebelieve Surgery", "address": "1 Invented Street", "upn": "  "}
    more = {} if born is UNBORN else {"nhs_number": "999 000 0018"}
    body = born | fits | more | {"idempotency_key": str(uuid4())}
    assert client.post(to("person_add", draft, "child"), body).status_code == 302
    assert "Some details are not kept" not in one_line(client.get(page))


def test_before_anything_is_sent_the_page_says_what_is_kept(client, page):
    words = "Only names, the expected date of birth, address and GP practice are kept."
    before_the_fold = one_line(client.get(page)).split("<details")[0]
    assert words in before_the_fold
