"""One question of the flow, and which pieces of information to decide apart."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from decisions.flow.models import LAWFUL_REASON
from decisions.flow.protocol import PageAnswer, Step
from decisions.flow.selectors import label_of
from decisions.models import Answer, Decision
from requests_app.models import Item
from workflow.fields import CleanText, IdempotencyKeyField, RadioChoice, TickChoices
from workflow.versions import VersionField


class OnceForm(forms.Form):
    """Only the token that makes a doubled click one."""

    idempotency_key = IdempotencyKeyField()


class StepForm(forms.Form):
    """The questions of one page, and one text of reasons for them; they are the edition's (F-FLOW).

    ``choice`` is of the first. Those that follow from it bear their names before their fields. One
    that is left out has a page of its own next.
    """

    expected_version = VersionField()
    choice = RadioChoice(label="", choices=[], heading=True)
    reasons = CleanText(
        label=_("Your reasons"),
        help_text=_(
            "A sentence or two, for your agency’s record. The safeguarding partners can read it; "
            "the front door and the requester cannot."
        ),
        max_length=4000,
        rows=5,
        name_in_errors=_("your reasons"),
    )

    def __init__(
        self,
        *args: Any,
        decision: Decision,
        steps: Sequence[Step],
        answers: Mapping[str, Answer],
        **kwargs: Any,
    ) -> None:
        reasons = [answers[step.name].reasons for step in steps if step.name in answers]
        kwargs["initial"] = {"reasons": next(iter(reasons), "")}
        super().__init__(*args, **kwargs)
        self.steps, self.edition = steps, decision.edition
        self.fields["reasons"].help_text = f"{self.fields['reasons'].help_text} {self._more()}"
        for number, step in enumerate(steps):
            if number:
                self.fields[f"{step.name}_version"] = VersionField()
                self.fields[f"{step.name}_choice"] = RadioChoice(
                    label="", choices=[], required=False, due_with="choice"
                )
            self._ask(step, answers.get(step.name), decision.ground)
        self.order_fields([name for name in self.fields if name != "reasons"])

    def _ask(self, step: Step, answer: Answer | None, ground: str) -> None:
        version, name = self._names(step)
        field: Any = self.fields[name]
        field.label, field.help_text = step.ask, step.hint
        field.choices = [
            (code, label) for choice in step.answers for code, label in self._options(step, choice)
        ]
        field.widget.inline = all("/" not in code for code, _label in field.choices)
        first, *others = [label_of(choice) for choice in step.answers]
        field.error_messages["required"] = _("Select %(choices)s") % {
            "choices": _(" or ").join([first, *others]).lower()
        }
        codes = {code for code, _label in field.choices}
        chosen = answer.choice if answer else ""
        self.initial[name] = next((c for c in (chosen, f"{chosen}/{ground}") if c in codes), "")
        self.initial[version] = answer.version if answer else 0

    def _more(self) -> str:
        """What else there is to know of the reasons."""
        if len(self.steps) > 1:
            return str(_("They stand on record with each of your answers on this page."))
        (step,) = self.steps
        ends = [choice for choice in step.answers if self.edition.refuses(step.name, choice)]
        said = _("If you answer “%(answer)s”, you can leave this empty: the next page asks why.")
        return str(said) % {"answer": label_of(ends[0])} if ends else ""

    def _options(self, step: Step, choice: str) -> list[tuple[str, str]]:
        """An answer; the yes to a lawful reason says which, so that it is not asked for again."""
        leads = self.edition.outcomes.get(step.answers[choice])
        if step.name != LAWFUL_REASON or leads is None or not leads.shares:
            return [(choice, label_of(choice))]
        yes = _("%(answer)s: %(ground)s")
        return [
            (f"{choice}/{code}", yes % {"answer": label_of(choice), "ground": _inside(text)})
            for code, text in self.edition.grounds.items()
        ]

    def _names(self, step: Step) -> tuple[str, str]:
        if step is self.steps[0]:
            return "expected_version", "choice"
        return f"{step.name}_version", f"{step.name}_choice"

    def asked(self) -> list[tuple[Step, Any, str]]:
        """Each question with its field, and what of the one before it leads to it."""
        found = []
        for before, step in zip([None, *self.steps], self.steps, strict=False):
            leading = [c for c, to in before.answers.items() if to == step.name] if before else []
            found.append((step, self[self._names(step)[1]], "".join(map(label_of, leading))))
        return found

    def chosen(self) -> dict[str, str]:
        """The answers as they stand on the page, by question."""
        return {step.name: str(field.value() or "") for step, field, _after in self.asked()}

    def clean(self) -> dict[str, Any]:
        """No answer after one that is left out; reasons, unless what comes next asks for them."""
        given = super().clean() or {}
        chosen = [given.get(self._names(step)[1]) for step in self.steps]
        for step, later in zip(self.steps[1:], range(2, len(chosen) + 1), strict=True):
            name = self._names(step)[1]
            if not chosen[later - 1] and any(chosen[later:]) and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        answers = self._answers()
        if len(answers) == 1 and self.edition.refuses(answers[0].step, answers[0].choice):
            left_out = self.errors.get("reasons") and not self.data.get("reasons", "").strip()
            if left_out:
                del self.errors["reasons"]
                given["reasons"] = ""
        return given

    def _answers(self) -> list[PageAnswer]:
        """Those that count: as far as one leads to the next."""
        found: list[PageAnswer] = []
        for place, step in enumerate(self.steps):
            version, name = self._names(step)
            choice = (self.cleaned_data.get(name) or "").partition("/")[0]
            if not choice:
                break
            found.append(PageAnswer(step.name, choice, self.cleaned_data.get(version)))
            if [step.answers[choice]] != [each.name for each in self.steps[place + 1 : place + 2]]:
                break
        return found

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        answers = self._answers()
        last = next(step for step in self.steps if step.name == answers[-1].step)
        _choice, _slash, ground = self.cleaned_data[self._names(last)[1]].partition("/")
        return {"answers": answers, "reasons": self.cleaned_data["reasons"], "ground": ground}


def _inside(text: str) -> str:
    """A sentence as it stands after a colon."""
    return text[:1].lower() + text[1:]


class SplitForm(forms.Form):
    """Which pieces of information to decide in a decision of their own."""

    idempotency_key = IdempotencyKeyField()
    items = TickChoices(
        label=_("Which items need a separate decision?"),
        help_text=_("The answers so far go with them, and you can change those there."),
        choices=[],
        heading=True,
        name_in_errors=_("at least one piece of information"),
    )

    def __init__(self, *args: Any, pieces: Iterable[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pieces: Mapping[str, Item] = {str(item.pk): item for item in pieces}
        field: Any = self.fields["items"]
        field.choices = [(pk, item.title) for pk, item in self.pieces.items()]

    def clean_items(self) -> list[Item]:
        """The items; not all of them, for then nothing is apart."""
        chosen = [self.pieces[pk] for pk in self.cleaned_data["items"]]
        if len(chosen) == len(self.pieces):
            raise forms.ValidationError(_("Leave at least one piece of information here"))
        return chosen
