"""What an agency holds, listed by title before anything is decided."""

from uuid import uuid4

import pytest
from django.urls import reverse

from requests_app.models import Item
from tests import walks

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


@pytest.fixture
def agency_check(cast):
    return walks.taken(cast)


@pytest.fixture
def client(signed_in):
    return signed_in("trust_spoc")


@pytest.fixture
def add_page(agency_check):
    return reverse("requests:add_item", args=[agency_check.pk])


def filled(agency_check, **changes):
    question = agency_check.questions.first()
    return {
        "idempotency_key": str(uuid4()),
        "title": "Attendance in October",
        "answers": str(question.pk),
        "special": "yes",
    } | changes


@pytest.mark.clause("P-NECESSARY", part=True)
def test_an_item_is_listed_by_title_and_tied_to_a_question(agency_check, client, add_page):
    form = text(client.get(add_page))
    assert "Seen at hospital?" in form
    assert "special category information is" in form
    assert 'name="content"' not in form
    page = text(client.post(add_page, filled(agency_check), follow=True))
    assert "Attendance in October" in page
    assert "Special category" in page
    assert "Decide what to share" in page
    item = Item.objects.get()
    assert (item.status, item.content, item.is_special_category) == ("held", "", True)


@pytest.mark.clause("P-NECESSARY", part=True)
def test_anything_beyond_the_questions_needs_its_own_reason(agency_check, client, add_page):
    asked = filled(agency_check, answers="beyond")
    answer = client.post(add_page, asked)
    assert answer.status_code == 422
    assert 'href="#id_beyond_reason"' in text(answer)
    assert "Enter why it is needed" in text(answer)
    page = text(client.post(add_page, asked | {"beyond_reason": "A sibling is there"}, follow=True))
    assert "Not asked for, but relevant" in page
    assert "A sibling is there" in page


def test_each_missing_answer_is_listed_with_a_link(client, add_page):
    answer = client.post(add_page, {})
    assert answer.status_code == 422
    for link in ("#id_title", "#id_answers_0", "#id_special_0"):
        assert f'href="{link}"' in text(answer)
    assert "Error:" in text(answer)


@pytest.mark.parametrize("title", ["x" * 1_000_000, "a\x00b", "x" * 151])
def test_bad_titles_are_refused_in_words(agency_check, client, add_page, title):
    answer = client.post(add_page, filled(agency_check, title=title))
    assert answer.status_code == 422
    assert not Item.objects.exists()


def test_a_question_of_another_check_is_refused(cast, agency_check, client, add_page):
    other = walks.an_agency_check(cast, "housing")
    answers = str(other.questions.first().pk)
    assert client.post(add_page, filled(agency_check, answers=answers)).status_code == 422


def test_the_same_form_sent_twice_lists_one_thing(agency_check, client, add_page):
    sent = filled(agency_check)
    for _ in range(2):
        assert client.post(add_page, sent).status_code == 302
    assert Item.objects.count() == 1


def test_changing_and_taking_off_the_list(cast, agency_check, client):
    (item,) = walks.listed(agency_check, cast.trust_spoc, "Attendnce")
    change = reverse("requests:change_item", args=[agency_check.pk, item.pk])
    assert 'value="Attendnce"' in text(client.get(change))
    answer = client.post(
        change, filled(agency_check, expected_version=item.version, special="no"), follow=True
    )
    assert "Attendance in October" in text(answer)
    remove = reverse("requests:remove_item", args=[agency_check.pk, item.pk])
    assert "Remove this from the list?" in text(client.get(remove))
    item.refresh_from_db()
    assert item.status == "held"
    for _ in range(2):
        assert client.post(remove).status_code == 302
    item.refresh_from_db()
    assert item.status == "dropped"
    assert client.get(change).status_code == 302
    assert client.get(remove).status_code == 302


def test_the_second_of_two_people_sees_what_happened_and_keeps_the_text(
    cast, agency_check, client, signed_in
):
    (item,) = walks.listed(agency_check, cast.trust_spoc, "Attendance")
    change = reverse("requests:change_item", args=[agency_check.pk, item.pk])
    mine = filled(agency_check, expected_version=item.version)
    assert client.post(change, mine).status_code == 302
    assert client.post(change, mine).status_code == 302  # a doubled click
    theirs = filled(agency_check, expected_version=item.version, title="Attendance in September")
    late = signed_in("trust_manager").post(change, theirs)
    assert late.status_code == 409
    assert "Somebody else has changed this" in text(late)
    assert "Attendance in September" in text(late)
    item.refresh_from_db()
    assert item.title == "Attendance in October"


def test_an_item_of_another_check_is_not_there(cast, agency_check, client, signed_in):
    (item,) = walks.listed(agency_check, cast.trust_spoc, "Attendance")
    other = walks.taken(cast, case=walks.accepted(cast))
    for name in ("change_item", "remove_item"):
        assert client.get(reverse(f"requests:{name}", args=[other.pk, item.pk])).status_code == 404
        ours = reverse(f"requests:{name}", args=[agency_check.pk, item.pk])
        for who in ("housing_spoc", "trust_nurse", "trust_adviser", "officer", "requester"):
            assert signed_in(who).get(ours).status_code == 404
            assert signed_in(who).post(ours, {}).status_code == 404


def test_nothing_is_listed_before_the_check_is_taken(cast, client):
    agency_check = walks.an_agency_check(cast, case=walks.accepted(cast))
    page = reverse("requests:add_item", args=[agency_check.pk])
    assert client.get(page).status_code == 302
    late = client.post(page, filled(agency_check))
    assert late.status_code == 409
    assert "Attendance in October" in text(late)


def test_the_list_is_flat(cast, agency_check, client, flat):
    page = reverse("requests:check", args=[agency_check.pk])
    flat(
        lambda: client.get(page),
        add=lambda: walks.listed(agency_check, cast.trust_spoc, "Attendance"),
        more=5,
    )
