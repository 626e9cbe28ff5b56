"""Rows that are kept with the rows to which they belong, where Django looks for them."""

from collections.abc import Iterable
from typing import Any, Final

from django.db import models

PREFETCHED: Final = "_prefetched_objects_cache"  # where Django's own ``all()`` looks first


def hang(parents: Iterable[Any], name: str, children: Iterable[Any]) -> None:
    """Keep the rows that point at each parent where ``parent.<name>`` finds them.

    They are a plain list there: whoever asks it for more than ``all()`` gets an AttributeError.
    Rows that point at none of the parents are left out.
    """
    by_id = {parent.pk: parent for parent in parents}
    if not by_id:
        return
    relation = next(iter(by_id.values()))._meta.get_field(name)
    found: dict[Any, list[models.Model]] = {pk: [] for pk in by_id}
    for child in children:
        pk = getattr(child, relation.field.attname)
        if pk in by_id:
            relation.field.set_cached_value(child, by_id[pk])
            found[pk].append(child)
    for parent in parents:
        if relation.one_to_one:
            relation.set_cached_value(parent, next(iter(found[parent.pk]), None))
        else:
            keep_children(parent, relation.cache_name, found[parent.pk])


def keep_children(row: models.Model, name: str, children: list[Any]) -> None:
    """Have ``row.<name>.all()`` give these."""
    vars(row).setdefault(PREFETCHED, {})[name] = children


def hung(parent: models.Model, name: str) -> list[Any] | None:
    """What was kept so; None where nothing was."""
    relation: Any = parent._meta.get_field(name)
    if relation.one_to_one and relation.is_cached(parent):
        return [each for each in [relation.get_cached_value(parent)] if each]
    found: list[Any] | None = vars(parent).get(PREFETCHED, {}).get(relation.cache_name)
    return found
