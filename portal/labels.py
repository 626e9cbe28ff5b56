"""What was posted to a page, by the labels of its form and the words of its choices."""

import re
import sys
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

from django.forms import BaseForm, ChoiceField, Field
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

PART_OF_A_DATE = re.compile(r"(.+)_(day|month|year)")


def labelled(path: str, fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each field's label and value; a field that no form of the page declares keeps its name.

    A choice of which only the page has the words is left out: its code would tell nobody anything.
    """
    fields = list(fields)
    known = _fields_at(path, {name for name, _value in fields})
    said = [(_label(name, known), _words(known.get(name), value)) for name, value in fields]
    return [(label, words) for label, words in said if words is not None]


def _fields_at(path: str, posted: set[str]) -> dict[str, Field]:
    """The fields that the forms of this address's view declare.

    A view's module imports the forms of all its pages, some with fields of the same name.
    """
    try:
        module = sys.modules[resolve(path).func.__module__]
    except Resolver404:
        return {}
    forms = list(_forms_of(module))
    bare = {_of_a_date(name)[0] for name in posted} | posted
    own = {_own(name) for name in bare}
    return {name: field for name in bare if (field := _likeliest(_own(name), own, forms))}


def _forms_of(module: Any) -> Iterator[Any]:
    """Those that it imports, by themselves, with their module, or within another."""
    for each in vars(module).values():
        if isinstance(each, ModuleType) and each.__name__.endswith(".forms"):
            yield from filter(_is_form, vars(each).values())
        elif _is_form(each):
            yield each
        else:
            yield from vars(each).get("FORMS", ()) if isinstance(each, type) else ()


def _own(name: str) -> str:
    """The name of a field in its own form, where that is one of several on its page."""
    return name.rpartition("-")[2]


def _likeliest(name: str, posted: set[str], forms: Iterable[Any]) -> Field | None:
    """The field of that name in the form that has most of what was posted, if there is one such."""
    having = [form for form in forms if name in form.base_fields]
    fits = {form: len(posted & form.base_fields.keys()) for form in having}
    best = [form.base_fields[name] for form in having if fits[form] == max(fits.values())]
    return best[0] if len({str(field.label) for field in best}) == 1 else None


def _is_form(each: Any) -> bool:
    return isinstance(each, type) and issubclass(each, BaseForm) and hasattr(each, "base_fields")


def _of_a_date(name: str) -> tuple[str, str]:
    found = PART_OF_A_DATE.fullmatch(name)
    return (found[1], found[2]) if found else (name, "")


def _label(name: str, known: dict[str, Field]) -> str:
    whole, part = _of_a_date(name)
    parts = {"day": _("day"), "month": _("month"), "year": _("year")}
    if name in known and known[name].label:
        return str(known[name].label)
    if part and whole in known and known[whole].label:
        return f"{known[whole].label} ({parts[part]})"
    return name.replace("_", " ").replace("-", " ").capitalize()


def _words(field: Field | None, value: str) -> str | None:
    """The words of a choice for its code, if they are known; what was typed is left as it is."""
    if not isinstance(field, ChoiceField):
        return value
    return next((str(words) for code, words in _flat(field.choices) if str(code) == value), None)


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    """Choices without the headings under which a select puts some of them."""
    for code, words in choices:
        if isinstance(words, list | tuple):
            yield from words
        else:
            yield code, words
