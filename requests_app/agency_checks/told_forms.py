"""What an agency is told with a check, and that it names nobody beyond the ticks (P-NECESSARY)."""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from requests_app.choices import DETAILS
from requests_app.identities import NAMES, named_in
from requests_app.request_fields import TOLD
from requests_app.triage.selectors import Person
from workflow.fields import CleanText, TickChoices

LONGEST = 4000  # what a requester may type of the concern
CUT = {each.name: each.cut for each in TOLD if each.cut}
POSITIONS = {each.name: each.ticked_as for each in TOLD if each.ticked_as}


class AnyTicks(TickChoices):
    """Ticks of which none is in order: whether enough is ticked is a matter of the whole form.

    A field that is not required would be called optional on the page.
    """

    def validate(self, value: Any) -> None:
        """What is ticked must be on the list."""
        if value:
            super().validate(value)


class ToldFields(forms.Form):
    """The texts that can be cut, as the concern, and the positions that can be left out."""

    # As if each stood here by its name: what belongs to a form is read from its class's body.
    vars().update(
        (
            name,
            CleanText(
                label=cut.label,
                help_text=cut.help_text,
                max_length=LONGEST,
                rows=6,
                required=False,
                name_in_errors=cut.name_in_errors,
            ),
        )
        for name, cut in CUT.items()
    )
    positions = AnyTicks(label=_("What else may it read?"), choices=[])

    def offer(self, offered: Mapping[str, str]) -> None:
        """Begin with the words of the request: all ticked, each shown as it will be read."""
        self.words = {code: offered[code] for code in POSITIONS}
        known = [code for code, said in self.words.items() if said]
        fields: Any = self.fields
        for name in CUT:
            fields[name].initial = offered[name]
        fields["positions"].choices = [(code, POSITIONS[code]) for code in known]
        fields["positions"].widget.hints = {code: self.words[code] for code in known}
        fields["positions"].initial = known

    def told(self, given: Mapping[str, Any]) -> dict[str, str]:
        """What the check will say, by its column."""
        ticked = given.get("positions") or []
        said = {code: words if code in ticked else "" for code, words in self.words.items()}
        return {**{name: given.get(name) or "" for name in CUT}, **said}

    def cuttable(self) -> list[forms.BoundField]:
        """The texts, for the page."""
        return [self[name] for name in CUT]

    def names_only_the_ticked(
        self,
        given: Mapping[str, Any],
        people: Sequence[Person],
        shown: Mapping[str, Sequence[str]],
        facts: Sequence[tuple[str, str]],
    ) -> None:
        """Refuse words that hold a detail of somebody which is not ticked for the agency.

        ``facts`` are those of the request that were chosen, by their codes, in the requester's
        words. Each finding is said twice: at the person, where a tick mends it, and at the words.
        """
        read = self._read(given, facts)
        for number, (person, details) in enumerate(not_ticked(people, shown), 1):
            found = {field: _found_in(texts, details) for field, texts in read.items()}
            found = {field: wheres for field, wheres in found.items() if wheres}
            if found:
                codes = set().union(*(codes for each in found.values() for codes in each.values()))
                where = _(" and ").join(str(CALLED[field]) for field in found)
                self._mend(f"person_{number}", TICK, person, codes, codes, where=where)
            for field, wheres in found.items():
                codes = set().union(*wheres.values())
                self._mend(field, MENDS.get(field, TAKE_OUT), person, codes, wheres)

    def _read(
        self, given: Mapping[str, Any], facts: Sequence[tuple[str, str]]
    ) -> dict[str, Sequence[tuple[str, str]]]:
        """All that the agency will read, by field: each text with the choice that it belongs to."""
        told = self.told(given)
        return {
            "needs": facts,
            **{name: [("", given.get(name) or "")] for name in ("further", "further_why")},
            **{name: [("", told[name])] for name in CUT},
            "positions": [(code, told[code]) for code in POSITIONS],
        }

    def _mend(
        self,
        field: str,
        pattern: Any,
        person: Person,
        codes: Container[str],
        options: Iterable[str],
        **more: str,
    ) -> None:
        """Say what was found of whom, and what to do; ``options`` are the choices to go to."""
        what = ", ".join(str(DETAILS[code]) for code in DETAILS if code in codes)
        params = {"who": person.called, "what": what, "options": tuple(options), **more}
        self.add_error(field, ValidationError(pattern, code="names", params=params))


TICK = _("Tick %(what)s for %(who)s if the agency may see it, since it stands in %(where)s")
CALLED = {
    "needs": _("a fact that you selected"),
    "further": _("the further question"),
    "further_why": _("why the further question is needed"),
    **{name: cut.called for name, cut in CUT.items()},
    "positions": _("what else the agency may read"),
}
TAKE_OUT = _("This gives a detail of %(who)s: %(what)s. Tick it for that person, or take it out")
MENDS = {
    **{name: cut.names_somebody for name, cut in CUT.items()},
    "positions": _(
        "This gives a detail of %(who)s: %(what)s. Tick it for that person, or leave this out"
    ),
    "needs": _(
        "A fact that you selected gives a detail of %(who)s: %(what)s. Tick it for that person, or "
        "ask about the fact in other words as a further question"
    ),
}


def _found_in(texts: Iterable[tuple[str, str]], details: Mapping[str, Any]) -> dict[str, set[str]]:
    """The choices whose texts hold any of these details, each with the codes of those details."""
    found: dict[str, set[str]] = {}
    for option, text in texts:
        if codes := named_in(text, [details]):
            found.setdefault(option, set()).update(codes)
    return found


def not_ticked(
    people: Sequence[Person], shown: Mapping[str, Sequence[str]]
) -> Iterable[tuple[Person, dict[str, Any]]]:
    """Each person with the details that the agency is not given.

    A name that is shared with somebody whose name is ticked gives nothing away, nor does a
    school or an address of theirs.
    """
    ticked_of_any = {
        (code, said)
        for person in people
        for code, said in person.known.items()
        if code in shown.get(person.pk, ())
    }
    is_known = {
        part.casefold()
        for person in people
        for code in NAMES
        if code in shown.get(person.pk, ())
        for part in person.known.get(code, "").split()
    }
    for person in people:
        ticked = shown.get(person.pk, ())
        details = {
            code: said
            for code, said in person.known.items()
            if code not in ticked and (code, said) not in ticked_of_any
        }
        for code in NAMES:
            parts = [p for p in details.get(code, "").split() if p.casefold() not in is_known]
            details[code] = " ".join(parts)
        yield person, details
