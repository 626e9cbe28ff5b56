"""What people read when something could not be done, with what they typed."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from encryption.errors import KeyDestroyed, KeyMissing, SealBroken, StaleRow
from portal.refusals import RefusalMiddleware, kept_text, way_back
from workflow.moves import MoveRefused

TYPED = "A long reason <b>that</b> somebody typed\nover two lines"


def refused(error: Exception, **headers):
    request = RequestFactory().post(
        "/somewhere/",
        {"reason": TYPED, "once": "x" * 36, "csrfmiddlewaretoken": "y" * 64, "answer": "yes"},
        headers=headers,
    )
    return RefusalMiddleware(lambda _request: HttpResponse()).process_exception(request, error)


@pytest.mark.django_db
@pytest.mark.parametrize("error", [MoveRefused("It has moved on."), StaleRow("stale")])
def test_somebody_was_quicker(error):
    answer = refused(error)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "A long reason &lt;b&gt;that&lt;/b&gt; somebody typed" in page
    assert "x" * 36 not in page
    assert "y" * 64 not in page
    said = "It has moved on." if isinstance(error, MoveRefused) else "Somebody else changed this"
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
    assert "record" in answer.content.decode()


@pytest.mark.parametrize("error", [ValueError("a fault"), PermissionDenied("no")])
def test_anything_else_goes_on(error):
    assert refused(error) is None


def test_only_what_was_typed_is_kept():
    request = RequestFactory().post(
        "/x/", {"why_not": TYPED, "password": "z" * 20, "step": "purpose", "many": ["a" * 13, "b"]}
    )
    assert kept_text(request) == [("Why not", TYPED), ("Many", "a" * 13)]


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
