"""What people read when something could not be done, with what they typed."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from agreement.choices import Purpose
from decisions.flow.forms import StepForm
from encryption.errors import KeyDestroyed, KeyMissing, SealBroken, StaleRow
from portal.refusals import RefusalMiddleware, kept_text, way_back
from requests_app.asking.forms import PurposeForm
from workflow.transitions import TransitionRefused

TYPED = "A long reason <b>that</b> somebody typed\nover two lines"


def refused(error: Exception, **headers):
    request = RequestFactory().post(
        "/somewhere/",
        {
            "reason": TYPED,
            "idempotency_key": "x" * 36,
            "csrfmiddlewaretoken": "y" * 64,
            "answer": "yes",
        },
        headers=headers,
    )
    return RefusalMiddleware(lambda _request: HttpResponse()).process_exception(request, error)


@pytest.mark.django_db
@pytest.mark.parametrize("error", [TransitionRefused("It has moved on."), StaleRow("stale")])
def test_somebody_was_quicker(error):
    answer = refused(error)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "A long reason &lt;b&gt;that&lt;/b&gt; somebody typed" in page
    assert "x" * 36 not in page
    assert "y" * 64 not in page
    said = (
        "It has moved on." if isinstance(error, TransitionRefused) else "Somebody else changed this"
    )
    assert said in page
    assert "stale" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status"),
    [(KeyDestroyed("k"), 410), (KeyMissing("k"), 503), (SealBroken("k"), 503)],
)
def test_what_cannot_be_opened_gets_a_page_and_no_garbage(error, status, caplog):
    answer = refused(error)
    assert bool(caplog.records) is (status == 503)  # somebody has to mend it
    assert answer.status_code == status
    page = answer.content.decode()
    assert "record" in page
    assert "A long reason &lt;b&gt;that&lt;/b&gt; somebody typed" in page


@pytest.mark.django_db
def test_who_may_not_do_it_keeps_what_they_typed():
    answer = refused(PermissionDenied("may not send"))
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "You cannot do this here" in page
    assert "A long reason &lt;b&gt;that&lt;/b&gt; somebody typed" in page
    assert "may not send" not in page


def test_anything_else_goes_on():
    assert refused(ValueError("a fault")) is None


def test_opening_a_page_that_is_not_for_one_stays_what_it_was():
    going = RefusalMiddleware(lambda _request: HttpResponse())
    assert going.process_exception(RequestFactory().get("/x/"), PermissionDenied("no")) is None


def test_nothing_that_was_typed_is_too_short_to_be_kept():
    typed = {
        "why_not": TYPED,
        "family_name": "Li",
        "born_day": "3",
        "source": "school_nurse",
        "many": ["a" * 13, "b"],
    }
    beside = {
        "password": "z" * 20,
        "idempotency_key": "1",
        "expected_version": "12",
        "person": str(uuid4()),
        "none": " ",
    }
    assert kept_text(RequestFactory().post("/x/", beside | typed)) == [
        ("Why not", TYPED),
        ("Family name", "Li"),
        ("Born day", "3"),
        ("Source", "school_nurse"),
        ("Many", "a" * 13),
        ("Many", "b"),
    ]


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/page/?q=1", "/page/"),
        ("https://elsewhere.example/page/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_is_ours(referer, back):
    assert way_back(RequestFactory().post("/x/", headers={"referer": referer})) == back


def test_what_was_posted_to_a_page_is_read_by_its_labels():
    request = f"/requests/{uuid4()}"
    typed = {"purposes": ["needs"], "reason": TYPED}
    assert kept_text(RequestFactory().post(f"{request}/purpose/", typed)) == [
        (str(PurposeForm.base_fields["purposes"].label), str(Purpose.NEEDS.label)),
        (str(PurposeForm.base_fields["reason"].label), TYPED),
    ]
    born = {"date_of_birth_day": "3", "family_name": "Li"}
    assert kept_text(RequestFactory().post(f"{request}/people/add/child/", born)) == [
        ("Date of birth (day)", "3"),
        ("Last name", "Li"),
    ]
    # What was chosen and cannot be said in words is nothing to read; what was typed always is.
    step = f"/decisions/{uuid4()}/questions/purpose/"
    assert kept_text(RequestFactory().post(step, {"choice": "yes", "reasons": TYPED})) == [
        (str(StepForm.base_fields["reasons"].label), TYPED)
    ]
    # A label comes from the form that was posted, where two of one view share a field's name.
    triage = f"/inbox/{uuid4()}"
    rated = {"rating": "red", "reason": "needs"}
    assert kept_text(RequestFactory().post(f"{triage}/rating/", rated)) == [
        ("New rating", "Red"),
        ("Why do you change it?", "needs"),
    ]
