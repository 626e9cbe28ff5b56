"""The provider's addresses: the library's, and those by which a test sets it up."""

import json
from typing import Any

from allauth.idp.oidc.models import Client
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from tests.provider import people


@csrf_exempt
@transaction.atomic
def person(request: HttpRequest) -> HttpResponse:
    """Make or change one person: user name, password, claims."""
    said: dict[str, Any] = json.loads(request.body)
    user, _ = get_user_model().objects.get_or_create(username=said["username"])
    user.set_password(said["password"])
    user.save()
    people.CLAIMS[user.username] = said["claims"]
    return HttpResponse(status=204)


@csrf_exempt
def client(request: HttpRequest) -> HttpResponse:
    """Make or change one client: id, secret, where it may be sent back to."""
    said: dict[str, Any] = json.loads(request.body)
    row, _ = Client.objects.get_or_create(id=said["id"], defaults={"name": said["id"]})
    row.set_secret(said["secret"])
    row.set_redirect_uris(said["redirect_uris"])
    row.set_scopes(["openid", "profile", "email"])
    row.skip_consent = True
    row.save()
    return HttpResponse(status=204)


@csrf_exempt
def bend(request: HttpRequest) -> HttpResponse:
    """Bend the tokens that follow; with nothing said, straighten them."""
    people.BENT.clear()
    people.BENT.update(json.loads(request.body))
    return HttpResponse(status=204)


def leads_on(request: HttpRequest) -> HttpResponse:
    """What the provider publishes about itself, found after a redirect."""
    return HttpResponseRedirect("/.well-known/openid-configuration")


urlpatterns = [
    path("tests/.well-known/leads-on", leads_on),
    path("tests/person", person),
    path("tests/client", client),
    path("tests/bend", bend),
    path("accounts/", include("allauth.account.urls")),
    path("", include("allauth.idp.urls")),
]
