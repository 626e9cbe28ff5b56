"""More about a person: folded away, all of it optional, so that asking stays quick (ISA-10)."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.choices import ETHNIC_GROUPS, NO_ETHNIC_GROUP, Education, Known, Sex
from workflow.fields import CleanText, RadioChoice, SelectChoice


class Folded(forms.Form):
    """A form whose ``folded`` fields the page shows under one line, until it is opened."""

    folded: ClassVar[tuple[str, ...]] = ()

    def at_first(self) -> Iterator[Any]:
        """The fields that are seen at once; what an option reveals is drawn with it."""
        return self._shown(name for name in self.fields if name not in self.folded)

    def more(self) -> Iterator[Any]:
        """Those that are folded away."""
        return self._shown(self.folded)

    def _shown(self, names: Iterable[str]) -> Iterator[Any]:
        fields: Iterator[Any] = (self[name] for name in names)
        return (field for field in fields if not (field.is_hidden or field.is_revealed))

    @property
    def is_unfolded(self) -> bool:
        """Whether something stands in the fold, which must not be missed, or is wrong there."""
        return any(self[name].value() or self[name].errors for name in self.folded)


def _known(**words: Any) -> RadioChoice:
    """Yes, no or not known, in one row; like all that is folded it may be left."""
    return RadioChoice(choices=Known.choices, inline=True, required=False, **words)


class AdultParticulars(Folded):
    """Of a connected person, or one who may pose a risk."""

    folded = ("parental_responsibility", "first_language", "interpreter")

    parental_responsibility = _known(
        label=_("Do they have parental responsibility for the child?"),
        help_text=_("If it differs from child to child, say so in their connection."),
        name_in_errors=_("whether they have parental responsibility"),
    )
    first_language = CleanText(
        label=_("First language"),
        help_text=_("For example: Polish, British Sign Language."),
        max_length=100,
        width=20,
        required=False,
    )
    interpreter = _known(
        label=_("Do they need an interpreter?"),
        name_in_errors=_("whether an interpreter is needed"),
    )


class ChildParticulars(Folded):
    """Of a child or young person."""

    folded = (
        *("education", "school", "gp_practice", "first_language", "interpreter", "communication"),
        *("sex", "ethnicity", "disability"),
    )

    education = RadioChoice(
        label=_("Is the child at a school, nursery or college?"),
        choices=[(Education.SETTING, _("Yes")), *Education.choices[1:]],
        reveals={Education.SETTING: "school"},
        required=False,
        name_in_errors=_("where the child is taught"),
    )
    school = CleanText(
        label=_("Name of the school, nursery or college"),
        help_text=_("If you know it."),
        max_length=200,
        required=False,
    )
    gp_practice = CleanText(
        label=_("GP practice"),
        help_text=_("For an unborn child, where the mother is registered."),
        max_length=200,
        required=False,
    )
    first_language = CleanText(
        label=_("First language"),
        help_text=_("The child’s. For example: Polish, British Sign Language."),
        max_length=100,
        width=20,
        required=False,
    )
    interpreter = _known(
        label=_("Is an interpreter needed to speak to the child or the family?"),
        name_in_errors=_("whether an interpreter is needed"),
    )
    communication = CleanText(
        label=_("What else helps the child to communicate?"),
        help_text=_("For example: uses Makaton, wears hearing aids."),
        max_length=500,
        rows=2,
        required=False,
        name_in_errors=_("what helps the child to communicate"),
    )
    sex = RadioChoice(
        label=_("Sex"),
        choices=Sex.choices,
        required=False,
        name_in_errors=_("the child's sex"),
    )
    ethnicity = SelectChoice(
        label=_("Ethnic group"),
        choices=[
            *((group, list(names.items())) for group, names in ETHNIC_GROUPS.items()),
            *NO_ETHNIC_GROUP.items(),
        ],
        required=False,
        name_in_errors=_("the ethnic group"),
    )
    disability = _known(
        label=_("Does the child have a disability?"),
        name_in_errors=_("whether the child has a disability"),
    )

    def clean(self) -> dict[str, Any]:
        """A school that is named says that the child is at one; without one no name is kept."""
        given = super().clean() or {}
        if given.get("school") and not given.get("education") and "education" not in self.errors:
            given["education"] = Education.SETTING.value
        if given.get("education") != Education.SETTING:
            given["school"] = ""
        return given
