"""A disposal up to its waiting time: a list, a second person, and a way back (domain rule 10)."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.acting import Actor
from requests_app.models import InformationRequest
from retention.disposal.reckoning import reckon
from retention.models import Disposal, DisposalList
from retention.transitions import DISPOSAL, LIST
from workflow.act import act
from workflow.transitions import AlreadyMade, TransitionRefused, idempotent


@idempotent
def list_for_disposal(
    cases: Iterable[InformationRequest], *, by: Actor, idempotency_key: UUID
) -> DisposalList:
    """Put records whose time is over on a list that a second person approves; nothing is destroyed.

    Raises TransitionRefused where one of them is not due, is held, or is on a list already.
    """
    listed = DisposalList(id=idempotency_key, desk=by.agency, listed_by=by.user)
    in_order = sorted(cases, key=lambda each: each.pk)  # two who list at once wait in one order
    try:
        with act(apart=True):
            LIST.make("list", listed, by=by)
    except AlreadyMade:
        _only_the_same(listed, in_order)
        raise
    for case in in_order:
        _list_one(case, listed, by)
    return listed


def _only_the_same(listed: DisposalList, cases: list[InformationRequest]) -> None:
    """The list of before stands only for the records on it, and while they still are."""
    lines = Disposal.objects.filter(list=listed.pk).exclude(status=Disposal.Status.KEPT)
    if set(lines.values_list("case_id", flat=True)) != {case.pk for case in cases}:
        raise TransitionRefused(
            _("This page was sent before, with other records on it. Open it again to list more.")
        )


def _list_one(case: InformationRequest, listed: DisposalList, by: Actor) -> None:
    line = Disposal(
        id=uuid5(listed.pk, str(case.pk)),
        case=case,
        list=listed,
        reference=case.reference,
        due_on=timezone.localdate(),
    )
    with DISPOSAL.making("list", line, by=by):
        [found] = reckon([line.case])
        on_another = Disposal.objects.filter(case=line.case).exclude(status=Disposal.Status.KEPT)
        if on_another.exists():
            raise TransitionRefused(_("%s is on a disposal list already.") % case.reference)
        if not found.can_go or found.due_on is None:
            raise TransitionRefused(
                _("%s cannot be listed: it is not due yet, or something prevents it.")
                % case.reference
            )
        line.due_on, line.because = found.due_on, found.because


@idempotent
def approve_disposal(listed: DisposalList, *, by: Actor) -> DisposalList:
    """The second person's word; from now on the waiting time runs."""
    with LIST.making("approve", listed, by=by):
        listed.approved_by = by.user
        listed.not_before = timezone.now() + timedelta(days=settings.DISPOSAL_WAIT_DAYS)
    return listed


@idempotent
def refuse_disposal(listed: DisposalList, *, by: Actor) -> DisposalList:
    """The second person does not agree; the front door cancels the list and may make another."""
    LIST.make("refuse", listed, by=by)
    return listed


@idempotent
def cancel_disposal(listed: DisposalList, *, by: Actor) -> DisposalList:
    """Take the whole list back while nothing on it is being destroyed."""
    with LIST.making("cancel", listed, by=by):
        lines = list(listed.lines.order_by("case_id"))
        if any(line.status == Disposal.Status.DESTROYING for line in lines):
            raise TransitionRefused(_("Its records are being destroyed. It cannot be cancelled."))
        for line in lines:
            if line.status == Disposal.Status.LISTED:
                DISPOSAL.make("keep", line, by=by)
    return listed
