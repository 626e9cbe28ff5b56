"""One request as the front door sees it: what was said, what triage found, what was asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from requests_app.asked import about
from requests_app.choices import Check, CheckAnswer, PersonRole
from requests_app.clocks.selectors import clock_of, with_clocks
from requests_app.clocks.words import explain, say_clock
from requests_app.details import rows_of, said
from requests_app.history.words import has_versions
from requests_app.models import (
    AgencyCheck,
    Clarification,
    Consent,
    InformationRequest,
    Item,
    Release,
    Subject,
    TriageCheck,
)
from requests_app.readiness import WAS_RELEASED, checks_made
from requests_app.request_fields import CONSENT_FIELDS, REQUEST_FIELDS, RequestField
from requests_app.selectors import files_of, needs_of
from workflow.compiled import Compiled
from workflow.versions import version_of

Status = InformationRequest.Status

_PEOPLE = Compiled(
    lambda case, since: Subject.objects.filter(case=case, status=Subject.Status.CURRENT).annotate(
        was_changed=has_versions(since)
    )
)
_CONSENTS = Compiled(lambda case: Consent.objects.filter(case=case))
_QUESTIONS = Compiled(lambda case: Clarification.objects.filter(case=case))
_CHECKS = Compiled(lambda case: TriageCheck.objects.filter(case=case))
_CHECKS_PUT = Compiled(
    lambda case: (
        AgencyCheck.objects.filter(case=case)
        .select_related("holder", "taken_by")
        .annotate(is_released=WAS_RELEASED)
        .prefetch_related("pauses", Prefetch("items", Item.objects.select_related("receipt")))
    )
)
_RELEASES = Compiled(
    lambda case: (
        Release.objects.filter(case=case)
        .order_by("-released_at")
        .prefetch_related("recipients__person", "answers__holder")
    )
)


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
    def is_child(self) -> bool:
        """Whether the request is about this person."""
        return self.role == PersonRole.CHILD

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The details as questions and answers."""
        return rows_of(self.known)


def people_in(case: InformationRequest) -> list[Person]:
    """The people: children first, then connected people, then those who may pose a risk."""
    people: list[Any] = _PEOPLE(case=case.pk, since=case.sent_at or timezone.now())
    order = list(PersonRole.values)
    return [
        Person(
            str(person.pk),
            person.role,
            person.get_role_display(),
            person.name,
            {code: said(code, value) for code, value in _known(person).items()},
            _known(person),
            person.was_changed,
        )
        for person in sorted(people, key=lambda each: (order.index(each.role), str(each.pk)))
    ]


def _known(person: Subject) -> dict[str, Any]:
    details: dict[str, Any] = person.details()
    if not (person.given_name or person.family_name):
        details.pop("name", None)  # the words that stand for a name are nobody's
    return details


def what_was_said(case: InformationRequest) -> dict[str, Any]:
    """All that the requester said, for the request's own page."""
    consent = next(iter(_CONSENTS(case=case.pk)), None)
    return {
        "people": people_in(case),
        "about": _rows(
            (_("Requesting agency"), case.agency),
            (_("Requested by"), case.requested_by),
            *_said(case, REQUEST_FIELDS),
        ),
        "consent": _rows(*_said(consent, CONSENT_FIELDS)) if consent else [],
        "needs": needs_of(case),
        "files": files_of(case),
        "questions": _QUESTIONS(case=case.pk),
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
    def passed(self) -> bool:
        """Whether each is answered with yes."""
        return all(row["answer"] == CheckAnswer.YES for row in self.rows)

    @property
    def failed(self) -> bool:
        """Whether one is answered with no: then the request is returned or declined."""
        return any(row["answer"] == CheckAnswer.NO for row in self.rows)


def checks_of(case: InformationRequest) -> Checks:
    """Every check, with its answer and note where it has one."""
    found = {row.check_code: row for row in _CHECKS(case=case.pk)}
    made = checks_made(case)
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
    return {"says": say_clock(case, running), "because": explain(running, case)}


def checks_put(case: InformationRequest, people: Iterable[Person] = ()) -> list[Any]:
    """The agency checks of a request, each with its clock and what is to be done about it.

    With the ``people`` of the request each says whom it asks about.
    """
    names = {person.pk: person.called for person in people}
    listed = with_clocks(_CHECKS_PUT(case=case.pk))
    for row in listed:
        is_open = row.status in AgencyCheck.OPEN
        row.says = say_clock(row, row.clock) if is_open else None
        row.about = about(row, names)
        row.to_take_in = sum(
            item.status == Item.Status.OFFERED and not hasattr(item, "receipt")
            for item in row.items.all()
        )
        row.can_go_out = row.status == AgencyCheck.Status.ANSWERED and not row.to_take_in
    return listed


def what_can_be_released(put: Iterable[Any]) -> dict[str, bool]:
    """Whether any answer can go out, and whether one would go out for the first time."""
    ready = [check for check in put if check.can_go_out]
    return {"any": bool(ready), "new": any(not check.is_released for check in ready)}


def releases_of(case: InformationRequest) -> list[Release]:
    """What has been released, to whom, the latest first."""
    return _RELEASES(case=case.pk)
