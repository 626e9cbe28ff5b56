"""Putting agency checks: only what is ticked is shown, and nobody learns who else was asked."""

from uuid import uuid4

import pytest
from django.urls import reverse

from requests_app.models import AgencyCheck, Question
from tests import walks

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


@pytest.fixture
def case(cast):
    return walks.accepted(cast)


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


@pytest.fixture
def address(case):
    return reverse("requests:put_check", args=[case.pk])


def filled(cast, **more):
    return {
        "idempotency_key": str(uuid4()),
        "agency": str(cast.agencies["trust"].pk),
        "person_1": ["name", "date_of_birth"],
        "needs": ["0"],
        **more,
    }


def test_nobody_else_can_put_a_check(cast, address, signed_in):
    for name in ("requester", "trust_spoc", "police_partner"):
        assert signed_in(name).get(address).status_code == 404
        assert signed_in(name).post(address, filled(cast)).status_code == 404
    assert not AgencyCheck.objects.exists()


@pytest.mark.clause("P-NECESSARY", part=True)
def test_only_the_childs_name_and_birth_are_ticked_at_first(officer, address):
    page = text(officer.get(address))
    form = officer.get(address).context["form"]
    assert form["person_1"].initial == ["name", "date_of_birth"]
    assert form["person_2"].initial == []
    assert form["needs"].initial is None
    assert "The agency sees what you tick, and the text that you leave for it below" in page
    # What is not known cannot be ticked.
    assert [code for code, _label in form.fields["person_2"].choices] == ["name", "relationship"]
    assert "Anytown Front Door" not in str(form["agency"])


@pytest.mark.clause("P-NECESSARY", part=True)
def test_the_agency_gets_what_was_ticked_and_nothing_else(cast, case, officer, address, signed_in):
    form = filled(cast, further="Any earlier injuries?", further_why="To see a pattern")
    done = officer.post(address, form, follow=True)
    assert "was sent to Anytown Health Trust" in text(done)
    agency_check = AgencyCheck.objects.get()
    child = case.subjects.get(role="child")
    assert agency_check.shown == {str(child.pk): ["name", "date_of_birth"]}
    asked = [(question.fact, question.why) for question in agency_check.questions.all()]
    assert asked == [
        ("Seen at hospital?", "Unexplained bruise"),
        ("Any earlier injuries?", "To see a pattern"),
    ]
    page = text(signed_in("trust_spoc").get(reverse("requests:check", args=[agency_check.pk])))
    assert "Zed Example" in page
    for hidden in ("Invented Street", "9990000018", "999 000 0018", "Rex", "Anytown Oak School"):
        assert hidden not in page


def test_a_doubled_post_puts_one_check(cast, officer, address):
    form = filled(cast)
    for _ in range(2):
        assert officer.post(address, form).status_code == 302
    assert AgencyCheck.objects.count() == 1


@pytest.mark.clause("P-NECESSARY", part=True)
def test_what_is_missing_is_said_beside_it(cast, officer, address):
    answer = officer.post(address, {"idempotency_key": str(uuid4())})
    page = text(answer)
    assert answer.status_code == 422
    for words in (
        'href="#id_agency_0">Select an agency',
        'href="#id_person_1_0">Select at least one detail',
        'href="#id_needs_0">Select at least one fact, or enter a further question',
    ):
        assert words in page
    why = officer.post(address, filled(cast, further="Any earlier injuries?"))
    assert "Enter why the further question is needed" in text(why)
    assert not AgencyCheck.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [{"agency": str(uuid4())}, {"person_1": ["salary"]}, {"needs": ["7"]}, {"needs": ["x"]}],
)
def test_what_is_not_on_the_form_is_refused(wrong, cast, officer, address):
    assert officer.post(address, filled(cast) | wrong).status_code == 422
    assert not AgencyCheck.objects.exists()


def test_the_front_door_cannot_ask_itself(cast, officer, address):
    wrong = {"agency": str(cast.agencies["front_door"].pk)}
    assert officer.post(address, filled(cast) | wrong).status_code == 422


def test_an_agency_that_was_asked_before_is_pointed_out_and_can_be_asked(cast, officer, address):
    officer.post(address, filled(cast))
    page = text(officer.get(address, {"agency": cast.agencies["trust"].pk}))
    assert "Anytown Health Trust (already asked)" in page
    assert "Already asked in this case:" in page
    again = officer.post(address, filled(cast), follow=True)
    assert "was asked in this case before" in text(again)
    assert AgencyCheck.objects.count() == 2


def test_an_agency_never_learns_who_else_was_asked(cast, officer, address, signed_in):
    officer.post(address, filled(cast))
    officer.post(address, filled(cast) | {"agency": str(cast.agencies["housing"].pk)})
    mine = AgencyCheck.objects.get(holder=cast.agencies["trust"])
    page = text(signed_in("trust_spoc").get(reverse("requests:check", args=[mine.pk])))
    assert "Anytown Homes" not in page
    other = AgencyCheck.objects.get(holder=cast.agencies["housing"])
    hidden = reverse("requests:check", args=[other.pk])
    assert signed_in("trust_spoc").get(hidden).status_code == 404


def test_no_check_before_the_request_is_accepted(cast, officer):
    case = walks.sent(cast)
    address = reverse("requests:put_check", args=[case.pk])
    assert officer.get(address).url == reverse("requests:triage_case", args=[case.pk])
    asked = filled(cast, further="Any earlier injuries?", further_why="To see a pattern")
    late = officer.post(address, asked)
    assert late.status_code == 409
    assert "Any earlier injuries?" in text(late)
    assert asked["agency"] not in text(late)
    assert "date_of_birth" not in text(late)


def test_a_page_sent_again_with_another_question_is_refused(cast, officer, address):
    """Or the question would be lost, and the page would say that the agency was asked."""
    first = filled(cast)
    officer.post(address, first)
    assert officer.post(address, first).status_code == 302
    again = first | {"further": "Who lives there?", "further_why": "A visit tomorrow"}
    answer = officer.post(address, again)
    assert answer.status_code == 409
    assert "was not" in text(answer)
    assert Question.objects.count() == 1
