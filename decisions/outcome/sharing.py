"""All that sharing asks for, on one page: each part with a form of its own."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from decisions.flow import readiness
from decisions.flow.whole import items_of, part_of
from decisions.models import Decision, Point
from decisions.outcome.basis_form import BasisForm
from decisions.outcome.forms import ContentForm, ToldForm
from workflow.fields import CleanText, RadioChoice
from workflow.versions import StateField

ALL, NOT_ALL = "all", "not_all"
TOLD = {"told": "told", "on": "told_on", "reason": "told_reason"}  # as the decision has them
# What was said of it before, and is not asked any more; reasons for not sharing are asked anew.
NOT_DUE = {"condition": "", "ground": "", "ground_reason": "", "because": ""}
HEADS = {
    "basis": _("Lawful basis"),
    "content": _("The information"),
    "points": _("How it is shared"),
    "told": _("Telling the child or family"),
}
LISTS = {"how": _("Points to consider"), "caldicott": _("Caldicott principles")}


class PointsAtOnceForm(forms.Form):
    """Every list of points, read and confirmed at once, or explained point by point (H-HOW, CAL).

    Confirming is to have read them; each one is on record by itself.
    """

    confirmed = RadioChoice(
        label="",
        choices=[
            (ALL, ""),
            (NOT_ALL, _("No: I explain those that do not hold fully, and confirm the others")),
        ],
        name_in_errors=_("whether all of these hold"),
    )

    def __init__(
        self,
        *args: Any,
        lists: Mapping[str, Mapping[str, str]],
        points: Iterable[Point],
        **kwargs: Any,
    ) -> None:
        given = [point for point in points if point.kind in lists]
        kwargs["initial"] = {_why(each.kind, each.code): each.explanation for each in given}
        if given:
            kwargs["initial"]["confirmed"] = ALL if all(p.is_met for p in given) else NOT_ALL
        super().__init__(*args, **kwargs)
        self.lists = lists
        self.texts = {
            _why(kind, code): text for kind, texts in lists.items() for code, text in texts.items()
        }
        words = {"all": len(self.texts)}
        confirmed: Any = self.fields["confirmed"]
        confirmed.label = _("Do all %(all)s of these hold?") % words
        yes = _("Yes: I have read them and confirm all %(all)s") % words
        confirmed.choices = [(ALL, yes), *confirmed.choices[1:]]
        for name, text in self.texts.items():
            self.fields[name] = CleanText(
                label=_("Explain: %s") % text,
                max_length=1000,
                rows=2,
                required=False,
                due_with="confirmed",
            )

    @property
    def heads(self) -> list[tuple[Any, list[str]]]:
        """Each list with its heading, where there is more than one."""
        several = len(self.lists) > 1
        return [
            (LISTS[kind] if several else "", list(texts.values()))
            for kind, texts in self.lists.items()
        ]

    @property
    def explanations(self) -> list[Any]:
        """The fields in which a point is explained."""
        return [self[name] for name in self.texts]

    @property
    def is_unfolded(self) -> bool:
        """Whether something is explained, or has to be."""
        is_due = bool(self.errors) and self["confirmed"].value() == NOT_ALL
        return is_due or any(field.value() for field in self.explanations)

    def clean(self) -> dict[str, Any]:
        """Confirmed or explained, and not both."""
        given = super().clean() or {}
        explained = any(given.get(name) for name in self.texts)
        if given.get("confirmed") == ALL and explained:
            self.add_error("confirmed", _("You explained a point: select no, or delete that"))
        if given.get("confirmed") == NOT_ALL and not explained:
            self.add_error("confirmed", _("Explain each point that does not hold"))
        return given

    def said(self) -> dict[str, dict[str, tuple[bool, str]]]:
        """What the action takes, a list by a list: what is not explained is confirmed."""
        why = self.cleaned_data
        return {
            kind: {code: (not why[_why(kind, code)], why[_why(kind, code)]) for code in texts}
            for kind, texts in self.lists.items()
        }


def _why(kind: str, code: str) -> str:
    return f"why_{kind}_{code}"


@dataclass(frozen=True)
class Part:
    """One form of the page, and what stands above it."""

    code: str
    head: Any
    form: Any


class SharingForm:
    """The forms of all parts as one: each field bears its part before its name."""

    FORMS = (BasisForm, ContentForm, PointsAtOnceForm, ToldForm)

    def __init__(self, decision: Decision, posted: Any = None) -> None:
        self.is_bound = posted is not None
        self.items = items_of(decision)
        edition = decision.edition
        due = {part.code for part in readiness.parts_due(decision)}
        filled: dict[str, Any] = {}
        if "basis" in due:  # else nothing is shared
            special = readiness.has_special_category(decision)
            filled["basis"] = BasisForm(posted, prefix="basis", decision=decision, special=special)
            if len(self.items) == 1:  # else each piece has a page of its own
                (item,) = self.items
                holder = decision.agency_check.holder
                filled["content"] = ContentForm(posted, prefix="content", item=item, holder=holder)
            lists = {kind: getattr(edition, kind) for kind in LISTS if kind in due}
            points = part_of(decision, "points")
            filled["points"] = PointsAtOnceForm(posted, prefix="points", lists=lists, points=points)
            filled["told"] = ToldForm(posted, prefix="told", decision=decision)
        for form in filled.values():
            for field in form.fields.values():
                field.heading = False  # the page has one of its own
        self.parts = [Part(code, HEADS[code], form) for code, form in filled.items()]
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
            "points": said.get("points", {}),
            "expected_state": self.state.cleaned_data.get("state", ""),
        }


class _StateForm(forms.Form):
    """Hidden: short for what the decision said when the page was filled in."""

    state = StateField()
