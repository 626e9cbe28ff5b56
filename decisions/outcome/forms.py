"""What an outcome asks for: the information, how, Caldicott, told, why not."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from decisions.models import Decision, Point
from requests_app.choices import Nature
from requests_app.items.models import OLD
from requests_app.models import Item
from workflow.fields import CleanText, DateField, RadioChoice
from workflow.versions import VersionField, version_of


class Due(forms.Form):
    """What the forms here share: what they were filled in from, and asking for what is revealed."""

    expected_version = VersionField()

    def need(self, name: str, message: Any) -> None:
        """An error at a field that is due by what was chosen, unless it has one already."""
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, message)


AT_RISK = "at_risk"  # of the grounds: asking, and so telling, would put a child at risk


class ContentForm(Due):
    """What a piece of information is: kind, content, source, as-at date (P-ACCURATE)."""

    nature = RadioChoice(
        label=_("What kind of information is it?"),
        choices=[
            (Nature.FACT, Nature.FACT.label, _("What was seen, done or measured")),
            (Nature.OPINION, Nature.OPINION.label, _("What a professional made of it")),
            (Nature.REPORTED, Nature.REPORTED.label, _("What somebody else said")),
            (Nature.HISTORICAL, Nature.HISTORICAL.label, _("True once, perhaps not now")),
        ],
        reveals={Nature.OPINION: "opinion_of", Nature.REPORTED: "reported_by"},
        name_in_errors=_("what kind of information it is"),
    )
    opinion_of = CleanText(label=_("Whose opinion is it?"), max_length=200, required=False)
    reported_by = CleanText(label=_("Who reported it?"), max_length=200, required=False)
    content = CleanText(
        label=_("The information"),
        help_text=_("Only what the question needs."),
        max_length=10000,
        rows=8,
        name_in_errors=_("the information"),
    )
    source = CleanText(
        label=_("Where is it from?"),
        help_text=_("Change it to say which record, such as emergency department record."),
        max_length=300,
        name_in_errors=_("where it is from"),
    )
    as_at = DateField(
        label=_("Date of the event or record"),
        past=True,
        name_in_errors=_("the date of the event or record"),
    )
    still_matters = CleanText(
        label=_("Why does it still matter?"),
        help_text=_("Needed if it is historical or more than two years old."),
        max_length=1000,
        rows=3,
        required=False,
        due_with="as_at",
    )

    def __init__(self, *args: Any, item: Item, holder: Agency, **kwargs: Any) -> None:
        records = _("Records of %(agency)s") % {"agency": holder}
        names = ("nature", "content", "source", "as_at", "still_matters")
        kwargs["initial"] = {name: getattr(item, name) for name in names} | {
            "expected_version": item.version,
            "source": item.source or records,
            "opinion_of": item.whose if item.nature == Nature.OPINION else "",
            "reported_by": item.whose if item.nature == Nature.REPORTED else "",
        }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Whose it is, where it is somebody's; why it still matters, where it is old."""
        given = super().clean() or {}
        nature, as_at = given.get("nature"), given.get("as_at")
        if nature == Nature.OPINION:
            self.need("opinion_of", _("Enter whose opinion it is"))
        if nature == Nature.REPORTED:
            self.need("reported_by", _("Enter who reported it"))
        if nature == Nature.HISTORICAL or (as_at and as_at < timezone.localdate() - OLD):
            self.need("still_matters", _("Enter why it still matters"))
        return given

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        given = dict(self.cleaned_data)
        whose = {
            Nature.OPINION: given.pop("opinion_of"),
            Nature.REPORTED: given.pop("reported_by"),
        }
        return given | {"whose": whose.get(given["nature"], "")}


class PointsForm(Due):
    """Each point of a list, confirmed or explained (H-HOW, CAL)."""

    def __init__(
        self, *args: Any, texts: Mapping[str, str], points: Iterable[Point], **kwargs: Any
    ) -> None:
        given = list(points)
        kwargs["initial"] = {"expected_version": version_of(given)}
        for point in given:
            kwargs["initial"][f"point_{point.code}"] = "yes" if point.is_met else "no"
            kwargs["initial"][f"why_{point.code}"] = point.explanation
        super().__init__(*args, **kwargs)
        self.codes = list(texts)
        for code, text in texts.items():
            self.fields[f"point_{code}"] = RadioChoice(
                label=text,
                choices=[("yes", _("Confirmed")), ("no", _("No, or not fully"))],
                reveals={"no": f"why_{code}"},
                error_messages={"required": _("Confirm or explain: %s") % text},
            )
            self.fields[f"why_{code}"] = CleanText(
                label=_("Explain"), max_length=1000, rows=3, required=False
            )

    def clean(self) -> dict[str, Any]:
        """What is not confirmed is explained."""
        given = super().clean() or {}
        for code in self.codes:
            if given.get(f"point_{code}") == "no":
                label = self.fields[f"point_{code}"].label
                self.need(f"why_{code}", _("Explain: %s") % label)
        return given

    def said(self) -> dict[str, tuple[bool, str]]:
        """What the action takes."""
        given = self.cleaned_data
        return {
            code: (True, "") if given[f"point_{code}"] == "yes" else (False, given[f"why_{code}"])
            for code in self.codes
        }


class ToldForm(Due):
    """Whether the child or family is told: when, or why not (H-HOW)."""

    told = RadioChoice(
        label=_("Has the child or family been told that this is shared?"),
        help_text=_("Tell them, unless that creates or increases a risk of harm."),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        reveals={"yes": "on", "no": "reason"},
        heading=True,
        name_in_errors=_("whether the child or family has been told"),
    )
    on = DateField(
        label=_("When were they told?"),
        past=True,
        required=False,
        name_in_errors=_("the date on which they were told"),
    )
    reason = CleanText(label=_("Why not?"), max_length=2000, rows=4, required=False)

    def __init__(self, *args: Any, decision: Decision, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "expected_version": decision.version,
            "told": decision.told,
            "on": decision.told_on,
            "reason": decision.told_reason,
        }
        super().__init__(*args, **kwargs)
        if not decision.told and decision.ground_of_its_answer == AT_RISK:
            self.initial["reason"] = decision.ground_reason
            self.fields["reason"].help_text = _(
                "It begins with your reasons for sharing without consent. Change what is different."
            )

    def clean(self) -> dict[str, Any]:
        """A date or a reason."""
        given = super().clean() or {}
        if given.get("told") == "yes":
            self.need("on", _("Enter the date on which they were told"))
        if given.get("told") == "no":
            self.need("reason", _("Enter why they have not been told"))
        return given

    def said(self) -> dict[str, Any]:
        """What the action takes: only what belongs to the answer."""
        given = self.cleaned_data
        is_told = given["told"] == "yes"
        return given | {
            "on": given["on"] if is_told else None,
            "reason": "" if is_told else given["reason"],
        }


class WhyNotForm(Due):
    """Why it is not shared, and the safety and well-being considered (ISA-5.4)."""

    because = CleanText(
        label=_("Why is it not shared?"),
        help_text=_(
            "The requester, the front door and the safeguarding partners read this. "
            "Do not say in it what you are not sharing."
        ),
        max_length=4000,
        rows=5,
        name_in_errors=_("why it is not shared"),
    )
    safety = CleanText(
        label=_("What safety and well-being did you consider?"),
        help_text=_(
            "Of the child, and of others who may be affected. The requester, the front door and "
            "the safeguarding partners read this too."
        ),
        max_length=4000,
        rows=5,
        name_in_errors=_("the safety and well-being that you considered"),
    )

    def __init__(self, *args: Any, decision: Decision, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "expected_version": decision.version,
            "because": decision.because,
            # What was written of a share is for its record, and others read this.
            "safety": decision.safety if decision.because else "",
        }
        super().__init__(*args, **kwargs)

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        return self.cleaned_data
