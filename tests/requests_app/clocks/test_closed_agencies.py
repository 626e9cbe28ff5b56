"""A check to a closed agency: who answers instead is told, and the front door reads who."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from agencies.models import Closure
from outbox.models import Message
from outbox.tasks import deliver
from requests_app.clocks.reminding import remind_of_what_is_due
from requests_app.triage import actions as triage
from tests import walks
from tests.requests_app.clocks.weeks import monday_at
from workflow.bootstrap import create_unattended

pytestmark = pytest.mark.django_db

NINE = monday_at(9)


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


@pytest.mark.clause("P-TIMELY", part=True)
@pytest.mark.parametrize(
    ("email", "starts", "is_told"),
    [("duty@trust.example", 0, True), ("", 0, False), ("duty@trust.example", 3, False)],
)
def test_who_answers_instead_is_reminded_before_at_and_after_the_time(
    cast, smtp, email, starts, is_told
):
    with time_machine.travel(NINE, tick=False) as clock:
        closed(cast, email, starts=starts, ends=starts + 3)
        check = walks.taken(cast)
        triage.change_rating(check.case, by=cast.officer, rating="red", reason="As it is")
        Message.objects.filter(done_at=None).update(done_at=timezone.now())
        for hours, subject in ((3, "Red agency check due"), (4, "due"), (5, "Late")):
            before = len(smtp.messages)
            clock.move_to(NINE + timedelta(hours=hours))
            remind_of_what_is_due()
            for _ in range(2):
                for pk in list(Message.objects.due().values_list("pk", flat=True)):
                    deliver(pk)
            letters = [
                mail for mail in smtp.messages[before:] if check.reference in mail.get_content()
            ]
            assert letters
            to = [mail for mail in letters if mail["To"] == "duty@trust.example"]
            said = [mail["Subject"] for mail in to]
            assert [subject in each for each in said] == [True] * is_told, (hours, said)
            assert not any("Health Trust" in mail.get_content() for mail in to)
