"""A browser that was marked by an edition from before, whose modules had other names, is known."""

from django.core.signing import Signer
from django.test import RequestFactory

from authentication.sessions.devices import cookie_of, digest_of, known_device


def test_a_mark_from_before_is_a_mark():
    account = "rita@school.example"
    mark = Signer(salt="signin.devices 1").sign(f"{digest_of(account)}.invented")
    request = RequestFactory().get("/")
    request.COOKIES[cookie_of(account)] = mark
    assert known_device(request, account)
