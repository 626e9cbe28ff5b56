"""Starting a request: an empty draft is gone on with, and no second one is made."""

from uuid import uuid4

import pytest
from django.urls import reverse

from requests_app.asking import actions as asking
from requests_app.models import InformationRequest
from requests_app.people import actions as people
from tests import walks

pytestmark = pytest.mark.django_db
START = "/requests/start/"


def press(client):
    return client.post(START, {"idempotency_key": str(uuid4())})["Location"]


def test_pressing_twice_makes_one_empty_draft(cast, signed_in):
    client = signed_in("requester")
    first = press(client)
    assert press(client) == first
    assert InformationRequest.objects.count() == 1


def test_a_draft_with_anything_in_it_is_left_alone(cast, signed_in):
    client = signed_in("requester")
    begun = InformationRequest.objects.get(pk=press(client).strip("/").split("/")[-1])
    asking.describe(begun, by=cast.requester, part="purpose", purposes=["needs"], reason="A bruise")
    there = reverse("requests:case", args=[begun.pk])
    assert press(client) != there
    assert InformationRequest.objects.count() == 2


def test_a_draft_with_a_person_a_rating_or_consent_is_not_empty(cast, signed_in):
    client = signed_in("requester")
    walks.a_draft(cast)
    first = press(client)
    empty = InformationRequest.objects.get(pk=first.strip("/").split("/")[-1])
    people.add_subject(
        empty,
        by=cast.requester,
        idempotency_key=uuid4(),
        role="child",
        details={"given_name": "Zed"},
    )
    assert press(client) != first


def test_a_discarded_draft_and_somebody_elses_are_not_gone_on_with(cast, signed_in):
    mine = press(signed_in("requester"))
    assert press(signed_in("classmate")) != mine
    row = InformationRequest.objects.get(pk=mine.strip("/").split("/")[-1])
    asking.discard_draft(row, by=cast.requester)
    assert press(signed_in("requester")) != mine
