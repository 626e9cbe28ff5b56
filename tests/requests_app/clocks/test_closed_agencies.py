"""A check to a closed agency: who answers instead is told, and the front door reads who."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Closure
from outbox.models import Message
from outbox.tasks import deliver
from tests import walks
from workflow.bootstrap import create_unattended

pytestmark = pytest.mark.django_db


def closed(cast, email="duty@trust.example", *, starts=-1, ends=3):
    today = timezone.localdate()
    return create_unattended(
        Closure,
        agency=cast.agencies["trust"],
        starts=today + timedelta(days=starts),
        ends=today + timedelta(days=ends),
        answers="The duty matron",
        answers_phone="01632 960042",
        answers_email=email,
    )


def told(smtp, check):
    about = Message.objects.get(topic="enquiry.put", about=str(check.pk), to="")
    deliver(about.pk)
    for part in Message.objects.filter(part_of=about):
        deliver(part.pk)
    return {mail["To"]: mail for mail in smtp.messages}


@pytest.mark.clause("P-TIMELY", part=True)
def test_who_answers_instead_is_told_by_rating_time_and_reference_alone(cast, smtp):
    closed(cast)
    check = walks.an_agency_check(cast, "trust")
    letters = told(smtp, check)
    assert set(letters) == {
        "duty@trust.example",
        cast.users["trust_spoc"].email,
        cast.users["trust_manager"].email,
    }
    said = letters["duty@trust.example"].get_content()
    assert check.reference in said
    assert "somebody else answers instead" in said
    assert reverse("requests:check", args=[check.pk]) in said
    for canary in ("matron", "Health Trust", "Zed", "01632 960042"):
        assert canary not in said


@pytest.mark.parametrize("days", [(-5, -1), (1, 3)])
def test_a_closure_that_is_over_or_to_come_tells_nobody(cast, smtp, days):
    closed(cast, starts=days[0], ends=days[1])
    check = walks.an_agency_check(cast, "trust")
    letters = told(smtp, check)
    assert "duty@trust.example" not in letters
    assert not any("closed now" in mail.get_content() for mail in letters.values())


@pytest.mark.parametrize(
    ("email", "said"),
    [("duty@trust.example", "told by e-mail"), ("", "no e-mail address for them: call them")],
)
def test_the_front_door_reads_who_answers_instead(cast, signed_in, email, said):
    closed(cast, email)
    case = walks.accepted(cast)
    officer, there = signed_in("officer"), reverse("requests:put_check", args=[case.pk])
    form = officer.get(there).context["form"]
    typed = {
        "idempotency_key": form["idempotency_key"].value(),
        "agency": str(cast.agencies["trust"].pk),
        "person_1": ["name"],
        "needs": ["0"],
    }
    page = re.sub(r"\s+", " ", officer.post(there, typed, follow=True).content.decode())
    assert "The duty matron answers instead: 01632 960042" in page
    assert said in page
