"""Whoever puts a check reads which agencies cannot be asked, why, and what to do."""

import os
from html.parser import HTMLParser
from pathlib import Path
from uuid import uuid4

import pytest
from django.urls import reverse

from agencies.bootstrap.unattended import found_agency
from agencies.grants import revoke
from agencies.kinds import AgencyKind
from agencies.models import Agency
from agencies.permissions import Role
from agencies.register import actions as register
from requests_app.agency_checks import actions as agency_checks
from requests_app.agency_people import CannotBeAsked, agencies_by_whether_asked, who_can_be_asked
from tests import walks
from tests.agreement import walks as editions
from tests.requests_app.break_glass.test_break_glass_browser import WIDTHS, browse
from workflow.transitions import TransitionRefused

pytestmark = pytest.mark.django_db
CANNOT, FOLD = "Agencies that cannot be asked</span>", '<details class="govuk-details"'
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch Primary School"


class Reasons(HTMLParser):
    """The agencies that cannot be asked, by the reason above them."""

    def __init__(self, page):
        super().__init__()
        self.found, self.why = {}, ""
        self.feed(page.split(CANNOT)[1].split("</details>")[0])

    def handle_starttag(self, tag, attrs):
        self.tag = tag

    def handle_endtag(self, tag):
        self.tag = ""

    def handle_data(self, data):
        words = " ".join(data.split())
        if words and self.tag == "p":
            self.why = words
        elif words and self.tag == "li":
            self.found.setdefault(self.why, set()).add(words)


def page_of(cast, signed_in, case=None):
    address = reverse("requests:choose_agencies", args=[(case or walks.accepted(cast)).pk])
    return signed_in("officer").get(address)


def reasons(cast, signed_in):
    return Reasons(page_of(cast, signed_in).content.decode()).found


def nobody_answers(cast, name):
    for code, role in (("trust_spoc", Role.SPOC), ("trust_manager", Role.MANAGER)):
        revoke(cast.users[code], role, cast.agencies[name])


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (lambda cast, _: editions.listed(cast), CannotBeAsked.LISTED),
        (editions.lapsed, CannotBeAsked.LAPSED),
        (editions.suspended, CannotBeAsked.SUSPENDED),
        (nobody_answers, CannotBeAsked.NOBODY),
    ],
)
def test_an_agency_that_cannot_be_asked_is_named_with_why(cast, signed_in, how, why):
    case, trust = walks.accepted(cast), cast.agencies["trust"]
    how(cast, "trust")
    response = page_of(cast, signed_in, case)
    found = Reasons(response.content.decode()).found
    assert "Anytown Health Trust" in found[str(why.label)]
    assert sum("Anytown Health Trust" in names for names in found.values()) == 1
    assert str(trust.pk) not in dict(response.context["form"].fields["agency"].choices)
    with pytest.raises(TransitionRefused):
        agency_checks.put_agency_check(
            case,
            by=cast.officer,
            idempotency_key=uuid4(),
            holder=trust,
            shown={},
            questions=[("A?", "B")],
        )


def test_those_that_ask_and_keep_the_register_are_named_for_what_they_are(cast, signed_in):
    found = reasons(cast, signed_in)
    assert found[str(CannotBeAsked.FRONT_DOOR.label)] == {"Anytown Front Door"}
    assert found[str(CannotBeAsked.OFFICE.label)] == {"Anytown Business Office"}


def test_each_agency_on_the_register_is_in_one_of_the_two_lists(cast, signed_in):
    editions.suspended(cast, "police")
    found = reasons(cast, signed_in)
    cannot = {name for names in found.values() for name in names}
    can = {str(agency) for agency in who_can_be_asked()}
    assert "Anytown Oak School" in can, "whoever asked can hold information as well"
    assert not can & cannot
    assert can | cannot == {str(agency) for agency in Agency.objects.all()}


def test_one_that_was_asked_before_can_be_asked_and_is_not_among_them(cast, signed_in):
    case = walks.accepted(cast)
    walks.an_agency_check(cast, "trust", case)
    page = page_of(cast, signed_in, case).content.decode()
    assert "Anytown Health Trust (already asked)" in page
    found = Reasons(page).found
    assert all("Anytown Health Trust" not in names for names in found.values())


def test_one_that_has_left_is_on_neither_list(cast, signed_in):
    housing = Agency.objects.get(pk=cast.agencies["housing"].pk)
    register.leave(
        housing, by=cast.administrator, reason="closed", expected_version=housing.version
    )
    page = page_of(cast, signed_in).content.decode()
    assert "Anytown Homes" not in page
    assert "is not on the register, or has left it" in page
    assert housing not in agencies_by_whether_asked()


def test_many_are_folded_and_few_are_not(cast, signed_in):
    for agency in Agency.objects.filter(name__in=["Anytown Council", "Anytown Care Board"]):
        editions.person(cast, Role.SPOC, "council" if "Council" in agency.name else "board")
    assert FOLD + " open>" in page_of(cast, signed_in).content.decode().partition(CANNOT)[0][-200:]
    for number in range(4):
        found_agency(name=f"Nursery {number}", kind=AgencyKind.SCHOOL)
    page = page_of(cast, signed_in).content.decode()
    assert FOLD + " >" in page.partition(CANNOT)[0][-200:]
    assert "Nursery 3" in page


def test_a_long_register_costs_as_many_statements(cast, signed_in, flat):
    case, numbers = walks.accepted(cast), iter(range(100))
    flat(
        lambda: page_of(cast, signed_in, case),
        add=lambda: found_agency(name=f"Nursery {next(numbers)}", kind=AgencyKind.SCHOOL),
    )


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_the_list_fits(live_server, cast, new_context, axe, width):
    case = walks.accepted(cast)
    editions.suspended(cast, "police")
    found_agency(name=LONG, kind=AgencyKind.SCHOOL)
    page = browse(new_context, live_server, cast, "officer", WIDTHS[width])
    page.goto(f"{live_server.url}{reverse('requests:choose_agencies', args=[case.pk])}")
    page.get_by_text("Agencies that cannot be asked").click()
    assert page.get_by_text(LONG).is_visible()
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"whom-{width}.png", full_page=True)
    axe(page)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{wide} pixels too wide"
