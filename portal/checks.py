"""System checks that need more than one room."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def keys_open(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """Say what is wrong with the keys, in ``manage.py check --deploy``."""
    from encryption.errors import KeyringFault
    from portal.keys import check_keys

    try:
        check_keys()
    except KeyringFault as fault:
        return [Error(str(fault), id="portal.E001")]
    return []
