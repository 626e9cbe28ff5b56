"""Pages on which an agency answers several checks at once, and goes from one to the next."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from requests_app.agency_checks import several
from requests_app.agency_checks.forms import NotKnownForm
from requests_app.triage.owner_views import ids_of
from workflow.pages import show


@require_POST
def take_several(request: PortalRequest) -> HttpResponse:
    """Take on oneself what was chosen in the list."""
    rows, gone = _chosen(request)
    done, refused = several.take_each(rows, by=request.actor)
    said = ngettext("You took %s check.", "You took %s checks.", done) % done
    return _back(request, said if done else "", [*refused, *gone])


@require_POST
def not_known_several(request: PortalRequest) -> HttpResponse:
    """Answer that nobody in the chosen checks is known here; shows first whom to look for."""
    rows, gone = _chosen(request)
    form = NotKnownForm(request.POST if "searched" in request.POST else None)
    if not rows:
        return _back(request, "", gone or [_("Select at least one check first.")])
    sure = set(ids_of(request.POST.getlist("sure")))
    if form.is_bound and form.is_valid() and not sure:
        form.add_error(None, _("Tick each check in which nobody is known to your agency"))
    if form.is_bound and form.is_valid():
        searched, those = form.cleaned_data["searched"], [row for row in rows if row.pk in sure]
        done, refused = several.not_known_each(those, by=request.actor, searched=searched)
        said = ngettext(
            "Not known to this agency: your answer to %s check has been sent.",
            "Not known to this agency: your answers to %s checks have been sent.",
            done,
        )
        return _back(request, said % done if done else "", [*refused, *gone])
    context = {"rows": several.with_people(request.actor, rows), "sure": sure}
    return show(request, "requests_app/agency_checks/not_known_several.html", context, form=form)


@require_safe
def next_check(request: PortalRequest) -> HttpResponse:
    """To the check that is to be answered next."""
    _answers_or_404(request)
    if (row := several.next_of(request.actor)) is None:
        messages.success(request, _("No other check is waiting for you."))
        return redirect("requests:checks")
    return redirect("requests:check", row.pk)


def _answers_or_404(request: PortalRequest) -> None:
    if not several.may_answer_something(request.actor):
        raise Http404


def _chosen(request: PortalRequest) -> tuple[list[Any], list[str]]:
    """What was chosen and still waits, and what there is to say of the others."""
    _answers_or_404(request)
    ids = list(dict.fromkeys(ids_of(request.POST.getlist("chosen"))))
    rows = several.chosen_by(request.actor, ids[: several.MOST])
    said = []
    if missing := len(ids[: several.MOST]) - len(rows):
        words = ngettext(
            "%s check was left out: it has been answered, or it is not yours any more.",
            "%s checks were left out: they have been answered, or are not yours any more.",
            missing,
        )
        said.append(words % missing)
    if len(ids) > several.MOST:
        numbers = {"most": several.MOST, "more": len(ids) - several.MOST}
        said.append(_("Only %(most)s are done at once: %(more)s were left out.") % numbers)
    return rows, said


def _back(request: PortalRequest, said: str, refused: list[str]) -> HttpResponse:
    """To the list, which says what was done and what was not, and why."""
    if said:
        messages.success(request, said)
    for each in refused:
        messages.warning(request, each)
    return redirect("requests:checks")
