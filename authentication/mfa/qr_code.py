"""The square that an authenticator app scans, as one path: a picture in an address is refused."""

from dataclasses import dataclass

from qrcode import QRCode


@dataclass(frozen=True)
class Picture:
    """Its side in units, and the path of its dark squares."""

    side: int
    path: str


def drawn(text: str) -> Picture:
    """A QR code of this text."""
    code = QRCode()
    code.add_data(text)
    rows = code.get_matrix()
    squares = [
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    ]
    return Picture(side=len(rows), path="".join(squares))


def in_fours(secret: str) -> str:
    """In groups of four, to be typed by hand."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
