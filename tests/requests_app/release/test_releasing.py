"""What goes out, and to whom: named people of the requesting agency, and nobody else."""

from uuid import uuid4

import pytest
from django.urls import reverse

from requests_app.items import actions as items
from requests_app.models import Recipient, Release, ReleasedItem
from tests import walks

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


@pytest.fixture
def case(cast):
    return walks.accepted(cast)


@pytest.fixture
def address(case):
    return reverse("requests:release", args=[case.pk])


def taken_in(cast, case):
    decision = walks.shared(cast, case=case)
    for each in decision.weighed.all():
        items.accept_item(each.item, by=cast.officer)
    return decision.agency_check


def filled(cast, *answers, **more):
    people = [str(cast.users["requester"].pk)]
    return {
        "idempotency_key": str(uuid4()),
        "answers": [str(answer.pk) for answer in answers],
        "recipients": people,
        **more,
    }


def test_nobody_else_can_release(cast, case, address, signed_in):
    answer = taken_in(cast, case)
    for name in ("requester", "trust_spoc", "police_partner"):
        assert signed_in(name).get(address).status_code == 404
        assert signed_in(name).post(address, filled(cast, answer)).status_code == 404
    assert not Release.objects.exists()


def test_only_what_is_ready_can_be_ticked(cast, case, officer, address):
    assert "Nothing can be released yet" in text(officer.get(address))
    waiting = walks.shared(cast, case=case).agency_check  # not taken in yet
    assert officer.get(address).context["form"].fields["answers"].choices == []
    assert officer.post(address, filled(cast, waiting)).status_code == 422
    ready = walks.refused(cast, case=case).agency_check
    choices = officer.get(address).context["form"].fields["answers"].choices
    assert [key for key, _label in choices] == [str(ready.pk)]


@pytest.mark.clause("P-RELEVANT", part=True)
def test_the_requester_is_ticked_and_only_their_agency_can_be(cast, case, officer, address):
    taken_in(cast, case)
    form = officer.get(address).context["form"]
    assert form["recipients"].initial == [str(cast.users["requester"].pk)]
    named = {key for key, _label in form.fields["recipients"].choices}
    assert named == {str(cast.users[p].pk) for p in ("requester", "classmate", "school_spoc")}
    stranger = {"recipients": [str(cast.users["trust_nurse"].pk)]}
    assert officer.post(address, filled(cast) | stranger).status_code == 422


@pytest.mark.clause("P-RELEVANT", "ISA-6.1", part=True)
def test_who_is_not_ticked_never_sees_it(cast, case, officer, address, signed_in):
    answer = taken_in(cast, case)
    done = officer.post(address, filled(cast, answer, note="Ring me first"), follow=True)
    page = text(done)
    assert "Released to 1 person." in page
    assert "Rita Requester:" in page
    assert "not yet acknowledged" in page
    assert "Ring me first" in page
    package = reverse("requests:released", args=[Release.objects.get().pk])
    assert signed_in("requester").get(package).status_code == 200
    for name in ("classmate", "school_spoc", "trust_spoc", "police_partner"):
        assert signed_in(name).get(package).status_code == 404
    signed_in("requester").post(reverse("requests:acknowledge", args=[Release.objects.get().pk]))
    assert "acknowledged on" in text(officer.get(address))


@pytest.mark.clause("ISA-3.7", part=True)
def test_what_was_refused_never_goes_out(cast, case, officer, address):
    decision = walks.shared(cast, case=case)
    for each in decision.weighed.all():
        items.refuse_item(each.item, by=cast.officer, reason="About another child")
    assert officer.post(address, filled(cast, decision.agency_check)).status_code == 302
    assert Release.objects.count() == 1
    assert not ReleasedItem.objects.exists()


def test_later_parts_go_out_by_the_same_page(cast, case, officer, address):
    officer.post(address, filled(cast, taken_in(cast, case)))
    later = walks.refused(cast, case=case).agency_check
    page = text(officer.get(address))
    assert "released before, on" in page
    everybody = [str(cast.users[name].pk) for name in ("requester", "classmate")]
    done = officer.post(address, filled(cast, later, recipients=everybody), follow=True)
    assert "Released to 2 people." in text(done)
    assert Release.objects.count() == 2


def test_a_doubled_post_releases_once(cast, case, officer, address):
    form = filled(cast, taken_in(cast, case))
    for _ in range(2):
        assert officer.post(address, form).status_code == 302
    assert Release.objects.count() == 1
    assert Recipient.objects.count() == 1


def test_what_is_missing_is_said(cast, case, officer, address):
    taken_in(cast, case)
    answer = officer.post(
        address, {"idempotency_key": str(uuid4()), "note": "Ring me before you read it"}
    )
    page = text(answer)
    assert answer.status_code == 422
    assert 'href="#id_answers_0">Select at least one answer to release' in page
    assert 'href="#id_recipients_0">Select at least one person to release it to' in page
    assert "Ring me before you read it" in page
    assert not Release.objects.exists()


def test_nothing_is_released_before_the_request_is_accepted(cast, officer):
    case = walks.sent(cast)
    address = reverse("requests:release", args=[case.pk])
    assert officer.get(address).url == reverse("requests:triage_case", args=[case.pk])
    assert officer.post(address, filled(cast)).status_code == 422


def test_the_page_is_flat(cast, case, officer, address, flat):
    def add():
        agency_check = taken_in(cast, case)
        officer.post(address, filled(cast, agency_check))

    flat(lambda: officer.get(address), add=add, more=2)
