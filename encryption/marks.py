"""Marks of what only a process with the ring can have made, such as somebody's second factor.

A mark is ``1.<id of the ring key>.<HMAC-SHA256 in base64>``, under a key derived for one purpose
alone. Whoever writes to the database can move or copy what is marked, and cannot mark it.
"""

import hmac
from base64 import urlsafe_b64encode
from typing import Final

from encryption.provider import LONGEST_ID, key_provider
from encryption.seal import length_prefixed

FORMAT: Final = "1"
MARK: Final = "mark"  # where it stands in what is kept as JSON of the thing itself


def mark(purpose: str, *parts: str, ring_key_id: str = "") -> str:
    """The mark of these parts, in this order, for this purpose."""
    name, key = key_provider().purpose_key(f"mark: {purpose}", ring_key_id)
    said = length_prefixed(name.encode(), *(part.encode() for part in parts))
    return f"{FORMAT}.{name}.{urlsafe_b64encode(hmac.digest(key, said, 'sha256')).decode()}"


def is_marked(said: object, purpose: str, *parts: str) -> bool:
    """Whether ``said`` is the mark of these parts, under a key that is on the ring."""
    name = ring_key_of_mark(said)
    if name not in key_provider().names or not isinstance(said, str) or not said.isascii():
        return False
    return hmac.compare_digest(said, mark(purpose, *parts, ring_key_id=name))


def mark_in(kept: object) -> object:
    """The mark in what is kept of something; None where that is no such thing."""
    return kept.get(MARK) if isinstance(kept, dict) else None


def leans_on(said: object, *, is_right: bool) -> str:
    """The id of the ring key that must stay for this mark; "" of a wrong one."""
    return ring_key_of_mark(said) if is_right else ""


def key_that_is_gone(said: object) -> str:
    """The id of the ring key that a mark names and that is not on the ring; "" where it is.

    A forged mark can name what it likes, so this stops nothing: whoever rotates is told.
    """
    name = ring_key_of_mark(said)
    return "" if name in key_provider().names else name[:LONGEST_ID]


def ring_key_of_mark(said: object) -> str:
    """The id of the ring key that a mark names; "" of what is none. Not verified."""
    return said.partition(".")[2].rpartition(".")[0] if isinstance(said, str) else ""
