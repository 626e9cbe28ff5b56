"""Pages on which what an agency holds is listed, by title, before it is decided about."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from agencies.http import PortalRequest
from agencies.permissions import Permission
from requests_app.agency_checks.actions import refuse_if_withdrawn
from requests_app.agency_checks.beside import beside
from requests_app.items import actions
from requests_app.items.forms import ItemForm
from requests_app.policies import AGENCY_CHECKS, ITEMS
from sessions.unsent import kept_page, show_kept
from workflow.gateway import fetch_or_404
from workflow.pages import page, show

if TYPE_CHECKING:
    from requests_app.models import AgencyCheck, Item


def is_open(held: "Item") -> bool:
    """Whether it can be changed or taken off the list."""
    return held.status == held.Status.HELD and not held.agency_check.is_withdrawn


Then = Callable[[PortalRequest, "AgencyCheck", UUID], HttpResponse]


def _of_the_actor(request: PortalRequest, pk: UUID) -> "AgencyCheck":
    related = ("case__desk", "holder")
    return fetch_or_404(AGENCY_CHECKS, request.actor, Permission.ANSWER, related=related, pk=pk)


@kept_page
def add(request: PortalRequest, pk: UUID, then: Then | None = None) -> HttpResponse:
    """List something that is held; ``then`` goes on with the check and the page's own token."""
    agency_check = _of_the_actor(request, pk)
    if request.method != "POST" and agency_check.status != agency_check.Status.TAKEN:
        return redirect("requests:check", pk)
    refuse_if_withdrawn(agency_check)
    form = ItemForm(
        request.POST if request.method == "POST" else None,
        agency_check=agency_check,
        about=request.GET.get("question", ""),
    )
    if form.is_bound and form.is_valid():
        idempotency_key = form.cleaned_data["idempotency_key"]
        actions.list_item(
            agency_check, by=request.actor, idempotency_key=idempotency_key, **form.listed()
        )
        messages.success(request, _("Added to the list."))
        if then is not None:
            return then(request, agency_check, idempotency_key)
        return redirect("requests:check", pk)
    context = {"agency_check": agency_check, "title": _("Add information")}
    context["beside"] = beside(agency_check)
    return show_kept(request, "requests_app/items/form.html", context, form=form)


def _item_of(request: PortalRequest, pk: UUID, item: UUID) -> "Item":
    return fetch_or_404(
        ITEMS,
        request.actor,
        Permission.ANSWER,
        related=("agency_check__case__desk", "agency_check__holder"),
        pk=item,
        agency_check_id=pk,
    )


@kept_page
def change(request: PortalRequest, pk: UUID, item: UUID) -> HttpResponse:
    """Correct how something is listed."""
    held = _item_of(request, pk, item)
    if request.method != "POST" and not is_open(held):
        return redirect("requests:check", pk)
    refuse_if_withdrawn(held.agency_check)
    form = ItemForm(
        request.POST if request.method == "POST" else None,
        agency_check=held.agency_check,
        item=held,
    )
    if form.is_bound and form.is_valid():
        shown = form.cleaned_data["expected_version"]
        actions.change_item(held, by=request.actor, expected_version=shown, **form.listed())
        messages.success(request, _("Changed."))
        return redirect("requests:check", pk)
    context = {"agency_check": held.agency_check, "title": _("Change what is listed"), "item": held}
    context["beside"] = beside(held.agency_check)
    return show_kept(request, "requests_app/items/form.html", context, form=form)


@page
def remove(request: PortalRequest, pk: UUID, item: UUID) -> HttpResponse:
    """Take something off the list, after a page that asks."""
    held = fetch_or_404(
        ITEMS,
        request.actor,
        Permission.ANSWER,
        related=("agency_check",),
        pk=item,
        agency_check_id=pk,
    )
    if request.method == "POST":
        actions.drop_item(held, by=request.actor)
        messages.success(request, _("Removed from the list."))
        return redirect("requests:check", pk)
    if not is_open(held):
        return redirect("requests:check", pk)
    context = {"agency_check": held.agency_check, "item": held}
    return show(request, "requests_app/items/remove.html", context)
