"""What is done to a record whose waiting time is over. Nobody's act: two people decided it before.

The order matters, since it may be killed after each step and is run again: the line says that it
has begun; the case is entered on the register of disposals, which no restore touches; the key is
destroyed; files and match tokens go; the line becomes the certificate. A record whose line has
begun is always finished, unless its list is refused: one that is not as the ledger has it was
perhaps approved by nobody. Run by ``manage.py disposals carry-out`` as ``portal_disposals``, since
no other process may destroy a key (docs/adr/0099).
"""

import logging
from collections.abc import Callable, Collection
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit.ledger.one_row import is_as_recorded
from backups.keys import KEYSTORE
from backups.pruning import gone_from
from encryption.casekeys import destroy_case_key
from encryption.disposals import enter, entries, lacking, replay
from encryption.errors import KeyMissing, RegisterFault
from encryption.files import remove_file
from outbox.post import post
from requests_app.models import Attachment, InformationRequest, MatchToken
from retention.disposal.reckoning import is_in_the_way
from retention.models import Disposal, DisposalList, DisposalStatement
from workflow.bootstrap import save_unattended_as
from workflow.locking import hold

Status = Disposal.Status
TO_DO = (Status.LISTED, Status.DESTROYING)
SHOWN = 10  # references in a message
logger = logging.getLogger(__name__)


class ListRefused(Exception):
    """A list of disposals, or a line of it, is not as at its last step; the text says which."""


def waiting() -> int:
    """How many records are to be destroyed now."""
    return _ready().count()


def carry_out(step: Callable[[int], None] = lambda _done: None) -> tuple[int, int]:
    """Destroy every record whose waiting time is over; how many were, and how many were kept.

    A record that was put on hold, or in which something is open again, is taken off its list.
    One of which the keystore has no key stays begun, without a certificate, and keeps back no
    other: KeyMissing says so at the end. Nor does a list that is not as the ledger has it:
    ListRefused says so at the end. Raises RegisterFault before anything is destroyed that could
    not be entered.
    """
    destroyed = kept = 0
    unknown: list[str] = []
    refused = _refused()
    for done, line in enumerate(_ready(), start=1):
        try:
            if line.list_id in refused:
                pass
            elif _begin(line):
                _destroy(line)
                destroyed += 1
            else:
                kept += 1
        except KeyMissing:
            unknown.append(line.case.reference)
        except ListRefused as fault:
            refused[line.list_id] = str(fault)
        step(done)
    _finish_lists(refused)
    for said in refused.values():
        logger.error(said)
    if unknown:
        raise KeyMissing(" ".join([_without_a_key(destroyed, kept, unknown), *refused.values()]))
    if refused:
        raise ListRefused(" ".join([_said(destroyed, kept), *refused.values()]))
    return destroyed, kept


def _refused() -> dict[UUID, str]:
    """The lists of which nothing is destroyed, with what is to be said of each.

    Each is held meanwhile: of a row that another run changes between its reading and that of its
    leaf, the two would not agree.
    """
    refused = {}
    for pk in list(_due_lists().values_list("pk", flat=True)):
        with transaction.atomic():
            listed = DisposalList.objects.select_for_update().get(pk=pk)
            lines = listed.lines.filter(status__in=TO_DO).select_for_update()
            try:
                _hold_against_ledger(listed, *lines)
            except ListRefused as fault:
                refused[pk] = str(fault)
    return refused


def _hold_against_ledger(listed: DisposalList, *lines: Disposal) -> None:
    if not all(is_as_recorded(row) for row in (listed, *lines)):
        raise ListRefused(
            f"Nothing on list {listed.reference} is destroyed: it, or a line of it, is not as the "
            "ledger has it. Run `manage.py ledger verify-live`, which says what was changed."
        )


def _said(destroyed: int, kept: int) -> str:
    return f"Records destroyed: {destroyed}. Taken off their list: {kept}."


def _without_a_key(destroyed: int, kept: int, unknown: list[str]) -> str:
    return (
        f"{_said(destroyed, kept)} Of {len(unknown)} the keystore has no key, so there is none to "
        f"destroy: {', '.join(unknown[:SHOWN])}"
        f"{', and others' if len(unknown) > SHOWN else ''}. Their lines stay open, and nothing "
        "says that they are destroyed: a copy of the key may be elsewhere. See that this is the "
        "right keystore, restore the newest backup of it that holds them, and run this again."
    )


def replay_all() -> int:
    """Do over every disposal on the register, which has to be there; how many it names.

    Raises RegisterFault.
    """
    known = {entry.case_id for entry in entries(must_be_there=True)}
    if count := lacking():
        raise RegisterFault(
            f"The register of disposals is an older one: {count} of the cases that are destroyed "
            "in the keystore are not on it. Bring the newest from where it is kept: without it, "
            "what was disposed of since would be readable again."
        )
    replay()
    replay_files_and_tokens()
    return len(known)


def replay_files_and_tokens() -> int:
    """Take away what a restored backup of the records has brought back; how much there was.

    Goes by the register, not by the lists: the backup may be from before the list was made.
    """
    return sum(_take_away(entry.case_id) for entry in entries())


def _ready() -> QuerySet[Disposal]:
    rows: QuerySet[Disposal] = Disposal.objects.filter(
        status__in=TO_DO,
        list__status=DisposalList.Status.APPROVED,
        list__not_before__lte=timezone.now(),
    )
    return rows.select_related("list").order_by("list", "case_id")


def _begin(line: Disposal) -> bool:
    """Whether the record is to be destroyed: its list still stands, and nothing is in the way."""
    with transaction.atomic():
        # The list first and then the case, as whoever cancels does.
        listed = DisposalList.objects.select_for_update().get(pk=line.list_id)
        before = hold(line)
        _hold_against_ledger(listed, line)  # once more: now nobody else can change them
        if before == Status.DESTROYING:
            return True
        if before != Status.LISTED or listed.status != DisposalList.Status.APPROVED:
            return False
        if obstacle := is_in_the_way(line.case):
            line.status = Status.KEPT
            save_unattended_as("kept_at_last", line, before, obstacle=obstacle)
            return False
        line.status = Status.DESTROYING
        line.tokens = MatchToken.objects.filter(case=line.case).count()
        line.files = Attachment.objects.filter(case=line.case).count()
        save_unattended_as("begun", line, before)
        return True


def _destroy(line: Disposal) -> None:
    enter(line.case_id, line.list_id)
    destroy_case_key(line.case_id)
    _take_away(line.case_id)
    with transaction.atomic():
        if hold(line) != Status.DESTROYING:
            return  # another run was quicker
        now = timezone.now()
        line.status, line.destroyed_at = Status.DESTROYED, now
        line.key_gone_on = gone_from(KEYSTORE, now)
        save_unattended_as(
            "destroyed", line, Status.DESTROYING, files=line.files, tokens=line.tokens
        )
        for agency in _receivers(line.case):
            _ask(line, agency)


def _take_away(case_id: UUID) -> int:
    """The files and match tokens of a case; how many of either there were."""
    gone = 0
    for file_id in Attachment.objects.filter(case=case_id).values_list("pk", flat=True):
        remove_file(file_id=file_id)
    gone, _by_model = MatchToken.objects.filter(case=case_id).delete()
    return gone


def _receivers(case: InformationRequest) -> list[UUID]:
    """The agencies that hold a copy: whoever got something released, and whoever was asked."""
    asked = set(case.agency_checks.values_list("holder_id", flat=True))
    return sorted(asked | ({case.agency_id} if case.releases.exists() else set()))


def _ask(line: Disposal, agency: UUID) -> None:
    row = DisposalStatement(
        id=uuid5(line.pk, str(agency)),
        case=line.case,
        agency_id=agency,
        reference=_known_by(line.case, agency),
        status=DisposalStatement.Status.ASKED,
        asked_at=timezone.now(),
    )
    save_unattended_as("asked", row, "")
    post("statement.asked", about=row)


def _known_by(case: InformationRequest, agency: UUID) -> str:
    """The reference that this agency knows: of its check, unless the request was its own."""
    if agency == case.agency_id:
        return case.reference
    check = case.agency_checks.filter(holder=agency).order_by("sent_at").first()
    return check.reference if check else case.reference


def _due_lists() -> QuerySet[DisposalList]:
    rows: QuerySet[DisposalList] = DisposalList.objects.filter(
        status=DisposalList.Status.APPROVED, not_before__lte=timezone.now()
    )
    return rows


def _finish_lists(refused: Collection[UUID]) -> None:
    for listed in _due_lists().exclude(pk__in=refused).exclude(lines__status__in=TO_DO):
        with transaction.atomic():
            held = DisposalList.objects.select_for_update().get(pk=listed.pk)
            if held.status == DisposalList.Status.APPROVED and is_as_recorded(held):
                held.status = DisposalList.Status.DONE
                save_unattended_as("done", held, DisposalList.Status.APPROVED)
