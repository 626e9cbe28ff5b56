"""A bucket, and what it takes to speak to the object storage that has it."""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

AWS: Final = ".amazonaws.com"
# No dot in a name: the certificate of AWS is for one label before its own.
SAID: Final = re.compile(
    r"s3://([a-z0-9][a-z0-9-]{1,61}[a-z0-9])((?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)/?"
)


class NotABucket(ValueError):
    """What was said names no bucket; the text says how to."""


@dataclass(frozen=True)
class Bucket:
    """Where objects lie; ``prefix`` is empty or ends in a stroke, an empty endpoint is AWS's."""

    name: str
    prefix: str
    region: str
    endpoint: str = ""
    key_id: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    ca_file: str = ""

    @property
    def is_of_aws(self) -> bool:
        """Whether AWS itself keeps it, which names its regions as everybody knows them."""
        host = urlsplit(self.endpoint).hostname or ""
        return not self.endpoint or host.endswith(AWS)

    def below(self, name: str) -> "Bucket":
        """A part of it."""
        return Bucket(**{**vars(self), "prefix": f"{self.prefix}{name}/"})

    def __str__(self) -> str:
        return f"s3://{self.name}/{self.prefix}".rstrip("/")


def parsed(said: str) -> tuple[str, str]:
    """Name and prefix out of ``s3://name/prefix``. Raises NotABucket."""
    found = SAID.fullmatch(said)
    if not found:
        raise NotABucket(
            f"{said!r} names no bucket: write s3://name or s3://name/folder, of small letters, "
            "digits and hyphens."
        )
    folder = found[2].strip("/")
    return found[1], f"{folder}/" if folder else ""
