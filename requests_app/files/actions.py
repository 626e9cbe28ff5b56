"""Files sealed into the case, several at once, and taken out again."""

import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.acting import Actor
from encryption.files import seal_file
from encryption.uploads import sniffed_kind
from requests_app.models import Attachment, InformationRequest
from requests_app.transitions import ATTACHMENT
from workflow.transitions import TransitionRefused, idempotent


@transaction.atomic
def attach_files(
    case: InformationRequest,
    *,
    by: Actor,
    idempotency_key: UUID,
    uploads: Iterable["UploadedFile[Any]"],
) -> list[Attachment]:
    """Attach all of them or, if one may not be, none.

    A form posted twice attaches each file once; the same page sent again with another file
    attaches that one too, since a file's id follows from its name and content as well.
    """
    return [
        attach_file(case, by=by, idempotency_key=_id_of(idempotency_key, upload), upload=upload)
        for upload in uploads
    ]


def _id_of(idempotency_key: UUID, upload: "UploadedFile[Any]") -> UUID:
    upload.seek(0)
    digest = hashlib.sha256(upload.read()).hexdigest()
    upload.seek(0)
    return uuid5(idempotency_key, f"{upload.name}\n{digest}")


@idempotent
def attach_file(
    case: InformationRequest, *, by: Actor, idempotency_key: UUID, upload: "UploadedFile[Any]"
) -> Attachment:
    """Seal a file into the case. Raises TransitionRefused for a type that is not allowed."""
    kind = sniffed_kind(upload.name or "", upload.read())
    upload.seek(0)
    if kind is None:
        raise TransitionRefused(_("This type of file cannot be attached."))
    attachment = Attachment(id=idempotency_key, case=case, kind=kind, size=upload.size or 0)
    attachment.name = upload.name or ""
    with ATTACHMENT.making("add", attachment, by=by):
        seal_file(upload, case_id=case.id, file_id=idempotency_key)
    return attachment


@idempotent
def remove_file(attachment: Attachment, *, by: Actor) -> Attachment:
    """Take a file out of the request; nobody can open it any more."""
    ATTACHMENT.make("remove", attachment, by=by)
    return attachment
