"""Two entries of one agency become one: what the entry that is kept gets (docs/adr/0042)."""

from uuid import uuid5

from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.merging.selectors import closures_ahead, members_to_bring, posts_to_bring
from agencies.models import Agency, Membership, Vetting
from agencies.register.actions import (
    OF_A_POST,
    overlapping,
    plan_closure,
    refuse_while_it_has_a_part,
)
from agencies.register.transitions import AGENCY, BROUGHT_CHECK, BROUGHT_MEMBERSHIP, CONTACT
from agencies.roles import roles_of, roles_waiting
from agencies.second_person.actions import give_role, propose_domain
from agencies.second_person.selectors import domains_waiting
from workflow.locking import hold
from workflow.transitions import TransitionRefused, idempotent
from workflow.versions import only_if_unchanged

Status = Agency.Status


@idempotent
def merge(agency: Agency, *, into: Agency, by: Actor, expected_version: int | None) -> Agency:
    """Merge ``agency`` into ``into``; the merged entry keeps its history and its open work.

    Its people act for the kept entry once a second person has confirmed their roles there, as its
    domains, and still for the old one, so that what was theirs stays within reach. Both rows are
    locked in one order, whoever merges which way.
    """
    for row in sorted((agency, into), key=lambda each: each.pk):
        hold(row)
    with AGENCY.making("merge", agency, by=by, into=str(into.pk)):
        refuse_while_it_has_a_part(agency)
        _refuse_what_cannot_be_one(agency, into)
        only_if_unchanged(
            agency,
            expected_version=expected_version,
            now=agency.version,
            written={"status": "merged"},
        )
        agency.merged_into = into
    AGENCY.make("take_in", into, by=by, merged=str(agency.pk))
    for domain in sorted(set(agency.domains) - set(into.domains) - domains_waiting(into)):
        propose_domain(into, domain, by=by)
    _bring_posts(agency, into, by)
    _bring_closures(agency, into, by)
    for membership in members_to_bring(agency, into, by=by):
        _bring(membership, into, by)
    return agency


def _refuse_what_cannot_be_one(agency: Agency, into: Agency) -> None:
    if into.pk == agency.pk or into.status not in AGENCY.table["take_in"].start:
        raise TransitionRefused(_("Choose another entry that is on the register."))
    if agency.status == Status.SUSPENDED and into.status != Status.SUSPENDED:
        raise TransitionRefused(
            _("This entry is suspended. Lift the suspension, or suspend the other entry first.")
        )
    if agency.status == Status.TAKING_PART and into.status != Status.TAKING_PART:
        raise TransitionRefused(
            _("Only this entry takes part in the agreement. Merge the other one into it.")
        )


def _bring_posts(agency: Agency, into: Agency, by: Actor) -> None:
    for contact in posts_to_bring(agency, into):
        holder = {name: getattr(contact, name) for name in OF_A_POST}
        brought = type(contact)(
            id=uuid5(into.pk, str(contact.pk)), agency=into, post=contact.post, **holder
        )
        CONTACT.make("name", brought, by=by)


def _bring_closures(agency: Agency, into: Agency, by: Actor) -> None:
    for closure in closures_ahead(agency):
        if overlapping(into, closure.starts, closure.ends):
            continue
        plan_closure(
            into,
            by=by,
            idempotency_key=uuid5(into.pk, str(closure.pk)),
            starts=closure.starts,
            ends=closure.ends,
            answers=closure.answers,
            answers_phone=closure.answers_phone,
            answers_email=closure.answers_email,
        )


def _bring(membership: Membership, into: Agency, by: Actor) -> None:
    """The same person, roles and checks at the kept entry."""
    there = Membership.objects.filter(user=membership.user, agency=into).first()
    if there is None:
        there = Membership(
            id=uuid5(into.pk, str(membership.pk)),
            user=membership.user,
            agency=into,
            confirmed_until=membership.confirmed_until,
        )
        BROUGHT_MEMBERSHIP.make("bring", there, by=by)
        for check in membership.checks.filter(status=Vetting.Status.RECORDED):
            brought = Vetting(
                id=uuid5(there.pk, str(check.pk)),
                membership=there,
                kind=check.kind,
                made_on=check.made_on,
                made_by=check.made_by,
                expires=check.expires,
            )
            BROUGHT_CHECK.make("bring", brought, by=by)
    there_already = {*roles_of(there), *roles_waiting(there)}
    for role in roles_of(membership):
        if role not in there_already:
            give_role(there, role, by=by)
