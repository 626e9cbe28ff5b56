"""System checks: labels of sealed columns are unique, and the keys are there and right."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, Tags, register

from encryption.errors import EncryptionFault
from encryption.fields import sealed_fields
from encryption.router import KEYSTORE
from encryption.startup import check_keys


@register
def labels_are_unique(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Two columns with one label could have their values exchanged; history copies share theirs."""
    found: dict[str, str] = {}
    problems: list[CheckMessage] = []
    for model in apps.get_models():
        # simple-history marks its copies with the model they were copied from.
        if model._meta.proxy or hasattr(model, "instance_type"):
            continue
        for each in sealed_fields(model):
            here = f"{model._meta.label}.{each.name}"
            if found.setdefault(each.label, here) != here:
                problems.append(
                    Error(
                        f"{here} and {found[each.label]} are both labelled {each.label}.",
                        hint="Give each sealed column a label of its own.",
                        id="encryption.E001",
                    )
                )
    return problems


@register(Tags.database)
def keys_are_right(
    app_configs: Sequence[AppConfig] | None = None,
    databases: Sequence[str] | None = None,
    **kwargs: Any,
) -> list[CheckMessage]:
    """Run by ``migrate --database keystore`` and ``check --database keystore``."""
    if KEYSTORE not in (databases or ()):
        return []
    try:
        check_keys()
    except EncryptionFault as fault:
        return [Error(str(fault), id="encryption.E002")]
    return []
