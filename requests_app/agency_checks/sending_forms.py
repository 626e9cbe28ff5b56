"""Which agencies are asked at once, and what: the same for all of them, or for each its own."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency
from requests_app.agency_checks.forms import AskForm
from requests_app.agency_checks.whom_to_ask import WhomToAsk, group_names, named
from workflow.composite import CompositeForm
from workflow.fields import CleanText, IdempotencyKeyField, SelectChoice, TickChoices

MOST = 30  # agencies asked at once: each is an act of its own


class Agencies(TickChoices):
    """Agencies by their ids. One that could be asked a minute ago is told by its name.

    ``among`` says which those are that can be asked, and why others cannot.
    """

    among: WhomToAsk

    def validate(self, value: Any) -> None:
        """None at all is a matter of the form: some may have been refused."""
        if value:
            super().validate(value)

    def valid_value(self, value: Any) -> bool:
        """Whichever is on the register, or was when the page was shown."""
        return str(value) in self.among.by_id or str(value) in self.among.refused


class _WithAgencies(forms.Form):
    """A form on which agencies are chosen; ``refused`` says which were not taken, and why."""

    agency = Agencies(
        label=gettext_lazy("Agencies to ask"), choices=[], name_in_errors=gettext_lazy("an agency")
    )

    def __init__(self, *args: Any, whom: WhomToAsk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whom, self.refused = whom, list[str]()
        self.fields["agency"].among = whom  # type: ignore[attr-defined]

    def clean_agency(self) -> list[Agency]:
        """Those that can be asked; at least one, and no more than are asked at once."""
        ids = list(dict.fromkeys(self.cleaned_data["agency"]))
        refused = self.whom.refused
        self.refused = [refused[pk] for pk in ids if pk in refused]
        found = [self.whom.by_id[pk] for pk in ids if pk not in refused]
        if not found:
            raise ValidationError([*self.refused, _("Select an agency")])
        if len(found) > MOST:
            words = _("Select %(most)s agencies or fewer. You selected %(number)s")
            raise ValidationError(words % {"most": MOST, "number": len(found)})
        return found


class ChooseForm(_WithAgencies):
    """The list of agencies: what narrows it, and which are chosen."""

    find = CleanText(
        label=gettext_lazy("Part of its name, or what it is"),
        max_length=100,
        width=20,
        required=False,
        name_in_errors=gettext_lazy("what you look for"),
    )
    group = SelectChoice(
        label=gettext_lazy("Kind of agency"),
        choices=[],
        required=False,
        name_in_errors=gettext_lazy("a kind of agency"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["group"]
        kinds.choices = [("", _("All kinds")), *group_names()]
        ticks: Any = self.fields["agency"]
        ticks.choices = [(pk, agency.name) for pk, agency in self.whom.by_id.items()]
        self.order_fields(["find", "group", "agency"])

    def only_find(self) -> None:
        """Nothing has to be chosen yet: of errors only those of what is looked for are told."""
        self.errors.pop("agency", None)

    def narrowed(self) -> dict[str, Any]:
        """What the list is narrowed to, and who is chosen so far, whatever else is wrong."""
        if not self.is_bound:
            return {"chosen": set(self.initial.get("agency", ()))}
        self.is_valid()
        given = self.cleaned_data
        chosen = {str(value) for value in self["agency"].data or ()}
        return {"chosen": chosen, "find": given.get("find", ""), "group": given.get("group", "")}


class WhomForm(_WithAgencies):
    """Those who were chosen, each still to be taken off.

    Who was asked in this case already is not ticked, so that a page that was sent half and is
    opened anew asks nobody twice; but for those who were chosen to be asked ``again``.
    """

    idempotency_key = IdempotencyKeyField()

    def __init__(
        self, *args: Any, chosen: Sequence[str], again: Collection[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        by_id, asked = self.whom.by_id, self.whom.asked
        here = [pk for pk in dict.fromkeys(chosen) if pk in by_id]
        ticks: Any = self.fields["agency"]
        ticks.choices = [(pk, named(by_id[pk], asked=pk in asked)) for pk in here]
        ticks.initial = [pk for pk in here if pk not in asked or pk in again]
        self.agencies = [by_id[pk] for pk in here]


class PutForm(CompositeForm):
    """Whom to ask, and what: one form for all, or one for each under the agency's own prefix."""

    FORMS = (WhomForm, AskForm)

    def __init__(
        self,
        posted: Any = None,
        *,
        whom: WhomToAsk,
        chosen: Sequence[str] = (),
        again: Collection[str] = (),
        apart: bool = False,
        initial: Mapping[str, Mapping[str, Any]] | None = None,
        **about: Any,
    ) -> None:
        self.is_bound = posted is not None
        chosen = posted.getlist("agency") if posted is not None else chosen
        self.whom = WhomForm(posted, whom=whom, chosen=chosen, again=again)
        self.is_apart = apart and len(self.whom.agencies) > 1
        begins = initial or {}
        several = [(_prefix(each), each) for each in self.whom.agencies]
        of = several if self.is_apart else [("", None)]
        self.parts = [
            (agency, AskForm(posted, prefix=prefix or None, initial=begins.get(prefix), **about))
            for prefix, agency in of
        ]

    @classmethod
    def shown_anew(cls, posted: Any, *, apart: bool, whom: WhomToAsk, **about: Any) -> "PutForm":
        """The page as it was filled in, with one form for all or one for each; nothing checked.

        Whoever parts them begins each with what was said for all, and the other way round with what
        was said for the first.
        """
        was_apart = bool(posted.get("apart"))
        before = cls(posted, whom=whom, apart=was_apart, **about)
        said = {
            part.prefix or "": {name: part[name].data for name in part.fields}
            for _agency, part in before.parts
        }
        first = next(iter(said.values()))
        initial = {_prefix(each): first for each in before.whom.agencies} | {"": first} | said
        chosen = posted.getlist("agency")
        anew = {"apart": apart, "initial": initial, "again": chosen}
        return cls(None, whom=whom, chosen=chosen, **anew, **about)

    def is_valid(self) -> bool:
        """Whether each of them is; all are asked, so that all errors are told at once."""
        wrong = [form for form in self._forms if not form.is_valid()]
        return not wrong

    @property
    def _forms(self) -> list[forms.Form]:
        """Those that count: what was typed for an agency that was taken off does not."""
        here = set(self.whom["agency"].value() or ())
        return [
            self.whom,
            *(part for agency, part in self.parts if agency is None or str(agency.pk) in here),
        ]

    def asks(self) -> list[tuple[Agency, dict[str, Any]]]:
        """What the action is told: each agency, with what is shown, asked and told to it."""
        of = {agency and agency.pk: part for agency, part in self.parts}
        return [
            (agency, (of.get(agency.pk) or of[None]).asks())
            for agency in self.whom.cleaned_data["agency"]
        ]

    @property
    def idempotency_key(self) -> UUID:
        """The key of this page: from it each check has its own."""
        key: UUID = self.whom.cleaned_data["idempotency_key"]
        return key

    @property
    def refused(self) -> list[str]:
        """Who could be asked when the page was shown and cannot now, each with why."""
        return self.whom.refused

    @property
    def asked_again(self) -> list[str]:
        """The names of those that were asked in this case before."""
        asked = self.whom.whom.asked
        return [each.name for each in self.whom.cleaned_data["agency"] if str(each.pk) in asked]


def _prefix(agency: Agency) -> str:
    return agency.pk.hex
