"""Where people land, how they change the agency acted for, what the service says of itself."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.http import PortalRequest
from agencies.partnership.selectors import front_door_telephone, privacy_notices
from agencies.people.missing import lacking_here, who_mends
from agencies.permissions import Permission
from backups.places import are_made_here
from encryption.uploads import KINDS
from portal import form_recovery
from portal.acting import choose_agency, chosen_agency, for_everybody
from portal.checklist import left_to_do
from portal.home import cards
from portal.status import lines
from portal.unsent_forms import KeepForm, SlipForm
from retention.choices import MONTHS
from sessions import unsent
from workflow.gateway import require_permission_or_404
from workflow.pages import page, show
from workflow.scanning import NOBODY


@require_safe
def home(request: PortalRequest) -> HttpResponse:
    """What waits for this person, for the agency acted for."""
    missing = lacking_here(request.actor, request.standing)
    context = {
        "cards": cards(request.actor),
        "lacking": missing,
        "keepers": who_mends(missing, request.actor.agency, request.user),
        "agency": request.actor.agency,
        "may_ask": Permission.SEND_REQUEST in request.actor.permissions,
        "keeps_the_register": Permission.ADMINISTER in request.actor.permissions,
        "kept": form_recovery.kept_form(request) is not None,
        "demonstration": settings.DEMONSTRATION,
    }
    return show(request, "portal/home.html", context)


@require_safe
def status(request: PortalRequest) -> HttpResponse:
    """Whether the portal's own work is in time, for administrators."""
    require_permission_or_404(request.actor, Permission.ADMINISTER)
    context = {
        "lines": lines(),
        "left_to_do": left_to_do(),
        "makes_backups": are_made_here(),
        "scans_files": settings.FILE_SCANNER != NOBODY,
    }
    return show(request, "portal/status.html", context)


@require_POST
def acting(request: PortalRequest) -> HttpResponse:
    """Act for another of one's agencies; always back to the start, which is that agency's."""
    wanted = request.POST.get("agency", "")
    if not choose_agency(request, wanted):
        raise Http404
    agency = chosen_agency(request.acting_choices, wanted)
    messages.success(request, _("You now act for %s.") % agency)
    return redirect("home")


@for_everybody
@require_safe
def helping(request: HttpRequest) -> HttpResponse:
    """How the service is used, for everybody."""
    return show(request, "portal/help.html", {"kinds": [kind.name for kind in KINDS.values()]})


@for_everybody
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """Whom to call or write to, by day and by night, for everybody."""
    return show(request, "portal/contact.html", {"telephone": front_door_telephone()})


@for_everybody
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is done with personal data here, and whom to ask, for everybody."""
    context = {"notices": privacy_notices(), "months": MONTHS}
    return show(request, "portal/privacy.html", context)


@for_everybody
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, for everybody."""
    return show(request, "portal/accessibility.html")


@page
def kept(request: PortalRequest) -> HttpResponse:
    """What somebody typed before they were signed out: to send again, or to discard."""
    if request.method == "POST":
        messages.success(request, _("What you typed was discarded."))
        return form_recovery.forget(request, redirect("home"))
    return show(request, "portal/kept.html", {"draft": form_recovery.kept_form(request)})


@require_POST
def keep_unsent(request: PortalRequest) -> HttpResponse:
    """Keep what is typed on a page so far; a script of the page asks, and reads the status."""
    form = KeepForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return HttpResponse(status=422)
    kept = unsent.keep(request, form.cleaned_data["slip"], form.cleaned_data["typed"])
    return kept or HttpResponse(status=409)


@require_POST
def clear_unsent(request: PortalRequest) -> HttpResponse:
    """Give up what came back on a page, and show the page as it is saved."""
    form = SlipForm(request.POST, actor=request.actor)
    if not form.is_valid():
        messages.warning(request, _("This page is too old. Open it again."))
        return redirect("home")
    unsent.forget(form.cleaned_data["slip"])
    messages.success(request, _("What you had typed was deleted."))
    return redirect(form.cleaned_data["slip"].to)
