"""More about a person: optional, sealed, in plain words, and to an agency only what is ticked."""

from uuid import uuid4

import pytest

from requests_app.asking import actions as asking
from requests_app.choices import ETHNIC_GROUPS
from requests_app.details import said
from requests_app.models import Subject
from requests_app.people import actions as people
from requests_app.people.forms import AdultForm, ChildForm
from tests import walks
from tests.decisions.filling import text
from tests.requests_app.request_parts.test_request_parts import BORN, CHILD, to

pytestmark = pytest.mark.django_db

MORE = {
    "sex": "female",
    "education": "setting",
    "school": "Brookside Invented Primary",
    "gp_practice": "Makebelieve Surgery",
    "first_language": "Polish",
    "interpreter": "yes",
    "communication": "Wears hearing aids",
    "ethnicity": "roma",
    "disability": "no",
}
# What each of them reads as, by the words of its row.
READ = {
    "Sex": "Female",
    "School, nursery or college": "Brookside Invented Primary",
    "GP practice": "Makebelieve Surgery",
    "First language": "Polish",
    "Interpreter needed": "Yes",
    "Communication needs": "Wears hearing aids",
    "Ethnic group": "White: Roma",
    "Disability": "No",
}
MOTHER = {"given_name": "Mia", "relationship": "Mother"}
ADULT = {"parental_responsibility": "yes", "first_language": "Polish", "interpreter": "unknown"}


def one_line(response):
    return " ".join(text(response).split())


def tick_of(response):
    """The value of the tick that agrees to leaving details out."""
    assert response.status_code == 422
    [(value, _words)] = response.context["form"].fields["leave_out"].choices
    return value


@pytest.fixture
def draft(cast):
    return asking.start_request(
        by=cast.requester, idempotency_key=uuid4(), desk=cast.agencies["front_door"]
    )


@pytest.fixture
def client(signed_in):
    return signed_in("requester")


def kept(person, names):
    return {name: getattr(person, name) for name in names}


@pytest.mark.clause("ISA-10", part=True)
def test_all_of_it_is_kept_and_stands_on_the_page_again(client, draft):
    body = CHILD | BORN | MORE | {"idempotency_key": str(uuid4())}
    assert client.post(to("person_add", draft, "child"), body).status_code == 302
    child = draft.subjects.get()
    assert kept(child, MORE) == MORE
    listed = one_line(client.get(to("child", draft)))
    for key, value in READ.items():
        assert key in listed
        assert value in listed
    again = client.get(to("person_change", draft, child.pk))
    form = again.context["form"]
    assert {name: form[name].value() for name in MORE} == MORE
    assert '<details class="govuk-details" open>' in text(again)


@pytest.mark.clause("ISA-10", part=True)
def test_nothing_of_it_is_required_and_what_is_empty_takes_no_room(client, draft):
    page = text(client.get(to("person_add", draft, "child")))
    assert '<details class="govuk-details" >' in page
    assert "find the right child" in page
    client.post(to("person_add", draft, "child"), CHILD | BORN | {"idempotency_key": str(uuid4())})
    child = draft.subjects.get()
    assert set(kept(child, MORE).values()) == {""}
    page = text(client.get(to("child", draft)))
    assert "Date of birth" in page
    for key in READ:
        assert key not in page


@pytest.mark.parametrize("form", [ChildForm, AdultForm])
def test_each_says_that_it_is_optional_and_none_is_asked_for_at_first(form):
    asked = form()
    folded = {field.name for field in asked.more()}
    assert folded == set(form.folded) - {"school"}  # shown under the answer that it belongs to
    assert all(asked[name].says_optional for name in folded)
    assert not folded & {field.name for field in asked.at_first()}
    assert not any(asked.fields[name].required for name in form.folded)
    assert not asked.is_unfolded
    # The list of errors goes down the page.
    assert list(asked.fields)[-len(form.folded) :] == list(form.folded)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"sex": "x"}, "Select the child&#x27;s sex from the list"),
        ({"ethnicity": "martian"}, "Select the ethnic group from the list"),
        ({"education": "moon"}, "Select where the child is taught from the list"),
        ({"interpreter": "x"}, "Select whether an interpreter is needed from the list"),
        ({"disability": "x"}, "Select whether the child has a disability from the list"),
        ({"school": "x" * 201}, "college must be 200 characters or less"),
        ({"gp_practice": "x" * 201}, "GP practice must be 200 characters or less"),
        ({"first_language": "x" * 101}, "First language must be 100 characters or less"),
        ({"communication": "x" * 501}, "child to communicate must be 500 characters or less"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, draft, wrong, words):
    answer = client.post(to("person_add", draft, "child"), CHILD | BORN | MORE | wrong)
    page = one_line(answer).replace("&#39;", "&#x27;").replace("’", "&#x27;")
    assert answer.status_code == 422
    assert words in page
    assert '<details class="govuk-details" open>' in page
    [name] = wrong
    assert f'href="#{answer.context["form"][name].first_id}"' in page
    for typed in ("Makebelieve Surgery", "Wears hearing aids"):
        assert typed in page or typed == MORE[name]
    assert not draft.subjects.exists()


def test_what_is_wrong_about_an_adult_is_said(client, draft):
    body = MOTHER | {"parental_responsibility": "maybe"}
    answer = client.post(to("person_add", draft, "connected"), body)
    assert answer.status_code == 422
    assert "Select whether they have parental responsibility from the list" in one_line(answer)


def test_a_school_is_kept_for_a_child_who_is_at_one(client, draft):
    for education, name, expected in (
        ("", "Oak Invented", ("setting", "Oak Invented")),
        ("home", "Oak Invented", ("home", "")),
        ("setting", "", ("setting", "")),
    ):
        body = CHILD | {"education": education, "school": name, "idempotency_key": str(uuid4())}
        if name and not expected[1]:
            body["leave_out"] = tick_of(client.post(to("person_add", draft, "child"), body))
        assert client.post(to("person_add", draft, "child"), body).status_code == 302
        child = draft.subjects.order_by("-pk").get(pk=body["idempotency_key"])
        assert (child.education, child.school) == expected
        told = child.details()
        assert ("school" in told, "education" in told) == (bool(child.school), not child.school)


def test_of_an_unborn_child_only_the_gp_practice_is_kept(client, draft):
    body = {"born": "unborn", "family_name": "Example", "idempotency_key": str(uuid4())} | MORE
    body["leave_out"] = tick_of(client.post(to("person_add", draft, "child"), body))
    assert client.post(to("person_add", draft, "child"), body).status_code == 302
    child = draft.subjects.get()
    fits = {"gp_practice": MORE["gp_practice"]}
    assert kept(child, MORE) == dict.fromkeys(MORE, "") | fits


def test_an_adult_has_parental_responsibility_and_a_language(client, draft):
    body = MOTHER | ADULT | {"idempotency_key": str(uuid4())}
    client.post(to("person_add", draft, "connected"), body | {"school": "x", "sex": "female"})
    mother = draft.subjects.get()
    assert kept(mother, ADULT) == ADULT
    assert (mother.school, mother.sex) == ("", "")
    page = one_line(client.get(to("others", draft)))
    for words in ("Parental responsibility", "Yes", "Polish", "Interpreter needed", "Not known"):
        assert words in page


def test_every_ethnic_group_has_words_of_its_own():
    codes = [code for names in ETHNIC_GROUPS.values() for code in names]
    words = {said("ethnicity", code) for code in [*codes, "unknown", "not_said"]}
    assert (len(codes), len(words)) == (19, 21)
    assert said("ethnicity", "not_said") == "Prefers not to say"
    assert said("ethnicity", "other") == "Other ethnic group: Any other ethnic group"


def test_a_page_from_before_a_change_changes_nothing_and_loses_nothing(client, draft):
    client.post(to("person_add", draft, "child"), CHILD | {"idempotency_key": str(uuid4())})
    child = draft.subjects.get()
    address = to("person_change", draft, child.pk)
    old = client.get(address).context["form"]["expected_version"].value()
    first = CHILD | {"expected_version": old, "gp_practice": "Makebelieve Surgery"}
    for _ in range(2):  # a doubled click is done once
        assert client.post(address, first).status_code == 302
    late = client.post(
        address, CHILD | {"expected_version": old, "ethnicity": "roma", "school": "Oak"}
    )
    assert late.status_code == 409
    page = one_line(late)
    assert "Somebody else has changed this since you opened the page." in page
    assert "Oak" in page
    assert "Roma" in page  # the words of the choice, and not its code
    fresh = draft.subjects.get()
    assert (fresh.gp_practice, fresh.ethnicity) == ("Makebelieve Surgery", "")


def test_once_it_is_sent_nothing_is_added_and_what_was_typed_is_shown(client, cast):
    case = walks.sent(cast)
    child = case.subjects.get(role="child")
    late = client.post(to("person_change", case, child.pk), CHILD | MORE)
    assert late.status_code == 409
    assert "Brookside Invented Primary" in text(late)
    assert Subject.objects.get(pk=child.pk).school == ""


def test_a_word_that_is_also_the_name_of_a_detail_is_not_lost(client, cast):
    case = walks.sent(cast)
    child = case.subjects.get(role="child")
    late = client.post(to("person_change", case, child.pk), CHILD | {"gp_practice": "school"})
    assert late.status_code == 409
    assert "school" in one_line(late).split("GP practice")[1][:200]


def test_taken_out_nothing_of_it_is_left_in_the_live_row(cast):
    case = walks.a_draft(cast, **MORE)
    gone = people.remove_subject(case.subjects.get(role="child"), by=cast.requester)
    assert set(kept(Subject.objects.get(pk=gone.pk), MORE).values()) == {""}
    assert Subject.objects.get(pk=gone.pk).details() == {"name": "Name not known"}
