"""Who has looked at a record, for the front door and for the agency whose information it is."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import AccessEntry
from audit.selectors import access_entries
from requests_app.access_log import selectors
from requests_app.models import AgencyCheck, InformationRequest, Release
from tests import walks

pytestmark = [pytest.mark.django_db, pytest.mark.clause("ISA-7.2", part=True)]


@pytest.fixture
def case(cast):
    walks.released(cast)
    return InformationRequest.objects.get()


def of_check(cast, holder):
    agency_check = AgencyCheck.objects.get(holder=cast.agencies[holder])
    return reverse("requests:check_access_log", args=[agency_check.pk])


def test_the_front_door_sees_every_look_at_a_request(signed_in, cast, case):
    there = reverse("requests:access_log", args=[case.pk])
    signed_in("requester").get(reverse("requests:case", args=[case.pk]))
    signed_in("classmate").get(reverse("requests:case", args=[case.pk]))
    page = signed_in("officer").get(there).content.decode()
    assert "Rita Requester" in page
    assert "Anytown Oak School" in page
    assert "Carl Classroom" in page
    assert "Was refused" in page
    assert "Zed" not in page
    assert "Rent account" not in page
    for who in ("requester", "classmate", "school_spoc", "trust_spoc", "police_partner"):
        assert signed_in(who).get(there).status_code == 404


def test_an_agency_sees_who_read_its_information_and_no_other_agency(signed_in, cast, case):
    package = Release.objects.get()
    signed_in("requester").get(reverse("requests:released", args=[package.pk]))
    page = signed_in("trust_spoc").get(of_check(cast, "trust")).content.decode()
    assert "Rita Requester" in page
    assert "Attendance in October" in page
    assert "Anytown Homes" not in page
    assert "Hugo" not in page
    assert "Rent" not in page
    other = AgencyCheck.objects.get(holder=cast.agencies["housing"])
    assert other.reference not in page
    assert signed_in("trust_manager").get(of_check(cast, "trust")).status_code == 200
    for who in ("trust_nurse", "housing_spoc", "requester", "officer", "police_partner"):
        assert signed_in(who).get(of_check(cast, "trust")).status_code == 404


def test_looks_at_the_decision_count_as_looks_at_the_check(signed_in, cast, case):
    agency_check = AgencyCheck.objects.get(holder=cast.agencies["housing"])
    decision = agency_check.decisions.get()
    assert {str(decision.pk), str(decision.scrutiny.pk), str(agency_check.pk)} <= selectors.ids_of(
        agency_check
    )
    trust = AgencyCheck.objects.get(holder=cast.agencies["trust"])
    assert not selectors.ids_of(agency_check) & selectors.ids_of(trust)
    assert str(Release.objects.get().pk) not in selectors.ids_of(agency_check)


def test_a_long_list_is_in_pages_and_costs_the_same(signed_in, cast, case, flat, monkeypatch):
    requester, officer = signed_in("requester"), signed_in("officer")
    there = reverse("requests:access_log", args=[case.pk])
    flat(
        lambda: officer.get(there),
        add=lambda: requester.get(reverse("requests:case", args=[case.pk])),
    )
    real = selectors.page_of
    monkeypatch.setattr(selectors, "page_of", lambda *a, **k: real(*a, most=5, **k))
    page = officer.get(there).content.decode()
    after = page.split('href="?after=')[1].split('"')[0]
    assert officer.get(f"{there}?after={after}").content.decode() != page


def test_both_lists_can_be_narrowed(signed_in, cast, case):
    signed_in("requester").get(reverse("requests:case", args=[case.pk]))
    signed_in("classmate").get(reverse("requests:case", args=[case.pk]))
    signed_in("housing_spoc").get(of_check(cast, "trust"))

    def people(who, there, **query):
        answer = signed_in(who).get(there, query)
        assert answer.status_code == 200
        return {str(row.who) for row in answer.context["page"].rows}

    whole, checks = reverse("requests:access_log", args=[case.pk]), of_check(cast, "trust")
    refused = people("officer", whole, kind="refused")
    assert "Carl Classroom" in refused
    assert "Rita Requester" not in refused
    email = cast.users["requester"].email
    assert people("officer", whole, email=email, kind="opened") == {"Rita Requester"}
    housing = str(cast.users["housing_spoc"])
    assert people("trust_spoc", checks, kind="refused") == {housing}
    assert people("trust_spoc", checks, agency=cast.agencies["housing"].pk) == {housing}
    assert people("trust_spoc", checks, email="no@body.example") == set()
    for who, there in (("officer", whole), ("trust_spoc", checks)):
        for bad in ({"kind": "x"}, {"agency": "x"}, {"since_day": "40"}):
            assert signed_in(who).get(there, bad).status_code == 422


def test_a_reading_of_every_version_is_told_from_one_of_the_row(signed_in, cast, case):
    check = AgencyCheck.objects.get(holder=cast.agencies["trust"])
    spoc, there = signed_in("trust_spoc"), of_check(cast, "trust")
    words = "Its history"
    spoc.get(reverse("requests:check", args=[check.pk]))
    assert words not in spoc.get(there).content.decode()
    spoc.get(reverse("requests:check_history", args=[check.pk]))
    assert words in spoc.get(there).content.decode()
    for name, row in (("item_history", check.items.get()), ("check_history", check)):
        signed_in("housing_spoc").get(reverse(f"requests:{name}", args=[row.pk]))
    refused = spoc.get(there, {"kind": "refused"}).context["page"].rows
    assert [row.is_of_versions for row in refused] == [True, True]


def test_a_look_says_by_which_permission_it_was(signed_in, cast):
    draft = walks.a_draft(cast)
    file = SimpleUploadedFile("a.txt", b"plain words")
    sent = {"idempotency_key": str(uuid4()), "uploads": [file]}
    signed_in("requester").post(reverse("requests:files", args=[draft.pk]), sent)
    case = walks.released(cast, draft)
    decision = AgencyCheck.objects.get(holder=cast.agencies["trust"]).decisions.get()
    whole = reverse("requests:case", args=[case.pk])
    download = reverse("requests:file", args=[case.pk, case.attachments.get().pk])
    for who, there, permission in (
        ("requester", whole, "send_request"),
        ("school_spoc", whole, "oversee_agency"),
        ("classmate", whole, "send_request"),
        ("requester", download, "send_request"),
        ("school_spoc", download, "oversee_agency"),
        ("officer", download, "triage_request"),
        ("trust_spoc", reverse("decisions:history", args=[decision.pk]), "answer_enquiry:versions"),
    ):
        answer = signed_in(who).get(there)
        look = AccessEntry.objects.filter(person=str(cast.users[who].pk)).first()
        assert (answer.status_code == 404) == (look.kind == "refused") == (who == "classmate")
        assert look.may == permission, (who, there)


def test_looks_at_nothing_are_none_and_not_all(cast, signed_in, case):
    signed_in("requester").get(reverse("requests:case", args=[case.pk]))
    assert access_entries(case.pk).exists()
    assert not access_entries(case.pk, things=[]).exists()
