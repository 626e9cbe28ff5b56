"""Checkpoints as signed notes (C2SP signed-note and tlog-checkpoint), with Ed25519 keys."""

import binascii
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519: Final = b"\x01"
ID: Final = 4  # bytes of a key id
DASH: Final = "\N{EM DASH} "  # begins each line of signatures
AT: Final = "at "  # begins our first extension line
PREVIOUS: Final = "previous "  # begins the second
NUMBER: Final = re.compile("0|[1-9][0-9]{0,17}")


class NoteFault(Exception):
    """A note, a key or a signature is not what it should be; the text says what and what to do."""


@dataclass(frozen=True)
class Verifier:
    """A public key with its name, as everybody may have it."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of what C2SP hashes."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:ID]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> "Verifier":
        """The key in its one-line form; NoteFault if it is not one."""
        name, _plus, rest = text.strip().partition("+")
        key_id, _plus, encoded = rest.partition("+")
        raw = _decoded(encoded)
        if len(raw) != len(ED25519) + 32 or raw[:1] != ED25519:
            _refuse("This is not the public key of a ledger.")
        key = cls(checked_name(name), raw[1:])
        if key.key_id.hex() != key_id:
            _refuse(f"The public key {name} is damaged: its id does not vouch for it.")
        return key

    def verifies(self, text: bytes, signature: bytes) -> bool:
        """Whether this key has signed these bytes."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """The private key, which the sequencer alone holds."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """Its public half."""
        return Verifier(self.name, self.private.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The text with its line of signature."""
        signed = self.verifier.key_id + self.private.sign(text.encode())
        return f"{text}\n{DASH}{self.name} {b64encode(signed).decode()}\n"

    def __repr__(self) -> str:
        return f"<signing key {self.name}>"


@dataclass(frozen=True)
class Previous:
    """Which checkpoint came before one: its number, its leaves, and a hash of its signed lines."""

    number: int
    size: int
    hashed: bytes

    @classmethod
    def of(cls, number: int, size: int, note: str) -> "Previous":
        """The checkpoint in this note, as the one after it names it."""
        return cls(number, size, sha256(signed_lines(note).encode()).digest())

    def __str__(self) -> str:
        return f"{PREVIOUS}{self.number} {self.size} {b64encode(self.hashed).decode()}"

    @classmethod
    def parse(cls, line: str) -> "Previous":
        """The line again; NoteFault if it is none."""
        number, size, encoded = (*line.removeprefix(PREVIOUS).split(" ", 2), "", "")[:3]
        if not NUMBER.fullmatch(number) or not NUMBER.fullmatch(size):
            _refuse("The checkpoint before this one is not a number.")
        said = cls(int(number), int(size), _decoded(encoded))
        if str(said) != line or len(said.hashed) != sha256().digest_size:
            _refuse("What this checkpoint says of the one before it is not in form.")
        return said


NOTHING_BEFORE: Final = Previous(0, 0, sha256(b"").digest())


@dataclass(frozen=True)
class Checkpoint:
    """What a note says: so many leaves had this root at that time, and which note came before."""

    origin: str
    size: int
    root: bytes
    at: datetime
    previous: Previous | None = None  # older ones do not say it

    def text(self) -> str:
        """The lines that are signed."""
        when = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        said = f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n{AT}{when}\n"
        return f"{said}{self.previous}\n" if self.previous else said

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """The lines again; NoteFault if they are not a checkpoint of ours."""
        lines = text.split("\n")
        if len(lines) not in (5, 6) or lines[-1] or not lines[3].startswith(AT):
            _refuse("This note is not a checkpoint of a ledger.")
        origin, size, root, when = lines[:4]
        if not NUMBER.fullmatch(size):
            _refuse("The size in this checkpoint is not a number.")
        try:
            at = datetime.strptime(when, f"{AT}%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            _refuse("The time in this checkpoint is not a time.")
        raw = _decoded(root)
        if len(raw) != sha256().digest_size:
            _refuse("The root in this checkpoint is not a hash.")
        previous = Previous.parse(lines[4]) if lines[4] else None
        return cls(checked_name(origin), int(size), raw, at, previous)


def signed_lines(note: str) -> str:
    """What of a note is signed."""
    return note.partition("\n\n")[0] + "\n"


def opened(note: str, keys: list[Verifier]) -> Checkpoint:
    """The checkpoint in a note that one of ``keys`` has signed; NoteFault otherwise."""
    text, parted, signatures = note.partition("\n\n")
    if not parted:
        _refuse("This is not a signed note.")
    text += "\n"
    for line in signatures.splitlines():
        name, _space, encoded = line.removeprefix(DASH).partition(" ")
        raw = _decoded(encoded)
        for key in keys:
            if (
                key.name == name
                and raw[:ID] == key.key_id
                and key.verifies(text.encode(), raw[ID:])
            ):
                checkpoint = Checkpoint.parse(text)
                if checkpoint.origin != name:
                    _refuse(f"The key {name} signed for another ledger, {checkpoint.origin}.")
                return checkpoint
    _refuse("No known key has signed this checkpoint.")
    return None


def is_as_signed(note: str, said: Checkpoint) -> bool:
    """Whether this note is to the letter what ``Signer.sign`` makes of ``said``, and no more.

    ``opened`` forgives what a letter does to a note; the one-file verifier forgives nothing in an
    export. Raises NoteFault.
    """
    begins = f"{said.text()}\n{DASH}{said.origin} "
    raw = _decoded(note.removeprefix(begins).removesuffix("\n"))
    return note == f"{begins}{b64encode(raw).decode()}\n"


def checked_name(name: str) -> str:
    """A name that fits on a line of a note; NoteFault otherwise."""
    if not name or any(letter.isspace() for letter in name) or "+" in name or not name.isascii():
        _refuse("The name of a ledger is ASCII, without spaces and without a plus sign.")
    return name


def _decoded(encoded: str) -> bytes:
    try:
        return b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        _refuse("Something in this note is not base64.")


def _refuse(why: str) -> NoReturn:
    raise NoteFault(why) from None
