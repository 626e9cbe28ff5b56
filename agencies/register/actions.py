"""The register of agencies: listed, changed, gone; who holds its posts; when they are closed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.models import Agency, Closure, Contact
from agencies.register.selectors import domains_in_use
from agencies.register.transitions import AGENCY, CLOSURE, CONTACT
from agencies.second_person.actions import propose_domain
from agencies.second_person.selectors import domains_waiting
from workflow.act import act
from workflow.locking import hold
from workflow.transitions import TransitionRefused, idempotent
from workflow.versions import ChangedMeanwhile, only_if_unchanged

PUBLISHED = (
    "name",
    "kind",
    "controller",
    "phone",
    "secure_email",
    "domains",
    "privacy_notice",
    "opens",
    "closes",
    "open_days",
)
OF_A_POST = ("name", "job_title", "email", "phone")
REQUIRED_POSTS = (Contact.Post.SPOC, Contact.Post.MANAGER)


@idempotent
def list_agency(
    *,
    by: Actor,
    idempotency_key: UUID,
    values: Mapping[str, Any],
    posts: Mapping[str, Mapping[str, str]],
) -> Agency:
    """Put an agency on the register, with its single point of contact and its manager.

    It takes part from the day it signs the agreement, and not before (ISA-2.1).
    """
    _refuse_without_the_required(posts)
    agency = Agency(id=idempotency_key)
    _fill(agency, values)
    with a_name_of_its_own():
        AGENCY.make("list", agency, by=by)
    for post, holder in posts.items():
        CONTACT.make("name", Contact(agency=agency, post=post, **holder), by=by)
    return agency


@idempotent
def change_agency(
    agency: Agency, *, by: Actor, values: Mapping[str, Any], expected_version: int | None
) -> Agency:
    """Correct what is said of an agency; a domain more waits for a second person."""
    hold(agency)
    more = set(values.get("domains", ())) - set(agency.domains)
    for domain in sorted(more - domains_waiting(agency)):
        only_if_unchanged(
            agency, expected_version=expected_version, now=agency.version, written=values
        )
        propose_domain(agency, domain, by=by)
    if more:
        values = {**values, "domains": [each for each in values["domains"] if each not in more]}
    if expected_version == agency.version and all(
        getattr(agency, n) == v for n, v in values.items()
    ):
        return agency
    with a_name_of_its_own(), AGENCY.making("change", agency, by=by):
        only_if_unchanged(
            agency, expected_version=expected_version, now=agency.version, written=values
        )
        # Read again while the agency is held: somebody may have been asked in since the page.
        if domains_in_use(agency, values.get("domains", agency.domains)):
            raise TransitionRefused(
                _("People of this agency have addresses in a domain that would go.")
            )
        _fill(agency, values)
    return agency


@idempotent
def fill_post(
    agency: Agency,
    *,
    by: Actor,
    idempotency_key: UUID,
    post: str,
    holder: Mapping[str, str],
    expected_version: int | None = None,
) -> Contact:
    """Say who holds a post from now on; whoever held it is replaced in the same act.

    A post is never emptied (ISA-4.3-SPOC). ``expected_version`` is how many had held it
    when the page was opened.
    """
    hold(agency)
    contact = Contact(id=idempotency_key, agency=agency, post=post, **holder)
    if Contact.objects.filter(pk=idempotency_key).exists():
        CONTACT.make("name", contact, by=by)  # says what became of the first one
    so_far = Contact.objects.filter(agency=agency, post=post)
    current = so_far.filter(status=Contact.Status.CURRENT).first()
    if current and all(getattr(current, name) == holder.get(name, "") for name in OF_A_POST):
        return current
    if expected_version is not None and expected_version != so_far.count():
        raise ChangedMeanwhile
    if current:
        CONTACT.make("replace", current, by=by)
    CONTACT.make("name", contact, by=by)
    return contact


@idempotent
def plan_closure(
    agency: Agency, *, by: Actor, idempotency_key: UUID, starts: date, ends: date, **answers: str
) -> Closure:
    """Note days on which an agency is closed, and who answers instead; two never overlap."""
    hold(agency)
    closure = Closure(id=idempotency_key, agency=agency, starts=starts, ends=ends, **answers)
    if not Closure.objects.filter(pk=idempotency_key).exists() and overlapping(
        agency, starts, ends
    ):
        raise TransitionRefused(_("The agency is closed on some of these days already."))
    CLOSURE.make("plan", closure, by=by)
    return closure


@idempotent
def withdraw_closure(closure: Closure, *, by: Actor) -> Closure:
    """Take a closure back."""
    CLOSURE.make("withdraw", closure, by=by)
    return closure


@idempotent
def leave(agency: Agency, *, by: Actor, reason: str, expected_version: int | None) -> Agency:
    """An agency leaves the partnership. What it owes can still be answered (docs/adr/0041)."""
    with AGENCY.making("leave", agency, by=by, reason=reason):
        refuse_while_it_has_a_part(agency)
        only_if_unchanged(
            agency,
            expected_version=expected_version,
            now=agency.version,
            written={"status": "left"},
        )
    return agency


def overlapping(agency: Agency, starts: date, ends: date) -> bool:
    """Whether a planned closure of the agency covers any of these days."""
    planned = Closure.objects.filter(agency=agency, status=Closure.Status.PLANNED)
    return planned.filter(starts__lte=ends, ends__gte=starts).exists()


def refuse_while_it_has_a_part(agency: Agency) -> None:
    """The partnership cannot be without its front door, a statutory partner or its office."""
    if agency.keeps_register:
        raise TransitionRefused(_("This agency keeps the register, so it has to stay on it."))
    if agency.is_front_door or agency.is_statutory_partner:
        raise TransitionRefused(
            _(
                "This agency is the front door or a statutory partner. "
                "Choose another one on the page about the partnership first."
            )
        )


@contextmanager
def a_name_of_its_own() -> Iterator[None]:
    """Two agencies on the register never bear one name, also when both are typed at once."""
    try:
        with act(apart=True):
            yield
    except IntegrityError as fault:
        if "agency_name_once" not in str(fault):
            raise
        raise TransitionRefused(_("Another agency of this name is on the register.")) from None


def _fill(agency: Agency, values: Mapping[str, Any]) -> None:
    for name in PUBLISHED:
        if name in values:
            setattr(agency, name, values[name])


def _refuse_without_the_required(posts: Mapping[str, Mapping[str, str]]) -> None:
    if any(not posts.get(post) for post in REQUIRED_POSTS):
        raise TransitionRefused(
            _("An agency needs a single point of contact and a responsible manager.")
        )
