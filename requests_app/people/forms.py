"""What a requester is asked about people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from requests_app.choices import DETAILS, Education
from requests_app.details import CHECKED, doubt_of
from requests_app.people.particulars import AdultParticulars, ChildParticulars, Folded
from workflow.fields import CleanText, DateField, IdempotencyKeyField, RadioChoice, TickChoices
from workflow.versions import VersionField

BORN, UNBORN = "born", "unborn"
NAMES = ("idempotency_key", "given_name", "family_name", "other_names")
IF_KNOWN = _("For example, 27 3 2016. Leave it empty if you do not know it.")
NAME_DUE = _("Enter the child's first name or last name")
NAME_MAY_BE_DUE = _("Enter the child's first name or last name, unless the child is unborn")


class PersonForm(Folded):
    """What is asked of everybody; what is not known stays empty."""

    idempotency_key = IdempotencyKeyField()
    expected_version = VersionField()
    given_name = CleanText(label=_("First name"), max_length=100, required=False)
    family_name = CleanText(label=_("Last name"), max_length=100, required=False)
    other_names = CleanText(
        label=_("Other names"),
        help_text=_("Names they had before, or go by."),
        max_length=200,
        required=False,
    )
    date_of_birth = DateField(
        label=_("Date of birth"),
        help_text=IF_KNOWN,
        past=True,
        required=False,
        name_in_errors=_("the date of birth"),
    )
    address = CleanText(
        label=_("Address"),
        help_text=_("With the postcode."),
        max_length=500,
        rows=4,
        required=False,
    )
    nhs_number = CleanText(
        label=_("NHS number"),
        help_text=_("10 numbers, for example 999 123 4567."),
        max_length=20,
        width=20,
        required=False,
    )

    def clean_nhs_number(self) -> str:
        """Without the gaps in which it is written; whatever else it is, it is kept."""
        return "".join(self.cleaned_data["nhs_number"].replace("-", "").split())

    @property
    def details(self) -> dict[str, Any]:
        """What the action takes."""
        own = ("idempotency_key", "expected_version", "leave_out")
        return {name: value for name, value in self.cleaned_data.items() if name not in own}

    @property
    def doubts(self) -> list[str]:
        """What looks wrong in what is saved, or stands in the form; it must not stop a request."""
        numbers = {code: self[code].value() for code in CHECKED if code in self.fields}
        if self.is_bound and self.is_valid():
            numbers = {code: self.details[code] for code in numbers}
        said = (doubt_of(code, number) for code, number in numbers.items())
        return [words for words in said if words]


class AdultForm(AdultParticulars, PersonForm):
    """Somebody connected to the child, or who may pose a risk."""

    relationship = CleanText(
        label=_("What is their connection to the child?"),
        help_text=_("For example: mother, uncle, neighbour."),
        max_length=200,
        name_in_errors=_("their connection to the child"),
    )
    field_order = (*NAMES, "relationship", "date_of_birth", "address", "nhs_number")


NOT_OF_THE_UNBORN = (
    *("date_of_birth", "nhs_number", "upn"),
    *(name for name in ChildParticulars.folded if name != "gp_practice"),
)
WITHOUT_A_SCHOOL = tuple(code for code in Education.values if code != Education.SETTING)


class ChildForm(ChildParticulars, PersonForm):
    """A child or young person, who may not be born yet."""

    born = RadioChoice(
        label=_("Has the child been born?"),
        choices=[
            (BORN, _("Yes")),
            (
                UNBORN,
                _("No, this is an unborn child"),
                _("Only names, the expected date of birth, address and GP practice are kept."),
            ),
        ],
        reveals={BORN: "date_of_birth", UNBORN: "due_date"},
        name_in_errors=_("whether the child has been born"),
    )
    due_date = DateField(
        label=_("Expected date of birth"),
        help_text=IF_KNOWN,
        required=False,
        name_in_errors=_("the expected date of birth"),
    )
    upn = CleanText(
        label=_("Unique pupil number (UPN)"),
        help_text=_("13 letters and numbers, if the child is at a school."),
        max_length=20,
        width=20,
        required=False,
    )
    leave_out = TickChoices(label=_("Some details do not fit your answers"), choices=[])
    field_order = (
        *(*NAMES, "born", "leave_out", "date_of_birth", "due_date", "address"),
        *("nhs_number", "upn"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ask_before_leaving_out()
        for name in ("given_name", "family_name"):  # one of them, of a child who has been born
            self.fields[name].due_with = "born"  # type: ignore[attr-defined]

    def _ask_before_leaving_out(self) -> None:
        """Name what is filled in and does not fit the answers, with a tick to leave it out.

        The tick's value names it too, so that it agrees to nothing that was filled in after.
        """
        self._lost = [name for name in self._unfit() if _is_filled(self[name].value())]
        if not self._lost:
            del self.fields["leave_out"]
            return
        words = {"what": ", ".join(str(DETAILS[code]) for code in DETAILS if code in self._lost)}
        field: Any = self.fields["leave_out"]
        field.choices = [(" ".join(self._lost), _("Leave out: %(what)s") % words)]
        said = _(
            "These do not fit your answers and are not kept: %(what)s. Tick the box to leave them "
            "out, or change your answer"
        )
        if self._is_unborn():
            field.label = _("Some details are not kept for an unborn child")
            said = _(
                "These are not kept for an unborn child: %(what)s. Tick the box to leave them out, "
                "or change your answer"
            )
        codes = ("required", "invalid_choice", "invalid_list")
        field.error_messages |= dict.fromkeys(codes, said % words)

    def _is_unborn(self) -> bool:
        return self.is_bound and self["born"].value() == UNBORN

    def _unfit(self) -> tuple[str, ...]:
        """What is not kept beside the answers that were given, filled in or not."""
        if not self.is_bound:
            return ()
        if self._is_unborn():
            return NOT_OF_THE_UNBORN
        due = ("due_date",) if self["born"].value() == BORN else ()
        school = ("school",) if self["education"].value() in WITHOUT_A_SCHOOL else ()
        return due + school

    def clean_upn(self) -> str:
        """In capitals and without gaps."""
        return "".join(self.cleaned_data["upn"].upper().split())

    def clean(self) -> dict[str, Any]:
        """A child has a name unless it is unborn; that is said before it is known which."""
        given = super().clean() or {}
        for name in self._lost:  # wrong or not, it is left out
            self.errors.pop(name, None)
        named = given.get("given_name") or given.get("family_name")
        asked = {"given_name", "family_name"} & self.errors.keys()
        if given.get("born") != UNBORN and not named and not asked:
            self.add_error("given_name", NAME_DUE if given.get("born") else NAME_MAY_BE_DUE)
        return given

    @property
    def details(self) -> dict[str, Any]:
        """What the action takes; of an unborn child only what can be known before birth."""
        details = super().details
        is_unborn = details.pop("born") == UNBORN
        if is_unborn:
            details |= {**dict.fromkeys(NOT_OF_THE_UNBORN, ""), "date_of_birth": None}
        else:
            details["due_date"] = None
        return details | {"is_unborn": is_unborn}


def _is_filled(value: Any) -> bool:
    """Whether anything was typed or chosen, in any of the boxes of a date."""
    parts = value if isinstance(value, list) else [value]
    return any(str(part or "").strip() for part in parts)


def initial_of(person: Any) -> dict[str, Any]:
    """What the form of a person shows when it is changed."""
    names = (*AdultForm.base_fields, *ChildForm.base_fields)
    known = {name: getattr(person, name) for name in names if hasattr(person, name)}
    return known | {
        "born": UNBORN if person.is_unborn else BORN,
        "expected_version": person.version,
    }
