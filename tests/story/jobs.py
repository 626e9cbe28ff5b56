"""The jobs that people do most, each by the shortest way."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localdate

from agencies.models import Agency
from decisions.models import Scrutiny
from requests_app.models import Recipient
from tests import walks
from tests.cast import Cast
from tests.story import tale
from tests.story.effort import Hand

TEXT = "Because it keeps the child safe."


@dataclass(frozen=True)
class Job:
    """Who does it, what is there before, and how it is done."""

    role: str
    who: str
    name: str
    do: Callable[[Hand, Any], None]
    before: Callable[[Cast], Any] = lambda cast: cast


def urgent_request(hand: Hand, _made: Any) -> None:
    """Red, with as little as can be sent."""
    case = _start(hand)
    _child(hand, case, given_name="Zelda", born="born")
    _purpose(hand, case)
    _need(hand, case)
    _rating(hand, case, "red")
    _consent(hand, case)
    _parents(hand, case)
    _send(hand, case)


def whole_request(hand: Hand, _made: Any) -> None:
    """Two facts, the child with all that finds it, an uncle and a file."""
    case = _start(hand)
    hand.to("requests:child", case)
    hand.fill(given_name="Zelda", family_name="Zampleton", born="born")
    hand.day("date_of_birth", *tale.BORN)
    hand.fill(address=tale.CHILD["Address"], nhs_number=tale.NHS_NUMBER)
    hand.submit()
    hand.to("requests:case", case)
    hand.to("requests:others", case)
    hand.to("requests:person_add", case, "risk")
    hand.fill(given_name="Rufus", family_name="Riskley", relationship="Uncle")
    hand.submit()
    hand.to("requests:case", case)
    _purpose(hand, case)
    hand.to("requests:needs", case)
    hand.fill(fact=tale.SEEN[0], why=tale.SEEN[1])
    hand.submit()
    hand.to("requests:need_add", case)
    hand.fill(fact=tale.NOISE[0], why=tale.NOISE[1])
    hand.submit()
    hand.to("requests:case", case)
    _rating(hand, case, "amber")
    _consent(hand, case)
    _parents(hand, case)
    hand.to("requests:files", case)
    hand.fields += 1
    hand.page.locator("input[type=file]").set_input_files([tale.FILE])
    hand.submit()
    hand.to("requests:case", case)
    _send(hand, case)


def _start(hand: Hand) -> str:
    hand.to("requests:mine")
    hand.submit("requests:start")
    return hand.here(1)


def _child(hand: Hand, case: str, **details: Any) -> None:
    hand.to("requests:child", case)
    hand.fill(**details)
    hand.submit()
    hand.to("requests:case", case)


def _purpose(hand: Hand, case: str) -> None:
    hand.to("requests:purpose", case)
    hand.fill(purposes="needs", reason=tale.REASON)
    hand.submit()


def _need(hand: Hand, case: str) -> None:
    hand.to("requests:needs", case)
    hand.fill(fact=tale.SEEN[0], why=tale.SEEN[1])
    hand.submit()
    hand.to("requests:case", case)


def _rating(hand: Hand, case: str, rating: str) -> None:
    hand.to("requests:rating", case)
    hand.fill(rating=rating, reason=tale.URGENT)
    hand.submit()


def _consent(hand: Hand, case: str) -> None:
    hand.to("requests:consent", case)
    hand.fill(answer="not_sought")
    hand.submit()
    hand.fill(why_not="risk", explanation=tale.NO_CONSENT)
    hand.submit()


def _parents(hand: Hand, case: str) -> None:
    hand.to("requests:parents", case)
    hand.fill(told="no", reason=tale.NOT_TOLD)
    hand.submit()


def _send(hand: Hand, case: str) -> None:
    hand.to("requests:review", case)
    hand.submit("requests:send", case)


def read_and_acknowledge(hand: Hand, made: Any) -> None:
    """What was released, read and confirmed."""
    package = made.releases.get().pk
    hand.to("requests:mine")
    hand.to("requests:released", package)
    hand.submit("requests:acknowledge", package)
    assert Recipient.objects.get().status == Recipient.Status.ACKNOWLEDGED


def triage_and_ask_two(hand: Hand, case: Any) -> None:
    """The checks of ISA-3.8, accepted, and two agencies asked."""
    hand.to("requests:inbox")
    hand.to("requests:triage_case", case.pk)
    hand.to("requests:matches", case.pk)
    hand.to("requests:triage_checks", case.pk)
    for name in ("purpose", "information", "consent", "parents", "matches"):
        hand.fill(**{f"check_{name}": "yes"})
    hand.submit()
    hand.submit("requests:triage_accept", case.pk)
    hand.to("requests:choose_agencies", case.pk)
    names = [hand.stage.people[spoc].agency for spoc in ("trust_spoc", "housing_spoc")]
    chosen = Agency.objects.filter(name__in=names)
    hand.fill(agency=[agency.pk for agency in chosen])
    hand.submit(unnamed=True)
    hand.fill(needs="0")
    hand.submit(unnamed=True)
    assert case.agency_checks.count() == 2


def take_in_and_release(hand: Hand, check: Any) -> None:
    """What an agency shared, accepted and released to the requester."""
    case = check.case_id
    hand.to("requests:inbox")
    hand.to("requests:triage_case", case)
    hand.to("requests:check_for_desk", check.pk)
    hand.submit("requests:accept_item", check.pk, check.items.get().pk)
    hand.to("requests:release", case)
    hand.fill(answers=check.pk)
    hand.submit()
    assert Recipient.objects.count() == 1


def say_not_known(hand: Hand, check: Any) -> None:
    """Nobody is known to the agency."""
    hand.to("requests:checks")
    hand.to("requests:check", check.pk)
    hand.to("requests:not_known", check.pk)
    hand.fill(searched="Patient records since 2015, by name and date of birth")
    hand.submit()
    _has(check, "not_known")


def three_checks(cast: Cast) -> list[Any]:
    """Three that wait to be taken, each of a request of its own."""
    return [walks.an_agency_check(cast) for _ in range(3)]


def say_three_not_known(hand: Hand, checks: list[Any]) -> None:
    """After one search of the agency's own system."""
    hand.to("requests:checks")
    hand.fill(chosen=[check.pk for check in checks])
    hand.submit("requests:not_known_several")
    hand.fill(sure=[check.pk for check in checks])
    hand.fill(searched="Patient records since 2015, by name and date of birth")
    hand.submit()
    for check in checks:
        _has(check, "not_known")


def share_one(hand: Hand, check: Any) -> None:
    """One piece of special category information, shared without consent."""
    _to_check(hand, check)
    hand.send(add=check.questions.first().pk)
    hand.fill(title=tale.ATTENDANCE)
    hand.submit()
    hand.fill(choice="yes", reasons=TEXT)
    hand.submit()
    hand.fill(choice="no", identifiable_choice="yes", lawful_reason_choice="yes/at_risk")
    hand.fill(reasons=TEXT)
    hand.submit()
    _share(hand)
    hand.submit()
    _has(check, "share")


def share_nothing(hand: Hand, check: Any) -> None:
    """One piece that does not serve the purpose."""
    _to_check(hand, check)
    hand.send(add=check.questions.first().pk)
    hand.fill(title=tale.COMPLAINTS, special="no")
    hand.submit()
    hand.fill(choice="no")
    hand.submit()
    hand.fill(because=tale.NOISE_WHY, safety=tale.NOISE_SAFETY)
    hand.submit()
    hand.submit()
    _has(check, "no_share")


def _to_check(hand: Hand, check: Any) -> None:
    hand.to("requests:checks")
    hand.to("requests:check", check.pk)


def _share(hand: Hand) -> None:
    hand.fill(**{"basis-lawful_basis": "public_task"})
    hand.fill(**{"basis-safety": "Hers, and that of her brother"})
    said = {"nature": "fact", "content": tale.CONTENT}
    hand.fill(**{f"content-{name}": text for name, text in said.items()})
    hand.day("content-as_at", 3, 10, localdate().year - 1)
    hand.fill(**{"points-confirmed": "all"})
    hand.fill(**{"told-told": "no"})
    hand.submit()


def _has(check: Any, outcome: str) -> None:
    check.refresh_from_db()
    assert check.outcome == outcome


def ask_to_reconsider(hand: Hand, decision: Any) -> None:
    """A decision not to share, read and sent back."""
    scrutiny = Scrutiny.objects.get(decision=decision).pk
    hand.to("decisions:scrutinies")
    hand.to("decisions:scrutiny", scrutiny)
    hand.fill(said="reconsider", why_reconsider=tale.RECONSIDER)
    hand.submit()


JOBS = [
    Job(
        "Requester",
        "requester",
        "write and send a request, red, as little as can be",
        urgent_request,
    ),
    Job(
        "Requester",
        "requester",
        "write and send a request with two questions, an uncle and a file",
        whole_request,
    ),
    Job(
        "Requester",
        "requester",
        "read what was released and confirm receipt",
        read_and_acknowledge,
        walks.released,
    ),
    Job(
        "Front door",
        "officer",
        "triage and accept a request, ask two agencies",
        triage_and_ask_two,
        walks.sent,
    ),
    Job(
        "Front door",
        "officer",
        "review and release an answer",
        take_in_and_release,
        lambda cast: walks.shared(cast).agency_check,
    ),
    Job(
        "Single point of contact",
        "trust_spoc",
        "answer that nobody is known",
        say_not_known,
        walks.an_agency_check,
    ),
    Job(
        "Single point of contact",
        "trust_spoc",
        "answer that nobody is known, in three checks",
        say_three_not_known,
        three_checks,
    ),
    Job(
        "Single point of contact",
        "trust_spoc",
        "share one piece of information",
        share_one,
        walks.an_agency_check,
    ),
    Job(
        "Single point of contact",
        "trust_spoc",
        "share nothing of one piece of information",
        share_nothing,
        walks.an_agency_check,
    ),
    Job(
        "Safeguarding partner",
        "police_partner",
        "ask an agency to reconsider",
        ask_to_reconsider,
        walks.refused,
    ),
]
