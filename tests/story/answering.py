"""The story at the agencies that answer: taking, listing, the four questions, what is due."""

from datetime import timedelta

from django.utils.timezone import localdate
from playwright.sync_api import expect

from tests.story import tale
from tests.story.desk import Desk

PURPOSE = "Is there a clear and legitimate purpose for sharing information?"
TO_SHARE = (
    (PURPOSE, "Yes", "To keep a child safe."),
    ("Do you have consent to share?", "No", "Asking would tell the uncle."),
    ("Does the information enable an individual to be identified?", "Yes", "It names her."),
    (
        "Have you identified a lawful reason to share information without consent?",
        "Yes: gaining consent would place a child at risk",
        "Her safety, and our duty to safeguard.",
    ),
)


def take(desk: Desk, reference: str) -> None:
    """The front door's check, taken."""
    desk.reads("Agency checks")
    desk.follow("Agency checks")
    desk.follow(reference)
    desk.press("Take this check")
    desk.reads("You have taken this check.")


def list_held(desk: Desk, title: str, question: str, *, special: bool) -> None:
    """By title; what it says is typed only if it is shared."""
    desk.write("What is it?", title)
    desk.choose("Which question does it answer?", question)
    desk.choose("Is it special category information?", "Yes" if special else "No")
    desk.press("Save and continue")
    desk.reads("Added to the list.", title)


def refuse(desk: Desk, because: str, safety: str) -> None:
    """The first question answered with no ends at "do not share"; the end is never picked."""
    desk.reads("Golden rules", "Before you answer “No”", "A common myth")
    desk.choose(PURPOSE, "No")
    desk.press("Save and continue")
    desk.reads("Reasons for not sharing")
    desk.write("Why is it not shared?", because)
    desk.press("Save and continue")
    desk.reads("Enter the safety and well-being that you considered")
    desk.write("What safety and well-being did you consider?", safety)
    desk.press("Save and continue")
    record(desk, "Not shared")
    desk.reads(because, safety)


def share(desk: Desk, title: str, content: str, source: str, *, special: bool) -> None:
    """Four questions, one after the other, to "share"; then one page of all that it asks for."""
    purpose, *consent = TO_SHARE
    for page in ([purpose], consent):
        for ask, answer, _reasons in page:
            desk.choose(ask, answer)
        desk.write("Your reasons", " ".join(reasons for *_asked, reasons in page))
        desk.press("Save and continue")
    desk.reads("Share this information", title)
    say_basis(desk, special=special)
    fill(desk, content, source)
    _confirm(desk)
    desk.choose("Has the child or family been told", "No")
    desk.write("Why not?", "It could put her at risk.")
    desk.press("Continue to check and record")
    desk.reads("There is a problem", "You explained a point: select no, or delete that")
    desk.choose("Do all", "No: I explain those that do not hold fully, and confirm the others")
    desk.press("Continue to check and record")
    record(desk, "Shared")
    desk.reads(content, source, "How each golden rule was met")


def say_basis(desk: Desk, *, special: bool) -> None:
    """Lawful basis; the condition only for special categories; the ground without consent."""
    desk.choose("What is your lawful basis for sharing?", "Public task")
    condition = desk.group("Which special category condition applies?")
    expect(condition).to_have_count(int(special))
    if special:
        safeguarding = condition.get_by_role("radio", name="Safeguarding of children")
        expect(safeguarding).to_be_checked()
    desk.reads("Shared without consent: Gaining consent would place a child at risk")
    desk.write("What safety and well-being did you consider?", "Hers, and that of her mother.")


def fill(desk: Desk, content: str, source: str) -> None:
    """Kind, content, source and as-at date (P-ACCURATE)."""
    desk.choose("What kind of information is it?", "Fact")
    desk.write("The information", content)
    desk.write("Where is it from?", source)
    day = localdate() - timedelta(days=30)
    desk.write_date("Date of the event or record", day.day, day.month, day.year)


def _confirm(desk: Desk) -> None:
    """All at once; of the points on how, the last is explained: nobody is told yet."""
    desk.group("Do all").get_by_role("radio").first.check()
    desk.page.get_by_text("Explain a point that does not hold").first.click()
    desk.write("Explain: The individual is told that it is shared", "Once she is safe.")


def record(desk: Desk, outcome: str) -> None:
    """The record to check, and then for good."""
    desk.reads("A recorded decision cannot be changed.", outcome)
    ends = desk.page.get_by_role("button", name="Record and send the answer").count()
    desk.press("Record and send the answer" if ends else "Record this decision")
    desk.reads(f"Decision recorded: {outcome}.", f"Decision: {outcome}")


def share_in_part(desk: Desk, reference: str) -> str:
    """The trust: one piece is shared, one is not, each by a decision of its own."""
    take(desk, reference)
    desk.reads("Zelda Zampleton", "27 March 2015", tale.NHS_NUMBER, *tale.SEEN)
    desk.lacks("Nowhere Crescent", tale.NOISE[0], desk.stage.people["housing_spoc"].agency)
    check = desk.page.url
    desk.press("Add information")
    list_held(desk, tale.ATTENDANCE, tale.SEEN[0], special=True)
    desk.press("Add more information")
    list_held(desk, tale.THERAPY, tale.SEEN[0], special=True)
    desk.press("Decide what to share")
    desk.follow("Make a separate decision for some items")
    desk.tick(tale.THERAPY)
    desk.press("Make a separate decision")
    desk.press("Answer this question")
    refuse(desk, tale.THERAPY_WHY, tale.THERAPY_SAFETY)
    desk.follow("Something on the list is still to be decided")
    desk.page.get_by_role("link", name="Go on").click()
    desk.press("Answer this question")
    share(desk, tale.ATTENDANCE, tale.CONTENT, tale.SOURCE, special=True)
    desk.reads("Your agency's answer was sent to")
    desk.goto(check.removeprefix(desk.stage.url))
    desk.reads("Shared in part")
    return check


def share_nothing(desk: Desk, reference: str) -> str:
    """Housing: it sees other details and other questions, and does not share."""
    take(desk, reference)
    desk.reads("Zelda Zampleton", "17 Nowhere Crescent", *tale.NOISE, *tale.TENANTS)
    desk.lacks("27 March", "999 000", tale.SEEN[0], desk.stage.people["trust_spoc"].agency)
    check = desk.page.url
    desk.press("Add information")
    list_held(desk, tale.COMPLAINTS, tale.NOISE[0], special=False)
    desk.press("Decide what to share")
    refuse(desk, tale.NOISE_WHY, tale.NOISE_SAFETY)
    desk.goto(check.removeprefix(desk.stage.url))
    desk.reads("Not shared")
    return check


def decide_anew(desk: Desk, reference: str) -> None:
    """What the partners asked to reconsider; the old decision stays readable (ISA-5.4)."""
    desk.goto("/")
    desk.reads("Decisions that the safeguarding partners ask you to reconsider")
    desk.follow("Agency checks")
    desk.follow(reference)
    desk.reads("Sent back to reconsider", tale.RECONSIDER)
    desk.follow("Reconsider this decision")
    desk.follow("Read the record of decision 1")
    desk.press("Reconsider this decision")
    desk.reads("A new decision has begun. The old one stays on record.")
    desk.press("Answer this question")
    share(desk, tale.COMPLAINTS, tale.LATER_CONTENT, tale.LATER_SOURCE, special=False)
    desk.follow("Read the decision that this one replaces")
    desk.reads("Decision: Not shared", tale.NOISE_WHY, tale.NOISE_SAFETY)
    desk.reads("This decision stays as it was recorded. It has since been reconsidered.")
