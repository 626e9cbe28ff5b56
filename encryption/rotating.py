"""Wraps every case key anew by the first ring key, and touches no record.

Each batch is a transaction of its own and a row is changed only if it is as it was read: killed
at any moment, everything is wrapped by one key or the other, both of them on the ring; run again
it goes on; run twice at once, or beside the destruction of a key, it does no harm.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from django.db import models, transaction

from encryption.casekeys import rewrapped
from encryption.errors import KeyringFault
from encryption.keystore import CaseKey, live_keys
from encryption.provider import key_provider
from encryption.router import KEYSTORE
from encryption.uses import Leaning, key_uses

BATCH: Final = 200


@dataclass
class Rotation:
    """What was done: case keys wrapped anew, other things sealed anew, rows that do not open.

    ``gone``: by what they are, and the ring key that they name, what bears a mark of none there.
    """

    active: str
    keys: int = 0
    others: dict[str, int] = field(default_factory=dict)
    broken: list[int] = field(default_factory=list)
    gone: dict[str, Leaning] = field(default_factory=dict)


def waiting() -> int:
    """How many case keys are not wrapped by the first ring key yet."""
    return _behind(key_provider().active).count()


def in_use(active: str) -> bool:
    """Whether any case key is wrapped by the first ring key, or there is none at all."""
    live = live_keys()
    return live.filter(ring_key_id=active).exists() or not live.exists()


def rotate(step: Callable[[int], None]) -> Rotation:
    """Bring everything to the first ring key.

    Raises KeyringFault, with nothing changed, if something leans on a key that the ring lacks.
    """
    provider = key_provider()
    done = Rotation(provider.active)
    if missing := sorted(leaning().keys() - set(provider.names)):
        raise KeyringFault(
            f"Nothing was changed: something is wrapped by {', '.join(missing)}, which is not on "
            "the ring. Put it back on the ring from its backup, below the first, and try again."
        )
    last = 0
    while rows := list(_behind(done.active).filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = rows[-1].pk
        done.keys += _batch(rows, done.broken)
        step(done.keys)
    for use in key_uses():
        if count := use.reseal():
            done.others[use.what] = count
        if names := use.gone():
            done.gone[use.what] = names
    return done


def _behind(active: str) -> models.QuerySet[CaseKey]:
    return live_keys().exclude(ring_key_id=active)


def _batch(rows: list[CaseKey], broken: list[int]) -> int:
    done = 0
    with transaction.atomic(using=KEYSTORE):
        for row in rows:
            try:
                name, wrapped = rewrapped(row)
            except KeyringFault:
                broken.append(row.pk)
                continue
            same = live_keys().filter(pk=row.pk, ring_key_id=row.ring_key_id)
            done += same.update(ring_key_id=name, wrapped=wrapped)
    return done


def leaning() -> Counter[str]:
    """How many things need each ring key: live case keys, and what apps have named."""
    counted = live_keys().order_by().values_list("ring_key_id").annotate(models.Count("pk"))
    total: Counter[str] = Counter(dict(counted))
    for use in key_uses():
        total.update(use.leaning())
    return total


def why_needed(name: str) -> str:
    """What still needs this ring key, in words; nothing where nothing does."""
    live = live_keys().filter(ring_key_id=name).count()
    counts = {"case keys": live} | {use.what: use.leaning().get(name, 0) for use in key_uses()}
    return ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)


def unused() -> list[str]:
    """The keys on the ring, but for the first, that nothing needs."""
    provider, needed = key_provider(), leaning()
    return [name for name in provider.names if name != provider.active and not needed[name]]
