"""What of signing in leans on the ring: secrets of second factors, and marks of these and of links.

docs/adr/0050 and docs/adr/0105. What bears no mark of ours is left as it is, and leans on nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction

from authentication.mfa.adapter import PURPOSE
from authentication.mfa.marks import all_rows, is_ours, marked
from authentication.sso import marks as sso_bound
from encryption.marks import MARK, key_that_is_gone, leans_on, mark_in, ring_key_of_mark
from encryption.provider import key_provider
from encryption.purposes import open_text, resealed, ring_key_of
from encryption.uses import KeyUse

ONE = ("secret", "seed")
SEVERAL = ("migrated_codes",)


def _texts(data: dict[str, Any]) -> list[str]:
    return [
        *(data[name] for name in ONE if name in data),
        *(text for name in SEVERAL for text in data.get(name, [])),
    ]


def _leaning() -> Counter[str]:
    count = Counter[str]()
    for factor in all_rows().iterator():
        ours = is_ours(factor)
        sealed = {ring_key_of(text) for text in _texts(factor.data)} if ours else set()
        count.update((sealed | {leans_on(mark_in(factor.data), is_right=ours)}) - {""})
    return count


def _gone() -> Counter[str]:
    names = (key_that_is_gone(mark_in(factor.data)) for factor in all_rows().iterator())
    return Counter(name for name in names if name)


def _reseal() -> int:
    done = 0
    for pk in all_rows().values_list("pk", flat=True):
        with transaction.atomic():
            # Held, since somebody may be using up a recovery code at this moment.
            factor = all_rows().select_for_update().filter(pk=pk).first()
            if factor is None or not is_ours(factor):
                continue
            data = _sealed_anew(factor.data)
            stale = ring_key_of_mark(data[MARK]) != key_provider().active
            if data != factor.data or stale:
                factor.data = marked(factor.user_id, factor.type, data)
                factor.save(update_fields=["data"])
                done += 1
    return done


def _sealed_anew(data: dict[str, Any]) -> dict[str, Any]:
    one = {name: resealed(PURPOSE, data[name]) for name in ONE if name in data}
    several = {
        name: [resealed(PURPOSE, text) for text in data[name]] for name in SEVERAL if name in data
    }
    return {**data, **one, **several}


def _opening() -> Iterator[tuple[str, Callable[[], object]]]:
    for factor in all_rows().iterator():
        if is_ours(factor):
            for text in _texts(factor.data):
                yield str(factor.pk), lambda text=text: open_text(PURPOSE, text)  # type: ignore[misc]


FACTORS = KeyUse("second factors", leaning=_leaning, gone=_gone, reseal=_reseal, texts=_opening)
USES = [FACTORS, sso_bound.USE]
