"""All that sharing asks for, on one page: each part with a form of its own."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from decisions.flow import readiness
from decisions.flow.steps import points_of
from decisions.flow.whole import items_of
from decisions.models import Decision, Point
from decisions.outcome.forms import BasisForm, ContentForm, ToldForm
from workflow.fields import CleanText, RadioChoice
from workflow.versions import StateField

ALL, NOT_ALL = "all", "not_all"
TOLD = {"told": "told", "on": "told_on", "reason": "told_reason"}  # as the decision has them
# What was said of it before, and is not asked any more; reasons for not sharing are asked anew.
NOT_DUE = {"condition": "", "ground": "", "ground_reason": "", "because": ""}
HEADS = {
    "basis": _("Lawful basis"),
    "content": _("The information"),
    "how": _("How it is shared"),
    "caldicott": _("Caldicott principles"),
    "told": _("Telling the child or family"),
}
ASKS = {
    "how": _("Do all of these points hold?"),
    "caldicott": _("Do all of these principles hold?"),
}


class ListForm(forms.Form):
    """A whole list of points, confirmed at once or explained one by one (H-HOW, CAL)."""

    confirmed = RadioChoice(
        label="",
        choices=[(ALL, _("Yes, I confirm all of them")), (NOT_ALL, _("No, or not fully"))],
        name_in_errors=_("whether all of these hold"),
    )

    def __init__(
        self,
        *args: Any,
        ask: Any,
        texts: Mapping[str, str],
        points: Iterable[Point],
        **kwargs: Any,
    ) -> None:
        given = {point.code: point for point in points}
        kwargs["initial"] = {f"why_{code}": point.explanation for code, point in given.items()}
        if given:
            is_met = all(point.is_met for point in given.values())
            kwargs["initial"]["confirmed"] = ALL if is_met else NOT_ALL
        super().__init__(*args, **kwargs)
        self.fields["confirmed"].label = ask
        self.texts = dict(texts)
        for code, text in texts.items():
            self.fields[f"why_{code}"] = CleanText(
                label=_("Explain: %s") % text,
                max_length=1000,
                rows=2,
                required=False,
                due_with="confirmed",
            )

    @property
    def explanations(self) -> list[Any]:
        """The fields in which a point is explained."""
        return [self[f"why_{code}"] for code in self.texts]

    @property
    def is_unfolded(self) -> bool:
        """Whether something is explained, or has to be."""
        is_due = bool(self.errors) and self["confirmed"].value() == NOT_ALL
        return is_due or any(field.value() for field in self.explanations)

    def clean(self) -> dict[str, Any]:
        """Confirmed or explained, and not both."""
        given = super().clean() or {}
        explained = any(given.get(f"why_{code}") for code in self.texts)
        if given.get("confirmed") == ALL and explained:
            self.add_error("confirmed", _("You explained a point: select no, or delete that"))
        if given.get("confirmed") == NOT_ALL and not explained:
            self.add_error("confirmed", _("Explain each point that does not hold"))
        return given

    def said(self) -> dict[str, tuple[bool, str]]:
        """What the action takes: what is not explained is confirmed."""
        explained = {code: self.cleaned_data[f"why_{code}"] for code in self.texts}
        return {code: (not why, why) for code, why in explained.items()}


@dataclass(frozen=True)
class Part:
    """One form of the page, and what stands above it."""

    code: str
    head: Any
    form: Any


class SharingForm:
    """The forms of all parts as one: each field bears its part before its name."""

    FORMS = (BasisForm, ContentForm, ListForm, ToldForm)

    def __init__(self, decision: Decision, posted: Any = None) -> None:
        self.is_bound = posted is not None
        self.items = items_of(decision)
        edition = decision.edition
        special = readiness.has_special_category(decision)
        of_part: dict[str, Any] = {
            "basis": (BasisForm, {"decision": decision, "special": special}),
            "content": (ContentForm, {"item": self.items[0] if len(self.items) == 1 else None}),
            "how": (ListForm, {"texts": edition.how, "ask": ASKS["how"]}),
            "caldicott": (ListForm, {"texts": edition.caldicott, "ask": ASKS["caldicott"]}),
            "told": (ToldForm, {"decision": decision}),
        }
        self.parts: list[Part] = []
        for part in readiness.parts_due(decision):
            if part.code not in of_part or (part.code == "content" and len(self.items) != 1):
                continue  # nothing is shared; or each piece has a page of its own
            form, about = of_part[part.code]
            if form is ListForm:
                about["points"] = points_of(decision, part.code)
            filled = form(posted, prefix=part.code, **about)
            for field in filled.fields.values():
                field.heading = False  # the page has one of its own
            self.parts.append(Part(part.code, HEADS[part.code], filled))
        self.state = _StateForm(posted, initial={"state": readiness.state_of(decision)})

    @property
    def kept_forms(self) -> list[Any]:
        """Those of which what is typed is kept."""
        return [self.state, *(part.form for part in self.parts)]

    def is_valid(self) -> bool:
        """Whether each of them is; all are asked, so that all errors are told at once."""
        wrong = [part for part in self.parts if not part.form.is_valid()]
        return not wrong

    @property
    def errors(self) -> ErrorDict:
        """What is wrong, by the whole name of the field."""
        return ErrorDict(
            {
                part.form.add_prefix(name): errors
                for part in self.parts
                for name, errors in part.form.errors.items()
            }
        )

    def non_field_errors(self) -> list[Any]:
        """What is wrong with a form as a whole."""
        return [error for part in self.parts for error in part.form.non_field_errors()]

    def __iter__(self) -> Iterator[Any]:
        return (field for part in self.parts for field in part.form)

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        said = {part.code: part.form.said() for part in self.parts}
        basis, told, content = (said.pop(code, {}) for code in ("basis", "told", "content"))
        for each in (basis, told, content):
            each.pop("expected_version", None)
        told = {TOLD[name]: value for name, value in told.items()}
        self.state.is_valid()
        return {
            "written": NOT_DUE | basis | told,
            "content": content or None,
            "points": said,
            "expected_state": self.state.cleaned_data.get("state", ""),
        }


class _StateForm(forms.Form):
    """Hidden: short for what the decision said when the page was filled in."""

    state = StateField()
