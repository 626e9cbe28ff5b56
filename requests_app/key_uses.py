"""What of the requests keys are needed for, beside sealed columns: the attached files."""

from collections.abc import Iterator
from uuid import UUID

from encryption.uses import KeyUse
from requests_app.models import Attachment


def _files() -> Iterator[tuple[UUID, UUID]]:
    kept = Attachment.objects.filter(status=Attachment.Status.KEPT)
    yield from kept.values_list("case_id", "pk").iterator()


USES = [KeyUse("attached files", files=_files)]
