"""The register over HTTP: kept by administrators, looked up by partners, a door to no case."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.merging.actions import merge
from agencies.models import Agency, Closure, Contact, Membership
from agencies.register import actions
from tests.plugins.people import sign_in
from tests.register import a_contact, listed
from workflow.bootstrap import create_unattended, save_unattended

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "Anytown Elm School",
    "kind": "school",
    "controller": "Elm Trust",
    "phone": "0151 496 0000",
    "secure_email": "",
    "domains": "Elm-School.example\n@MÜNCHEN.example",
    "privacy_notice": "https://elm-school.example/privacy",
    "open_days": ["1", "2", "5"],
    "opens": "8.30am",
    "closes": "16:00",
    **{
        f"{post}_{name}": value
        for post in ("spoc", "manager")
        for name, value in a_contact(post.title()).items()
    },
}


def text(response):
    return response.content.decode()


@pytest.fixture
def administrator(signed_in):
    return signed_in("administrator")


def at(name, *args):
    return reverse(f"agencies:{name}", args=[getattr(each, "pk", each) for each in args])


@pytest.mark.clause("A-REGISTER")
@pytest.mark.clause("ISA-4.3-SPOC")
@pytest.mark.clause("ISA-2.1")
def test_an_agency_is_added_with_all_that_partners_need(administrator):
    form = TYPED | {"idempotency_key": str(uuid4())}
    page = text(administrator.post(at("agency_add"), form, follow=True))
    assert "Anytown Elm School is on the register." in page
    assert "has not signed the agreement" in page
    assert "Spoc Invented" in page
    assert "Monday, Tuesday, Friday, 8:30am to 4pm" in page
    agency = Agency.objects.get(name="Anytown Elm School")
    assert agency.domains == ["elm-school.example", "xn--mnchen-3ya.example"]
    administrator.post(at("agency_add"), form)
    assert Agency.objects.filter(name="Anytown Elm School").count() == 1


@pytest.mark.clause("ISA-4.3-SPOC")
@pytest.mark.clause("ISA-4.3-PRIVACY", part=True)
def test_what_is_required_is_asked_for(administrator):
    page = administrator.post(at("agency_add"), {})
    assert page.status_code == 422
    for words in (
        "Enter the name of the single point of contact",
        "Enter the telephone number of the responsible manager",
        "Enter the privacy notice",
        "Enter at least one secure e-mail domain",
        "Select at least one working day",
    ):
        assert words in text(page)


@pytest.mark.clause("ISA-4.3-SECURITY")
@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("domains", "*.school.example", "cannot be a secure e-mail domain"),
        ("domains", "gmail.com", "cannot be a secure e-mail domain"),
        ("domains", "gov.uk", "cannot be a secure e-mail domain"),
        ("domains", "school", "cannot be a secure e-mail domain"),
        ("domains", "10.0.0.1", "cannot be a secure e-mail domain"),
        ("domains", "a..example", "cannot be a secure e-mail domain"),
        ("privacy_notice", "http://elm.example/privacy", "begins with https"),
        ("privacy_notice", "https://me:secret@elm.example/", "begins with https"),
        ("privacy_notice", "javascript:alert(1)", "begins with https"),
        ("phone", "call me", "like 0151 496 0000"),
        ("spoc_email", "nobody", "correct format"),
        ("opens", "9", "like 9am or 17:30"),
        ("opens", "25:00", "like 9am or 17:30"),
        ("closes", "7am", "must close after it opens"),
        ("kind", "circus", "from the list"),
        ("name", "anytown OAK school", "has this name"),
        ("name", "x" * 201, "200 characters or less"),
        ("name", "a\x00b", "cannot be kept"),
        ("ig_lead_name", "Ines Invented", "Enter the e-mail address of the information"),
    ],
)
def test_bad_input_is_answered_in_words(administrator, name, value, words):
    page = administrator.post(
        at("agency_add"), TYPED | {name: value, "idempotency_key": str(uuid4())}
    )
    assert page.status_code == 422
    assert words in text(page)
    assert Agency.objects.count() == 8


@pytest.mark.clause("A-REGISTER")
def test_the_list_is_filtered_by_name_kind_and_state(cast, administrator):
    listed(cast)
    everything = text(administrator.get(at("register")))
    assert "Anytown Homes" in everything
    found = text(administrator.get(at("register"), {"name": "ash", "kind": "school"}))
    assert "Anytown Ash School" in found
    assert "Anytown Homes" not in found
    found = text(administrator.get(at("register"), {"status": "taking_part"}))
    assert "Anytown Ash School" not in found
    assert "No agency was found" in text(administrator.get(at("register"), {"name": "zzz"}))
    for odd in ({"kind": "circus"}, {"name": "\x00"}, {"after": "\x00~x"}, {"after": "a~b~c"}):
        assert administrator.get(at("register"), odd).status_code == 200
    missing = text(administrator.get(at("register"), {"missing": "1"}))
    assert "Anytown Homes" in missing
    assert "Anytown Ash School" not in missing
    assert "8 agencies have no single point of contact" in missing


def test_long_lists_go_on_from_the_last_name(cast, administrator, signed_in):
    for number in range(30):
        create_unattended(Agency, name=f"School {number:02} ~ A", kind="school")
    for client, where in ((administrator, "register"), (signed_in("requester"), "calls")):
        first = client.get(at(where), {"kind": "school"})
        assert text(first).count("School 1") == 10
        rest = text(client.get(at(where) + first.context["found"].next))
        assert "School 29 ~ A" in rest
        assert "School 10 ~ A" not in rest


def test_lists_ask_as_often_for_many_as_for_one(cast, administrator, signed_in, flat):
    count = iter(range(100))

    def add():
        agency = listed(cast, name=f"School {next(count)}")
        today = timezone.localdate()
        save_unattended(
            Closure(agency=agency, starts=today, ends=today, answers="Us", answers_phone="0151")
        )

    flat(lambda: administrator.get(at("register")), add=add, more=4)
    requester = signed_in("requester")
    flat(lambda: requester.get(at("calls")), add=add, more=4)


def test_an_edit_is_saved_and_two_editors_do_not_write_over_each_other(cast, administrator):
    agency = listed(cast)
    where = at("agency_change", agency)
    form = administrator.get(where).context["form"]
    typed = {name: form[name].value() for name in form.fields} | {"phone": "0151 496 1111"}
    typed |= {"opens": "09:00", "closes": "17:00", "domains": "ash-school.example"}
    assert "saved" in text(administrator.post(where, typed, follow=True))
    late = administrator.post(where, typed | {"phone": "0151 496 2222"})
    assert late.status_code == 409
    assert "Somebody else has changed this" in text(late)
    assert "0151 496 2222" in text(late)
    assert Agency.objects.get(pk=agency.pk).phone == "0151 496 1111"


@pytest.mark.clause("ISA-4.3-SPOC")
def test_a_post_is_replaced_and_never_emptied(cast, administrator):
    agency = listed(cast)
    where = at("agency_post", agency, "spoc")
    assert "Now: Sally Invented" in text(administrator.get(where))
    assert administrator.post(where, {"idempotency_key": str(uuid4())}).status_code == 422
    typed = a_contact("Nadia") | {"idempotency_key": str(uuid4()), "expected_version": "1"}
    page = text(administrator.post(where, typed, follow=True))
    assert "Nadia Invented" in page
    administrator.post(where, typed)
    assert Contact.objects.filter(agency=agency, post="spoc", status="current").count() == 1
    assert Contact.objects.filter(agency=agency, post="spoc").count() == 2
    assert administrator.get(at("agency_post", agency, "king")).status_code == 404
    assert "Single point of contact (SPoC): replaced" in page


@pytest.mark.clause("ISA-4.3-SPOC")
@pytest.mark.clause("A-REGISTER")
def test_a_closure_says_who_answers_instead(cast, administrator, signed_in):
    agency, today = cast.agencies["school"], timezone.localdate()
    last = today + timedelta(days=30)
    typed = {
        "idempotency_key": str(uuid4()),
        "answers": "Anytown Council",
        "answers_phone": "0151 496 0099",
        **{f"starts_{part}": getattr(today, part) for part in ("day", "month", "year")},
        **{f"ends_{part}": getattr(last, part) for part in ("day", "month", "year")},
    }
    where = at("agency_close", agency)
    assert "is noted" in text(administrator.post(where, typed, follow=True))
    administrator.post(where, typed)
    overlapping = administrator.post(where, typed | {"idempotency_key": str(uuid4())})
    assert overlapping.status_code == 409
    assert "closed on some of these days" in text(overlapping)
    page = text(signed_in("officer").get(at("call", agency)))
    assert "Anytown Council answers instead: 0151 496 0099" in page
    assert "Closed until the end of" in page
    closure = Closure.objects.get()
    other = at("closure_withdraw", cast.agencies["trust"], closure)
    assert administrator.post(other).status_code == 404
    administrator.post(at("closure_withdraw", agency, closure))
    administrator.post(at("closure_withdraw", agency, closure))
    assert "answers instead" not in text(signed_in("officer").get(at("call", agency)))
    wrong = typed | {"ends_year": today.year - 1, "idempotency_key": str(uuid4())}
    assert administrator.post(where, wrong).status_code == 422


@pytest.mark.clause("ISA-4.3-SPOC")
@pytest.mark.clause("ISA-4.3-PRIVACY", part=True)
def test_every_partner_looks_up_whom_to_call(cast, signed_in):
    agency = listed(cast)
    for who in cast.users:
        client = signed_in(who)
        assert "Sally Invented" in text(client.get(at("calls"), {"name": "Ash"}))
        page = text(client.get(at("call", agency)))
        assert "Mira Invented" in page
        assert "https://ash-school.example/privacy" in page
        assert ('href="/register/"' in page) == (who == "administrator")


@pytest.mark.clause("ISA-7.1")
def test_looking_up_needs_no_check_in_date_but_an_agency_that_takes_part(cast, signed_in):
    agency = listed(cast)
    client, membership = signed_in("requester"), cast.users["requester"].memberships.get()
    check = membership.checks.get()
    check.status = "withdrawn"
    save_unattended(check)
    assert client.get(reverse("requests:mine")).status_code == 403
    assert client.get(at("call", agency)).status_code == 200
    school = cast.agencies["school"]
    for status, expected in (("suspended", 200), ("listed", 404), ("left", 404)):
        school = Agency.objects.get(pk=school.pk)
        school.status = status
        save_unattended(school)
        assert client.get(at("calls")).status_code == expected, status
        assert client.get(at("call", agency)).status_code == expected, status
    school.status = "taking_part"
    save_unattended(school)
    membership = Membership.objects.get(pk=membership.pk)
    membership.status = "suspended"
    save_unattended(membership)
    assert client.get(at("calls")).status_code == 404


def test_who_left_or_was_merged_is_not_found_by_partners(cast, signed_in):
    gone, twin = listed(cast), listed(cast, name="Anytown Oak School again")
    actions.leave(gone, by=cast.administrator, reason="closed", expected_version=None)
    merge(twin, into=cast.agencies["school"], by=cast.administrator, expected_version=None)
    client = signed_in("officer")
    page = text(client.get(at("calls")))
    for agency in (gone, twin):
        assert agency.name not in page
        assert client.get(at("call", agency)).status_code == 404


@pytest.mark.clause("A-REGISTER")
def test_leaving_says_what_changes_first(cast, administrator):
    agency = listed(cast)
    where = at("agency_leave", agency)
    assert "What will change" in text(administrator.get(where))
    assert administrator.post(where, {}).status_code == 422
    expected_version = Agency.objects.get(pk=agency.pk).version
    stale = administrator.post(
        where, {"reason": "closed", "expected_version": expected_version - 1}
    )
    assert stale.status_code == 409
    page = text(
        administrator.post(
            where, {"reason": "closed", "expected_version": expected_version}, follow=True
        )
    )
    assert "has left the partnership" in page
    assert (
        administrator.post(
            where, {"reason": "closed", "expected_version": expected_version}
        ).status_code
        == 302
    )
    assert administrator.get(where).status_code == 302
    office = at("agency_leave", cast.agencies["office"])
    assert administrator.post(office, {"reason": "closed"}).status_code == 409


@pytest.mark.clause("A-REGISTER")
def test_merging_says_what_changes_first(cast, administrator):
    school, twin = cast.agencies["school"], listed(cast, name="Oak School, Anytown")
    where = at("agency_merge", twin)
    page = text(administrator.get(where))
    assert "Anytown Oak School" in page
    assert "Anytown Homes" not in page
    preview = text(administrator.get(where, {"into": str(school.pk)}))
    assert "Sally Invented is taken over" in preview
    assert "ash-school.example is added" in preview
    unsure = administrator.post(where, {"into": str(school.pk)})
    assert unsure.status_code == 422
    assert Agency.objects.get(pk=twin.pk).status == "listed"
    sure = {"into": str(school.pk), "sure": "on", "expected_version": twin.version}
    page = text(administrator.post(where, sure, follow=True))
    assert "is merged into Anytown Oak School" in page
    assert administrator.post(where, sure).status_code == 302
    assert "Merged into" in text(administrator.get(at("agency", twin)))
    for odd in ("x", str(uuid4()), str(cast.agencies["trust"].pk)):
        assert administrator.get(at("agency_merge", school), {"into": odd}).status_code == 200
        form = {"into": odd, "sure": "on"}
        assert administrator.post(at("agency_merge", school), form).status_code == 422


@pytest.mark.clause("A-REGISTER")
def test_the_partnership_is_data(cast, administrator, signed_in):
    form = administrator.get(at("partnership")).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    typed |= {"hub_opens": "8am", "hub_closes": "6pm", "front_door_name": "Hub of Elsewhere"}
    typed["out_of_hours_telephone"] = "01632 960 999"
    done = administrator.post(at("partnership"), typed, follow=True)
    assert "is saved" in text(done)
    assert "Hub of Elsewhere" in text(signed_in("requester").get(reverse("requests:mine")))
    late = administrator.post(at("partnership"), typed | {"front_door_name": "Hub of Nowhere"})
    assert late.status_code == 409
    for wrong in (
        {"partners": typed["partners"][:2]},
        {"red_hours": "0"},
        {"red_hours": "four"},
        {"hub_closes": "7am"},
        {"out_of_hours_telephone": ""},
        {"front_door": str(uuid4())},
    ):
        assert administrator.post(at("partnership"), typed | wrong).status_code == 422


@pytest.mark.parametrize(
    "name",
    [
        *("agency_add", "agency_change", "agency_post", "agency_leave"),
        *("agency_merge", "partnership", "register_files", "register_export"),
    ],
)
def test_whoever_changes_the_register_has_proved_who_they_are(cast, client, name):
    sign_in(client, cast.users["administrator"], ago=60 * 60)
    agency = cast.agencies["trust"]
    args = {"agency_post": [agency, "spoc"]}.get(name, [agency])
    plain = name in ("agency_add", "partnership", "register_files", "register_export")
    where = at(name, *([] if plain else args))
    asked = client.post(where, {}) if name == "register_export" else client.get(where)
    assert asked.status_code == 302
    assert "reauthenticate" in asked["Location"]
