"""The parts of a request as the pages that fill them in show them: people, facts, files, tasks."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from encryption.uploads import KINDS
from requests_app.choices import ConsentAnswer, NotSoughtReason, PersonRole, Rating
from requests_app.details import rows_of
from requests_app.models import Attachment, Clarification, InformationRequest, Need, Subject
from requests_app.readiness import Part, parts_of

LONGEST_NAME = 120


@dataclass(frozen=True)
class Role:
    """The words for people in one role, and the part that lists them."""

    part: str
    title: Any
    add: Any
    another: Any
    change: Any
    added: Any


ROLES = {
    PersonRole.CHILD.value: Role(
        "child",
        gettext_lazy("Children and young people"),
        gettext_lazy("Add a child or young person"),
        gettext_lazy("Add another child"),
        gettext_lazy("Change the details of the child or young person"),
        gettext_lazy("Child or young person added."),
    ),
    PersonRole.CONNECTED.value: Role(
        "others",
        gettext_lazy("Connected people"),
        gettext_lazy("Add a connected person"),
        gettext_lazy("Add a connected person"),
        gettext_lazy("Change the details of the connected person"),
        gettext_lazy("Connected person added."),
    ),
    PersonRole.RISK.value: Role(
        "others",
        gettext_lazy("People who may pose a risk"),
        gettext_lazy("Add a person who may pose a risk"),
        gettext_lazy("Add a person who may pose a risk"),
        gettext_lazy("Change the details of the person who may pose a risk"),
        gettext_lazy("Person who may pose a risk added."),
    ),
}
CHILDREN = (PersonRole.CHILD.value,)
OTHERS = (PersonRole.CONNECTED.value, PersonRole.RISK.value)


@dataclass(frozen=True)
class Group:
    """The people in one role."""

    code: str
    role: Role
    people: list[Any]


def people_of(case: InformationRequest) -> list[Subject]:
    """The people of a request, children first, in a stable order."""
    order = list(PersonRole.values)
    people = case.subjects.filter(status=Subject.Status.CURRENT)
    return sorted(people, key=lambda each: (order.index(each.role), each.name, str(each.pk)))


def groups_of(case: InformationRequest, roles: Iterable[str]) -> list[Group]:
    """The people in each of these roles, with what is known of them as rows."""
    people: list[Any] = people_of(case)
    for person in people:
        person.rows = details_of(person)
    return [Group(code, ROLES[code], [p for p in people if p.role == code]) for code in roles]


def needs_of(case: InformationRequest) -> list[Need]:
    """The facts that are asked for."""
    return list(case.needs.filter(status=Need.Status.CURRENT))


def files_of(case: InformationRequest) -> list[Attachment]:
    """The files that are part of the request."""
    return list(case.attachments.filter(status=Attachment.Status.KEPT))


def questions_of(case: InformationRequest) -> list[Clarification]:
    """The front door's questions, those that wait for an answer first."""
    asked = Clarification.Status.ASKED
    return sorted(case.clarifications.all(), key=lambda row: (row.status != asked, row.asked_at))


def back_from(case: InformationRequest, part: str) -> str:
    """To the list that a form belongs to; to the request's parts while that list is empty.

    An empty list leads straight to its first form, which would lead back to itself.
    """
    is_empty = {"needs": lambda: not needs_of(case), "child": lambda: not has_children(case)}
    to_parts = part in is_empty and is_empty[part]()
    return reverse("requests:case" if to_parts else f"requests:{part}", args=[case.pk])


def has_children(case: InformationRequest) -> bool:
    """Whether any child or young person is named yet."""
    current = case.subjects.filter(status=Subject.Status.CURRENT)
    return bool(current.filter(role=PersonRole.CHILD).exists())


def tasks_of(case: InformationRequest) -> list[dict[str, Any]]:
    """The parts of a request as a list of tasks."""
    return [_task(case, part) for part in parts_of(case)]


def _task(case: InformationRequest, part: Part) -> dict[str, Any]:
    status, colour = _("Completed"), ""
    if not part.done:
        status, colour = (
            (_("Optional"), "grey") if part.optional else (_("Not yet started"), "blue")
        )
    task = {"title": part.title, "status": status, "colour": colour}
    if part.code == "rating" and not case.is_rated_by_requester:
        return task | {"hint": _("The front door rates it now.")}
    return task | {"href": reverse(f"requests:{part.code}", args=[case.pk])}


def missing_of(case: InformationRequest) -> list[dict[str, Any]]:
    """The parts that must be there and are not, each with where to fill it in."""
    return [
        {"title": part.title, "href": reverse(f"requests:{part.code}", args=[case.pk])}
        for part in parts_of(case)
        if not (part.done or part.optional)
    ]


def consent_so_far(case: InformationRequest, answer: str = "") -> tuple[dict[str, Any], bool]:
    """What the form about consent begins with, and whether that is only suggested.

    In an emergency consent is not sought, because the delay could harm a child: that is
    suggested where nothing has been said yet (P-TIMELY).
    """
    consent = getattr(case, "consent", None)
    if consent is not None:
        names = ("answer", "asked_of", "covers", "how", "on", "why_not", "explanation")
        same = answer in ("", consent.answer)
        return ({name: getattr(consent, name) for name in names} if same else {}), False
    if case.rating == Rating.RED and answer in ("", ConsentAnswer.NOT_SOUGHT):
        return {"answer": ConsentAnswer.NOT_SOUGHT, "why_not": NotSoughtReason.DELAY}, True
    return {}, False


CONSENT_TITLES = {
    ConsentAnswer.GIVEN: gettext_lazy("Consent was given"),
    ConsentAnswer.REFUSED: gettext_lazy("Consent was refused"),
    ConsentAnswer.WITHDRAWN: gettext_lazy("Consent was given, and later withdrawn"),
    ConsentAnswer.NOT_SOUGHT: gettext_lazy("Consent was not sought"),
    ConsentAnswer.NOT_ABLE: gettext_lazy("The person is not able to give consent"),
}


def consent_title(answer: str) -> str:
    """The answer as a heading."""
    return str(CONSENT_TITLES[ConsentAnswer(answer)])


def safe_name(file: Attachment) -> str:
    """A name under which a file may be saved anywhere: no folders, and the ending of its kind."""
    name = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in file.name)
    path = PurePath(name.strip(" .") or "file")
    kind = KINDS[file.kind]
    suffix = path.suffix if path.suffix.lower() in kind.suffixes else kind.suffixes[0]
    return f"{path.stem[:LONGEST_NAME]}{suffix}"


def details_of(person: Subject) -> list[dict[str, Any]]:
    """What is known of a person, as rows."""
    return rows_of(person.details())
