"""What two pages say of one thing is the same, and "optional" is only what may be left out."""

from uuid import uuid4

import pytest
from django.urls import reverse

from decisions.flow import actions as deciding
from decisions.outcome.forms import ContentForm
from decisions.recording import actions as recording
from decisions.recording.forms import RecordForm
from portal.refusals import to_read
from requests_app.choices import Check
from requests_app.models import Item
from requests_app.people.forms import ChildForm
from requests_app.triage.forms import ChecksForm
from retention.schedules.forms import ScheduleForm
from retention.statements.forms import StatementForm
from tests import walks
from tests.requests_app.agency_checks.test_putting_checks import filled

pytestmark = pytest.mark.django_db
QUEUE = "/scrutiny/"


def one_line(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def refused_in_part(cast):
    """Of two pieces of information one is shared and one is not."""
    by, agency_check = cast.trust_spoc, walks.taken(cast)
    attended, therapy = walks.listed(
        agency_check, by, "Attendance", "Notes of therapy", special=True
    )
    whole = deciding.begin_decision(agency_check, by=by, idempotency_key=uuid4())
    apart = deciding.split_off(whole, by=by, idempotency_key=uuid4(), items=[therapy])
    walks.refuse(apart, by=by)
    recording.record_decision(apart, by=by)
    walks.fill(whole, Item.objects.get(pk=attended.pk), by=by)
    recording.record_decision(whole, by=by)
    apart.refresh_from_db()
    return apart


@pytest.mark.clause("ISA-5.4", part=True)
def test_the_scrutiny_list_says_what_the_record_says(refused_in_part, signed_in):
    partner = signed_in("police_partner")
    listed = one_line(partner.get(QUEUE)).split("Waiting for scrutiny")[1]
    record = one_line(partner.get(reverse("decisions:scrutiny", args=[refused_in_part.pk])))
    assert refused_in_part.agency_check.outcome == "part"
    for page in (listed, record):
        assert "Not shared" in page
        assert "Shared in part" not in page
        assert "The agency shares something else" in page


def test_of_a_whole_refusal_neither_says_that_more_is_shared(cast, signed_in):
    refusal, partner = walks.refused(cast), signed_in("police_partner")
    for there in (QUEUE, reverse("decisions:scrutiny", args=[refusal.pk])):
        page = one_line(partner.get(there))
        assert "Not shared" in page
        assert "something else" not in page


def test_why_a_further_question_is_needed_is_never_called_optional(cast, signed_in):
    officer = signed_in("officer")
    address = reverse("requests:put_check", args=[walks.accepted(cast).pk])
    fresh = one_line(officer.get(address))
    answer = officer.post(address, filled(cast, further="Any earlier injuries?"))
    assert answer.status_code == 422
    assert "Enter why the further question is needed" in one_line(answer)
    for page in (fresh, one_line(answer)):
        label = page.split('for="id_further_why"')[1].split("</label>")[0]
        assert "Why is it needed?" in label
        assert "(optional)" not in label
        assert "Only where you ask a further question." in page
        assert "(optional)" in page.split('for="id_further"')[1].split("</label>")[0]


def the_notes(_cast):
    no = {f"check_{check.value}": "no" for check in Check}
    return ChecksForm(no | {"expected_version": "0"}), {f"note_on_{check.value}" for check in Check}


def the_time(cast):
    asked_at = walks.an_agency_check(cast).sent_at
    day = {"on_day": "3", "on_month": "10", "on_year": "2026"}
    return RecordForm(day, asked_at=asked_at), {"at"}


def the_day(cast):
    return RecordForm({"at": "09:30"}, asked_at=walks.an_agency_check(cast).sent_at), {"on"}


def why_it_matters(cast):
    (item,) = walks.listed(walks.taken(cast), cast.trust_spoc, "Attendance")
    old = {"nature": "fact", "content": "Came", "source": "Record", "expected_version": "1"}
    day = {"as_at_day": "3", "as_at_month": "10", "as_at_year": "2001"}
    return ContentForm(old | day, item=item, holder=item.agency_check.holder), {"still_matters"}


def a_name(_cast):
    return ChildForm({"born": "born", "idempotency_key": str(uuid4())}), {"given_name"}


def no_end(_cast):
    given = {"record_class": "asked", "starts": "closed", "idempotency_key": str(uuid4())}
    return ScheduleForm(given, is_front_door=False), {"reason", "review_on"}


def kept(_cast):
    return StatementForm({"said": "court"}), {"until"}


@pytest.mark.parametrize(
    "ask", [the_notes, the_time, the_day, why_it_matters, a_name, no_end, kept]
)
def test_what_is_asked_for_after_all_is_not_called_optional(cast, ask):
    form, due = ask(cast)
    assert not form.is_valid()
    assert due <= set(form.errors), dict(form.errors)
    said = {name for name in form.fields if form[name].says_optional}
    assert not due & said


def test_of_a_check_that_was_not_sent_no_code_is_shown(cast):
    there = reverse("requests:put_check", args=[uuid4()])
    posted = [("needs", "0"), ("person_1", "name"), ("further", "Seen since?"), ("needs", "Noise")]
    assert to_read(there, posted) == [("A further question", "Seen since?"), ("Needs", "Noise")]
