"""The guidance on confidentiality and consent: drafted, brought into force, acknowledged."""

from uuid import UUID, uuid5

from django.utils import timezone

from agencies.acting import Actor
from agencies.guidance.transitions import ACKNOWLEDGEMENT, GUIDANCE
from agencies.models import Acknowledgement, Guidance, Partnership
from workflow.locking import hold
from workflow.transitions import idempotent
from workflow.versions import only_if_unchanged

Status = Guidance.Status


@idempotent
def draft_guidance(*, by: Actor, idempotency_key: UUID, title: str, text: str) -> Guidance:
    """Begin a draft."""
    guidance = Guidance(id=idempotency_key, title=title, text=text)
    GUIDANCE.make("draft", guidance, by=by)
    return guidance


@idempotent
def change_guidance(
    guidance: Guidance, *, by: Actor, title: str, text: str, expected_version: int | None
) -> Guidance:
    """Change a draft, unless somebody else has since the page was opened."""
    said = {"title": title, "text": text}
    with GUIDANCE.making("change", guidance, by=by):
        only_if_unchanged(
            guidance, expected_version=expected_version, now=guidance.version, written=said
        )
        guidance.title, guidance.text = title, text
    return guidance


@idempotent
def bring_into_force(guidance: Guidance, *, by: Actor) -> Guidance:
    """From now on nobody opens a case before they have acknowledged this one (ISA-7.6)."""
    # One at a time, so that there is always one in force and never two.
    Partnership.objects.select_for_update().filter(pk=Partnership.ONLY).first()
    hold(guidance)
    if guidance.status == Status.DRAFT:
        for earlier in Guidance.objects.filter(status=Status.IN_FORCE):
            GUIDANCE.make("supersede", earlier, by=by)
    with GUIDANCE.making("come_into_force", guidance, by=by):
        guidance.in_force_from = timezone.localdate()
    return guidance


@idempotent
def acknowledge(guidance: Guidance, *, by: Actor) -> Acknowledgement:
    """Say in one's own name that one has read it: once, for all agencies one acts for."""
    given = Acknowledgement.objects.filter(user=by.user, guidance=guidance).first()
    if given is not None:
        return given
    # Whoever changes the guidance waits for those who are just acknowledging it, and they for them.
    hold(guidance)
    acknowledgement = Acknowledgement(
        id=uuid5(guidance.pk, str(by.user.pk)), user=by.user, guidance=guidance
    )
    ACKNOWLEDGEMENT.make("give", acknowledgement, by=by)
    return acknowledgement
