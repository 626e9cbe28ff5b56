"""Asking several agencies in one act: whom, what, and what becomes of one that cannot be asked."""

import os
from pathlib import Path
from uuid import uuid4

import pytest
from django.urls import reverse

from agencies.bootstrap.unattended import found_agency
from agencies.kinds import GROUPS, AgencyKind
from audit.models import AccessEntry
from audit.names import thing_of
from outbox.models import Message
from requests_app.agency_checks import actions as agency_checks
from requests_app.agency_checks.sending_forms import MOST
from requests_app.models import AgencyCheck, Question
from tests import walks
from tests.agreement import walks as editions
from tests.requests_app.agency_checks.test_putting_checks import filled, text
from tests.requests_app.agency_checks.test_whom_to_ask import LONG
from tests.requests_app.break_glass.test_break_glass_browser import WIDTHS, browse
from workflow.transitions import TransitionRefused

pytestmark = pytest.mark.django_db
TWO = ("trust", "housing")


@pytest.fixture
def case(cast):
    return walks.accepted(cast)


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


@pytest.fixture
def listed(case):
    return reverse("requests:choose_agencies", args=[case.pk])


@pytest.fixture
def address(case):
    return reverse("requests:put_check", args=[case.pk])


def ids(cast, *names):
    return [str(cast.agencies[name].pk) for name in names]


def to_all(cast, *names, **more):
    return filled(cast, **({"agency": ids(cast, *names or TWO)} | more))


def access_entries(check):
    return AccessEntry.objects.filter(thing=thing_of(check), thing_id=str(check.pk)).count()


def group_of(page, name):
    groups = {str(g.title): [str(c.agency) for c in g.choices] for g in page.context["groups"]}
    return next((title for title, names in groups.items() if name in names), None)


def test_each_kind_is_in_one_group():
    kinds = [kind for kinds in GROUPS.values() for kind in kinds]
    assert sorted(kinds) == sorted(AgencyKind)


def test_the_list_groups_all_that_can_be_asked(cast, officer, listed):
    page = officer.get(listed)
    assert group_of(page, "Anytown Health Trust") == "Health"
    assert group_of(page, "Anytown Police") == "Police, justice and emergency services"
    assert group_of(page, "Anytown Oak School") == "Schools and early years"
    assert group_of(page, "Anytown Front Door") is None


def test_what_is_chosen_leads_to_the_questions_and_back(cast, officer, listed, address):
    empty = officer.post(listed, {})
    assert empty.status_code == 422
    assert 'href="#id_agency_0">Select an agency' in text(empty)
    done = officer.post(listed, {"agency": ids(cast, *TWO)})
    assert done.status_code == 302
    assert done.url.startswith(address)
    page = officer.get(done.url)
    assert page.context["form"]["agency"].value() == ids(cast, *TWO)
    back = officer.get(f"{listed}?{done.url.partition('?')[2]}")
    assert {group_of(back, f"Anytown {name}") for name in ("Homes", "Health Trust")} == {"Chosen"}
    assert not AgencyCheck.objects.exists()


def test_who_was_asked_since_the_page_was_opened_is_not_asked_again(
    cast, case, officer, listed, address
):
    """Sending broke off half-way, say, and the page is opened anew."""
    there = officer.post(listed, {"agency": ids(cast, *TWO)}).url
    walks.an_agency_check(cast, "trust", case)
    page = officer.get(there)
    assert page.context["form"]["agency"].value() == ids(cast, "housing")
    assert "Anytown Health Trust (already asked)" in text(page)
    # Whoever chooses it although it says so asks it again.
    again = officer.get(officer.post(listed, {"agency": ids(cast, *TWO)}).url)
    assert again.context["form"]["agency"].value() == ids(cast, *TWO)
    nonsense = officer.get(there, {"agency": ids(cast, "trust"), "again": ["x", "\0"]})
    assert nonsense.context["form"]["agency"].value() == []


def test_a_search_keeps_what_is_chosen_and_asks_for_nothing(cast, officer, listed):
    found = officer.post(
        listed, {"find": "POLice", "agency": ids(cast, "housing"), "find_them": "1"}
    )
    assert found.status_code == 200
    assert group_of(found, "Anytown Homes") == "Chosen"
    assert group_of(found, "Anytown Police")
    assert group_of(found, "Anytown Health Trust") is None
    kind = officer.post(listed, {"group": "1", "find_them": "1"})
    assert group_of(kind, "Anytown Health Trust") == "Health"
    assert group_of(kind, "Anytown Police") is None
    nothing = officer.post(listed, {"find": "%' OR 1=1", "find_them": "1"})
    assert "No agency that can be asked is called so" in text(nothing)
    long = officer.post(listed, {"find": "x" * 10_000, "find_them": "1"})
    assert long.status_code == 422
    assert "must be 100 characters or less" in text(long)


def test_a_long_list_is_folded_by_kinds_and_a_search_unfolds_it(cast, officer, listed, monkeypatch):
    monkeypatch.setattr("requests_app.agency_checks.whom_to_ask.FEW_GROUPED", 3)
    chosen = officer.get(listed, {"agency": ids(cast, "housing")})
    is_open = {str(group.title): group.is_open for group in chosen.context["groups"]}
    assert is_open.pop("Chosen")
    assert not any(is_open.values())
    found = officer.post(listed, {"find": "trust", "find_them": "1"})
    assert all(group.is_open for group in found.context["groups"])


def test_it_says_who_was_asked_before_and_what_they_said(cast, officer):
    earlier = walks.an_agency_check(cast, "trust")
    agency_checks.answer_not_known(earlier, by=cast.trust_spoc, searched="All records")
    case = walks.accepted(cast)
    walks.an_agency_check(cast, "housing", case)
    there = reverse("requests:choose_agencies", args=[case.pk])
    before = access_entries(earlier)
    page = text(officer.get(there))
    assert access_entries(earlier) == before + 1
    assert f"Asked in {earlier.case.reference}, a possible match, on" in page
    assert "Not known to this agency" in page
    assert "Asked in this request on" in page


@pytest.mark.clause("P-NECESSARY", part=True)
def test_one_act_asks_each_by_a_check_of_its_own(cast, officer, address, signed_in):
    before = Message.objects.count()
    done = officer.post(address, to_all(cast), follow=True)
    for name in ("Health Trust", "Homes"):
        assert f"was sent to Anytown {name}" in text(done)
    checks = list(AgencyCheck.objects.all())
    assert {check.holder.name for check in checks} == {"Anytown Health Trust", "Anytown Homes"}
    assert Message.objects.count() == before + 2
    for check in checks:
        assert check.history.count() == 1
        assert [question.fact for question in check.questions.all()] == ["Seen at hospital?"]
    mine = next(check for check in checks if check.holder == cast.agencies["trust"])
    theirs = signed_in("trust_spoc").get(reverse("requests:check", args=[mine.pk]))
    assert "Homes" not in text(theirs)


@pytest.mark.clause("P-NECESSARY", part=True)
def test_each_can_be_asked_its_own(cast, officer, address):
    typed = to_all(cast, needs=[], further="Any concern?", further_why="A pattern")
    apart = officer.post(address, typed | {"do": "apart"})
    assert apart.status_code == 200
    assert not AgencyCheck.objects.exists()
    trust, housing = (cast.agencies[name].pk.hex for name in TWO)
    form = apart.context["form"]
    for prefix in (trust, housing):  # what was typed for all is where each begins
        assert form[f"{prefix}-further"].value() == "Any concern?"
        assert form[f"{prefix}-person_1"].value() == ["name", "date_of_birth"]
    own = {
        "idempotency_key": typed["idempotency_key"],
        "agency": ids(cast, *TWO),
        "apart": "1",
        f"{trust}-person_1": ["name", "nhs_number"],
        f"{trust}-needs": ["0"],
        f"{housing}-person_1": ["name", "address"],
        f"{housing}-further": "Who lives there?",
    }
    wrong = officer.post(address, own)
    assert wrong.status_code == 422
    assert f'href="#id_{housing}-further_why">Enter why the further question' in text(wrong)
    done = officer.post(address, own | {f"{housing}-further_why": "To visit"})
    assert done.status_code == 302
    of = {check.holder.name: check for check in AgencyCheck.objects.all()}
    assert list(of["Anytown Health Trust"].shown.values()) == [["name", "nhs_number"]]
    assert list(of["Anytown Homes"].shown.values()) == [["name", "address"]]
    assert of["Anytown Homes"].questions.get().fact == "Who lives there?"
    assert of["Anytown Health Trust"].questions.get().fact == "Seen at hospital?"


def test_what_was_typed_for_one_that_is_taken_off_is_not_asked_for(cast, officer, address):
    trust = cast.agencies["trust"].pk.hex
    posted = {
        "agency": ids(cast, "trust"),
        "apart": "1",
        "idempotency_key": str(uuid4()),
        f"{trust}-person_1": ["name"],
        f"{trust}-needs": ["0"],
        "person_1": ["name"],
        "needs": ["0"],
    }
    assert officer.post(address, posted).status_code == 302
    assert AgencyCheck.objects.get().holder == cast.agencies["trust"]


def test_a_doubled_post_asks_each_once_and_one_more_agency_is_asked_after_it(
    cast, officer, address
):
    form = to_all(cast)
    for _ in range(2):
        assert officer.post(address, form).status_code == 302
    assert AgencyCheck.objects.count() == 2
    assert Question.objects.count() == 2
    more = form | {"agency": ids(cast, *TWO, "police")}
    assert officer.post(address, more).status_code == 302
    assert AgencyCheck.objects.count() == 3


def test_one_that_was_suspended_meanwhile_is_named_and_the_others_are_asked(
    cast, officer, address, listed
):
    editions.suspended(cast, "housing")
    at_once = officer.post(listed, {"agency": ids(cast, *TWO)}, follow=True)
    assert "Anytown Homes cannot be asked. Is suspended" in text(at_once)
    assert at_once.context["form"]["agency"].value() == ids(cast, "trust")
    done = officer.post(address, to_all(cast), follow=True)
    assert "Anytown Homes cannot be asked. Is suspended" in text(done)
    assert AgencyCheck.objects.get().holder == cast.agencies["trust"]


def test_if_none_of_them_can_be_asked_what_was_typed_stays(cast, officer, address):
    for name in TWO:
        editions.suspended(cast, name)
    answer = officer.post(address, to_all(cast, further="Any concern?", further_why="A pattern"))
    assert answer.status_code == 422
    assert "Anytown Homes cannot be asked. Is suspended" in text(answer)
    assert "Any concern?" in text(answer)
    assert not AgencyCheck.objects.exists()


def test_one_that_is_suspended_between_the_page_and_its_turn_stops_no_other(cast, case):
    asks = [
        (cast.agencies[name], {"shown": {}, "questions": [("Seen?", "A bruise")]}) for name in TWO
    ]
    editions.suspended(cast, "trust")
    key = uuid4()
    made, refused = agency_checks.put_agency_checks(
        case, by=cast.officer, idempotency_key=key, asks=asks
    )
    assert [check.holder for check in made] == [cast.agencies["housing"]]
    assert len(refused) == 1
    assert refused[0].startswith("Anytown Health Trust: ")
    with pytest.raises(TransitionRefused, match="Anytown Health Trust"):
        agency_checks.put_agency_checks(case, by=cast.officer, idempotency_key=key, asks=asks[:1])
    assert AgencyCheck.objects.count() == 1


def test_no_more_are_asked_at_once_than_the_page_says(cast, officer, listed, monkeypatch):
    monkeypatch.setattr("requests_app.agency_checks.sending_forms.MOST", 1)
    answer = officer.post(listed, {"agency": ids(cast, *TWO)})
    assert answer.status_code == 422
    assert "Select 1 agencies or fewer. You selected 2" in text(answer)
    assert MOST > 1


def test_nobody_but_the_front_door_sees_the_list(cast, listed, signed_in):
    for name in ("requester", "trust_spoc", "police_partner"):
        assert signed_in(name).get(listed).status_code == 404
        assert signed_in(name).post(listed, {"agency": ids(cast, *TWO)}).status_code == 404


def test_of_a_request_that_is_not_accepted_nobody_is_chosen(cast, officer):
    case = walks.sent(cast)
    there = reverse("requests:choose_agencies", args=[case.pk])
    assert officer.get(there).url == reverse("requests:triage_case", args=[case.pk])


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_list_and_questions_fit_and_need_no_script(live_server, cast, new_context, axe, width):
    case = walks.accepted(cast)
    walks.an_agency_check(cast, "housing", case)
    for number in range(12):
        found_agency(name=f"{LONG} {number}", kind=AgencyKind.SCHOOL)
    page = browse(new_context, live_server, cast, "officer", WIDTHS[width])
    for name, press in (("choose", "Continue"), ("same", "Ask each of them separately")):
        if name == "choose":
            page.goto(f"{live_server.url}{reverse('requests:choose_agencies', args=[case.pk])}")
            for agency in ("Anytown Health Trust", "Anytown Police"):
                page.get_by_role("checkbox", name=agency).check()
        _looked_at(page, axe, f"{name}-{width}")
        with page.expect_navigation():
            page.get_by_role("button", name=press, exact=True).click()
    _looked_at(page, axe, f"apart-{width}")


def _looked_at(page, axe, name):
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    axe(page)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{wide} pixels too wide"
