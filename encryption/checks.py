"""System checks: labels of sealed columns are unique."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register

from encryption.fields import sealed_fields


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
            here = f"{each.model._meta.label}.{each.name}"
            if found.setdefault(each.label, here) != here:
                problems.append(
                    Error(
                        f"{here} and {found[each.label]} are both labelled {each.label}.",
                        hint="Give each sealed column a label of its own.",
                        id="encryption.E001",
                    )
                )
    return problems
