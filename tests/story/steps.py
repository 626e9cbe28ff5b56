"""The whole story of one request, told by five people each in a browser of their own."""

from playwright.sync_api import expect

from tests.story import answering, asking, tale
from tests.story.desk import Desk, Stage, words_of

PEOPLE = ("requester", "officer", "trust_spoc", "housing_spoc", "police_partner")


def tell(stage: Stage) -> None:
    """From the first draft to the decision made anew."""
    desks = {who: Desk(stage, who).sign_in() for who in PEOPLE}
    requester, officer, police = desks["requester"], desks["officer"], desks["police_partner"]
    trust, housing = desks["trust_spoc"], desks["housing_spoc"]

    reference = asking.ask(requester)
    stage.email("officer", reference, "An information request is waiting for triage")
    asking.triage(officer, reference)
    stage.email("requester", reference, "Your information request has been accepted")
    checks = asking.put_checks(officer)
    case = officer.page.url
    for who, check in (("trust_spoc", checks["trust"]), ("housing_spoc", checks["housing"])):
        stage.email(who, check, "An agency check is waiting for your agency's answer")

    for desk in (trust, housing, police):
        desk.goto("/")
    of_trust = answering.share_in_part(trust, checks["trust"])
    of_housing = answering.share_nothing(housing, checks["housing"])
    for check in checks.values():
        stage.email("officer", check, "An agency check has been answered")

    asking.take_in_and_release(officer, reference, checks)
    stage.email("requester", reference, "Information has been released to you")
    package = asking.read_and_acknowledge(requester, reference)
    officer.goto(case.removeprefix(stage.url))
    officer.reads("acknowledged on")
    asking.see_who_looked(officer, "Information released")

    police.goto("/")
    asking.scrutinise(police, checks)
    stage.email("housing_spoc", checks["housing"], "A decision to reconsider")
    answering.decide_anew(housing, checks["housing"])

    stage.email("officer", checks["housing"], "An agency check has been answered", times=2)
    asking.refuse_what_came_later(officer, case.removeprefix(stage.url), checks["housing"])
    stage.email("housing_spoc", checks["housing"], "Information was refused")
    housing.goto(of_housing.removeprefix(stage.url))
    housing.reads("Refused by", tale.REFUSED)

    trust.goto(of_trust.removeprefix(stage.url))
    asking.see_who_looked(trust, tale.ATTENDANCE)
    expect(trust.main).not_to_contain_text(checks["housing"])

    nobody_else(desks, {"trust": of_trust, "housing": of_housing, "case": case, "package": package})
    emails_tell_nothing(stage)
    said = [f"{who}: {line}" for who, desk in desks.items() for line in desk.said]
    assert not said, "\n".join(said)


def nobody_else(desks: dict[str, Desk], urls: dict[str, str]) -> None:
    """Each page opens to those whose part it is, and for all the others it is not there."""
    part = {
        "trust": {"trust_spoc"},
        "housing": {"housing_spoc"},
        "case": {"officer"},
        "package": {"requester"},
    }
    for name, url in urls.items():
        got = {who for who, desk in desks.items() if desk.status(url) == 200}
        assert got == part[name], name
        assert {desk.status(url) for who, desk in desks.items() if who not in got} == {404}


def emails_tell_nothing(stage: Stage) -> None:
    """A reference and where to sign in: nobody's name, nothing about anybody (ISA-6.2)."""
    agencies = [person.agency for person in stage.people.values()]
    for email in stage.emails():
        words = words_of(email)
        assert "Sign in to see it" in words
        for secret in (*tale.SECRETS, *agencies):
            assert secret not in words, words
