"""What sealing costs a page: CPU of the same page with sealed and with plain columns, by turns."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import world
from bench.figures import Figure, show
from encryption import fields
from encryption.values import Sealed
from requests_app.triage import inbox as inbox_lists
from tests import walks

CASES: Final = 25
TURNS: Final = 12
GETS: Final = 5
MOST: Final = 1.15


def main() -> bool:
    """Fill, measure by turns; whether the bound is kept."""
    cast = world.cast()
    cases = [walks.accepted(cast) for _each in range(CASES)]
    decision = walks.shared(cast)
    client, spoc = world.signed_in("officer"), world.signed_in("trust_spoc")
    pages = {
        "inbox": (client, reverse("requests:inbox")),
        "request at the front door": (client, reverse("requests:triage_case", args=[cases[0].pk])),
        "decision at the agency": (spoc, reverse("decisions:decision", args=[decision.pk])),
    }
    shown = [show(f"A page: {name}", _page(*page)) for name, page in pages.items()]
    return all(shown)


def _page(client: Client, there: str) -> list[Figure]:
    def get() -> None:
        world.got(client, there)

    get()
    with CaptureQueriesContext(connections["default"]) as asked:
        get()
        statements = len(asked.captured_queries)
    plain = _Plain()
    with plain.learning():
        get()
    sealed_cpu, plain_cpu = [], []
    for _turn in range(TURNS):
        sealed_cpu.append(_cpu(get))
        with plain.instead():
            plain_cpu.append(_cpu(get))
    ratio = min(sealed_cpu) / min(plain_cpu)
    return [
        Figure("statements", statements, ""),
        Figure("sealed values opened", plain.count, ""),
        Figure("CPU with sealed columns against plain ones", ratio, "", most=MOST),
    ]


def _cpu(get: Callable[[], None]) -> float:
    begun = time.process_time()
    for _each in range(GETS):
        get()
    return time.process_time() - begun


class _Plain:
    """Stands in for columns that were never sealed: what they say, and no key asked for."""

    def __init__(self) -> None:
        self.said: dict[bytes, Any] = {}
        self.count = 0

    @contextmanager
    def learning(self) -> Iterator[None]:
        """Remember what each sealed value says."""
        stock = fields.SealedField.opened

        def opened(field: Any, instance: Any, held: object) -> Any:
            value = stock(field, instance, held)
            if isinstance(held, Sealed):
                self.said[held.token] = value
                self.count += 1
            return value

        with _in_place_of(fields.SealedField, "opened", opened):
            yield

    @contextmanager
    def instead(self) -> Iterator[None]:
        """Say it without opening anything."""
        stock = fields.SealedField.opened

        def opened(field: Any, instance: Any, held: object) -> Any:
            known = isinstance(held, Sealed) and held.token in self.said
            return self.said[held.token] if known else stock(field, instance, held)  # type: ignore[attr-defined]

        nothing: Callable[..., None] = lambda _cases: None  # noqa: E731 - in place of a function
        with (
            _in_place_of(fields.SealedField, "opened", opened),
            _in_place_of(inbox_lists, "prefetch_case_keys", nothing),
        ):
            yield


@contextmanager
def _in_place_of(owner: Any, name: str, other: Any) -> Iterator[None]:
    stock = getattr(owner, name)
    setattr(owner, name, other)
    try:
        yield
    finally:
        setattr(owner, name, stock)
