"""One page with every component and every field, and one for each page of trouble."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import RequestContext, Template
from django.urls import include, path

from workflow.fields import (
    CleanText,
    Confirm,
    DateField,
    IdempotencyKeyField,
    RadioChoice,
    SelectChoice,
    TickChoices,
)
from workflow.files import FilesField
from workflow.times import TimeField

WHEN = dt.datetime(2026, 3, 27, 14, 5, tzinfo=dt.UTC)
LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle" * 2


class EveryField(forms.Form):
    """Every field there is."""

    idempotency_key = IdempotencyKeyField()
    name = CleanText(
        label="First name", max_length=20, width=20, name_in_errors="the child's first name"
    )
    why = CleanText(label="Why do you need this?", max_length=200, rows=4, help_text="In words")
    born = DateField(label="Date of birth", past=True, name_in_errors="the date of birth")
    at = TimeField(label="Time of birth", required=False, name_in_errors="the time of birth")
    told = RadioChoice(
        label="Have you told the family?",
        choices=[("yes", "Yes"), ("no", "No", "You will be asked why")],
        reveals={"no": "why_not"},
        name_in_errors="whether the family were told",
    )
    why_not = CleanText(label="Why not", max_length=50, required=False)
    urgent = RadioChoice(label="Is it urgent?", choices=[("y", "Yes"), ("n", "No")], inline=True)
    purposes = TickChoices(
        label="Purposes",
        choices=[("a", "Learning"), ("b", "An audit", "A multi-agency one")],
        name_in_errors="at least one purpose",
    )
    agency = SelectChoice(
        label="Agency",
        choices=[("a", "Anytown Oak School"), ("b", LONG)],
        name_in_errors="an agency",
    )
    sure = Confirm(label="I confirm that this is needed")
    files = FilesField(label="Files", required=False)
    password = forms.CharField(widget=forms.PasswordInput, label="Password")


class HeadingForm(forms.Form):
    """One question a page: its label is the heading."""

    told = RadioChoice(
        label="Have you told the family?", heading=True, choices=[("yes", "Yes"), ("no", "No")]
    )


PIECES = {
    "rows": [
        {"key": "Name", "value": "Alex Invented", "href": "#", "hidden": "name"},
        {"key": "What happened", "value": f"First line\nSecond line <b>&</b>\n{LONG}"},
    ],
    "tasks": [
        {"title": "The child", "href": "#", "status": "Completed"},
        {"title": "Purpose", "href": "#", "hint": "Why", "status": "To do", "colour": "blue"},
        {
            "title": "Whether the parents or carers have been told",
            "href": "#",
            "status": "Not yet started",
            "colour": "blue",
        },
        {"title": "Send", "status": "Cannot start yet"},
    ],
    "entries": [
        {"title": "Request sent", "by": "Rita Requester", "when": WHEN, "text": "One\nTwo"},
        {"title": "Draft begun", "by": "Rita Requester", "when": WHEN},
    ],
    "crumbs": [{"href": "#", "text": "Requests"}, {"href": "#", "text": "IR-2026-0001"}],
    "date": dt.date(2026, 3, 27),
    "long": LONG,
    "navigation": [
        {"text": "Requests to triage", "href": "#1", "active": True, "count": 12},
        {"text": "Agency checks", "href": "#2", "active": False, "count": 0},
        {"text": "My agency's requests", "href": "#3", "active": False},
        {"text": "Scrutiny", "href": "#4", "active": False, "count": 3},
    ],
}


class Invented:
    """Somebody signed in, without a row."""

    is_authenticated = True

    def __str__(self) -> str:
        return "Rita Requester"


@dataclass
class Agency:
    """An agency without a row."""

    pk: int
    name: str

    def __str__(self) -> str:
        return self.name


CHOICES = [
    Agency(1, "Anytown Oak School"),
    Agency(2, "Anytown and District Community Health Care Trust"),
]
FRAME = {"user": Invented(), "acting": {"current": CHOICES[0], "choices": CHOICES}}


@login_not_required
def sampler(request: HttpRequest) -> HttpResponse:
    """Every component, and every field; posted empty, every error."""
    form = EveryField(request.POST, request.FILES) if request.method == "POST" else EveryField()
    source = Path(__file__).with_name("sampler.html").read_text()
    context = RequestContext(request)
    context.update({**PIECES, **FRAME, "form": form})  # over what the context processors say
    return HttpResponse(Template(source).render(context), status=422 if form.errors else 200)


@login_not_required
def heading(request: HttpRequest) -> HttpResponse:
    """A page of one question."""
    source = '{% extends "base.html" %}{% block content %}{{ form }}{% endblock %}'
    return HttpResponse(Template(source).render(RequestContext(request, {"form": HeadingForm()})))


@login_not_required
def trouble(request: HttpRequest, name: str) -> HttpResponse:
    """One of the pages of trouble."""
    context = {
        "what": "Somebody else decided this two minutes ago.",
        "kept": [("Reasons", "What I typed\nin two lines"), ("More", LONG)],
        "back": "/sampler",
    }
    return render(request, f"{name}.html", context)


@login_not_required
def choose(request: HttpRequest) -> HttpResponse:
    """Where the header's form goes."""
    return HttpResponse(status=204)


urlpatterns = [
    path("sampler", sampler),
    path("heading", heading),
    path("trouble/<path:name>", trouble),
    path("look/acting", choose, name="acting"),
    path("look/accessibility", trouble, {"name": "portal/accessibility"}, name="accessibility"),
    path("accounts/", include("portal.account_urls")),
    path("accounts/second-factor/", include("authentication.mfa.urls")),
    path("", include("authentication.sessions.urls")),
]
