"""What a page was filled in from, so that nobody writes over what somebody else has written.

``Transitions.making`` lets one change follow another. Where a person types an answer while another
one types a different answer to the same question, the second must see the first before it is
replaced: the page carries what it was filled in from, and the action compares.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from encryption.models import SealedModel
from workflow.transitions import AlreadyMade, TransitionRefused


class ChangedMeanwhile(TransitionRefused):
    """The page was filled in from what is no longer there."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else has changed this since you opened the page."))


class VersionField(forms.IntegerField):
    """Hidden: the version that the page was filled in from; None if it is missing or no number."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """What the page carries again: a number, or nothing."""
        return self.clean(value)

    def clean(self, value: Any) -> Any:
        """The number, if it is one; it protects whoever sends it, so nothing else is said."""
        try:
            return super().clean(value)
        except ValidationError:
            return None


class StateField(forms.CharField):
    """Hidden: short for all that a page was filled in from; "" if it is missing or no digest."""

    widget = forms.HiddenInput
    digest: Final = re.compile("[0-9a-f]{32}")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """What the page carries again."""
        return self.clean(value)

    def clean(self, value: Any) -> str:
        """The digest, if it is one; it protects whoever sends it, so nothing else is said."""
        return value if self.digest.fullmatch(str(value)) else ""


class RowField(forms.UUIDField):
    """Hidden: the id of a row as the page showed it; None if it is missing or no id."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """What the page carries again."""
        return self.clean(value)

    def clean(self, value: Any) -> Any:
        """The id, if it is one."""
        try:
            return super().clean(value)
        except ValidationError:
            return None


def version_of(rows: Iterable[SealedModel]) -> int:
    """One number for several rows that grows with every change of any of them."""
    return sum(row.version for row in rows)


def only_if_unchanged(
    thing: SealedModel, *, expected_version: int | None, now: int, written: Mapping[str, Any]
) -> None:
    """Go on only if the page was filled in from what is there ``now``.

    Call it within ``making``, once the row is locked. What is ``written`` there already word
    for word is a doubled click (AlreadyMade); anything else is somebody else's (ChangedMeanwhile).
    """
    if expected_version is None or expected_version == now:
        return
    if all(getattr(thing, name) == value for name, value in written.items()):
        raise AlreadyMade(thing)
    raise ChangedMeanwhile
