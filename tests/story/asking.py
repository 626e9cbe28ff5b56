"""The story at the school, the front door and the police: asking, triage, release, scrutiny."""

import re

from playwright.sync_api import expect

from tests.story import tale
from tests.story.desk import Desk

CHECKS = (
    "The purpose is clear and is one that the agreement allows",
    "No key information is missing",
    "Consent, or the reason for not seeking it, is sound",
    "Parents are informed where appropriate",
    "Possible matches with other requests have been checked",
)


def begin(desk: Desk) -> str:
    """A new draft; its reference."""
    desk.follow("My requests")
    desk.press("Start a request")
    return desk.page.locator(".govuk-caption-l").inner_text()


def say_who(desk: Desk) -> None:
    """The child, and a person who may pose a risk."""
    desk.follow("The child or young person")
    for label, text in tale.CHILD.items():
        desk.write(label, text)
    desk.choose("Has the child been born?", "Yes")
    desk.write_date("Date of birth", *tale.BORN)
    desk.write("NHS number", tale.NHS_NUMBER)
    desk.press("Save and continue")
    desk.press("Continue")
    desk.follow("Connected people, and people who may pose a risk")
    desk.follow("Add a person who may pose a risk")
    for label, text in tale.RISK.items():
        desk.write(label, text)
    desk.press("Save and continue")
    desk.reads("Rufus Riskley", "Uncle")
    desk.press("Continue")


def say_what_for(desk: Desk) -> None:
    """A purpose of the agreement with its reason, and each fact with its own (P-NECESSARY)."""
    desk.follow("What it is for")
    expect(desk.page.get_by_role("checkbox")).to_have_count(8)
    desk.tick(tale.PURPOSE)
    desk.write("Why are you asking?", tale.REASON)
    desk.press("Save and continue")
    desk.follow("What you need to know, and why")
    for number, (fact, why) in enumerate((tale.SEEN, tale.NOISE)):
        if number:
            desk.follow("Add another question")
        desk.write("What do you need to know?", fact)
        desk.press("Save and continue")
        desk.reads("Enter why you need to know it")
        desk.write("Why do you need to know it?", why)
        desk.press("Save and continue")
    desk.press("Continue")


def say_how_things_stand(desk: Desk) -> None:
    """Urgency, consent not sought and why, parents not told and why."""
    desk.follow("How urgent it is")
    desk.choose("How urgent is it?", "Amber")
    desk.write("Why have you chosen this rating?", tale.URGENT)
    desk.press("Save and continue")
    desk.follow("Consent")
    desk.choose("What is the position on consent?", "Not sought")
    desk.press("Continue")
    desk.choose("Why was it not sought?", "Seeking it would put a child or somebody else at risk")
    desk.write("Explain this for this child", tale.NO_CONSENT)
    desk.press("Save and continue")
    desk.follow("Whether the parents or carers have been told")
    desk.choose("Have you told the parents or carers", "No")
    desk.write("Why have they not been told?", tale.NOT_TOLD)
    desk.press("Save and continue")


def add_a_file(desk: Desk) -> None:
    """One file, by way of the browser's own picker."""
    desk.follow("Files")
    desk.page.get_by_label("Add files").set_input_files([tale.FILE])
    desk.press("Add these files")
    desk.reads("Files added.", tale.FILE["name"])
    desk.follow("Continue without adding")


def send(desk: Desk, reference: str) -> None:
    """Everything on one page, and off it goes."""
    desk.press("Check your answers and send")
    desk.reads("Zelda Zampleton", "27 March 2015", "Rufus Riskley", tale.REASON, *tale.SEEN)
    desk.reads(*tale.NOISE, tale.NO_CONSENT, tale.NOT_TOLD, tale.URGENT)
    desk.press("Send the request")
    desk.reads(f"Request {reference} sent to the Integrated Front Door.")


def ask(desk: Desk) -> str:
    """The whole request from draft to sent."""
    reference = begin(desk)
    desk.press("Check your answers and send")
    desk.reads("Still to be completed before you can send it")
    desk.follow("Back")
    say_who(desk)
    say_what_for(desk)
    say_how_things_stand(desk)
    add_a_file(desk)
    send(desk, reference)
    return reference


def triage(desk: Desk, reference: str) -> None:
    """The checks of ISA-3.8, each answered before the request can be accepted."""
    desk.follow("Desk")
    desk.follow(f"Z.Z. {reference}")
    desk.reads("Zelda Zampleton", tale.REASON, tale.NO_CONSENT, tale.NOT_TOLD)
    expect(desk.page.get_by_role("button", name="Accept the request")).to_have_count(0)
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name=tale.FILE["name"]).click()
    assert download.value.path().read_bytes() == tale.FILE["buffer"]
    desk.follow("Possible matches")
    desk.reads("Possible matches")
    desk.follow("Answer the checks")
    for check in CHECKS[:4]:
        desk.choose(check, "Yes")
    desk.press("Save the answers")
    desk.reads("Select whether you checked for possible matches")
    desk.choose(CHECKS[4], "Yes")
    desk.press("Save the answers")
    desk.press("Accept the request")


def put_checks(desk: Desk) -> dict[str, str]:
    """One to the trust and one to housing, each with its own questions and details."""
    people = desk.stage.people
    names = {who: people[f"{who}_spoc"].agency for who in ("trust", "housing")}
    desk.press("Ask agencies")
    for name in names.values():
        desk.tick(name)
    desk.press("Continue")
    desk.press("Ask each of them separately")
    trust, housing = (desk.page.get_by_role("region", name=name) for name in names.values())
    trust.get_by_role("checkbox", name="NHS number", exact=True).check()
    trust.get_by_role("checkbox", name=tale.SEEN[0], exact=True).check()
    housing.get_by_role("checkbox", name="Date of birth", exact=True).uncheck()
    housing.get_by_role("checkbox", name="Address", exact=True).check()
    housing.get_by_role("checkbox", name=tale.NOISE[0], exact=True).check()
    desk.write("A further question", tale.TENANTS[0], housing)
    desk.write("Why is it needed?", tale.TENANTS[1], housing)
    desk.press("Send the agency checks")
    said = "\n".join(desk.page.locator(".govuk-notification-banner").all_inner_texts())
    sent = {name: found for found, name in re.findall(r"check (\S+) was sent to (.+)\.", said)}
    return {who: sent[name] for who, name in names.items()}


def take_in_and_release(desk: Desk, reference: str, checks: dict[str, str]) -> None:
    """Accept what the trust shared, and release both answers."""
    trust = desk.stage.people["trust_spoc"]
    desk.goto("/")
    desk.reads("Answers to review", "Ready to release")
    desk.follow("Desk")
    desk.follow(f"Z.Z. {reference}")
    desk.follow(checks["trust"])
    desk.reads("Shared in part", tale.ATTENDANCE, tale.CONTENT, tale.THERAPY_WHY)
    desk.lacks(tale.THERAPY)
    item = desk.page.get_by_role("article").filter(has_text=tale.ATTENDANCE)
    expect(item).to_contain_text(trust.name)
    expect(item).to_contain_text(trust.agency)
    desk.press(f"Accept {tale.ATTENDANCE}")
    desk.reads("You accepted the piece of information.")
    desk.follow("Release information to the requester")
    desk.tick(f"{trust.agency}: Shared in part")
    desk.tick(f"{desk.stage.people['housing_spoc'].agency}: Not shared")
    expect(desk.page.get_by_role("checkbox", name="Rita Requester")).to_be_checked()
    desk.write("Note to the people you release it to", tale.NOTE)
    desk.press("Release")
    desk.reads("Released to 1 person.", "not yet acknowledged")


def refuse_what_came_later(desk: Desk, case: str, check: str) -> None:
    """What was shared after all is refused: it goes from view, its record stays (ISA-3.7)."""
    desk.goto(case)
    desk.follow(check)
    desk.reads(tale.COMPLAINTS, tale.LATER_CONTENT)
    desk.press(f"Refuse {tale.COMPLAINTS}")
    desk.write("Why do you refuse it?", tale.REFUSED)
    desk.press("Refuse it")
    desk.reads("You refused the piece of information.", "Refused by", tale.REFUSED)
    desk.lacks(tale.COMPLAINTS, tale.LATER_CONTENT)


def read_and_acknowledge(desk: Desk, reference: str) -> str:
    """The package: originator and dates on every item, and why the rest is not in it."""
    trust, housing = (desk.stage.people[name].agency for name in ("trust_spoc", "housing_spoc"))
    desk.goto("/")
    desk.reads("Information released to you, not yet acknowledged")
    desk.follow("My requests")
    desk.follow(reference)
    desk.reads("For these people only: Rita Requester")
    desk.reads("Use it for this purpose only", tale.PURPOSE, tale.REASON, tale.NOTE)
    desk.reads("Another purpose needs a new request.")
    items = desk.page.get_by_role("article")
    expect(items).to_have_count(1)
    for said in (tale.ATTENDANCE, "Fact", tale.CONTENT, tale.SOURCE, "Originator", trust):
        expect(items).to_contain_text(said)
    expect(items).to_contain_text(re.compile(r"Released\s+\d+ \w+ 20\d\d"))
    desk.reads("Shared in part", housing, "Not shared")
    desk.reads(tale.THERAPY_WHY, tale.THERAPY_SAFETY, tale.NOISE_WHY, tale.NOISE_SAFETY)
    desk.lacks(tale.THERAPY, tale.COMPLAINTS)
    package = desk.page.url
    desk.press("Acknowledge receipt")
    desk.reads("You acknowledged receipt on")
    return package


def scrutinise(desk: Desk, checks: dict[str, str]) -> None:
    """Accept the trust's refusal; ask housing to reconsider its own, which needs reasons."""
    desk.reads("Decisions waiting for scrutiny")
    desk.follow("Scrutiny")
    desk.follow(checks["trust"])
    desk.reads(tale.THERAPY_WHY, tale.THERAPY_SAFETY)
    desk.lacks(tale.CONTENT)
    desk.choose("What is your view of this decision?", "Accept the decision")
    desk.press("Record your view")
    desk.reads(f"You accepted the decision on {checks['trust']}.")
    desk.follow(checks["housing"])
    desk.choose("What is your view of this decision?", "Ask the agency to reconsider")
    desk.press("Record your view")
    desk.reads("Enter why it should be reconsidered")
    desk.write("Why should it be reconsidered?", tale.RECONSIDER)
    desk.press("Record your view")
    desk.reads(f"You asked the agency to reconsider its decision on {checks['housing']}.")


def see_who_looked(desk: Desk, what: str) -> None:
    """That the requester read what was released is told to whom it was shared by."""
    desk.follow("Who has viewed this record")
    row = desk.page.get_by_role("row").filter(has_text=desk.stage.people["requester"].name)
    expect(row.filter(has_text=what).first).to_contain_text("Opened")
