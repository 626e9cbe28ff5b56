"""The Merkle tree of RFC 6962, kept as tiles of 256 hashes so that no proof reads it whole.

A tile of level 0 holds leaf hashes; one of level k the roots of 256 tiles of the level below it.
All but the last tile of each level are full and never change again.
"""

from collections.abc import Callable, Iterator, MutableMapping
from hashlib import sha256
from typing import Final

HASH: Final = 32  # bytes
BITS: Final = 8
WIDTH: Final = 1 << BITS  # hashes in a full tile

# Level and number of a tile, and its hashes one after the other.
Tiles = MutableMapping[tuple[int, int], bytes]


def leaf_hash(body: bytes) -> bytes:
    """RFC 6962, 2.1: a leaf can never pass for a node."""
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962, 2.1: two subtrees as one."""
    return sha256(b"\x01" + left + right).digest()


EMPTY: Final = sha256(b"").digest()


class Tree:
    """A tree of ``size`` leaves over stored tiles.

    ``read`` gives the hashes of one tile; what was read or written stays in ``tiles``, of which
    ``changed`` are to be stored again.
    """

    def __init__(self, size: int, read: Callable[[int, int], bytes]) -> None:
        self.size = size
        self._read = read
        self.tiles: Tiles = {}
        self.changed: set[tuple[int, int]] = set()

    def append(self, hashed: bytes) -> None:
        """Add one leaf by its hash."""
        self._put(0, self.size, hashed)
        self.size += 1

    def root(self, size: int | None = None) -> bytes:
        """The root of the first ``size`` leaves, or of all."""
        wanted = self.size if size is None else size
        return self._range(0, wanted) if wanted else EMPTY

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """RFC 6962, 2.1.1: what leads from the leaf at ``index`` to the root of ``size`` leaves."""
        wanted = self.size if size is None else size
        if not 0 <= index < wanted <= self.size:
            raise ValueError(f"There is no leaf {index} among {wanted} of {self.size}.")
        return list(self._path(index, 0, wanted))

    def consistency(self, first: int, second: int | None = None) -> list[bytes]:
        """RFC 6962, 2.1.2: what shows that ``first`` leaves are the beginning of ``second``."""
        wanted = self.size if second is None else second
        if not 0 < first <= wanted <= self.size:
            raise ValueError(f"{first} leaves are not the beginning of {wanted} of {self.size}.")
        return list(self._beginning(first, 0, wanted, known=True))

    # How ranges of leaves become hashes

    def _put(self, level: int, index: int, hashed: bytes) -> None:
        place = (level, index >> BITS)
        held = self._tile(*place)
        if len(held) != HASH * (index % WIDTH):
            raise ValueError(f"Tile {place} of the ledger holds {len(held)} bytes at leaf {index}.")
        self.tiles[place] = held + hashed
        self.changed.add(place)
        if index % WIDTH == WIDTH - 1:
            self._put(level + 1, index >> BITS, _folded(self.tiles[place]))

    def _tile(self, level: int, number: int) -> bytes:
        place = (level, number)
        if place not in self.tiles:
            self.tiles[place] = self._read(level, number)
        return self.tiles[place]

    def _complete(self, height: int, index: int) -> bytes:
        """The root of the ``index``-th group of 2 ** height leaves, all of which are there."""
        level, rest = divmod(height, BITS)
        first = index << rest
        start = HASH * (first % WIDTH)
        hashes = self._tile(level, first >> BITS)[start : start + (HASH << rest)]
        if len(hashes) != HASH << rest:
            raise ValueError(f"Tile {(level, first >> BITS)} of the ledger is incomplete.")
        return _folded(hashes)

    def _range(self, low: int, high: int) -> bytes:
        count = high - low
        if count & (count - 1) == 0:
            height = count.bit_length() - 1
            return self._complete(height, low >> height)
        middle = low + _split(count)
        return node_hash(self._range(low, middle), self._range(middle, high))

    def _path(self, index: int, low: int, high: int) -> Iterator[bytes]:
        if high - low == 1:
            return
        middle = low + _split(high - low)
        if index < middle:
            yield from self._path(index, low, middle)
            yield self._range(middle, high)
        else:
            yield from self._path(index, middle, high)
            yield self._range(low, middle)

    def _beginning(self, first: int, low: int, high: int, *, known: bool) -> Iterator[bytes]:
        if first == high:
            if not known:
                yield self._range(low, high)
            return
        middle = low + _split(high - low)
        if first <= middle:
            yield from self._beginning(first, low, middle, known=known)
            yield self._range(middle, high)
        else:
            yield from self._beginning(first, middle, high, known=False)
            yield self._range(low, middle)


def _split(count: int) -> int:
    """The largest power of two smaller than ``count``."""
    return 1 << ((count - 1).bit_length() - 1)


def _folded(hashes: bytes) -> bytes:
    """The root over a power of two of hashes."""
    row = [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)]
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]
