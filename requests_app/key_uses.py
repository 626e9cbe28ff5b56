"""What of the requests keys are needed for, beside sealed columns: the attached files."""

from collections.abc import Iterator
from uuid import UUID

from encryption.uses import KeyUse
from requests_app.models import Attachment


def _files() -> Iterator[tuple[UUID, UUID]]:
    kept = Attachment.objects.filter(status=Attachment.Status.KEPT)
    yield from kept.values_list("case_id", "pk").iterator()


def _files_of(case_id: UUID) -> Iterator[tuple[UUID, bool]]:
    # One that was taken out lies there still, though no page opens it.
    for attachment in Attachment.objects.filter(case_id=case_id).order_by("pk"):
        yield attachment.pk, attachment.status == Attachment.Status.KEPT


USES = [KeyUse("attached files", files=_files, files_of=_files_of)]
