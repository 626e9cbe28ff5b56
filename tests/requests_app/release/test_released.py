"""What was released is read by its named recipients, and by nobody else."""

from uuid import uuid4

import pytest
from django.urls import reverse

from audit.selectors import access_entries
from decisions.flow import actions as deciding
from decisions.recording import actions as recording
from decisions.scrutiny import actions as scrutinising
from requests_app.agency_checks import actions as agency_checks
from requests_app.items import actions as items
from requests_app.models import AgencyCheck, InformationRequest, Item, Release
from requests_app.release import actions as releasing
from tests import walks

pytestmark = pytest.mark.django_db


@pytest.fixture
def package(cast):
    walks.released(cast)
    return reverse("requests:released", args=[Release.objects.get().pk])


@pytest.mark.clause("ISA-6.1", "ISA-4.3-PURPOSE", "ISA-5.4", part=True)
def test_the_recipient_reads_what_was_shared_and_why_the_rest_was_not(signed_in, cast, package):
    page = signed_in("requester").get(package).content.decode()
    assert "Use it for this purpose only" in page
    assert "A bruise nobody explains" in page
    assert "Attended on 3 October with a bruise" in page
    assert page.count("Originator") == 1
    assert "Anytown Health Trust" in page
    assert "Emergency department record" in page
    assert "3 October 2026" in page
    assert "Not shared" in page
    assert "Anytown Homes" in page
    assert "Rent says nothing about harm" in page
    assert "No risk seen" in page
    assert "Rent account" not in page
    assert "OFFICIAL-SENSITIVE" in page


@pytest.mark.clause("ISA-6.1", "P-RELEVANT", part=True)
@pytest.mark.parametrize(
    "who", ["classmate", "school_spoc", "trust_spoc", "housing_spoc", "police_partner", "officer"]
)
def test_nobody_but_the_named_opens_a_package(signed_in, package, who):
    outsider = signed_in(who)
    assert outsider.get(package).status_code == 404
    assert outsider.post(f"{package}acknowledge/").status_code == 404


def test_it_is_acknowledged_once_by_a_post(signed_in, package):
    client = signed_in("requester")
    assert "Read what was released to you" in client.get(reverse("requests:mine")).content.decode()
    assert client.get(f"{package}acknowledge/").status_code == 405
    page = client.post(f"{package}acknowledge/", follow=True).content.decode()
    assert "You acknowledged receipt on" in page
    assert client.post(f"{package}acknowledge/").status_code == 302
    assert "Read what was released" not in client.get(reverse("requests:mine")).content.decode()
    row = Release.objects.get().recipients.get()
    assert row.history.filter(history_change_reason="acknowledge").count() == 1


def test_a_colleague_who_is_named_reads_it_too_and_finds_it(signed_in, cast):
    case = walks.accepted(cast)
    walks.shared(cast, case=case)
    items.accept_item(Item.objects.get(), by=cast.officer)
    releasing.release_information(
        InformationRequest.objects.get(pk=case.pk),
        by=cast.officer,
        idempotency_key=uuid4(),
        agency_checks=[AgencyCheck.objects.get()],
        recipients=[cast.users["classmate"]],
    )
    package = reverse("requests:released", args=[Release.objects.get().pk])
    colleague = signed_in("classmate")
    assert package in colleague.get(reverse("requests:mine")).content.decode()
    assert colleague.get(package).status_code == 200
    assert signed_in("requester").get(package).status_code == 404


def test_not_known_says_only_that(signed_in, cast):
    case = walks.accepted(cast)
    agency_check = walks.an_agency_check(cast, "housing", case)
    agency_checks.answer_not_known(agency_check, by=cast.housing_spoc, searched="All the tenancies")
    releasing.release_information(
        case,
        by=cast.officer,
        idempotency_key=uuid4(),
        agency_checks=[AgencyCheck.objects.get()],
        recipients=[cast.users["requester"]],
    )
    there = reverse("requests:released", args=[Release.objects.get().pk])
    page = signed_in("requester").get(there).content.decode()
    assert "Not known to this agency" in page
    # Whom it is about and what was searched come with it: see test_asked_about.
    assert "Nobody in the request is known" not in page
    assert "Zed Example (Child or young person)" in page
    assert "All the tenancies" in page


@pytest.mark.clause("ISA-3.7", part=True)
def test_what_the_front_door_refused_is_not_in_the_package(signed_in, cast):
    case = walks.accepted(cast)
    walks.shared(cast, case=case)
    items.refuse_item(Item.objects.get(), by=cast.officer, reason="Gathered wrongly")
    releasing.release_information(
        InformationRequest.objects.get(pk=case.pk),
        by=cast.officer,
        idempotency_key=uuid4(),
        agency_checks=[AgencyCheck.objects.get()],
        recipients=[cast.users["requester"]],
    )
    there = reverse("requests:released", args=[Release.objects.get().pk])
    page = signed_in("requester").get(there).content.decode()
    assert "Nothing from this agency is part of this package" in page
    assert "bruise with" not in page
    assert "Gathered" not in page


@pytest.mark.clause("ISA-5.4", part=True)
def test_a_later_decision_does_not_rewrite_what_was_released(signed_in, cast, package):
    old = AgencyCheck.objects.get(holder=cast.agencies["housing"]).decisions.get()
    scrutinising.ask_to_reconsider(old.scrutiny, by=cast.police_partner, reasons="Arrears matter")
    client = signed_in("requester")
    assert "Rent says nothing about harm" in client.get(package).content.decode()
    old.refresh_from_db()
    new = deciding.begin_anew(old, by=cast.housing_spoc, idempotency_key=uuid4())
    walks.fill(new, new.weighed.get().item, by=cast.housing_spoc)
    recording.record_decision(new, by=cast.housing_spoc)
    page = client.get(package).content.decode()
    assert "Rent says nothing about harm" in page
    assert "Rent account" not in page


@pytest.mark.clause("ISA-7.2", part=True)
def test_each_piece_shown_is_noted_as_read(signed_in, cast, package):
    case, item = InformationRequest.objects.get(), Item.objects.get(status="offered")
    signed_in("requester").get(package)
    entries = access_entries(case.pk, things=[str(item.pk)]).filter(
        person=cast.users["requester"].pk
    )
    assert entries.count() == 1


def test_a_package_costs_as_much_with_many_pieces(signed_in, cast, flat):
    client = signed_in("requester")
    case = walks.accepted(cast)
    holders = iter(["trust", "housing", "police"])
    known = []

    def add():
        decision = walks.shared(cast, next(holders), case=case)
        items.accept_item(decision.weighed.get().item, by=cast.officer)
        known.append(decision.agency_check)
        releasing.release_information(
            InformationRequest.objects.get(pk=case.pk),
            by=cast.officer,
            idempotency_key=uuid4(),
            agency_checks=known,
            recipients=[cast.users["requester"]],
        )

    def fetch():
        latest = Release.objects.order_by("released_at").last()
        page = client.get(reverse("requests:released", args=[latest.pk]))
        assert page.content.decode().count("Originator") == len(known)

    flat(fetch, add=add, more=2)
