"""Bytes that are not what they were."""


def with_another_byte(content: bytes, at: int) -> bytes:
    """The content with another byte at this place: one written there by hand may be the same."""
    bent = bytearray(content)
    bent[at] ^= 1
    return bytes(bent)
