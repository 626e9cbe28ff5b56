"""One request as the front door sees it: what was said, what triage found, what was asked."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Contact
from agencies.register.opening_hours import next_closures
from audit.selectors import events_of
from requests_app.asked import about
from requests_app.choices import Check, CheckAnswer, PersonRole
from requests_app.clocks.selectors import clock_of, with_clocks
from requests_app.clocks.words import at, explain, say_clock
from requests_app.details import age_of, rows_of, said
from requests_app.history.words import has_versions
from requests_app.models import (
    AgencyCheck,
    InformationRequest,
    Item,
    Question,
    Receipt,
    Recipient,
    Release,
    ReleasedAnswer,
    ShiftNote,
    Subject,
    TriageCheck,
)
from requests_app.readiness import WAS_RELEASED, made_since_returned
from requests_app.request_fields import CONSENT_FIELDS, REQUEST_FIELDS, RequestField
from requests_app.triage.timeline import IS_TOLD
from requests_app.whole import LATEST, PARTS, events, read_with
from workflow.related import hang, keep_children
from workflow.together import Rows, Together
from workflow.versions import version_of

Status = InformationRequest.Status
# What is drawn of what happened, where no row says when it was: the latest of it.
TURNS = (
    *("informationrequest.accept", "informationrequest.decline", "informationrequest.rate"),
    "enquiry.remind",
)
MOST_TURNS = 60

_ASKED = AgencyCheck.objects.filter(status__in=AgencyCheck.OPEN)
_SPOCS = Contact.objects.filter(post=Contact.Post.SPOC, status=Contact.Status.CURRENT)

# All that the page of a request shows of it, of which others ask some.
_WHOLE = Together(
    **PARTS,
    people=lambda case, since: PARTS["subjects"](case).annotate(was_changed=has_versions(since)),
    checks=lambda case: TriageCheck.objects.filter(case=case),
    checks_made=made_since_returned,
    put=lambda case: (
        AgencyCheck.objects.filter(case=case)
        .select_related("holder", "taken_by", "withdrawn_by")
        .annotate(is_released=WAS_RELEASED)
    ),
    to_take_in=lambda case: Item.objects.filter(
        case=case, status=Item.Status.OFFERED, receipt=None
    ).values_list("agency_check", flat=True),
    releases=lambda case: Release.objects.filter(case=case).order_by("-released_at"),
    recipients=lambda case: Recipient.objects.filter(case=case).select_related("person"),
    answers=lambda case: ReleasedAnswer.objects.filter(case=case).values_list(
        "release", "agency_check"
    ),
    receipts=lambda case: Receipt.objects.filter(case=case).values_list("pk", "item__agency_check"),
    shift_notes=lambda case: ShiftNote.objects.filter(case=case),
    questions=lambda case: Question.objects.filter(case=case),
    pieces=lambda case: Item.objects.filter(case=case, status=Item.Status.OFFERED).values_list(
        "agency_check", "question", "receipt__status"
    ),
    spocs=lambda case, agency: _SPOCS.filter(
        Exists(_ASKED.filter(case=case, holder=OuterRef("agency"))) | Q(agency=agency)
    ),
    closures=lambda case, today: next_closures(today).filter(
        Exists(_ASKED.filter(case=case, holder=OuterRef("agency"))), starts__lte=today
    ),
    turns=lambda case: events_of(case).filter(move__in=TURNS).order_by("-id")[:MOST_TURNS],
    latest=events(IS_TOLD),
    printed=events(IS_TOLD, most=200),
)
TELLING = "parents"  # the part of a request that says whether they know
SAID = ("people", "consent", "needs", "attachments", "clarifications")
CHECKS = ("checks", "checks_made")
PUT = ("put", "pauses", "to_take_in")
RELEASED = ("releases", "recipients", "answers", "put")
TO_CALL = ("spocs", "closures")
DRAWN = ("questions", "pieces", "turns")
PAGE = (*SAID, *CHECKS, *PUT, *RELEASED, *TO_CALL, *DRAWN, "receipts", "shift_notes", "latest")
RECORD = (*SAID, *CHECKS, *RELEASED, "receipts", "shift_notes", "printed")


def read(case: InformationRequest, *names: str, before: int = LATEST) -> Rows:
    """What a page shows of a request, in one statement."""
    given = {
        "since": case.sent_at or timezone.now(),
        "before": before,
        "agency": case.agency_id,
        "today": timezone.localdate(),
    }
    return read_with(case, _WHOLE, *dict.fromkeys(names), **given)


@dataclass(frozen=True)
class Person:
    """Somebody in the request, with the details that are known, by their code."""

    pk: str
    role: str
    role_name: Any
    name: str
    details: dict[str, str]
    known: dict[str, Any]  # the same as they are kept: a date is one
    was_changed: bool  # since the request was sent

    @property
    def called(self) -> str:
        """The name, and what they are to the request."""
        return f"{self.name} ({self.role_name})"

    @property
    def name_and_age(self) -> str:
        """The name with the age in years, where a date of birth is known."""
        age = age_of(self.known.get("date_of_birth"))
        return _("%(name)s, %(age)s") % {"name": self.name, "age": age} if age else self.name

    @property
    def is_child(self) -> bool:
        """Whether the request is about this person."""
        return self.role == PersonRole.CHILD

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The details as questions and answers."""
        return rows_of(self.known)


def people_in(case: InformationRequest, found: Rows | None = None) -> list[Person]:
    """The people: children first, then connected people, then those who may pose a risk."""
    people = (found or read(case, "people"))["people"]
    order = list(PersonRole.values)
    return [
        _person(person)
        for person in sorted(people, key=lambda each: (order.index(each.role), str(each.pk)))
    ]


def _person(person: Any) -> Person:
    known, role = _known(person), person.get_role_display()
    words = {code: said(code, value) for code, value in known.items()}
    return Person(str(person.pk), person.role, role, person.name, words, known, person.was_changed)


def _known(person: Subject) -> dict[str, Any]:
    details: dict[str, Any] = person.details()
    if not (person.given_name or person.family_name):
        details.pop("name", None)  # the words that stand for a name are nobody's
    return details


def what_was_said(case: InformationRequest, found: Rows | None = None) -> dict[str, Any]:
    """All that the requester said, for the request's own page."""
    found = found or read(case, *SAID)
    consent = next(iter(found["consent"]), None)
    concern = _rows(*_said(case, (each for each in REQUEST_FIELDS if each.part != TELLING)))
    telling = _rows(*_said(case, (each for each in REQUEST_FIELDS if each.part == TELLING)))
    who = _rows((_("Requesting agency"), case.agency), (_("Requested by"), case.requested_by))
    return {
        "people": people_in(case, found),
        "about": [*who, *concern, *telling],
        "concern": concern,
        "consent": _rows(*_said(consent, CONSENT_FIELDS)) if consent else [],
        "telling": telling,
        "needs": found["needs"],
        "files": found["attachments"],
        "questions": found["clarifications"],
    }


def _said(row: Any, fields: Iterable[RequestField]) -> Iterator[tuple[Any, Any]]:
    return ((each.desk, each.said(row)) for each in fields if each.desk and each.belongs(row))


def _rows(*pairs: tuple[Any, Any]) -> list[dict[str, Any]]:
    """Questions and answers; what was not answered is left out."""
    return [{"key": key, "value": str(value)} for key, value in pairs if value]


@dataclass(frozen=True)
class Checks:
    """The checks of ISA-3.8 as far as they are answered, and the version that the page shows.

    ``earlier`` holds, by check, the answers in words and notes of before the request was returned.
    """

    rows: list[dict[str, Any]]
    given: dict[str, tuple[str, str]]
    earlier: dict[str, tuple[str, str]]
    expected_version: int

    @property
    def answered(self) -> str:
        """How many are answered, of how many."""
        given = sum(bool(row["answer"]) for row in self.rows)
        return _("%(given)s of %(all)s") % {"given": given, "all": len(self.rows)}

    @property
    def passed(self) -> bool:
        """Whether each is answered with yes."""
        return all(row["answer"] == CheckAnswer.YES for row in self.rows)

    @property
    def failed(self) -> bool:
        """Whether one is answered with no: then the request is returned or declined."""
        return any(row["answer"] == CheckAnswer.NO for row in self.rows)


def checks_of(case: InformationRequest, read_before: Rows | None = None) -> Checks:
    """Every check, with its answer and note where it has one."""
    read_now = read_before or read(case, *CHECKS)
    found = {row.check_code: row for row in read_now["checks"]}
    made = set(read_now["checks_made"])
    earlier = {c: (r.get_answer_display(), r.note) for c, r in found.items() if c not in made}
    rows, given = [], {}
    for check in Check:
        row = found[check.value] if check.value in made else None
        answer, note = given[check.value] = (row.answer, row.note) if row else ("", "")
        words = row.get_answer_display() if row else _("Not answered")
        said = {"title": check.label, "answer": answer, "words": words, "note": note}
        rows.append(said | {"earlier": earlier.get(check.value)})
    return Checks(rows, given, earlier, version_of(found.values()))


def clock_for(case: InformationRequest) -> dict[str, Any]:
    """What the clock of a request says, and why; nothing once it is over."""
    running = clock_of(case)
    if running is None or case.status in (Status.DECLINED, Status.RELEASED):
        return {}
    due = at(running.due)
    return {"says": say_clock(case, running), "because": explain(running, case), "due": due}


def checks_put(
    case: InformationRequest, people: Iterable[Person] = (), found: Rows | None = None
) -> list[Any]:
    """The agency checks of a request, each with its clock and what is to be done about it.

    With the ``people`` of the request each says whom it asks about.
    """
    found = found or read(case, *PUT)
    hang(found["put"], "pauses", found["pauses"])
    names = {person.pk: person.called for person in people}
    waiting = Counter(found["to_take_in"])
    listed = with_clocks(found["put"])
    for row in listed:
        is_open = row.status in AgencyCheck.OPEN
        row.says = say_clock(row, row.clock) if is_open else None
        row.about = about(row, names)
        row.to_take_in = waiting[row.pk]
        row.can_go_out = row.status == AgencyCheck.Status.ANSWERED and not row.to_take_in
    return listed


def what_can_be_released(put: Iterable[Any]) -> dict[str, bool]:
    """Whether any answer can go out, and whether one would go out for the first time."""
    ready = [check for check in put if check.can_go_out]
    return {"any": bool(ready), "new": any(not check.is_released for check in ready)}


def releases_of(case: InformationRequest, found: Rows | None = None) -> list[Release]:
    """What has been released, to whom, the latest first."""
    found = found or read(case, *RELEASED)
    releases: list[Release] = found["releases"]
    hang(releases, "recipients", found["recipients"])
    answered = set(found["answers"])
    for release in releases:
        answers = [check for check in found["put"] if (release.pk, check.pk) in answered]
        keep_children(release, "answers", answers)
    return releases
