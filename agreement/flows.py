"""Which decision flows there are: the app of decisions, which stands above, says it.

Settings name the module; its ``flows()`` gives name, title and digest of each (docs/adr/0044).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings


@dataclass(frozen=True)
class Flow:
    """One published decision flow: its title, and the digest of the file it is read from."""

    title: str
    digest: str


def flows() -> Mapping[str, Flow]:
    """Every published flow by its name, oldest first."""
    found: Mapping[str, Flow] = import_module(settings.AGREEMENT_FLOWS).flows()
    return found
