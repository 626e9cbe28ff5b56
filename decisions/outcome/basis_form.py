"""What sharing rests on: the lawful basis, and the condition and ground where they are due."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from decisions.models import Decision
from decisions.outcome.forms import Due
from workflow.fields import CleanText, RadioChoice

# What the labels of an edition, which never change, do not say.
SAFEGUARDING = "safeguarding"  # of the conditions
FROM_THE_GROUND = _(
    "Some of the information is special category. This one is chosen because of your lawful reason "
    "for sharing without consent. Change it if another applies."
)
HINTS = {"legitimate_interests": _("Not for public authorities’ own tasks.")}


class BasisForm(Due):
    """The lawful basis; a condition and a ground where due; safety (ISA-4.4, DP-SPECIAL, G-RULES).

    The ground for doing without consent is asked where the last answer did not say it; its reasons
    begin with those of that answer. A ground is what the safeguarding condition asks for (Data
    Protection Act 2018, Schedule 1, paragraph 18(2)), so where there is one the condition begins
    with it; it can be changed.
    """

    lawful_basis = RadioChoice(
        label=_("What is your lawful basis for sharing?"),
        choices=[],
        name_in_errors=_("your lawful basis"),
    )
    condition = RadioChoice(
        label=_("Which special category condition applies?"),
        help_text=_("Some of the information is special category."),
        choices=[],
        name_in_errors=_("the special category condition"),
    )
    ground = RadioChoice(
        label=_("Why is it shared without consent?"),
        choices=[],
        name_in_errors=_("why it is shared without consent"),
    )
    ground_reason = CleanText(
        label=_("Your reasons for that"),
        max_length=4000,
        rows=4,
        name_in_errors=_("your reasons for sharing without consent"),
    )
    safety = CleanText(
        label=_("What safety and well-being did you consider?"),
        help_text=_("Of the child, and of others who may be affected."),
        max_length=4000,
        rows=4,
        name_in_errors=_("the safety and well-being that you considered"),
    )

    def __init__(self, *args: Any, decision: Decision, special: bool, **kwargs: Any) -> None:
        names = ("lawful_basis", "condition", "ground", "ground_reason", "safety")
        kwargs["initial"] = {name: getattr(decision, name) for name in names}
        kwargs["initial"]["expected_version"] = decision.version
        super().__init__(*args, **kwargs)
        edition, answers = decision.edition, decision.answers_on_the_path()
        self.known_ground = decision.ground_of_its_answer
        self.reason_of_ground = decision.ground_reason if self.known_ground else ""
        self.initial["ground_reason"] = decision.ground_reason or answers[-1].reasons
        if self.known_ground and not decision.condition and SAFEGUARDING in decision.conditions:
            self.initial["condition"] = SAFEGUARDING
            self.fields["condition"].help_text = FROM_THE_GROUND
        fields: Any = self.fields
        fields["lawful_basis"].choices = list(edition.bases.items())
        fields["lawful_basis"].widget.hints = HINTS
        fields["condition"].choices = list(decision.conditions.items())
        fields["ground"].choices = list(edition.grounds.items())
        not_due = ["condition"] if not special else []
        if decision.with_consent or self.known_ground:
            not_due += ["ground", "ground_reason"]
        for name in not_due:
            del self.fields[name]
        self.said_before = edition.grounds.get(self.known_ground, "")
        self.asked_at = answers[-1].step

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        if not self.known_ground:
            return self.cleaned_data
        return self.cleaned_data | {
            "ground": self.known_ground,
            "ground_reason": self.reason_of_ground,
        }
