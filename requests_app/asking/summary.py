"""A whole request to read, part by part: for checking it, and once it has been sent."""

from dataclasses import dataclass, field
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from requests_app.asking.selectors import questions_of
from requests_app.choices import PersonRole
from requests_app.models import InformationRequest
from requests_app.people.selectors import ROLES, details_of, people_of
from requests_app.request_fields import asked_on
from requests_app.selectors import files_of, needs_of


@dataclass
class Card:
    """One part of a request to read: rows of key and value, and where to change them."""

    title: Any
    rows: list[dict[str, Any]] = field(default_factory=list)
    href: str = ""
    empty: Any = ""


def cards_of(case: InformationRequest, *, change: bool = False) -> list[Card]:
    """The whole request to read; with ``change``, each card leads to where it is changed."""
    cards = [
        *_people_cards(case),
        _card(_("What it is for"), "purpose", _said("purpose", case)),
        _card(_("What is needed, and why"), "needs", _needs(case), _("Nothing yet")),
        _card(_("How urgent it is"), "rating", _said("rating", case)),
        _card(_("Consent"), "consent", _consent(case), _("Not yet answered")),
        _card(_("Parents or carers told"), "parents", _said("parents", case)),
        _card(_("Files"), "files", _files(case), _("No files")),
    ]
    if answers := _answers(case):
        cards.append(_card(_("Questions from the front door"), "questions", answers))
    for card in cards:
        fixed = not change or (card.href == "rating" and not case.is_rated_by_requester)
        there = reverse(f"requests:{card.href}", args=[case.pk])
        card.href = "" if fixed else f"{there}?next=review"
    return cards


def _card(title: str, part: str, rows: list[dict[str, Any]], empty: str = "") -> Card:
    return Card(title, rows, part, empty)


def _row(key: Any, value: Any, **more: Any) -> dict[str, Any]:
    return {"key": key, "value": value or _("Not yet answered"), **more}


def _people_cards(case: InformationRequest) -> list[Card]:
    people = people_of(case)
    cards = [
        Card(person.get_role_display(), details_of(person), ROLES[person.role].part)
        for person in people
    ]
    roles = {person.role for person in people}
    if PersonRole.CHILD not in roles:
        cards.insert(0, Card(_("Child or young person"), [], "child", _("Nobody yet")))
    if not roles - {PersonRole.CHILD}:
        title = _("Connected people, and people who may pose a risk")
        cards.append(Card(title, [], "others", _("Nobody named")))
    return cards


def _said(part: str, row: Any) -> list[dict[str, Any]]:
    """What was said, and what is due and was not."""
    asked = ((each, each.said(row)) for each in asked_on(part) if each.belongs(row))
    return [_row(each.card, said) for each, said in asked if said or each.is_due]


def _needs(case: InformationRequest) -> list[dict[str, Any]]:
    return [_row(need.fact, _("Needed because: %s") % need.why) for need in needs_of(case)]


def _consent(case: InformationRequest) -> list[dict[str, Any]]:
    consent = getattr(case, "consent", None)
    return _said("consent", consent) if consent else []


def _files(case: InformationRequest) -> list[dict[str, Any]]:
    return [
        _row(
            file.name,
            f"{file.get_kind_display()}, {filesizeformat(file.size)}",
            href=reverse("requests:file", args=[case.pk, file.pk]),
            change=_("Download"),
            hidden=file.name,
        )
        for file in files_of(case)
    ]


def _answers(case: InformationRequest) -> list[dict[str, Any]]:
    return [_row(row.question, row.answer) for row in questions_of(case)]
