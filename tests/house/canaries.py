"""Canaries: marked values for every field, and a search that finds them however they are written.

Every text of one flock holds the flock's mark, which nobody could guess, so that finding one
is never chance and one needle finds them all. Numbers and dates cannot hold a mark and are
needles of their own.
"""

import base64
import binascii
import datetime as dt
import html
import json
import quopri
import re
import secrets
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from html.entities import codepoint2name
from urllib.parse import quote, quote_from_bytes

LETTERS = "bcdfghjkmnpqrstvwxz"
ACCENTED = "àâäåçèêëìîïñòôöøùûüÿ"
ENOUGH = 1 << 17  # bytes of what was packed: a canary stands near its beginning
LONG_ENOUGH = 30  # characters: no sentence begins like another one by chance
PACKED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08|PK\x03\x04")
ENCODED = re.compile(rb"[A-Za-z0-9+/_-]{32,}")
ONLY_HEX = re.compile(rb"[0-9a-fA-F]+")


def drawn(letters: str, length: int) -> str:
    """Some letters that nobody could guess."""
    return "".join(secrets.choice(letters) for _ in range(length))


class Flock:
    """Canaries that belong together: what was planted, by what it is."""

    def __init__(self) -> None:
        self.mark = f"Qz7-canary-{drawn(LETTERS, 8)}"
        self.accents = drawn(ACCENTED, 8)
        self.texts: set[str] = set()
        self.words: set[str] = set()  # without a mark, each to be found by itself
        self.numbers: set[str] = set()
        self.dates: set[dt.date] = set()
        self.contents: set[bytes] = set()

    def text(self, field: str) -> str:
        """A text without a gap: a marked name, with all that is ever written otherwise."""
        canary = f"{self.mark}-{field}-{len(self.texts)}-{self.accents}<&'\">"
        self.texts.add(canary)
        return canary

    def number(self) -> str:
        """Ten digits as an NHS number has them, from the range that nobody has."""
        number = f"999{secrets.randbelow(10**7):07}"
        self.numbers.add(number)
        return number

    def pupil(self) -> str:
        """Thirteen characters as a unique pupil number has them."""
        number = f"Z{secrets.randbelow(10**12):012}"
        self.numbers.add(number)
        return number

    def date(self) -> dt.date:
        """A day long before anybody in a request was born, so that it stands nowhere else."""
        day = dt.date(1901, 1, 1) + dt.timedelta(days=secrets.randbelow(12_000))
        self.dates.add(day)
        return day

    def content(self, start: bytes = b"", end: bytes = b"") -> bytes:
        """What a file that is no text holds: bytes that stand nowhere else."""
        body = secrets.token_bytes(4096)
        self.contents.add(body[1000:1032])
        return start + body + end


def ways_to_write(text: str) -> Iterator[tuple[str, bytes]]:
    """A text in each way in which programs write it, with the name of the way."""
    raw = {"utf-8": text.encode(), "utf-16": text.encode("utf-16-le")}
    with suppress(UnicodeEncodeError):
        raw["latin-1"] = text.encode("latin-1")
    yield from raw.items()
    yield "utf-16 big", text.encode("utf-16-be")
    yield "utf-32", text.encode("utf-32-le")
    for name, written in raw.items():
        yield f"hex of {name}", written.hex().encode()
        yield f"percent, {name}", quote(written, safe="").encode()
        yield f"all percent, {name}", quote_from_bytes(b"\0" + written, safe="").encode()[3:]
        yield (
            f"octal, {name}",
            b"".join(
                bytes([byte]) if byte in range(0x20, 0x7F) else b"\\%03o" % byte for byte in written
            ),
        )
        yield f"quoted printable, {name}", quopri.encodestring(written).replace(b"=\n", b"")
    yield "json", json.dumps(text)[1:-1].encode()
    yield "repr of bytes", repr(raw["utf-8"])[2:-1].encode()
    yield "html", html.escape(text).encode()
    yield "html numbers", text.encode("ascii", "xmlcharrefreplace")
    yield "html hex", "".join(c if c.isascii() else f"&#x{ord(c):x};" for c in text).encode()
    named = (f"&{codepoint2name[ord(c)]};" if not c.isascii() else c for c in text)
    with suppress(KeyError):
        yield "html names", "".join(named).encode()


def in_base64(raw: bytes) -> Iterator[bytes]:
    """The letters that these bytes give in base64 whatever stands before and after them."""
    for before, cut in ((0, 0), (1, 2), (2, 3)):
        letters = base64.b64encode(b"\0" * before + raw)
        sure = letters[cut : (before + len(raw)) * 8 // 6]
        yield sure
        yield sure.translate(bytes.maketrans(b"+/", b"-_"))


def ways_to_write_a_day(day: dt.date) -> Iterator[tuple[str, str]]:
    """A date as programs and pages write it."""
    yield "iso", day.isoformat()
    yield "in words", f"{day.day} {day:%B %Y}"
    yield "in short", f"{day.day} {day:%b %Y}"
    yield "figures", f"{day:%d/%m/%Y}"
    yield "few figures", f"{day.day}/{day.month}/{day.year}"
    yield "repr", f"{day.year}, {day.month}, {day.day}"


def any_of(needles: Iterable[bytes]) -> bytes:
    """A pattern for any of these, branching byte by byte: one pass for all of them."""
    by_first: dict[bytes, list[bytes]] = {}
    for needle in needles:
        by_first.setdefault(needle[:1], []).append(needle[1:])
    if not by_first:
        return b"(?!)"
    if len(by_first) == 1 and len(only := next(iter(by_first.items()))[1]) == 1:
        return re.escape(next(iter(by_first)) + only[0])
    branches = (
        re.escape(first) + (b"" if b"" in rest else any_of(rest))
        for first, rest in by_first.items()
    )
    return b"(?:" + b"|".join(branches) + b")"


class Search:
    """Finds any canary of some flocks in any bytes; ``found`` names the ways in which it did."""

    def __init__(self, *flocks: Flock) -> None:
        self.folded: dict[bytes, tuple[Flock, str]] = {}  # found without regard to case
        self.exact: dict[bytes, tuple[Flock, str]] = {}
        self.spread: list[tuple[re.Pattern[bytes], Flock]] = []
        for flock in flocks:
            self._look_for(flock)
        self.exactly = re.compile(any_of(self.exact), re.DOTALL)
        self.anyhow = re.compile(any_of(self.folded), re.DOTALL)

    def _look_for(self, flock: Flock) -> None:
        for text in (flock.mark, flock.accents, *flock.words):
            self._add(flock, "text", text[:LONG_ENOUGH])
        # Light packers (PostgreSQL's, Redis's) keep letters as they are, with a byte in between.
        letters = (re.escape(bytes([byte])) for byte in flock.mark.lower().encode())
        self.spread.append((re.compile(b".?".join(letters), re.DOTALL), flock))
        for number in flock.numbers:
            self._add(flock, "number", number)
            spaced = f"{number[:3]} {number[3:6]} {number[6:]}"
            self.folded[spaced.encode()] = flock, "number with gaps"
            self.folded[spaced.replace(" ", "\u00a0").encode()] = flock, "number with gaps"
        for day in flock.dates:
            for name, written in ways_to_write_a_day(day):
                self.folded[written.lower().encode()] = flock, f"date {name}"
                self.folded[written.encode("utf-16-le").lower()] = flock, f"date {name}"
        for piece in flock.contents:
            self.exact[piece] = flock, "content"
            self.folded[piece.hex().encode()] = flock, "content in hex"
            self.exact |= dict.fromkeys(in_base64(piece), (flock, "content in base64"))

    def _add(self, flock: Flock, what: str, text: str) -> None:
        for name, written in ways_to_write(text):
            self.folded[written.lower()] = flock, f"{what} in {name}"
        for encoding in ("utf-8", "utf-16-le"):
            for letters in in_base64(text.encode(encoding)):
                self.exact[letters] = flock, f"{what} in base64"

    def found(self, data: bytes, *, layers: int = 2) -> set[tuple[Flock, str]]:
        """Which flocks have a canary in this, and in which writing; also in what it packs."""
        if not data:
            return set()
        lower = data.lower()
        found = {self.exact[each] for each in self.exactly.findall(data)}
        found |= {self.folded[each] for each in self.anyhow.findall(lower)}
        found |= {(flock, "text, packed") for each, flock in self.spread if each.search(lower)}
        if layers:
            for inner in unpacked(data):
                found |= self.found(inner, layers=layers - 1)
        return found


def unpacked(data: bytes) -> Iterator[bytes]:
    """What is compressed or encoded in this, as far as it can be undone."""
    for match in PACKED.finditer(data):
        with suppress(zlib.error):
            if plain := _inflated(data[match.start() : match.start() + ENOUGH]):
                yield plain
    whole = []
    for match in ENCODED.finditer(data):
        run = match.group().translate(bytes.maketrans(b"-_", b"+/"))
        if not ONLY_HEX.fullmatch(run):
            with suppress(binascii.Error):
                whole.append(base64.b64decode(run + b"=" * (-len(run) % 4)))
    yield b"\0\0".join(whole)


def _inflated(data: bytes) -> bytes:
    if not data.startswith(b"PK"):
        return zlib.decompressobj(wbits=47).decompress(data, ENOUGH)
    names = int.from_bytes(data[26:28], "little") + int.from_bytes(data[28:30], "little")
    return zlib.decompressobj(wbits=-15).decompress(data[30 + names :], ENOUGH)
