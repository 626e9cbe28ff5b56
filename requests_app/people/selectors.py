"""The people of a request as the pages that fill it in show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from requests_app.choices import PersonRole
from requests_app.details import rows_of
from requests_app.models import InformationRequest, Subject
from requests_app.whole import part_of


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
    return sorted(
        part_of(case, "subjects"),
        key=lambda each: (order.index(each.role), each.name, str(each.pk)),
    )


def groups_of(case: InformationRequest, roles: Iterable[str]) -> list[Group]:
    """The people in each of these roles, with what is known of them as rows."""
    people: list[Any] = people_of(case)
    for person in people:
        person.rows = details_of(person)
    return [Group(code, ROLES[code], [p for p in people if p.role == code]) for code in roles]


def has_children(case: InformationRequest) -> bool:
    """Whether any child or young person is named yet."""
    return any(person.role == PersonRole.CHILD for person in part_of(case, "subjects"))


def details_of(person: Subject) -> list[dict[str, Any]]:
    """What is known of a person, as rows."""
    return rows_of(person.details())


def back_from(case: InformationRequest, part: str) -> str:
    """To the list that a form belongs to; to the request's parts while no child is named.

    An empty list leads straight to its first form, which would lead back to itself.
    """
    is_empty = part == "child" and not has_children(case)
    return reverse("requests:case" if is_empty else f"requests:{part}", args=[case.pk])
