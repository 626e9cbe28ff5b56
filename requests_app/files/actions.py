"""Several files at once, each sealed into the case."""

import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from agencies.acting import Actor
from requests_app.models import Attachment, InformationRequest
from requests_app.request_parts.actions import attach_file


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
