"""The files of a request, and how one may be called elsewhere."""

from pathlib import PurePath

from encryption.uploads import KINDS
from requests_app.models import Attachment, InformationRequest

LONGEST_NAME = 120


def files_of(case: InformationRequest) -> list[Attachment]:
    """The files that are part of the request."""
    return list(case.attachments.filter(status=Attachment.Status.KEPT))


def safe_name(file: Attachment) -> str:
    """A name under which a file may be saved anywhere: no folders, and the ending of its kind."""
    name = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in file.name)
    path = PurePath(name.strip(" .") or "file")
    kind = KINDS[file.kind]
    suffix = path.suffix if path.suffix.lower() in kind.suffixes else kind.suffixes[0]
    return f"{path.stem[:LONGEST_NAME]}{suffix}"
