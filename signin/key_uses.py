"""What of signing in leans on the ring: the sealed secrets of second factors (docs/adr/0050)."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from encryption.purposes import open_text, resealed, ring_key_of
from encryption.uses import KeyUse
from signin.factors_adapter import PURPOSE

ONE = ("secret", "seed")
SEVERAL = ("migrated_codes",)


def _texts(data: dict[str, Any]) -> list[str]:
    return [
        *(data[name] for name in ONE if name in data),
        *(text for name in SEVERAL for text in data.get(name, [])),
    ]


def _leaning() -> Counter[str]:
    factors = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)
    return Counter(
        ring_key_of(text)
        for data in factors.values_list("data", flat=True).iterator()
        for text in _texts(data)
    )


def _reseal() -> int:
    done = 0
    for pk in Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values_list("pk"):
        with transaction.atomic():
            # Held, since somebody may be using up a recovery code at this moment.
            factor = Authenticator.objects.select_for_update().filter(pk=pk[0]).first()
            if factor is None:
                continue
            data = dict(factor.data)
            for name in ONE:
                if name in data:
                    data[name] = resealed(PURPOSE, data[name])
            for name in SEVERAL:
                if name in data:
                    data[name] = [resealed(PURPOSE, text) for text in data[name]]
            if data != factor.data:
                factor.data = data
                factor.save(update_fields=["data"])
                done += 1
    return done


def _opening() -> Iterator[tuple[str, Callable[[], object]]]:
    factors = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)
    for pk, data in factors.values_list("pk", "data").iterator():
        for text in _texts(data):
            yield str(pk), lambda text=text: open_text(PURPOSE, text)  # type: ignore[misc]


USES = [KeyUse("second factors", leaning=_leaning, reseal=_reseal, texts=_opening)]
