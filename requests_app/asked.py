"""Whom of a request an agency was asked about, and whom it was not.

An answer is about those people alone. Whoever reads "not known" and not of whom takes it for
everybody, and is reassured about a child of whom nobody asked (docs/adr/0084).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from agencies.acting import Actor
from agencies.permissions import Permission
from requests_app.choices import DETAILS, PersonRole
from requests_app.models import AgencyCheck, Subject
from requests_app.policies import SUBJECTS

# What the reader may call each person of a request, by the person's id, in the order to read.
Names = Mapping[str, str]


@dataclass(frozen=True)
class About:
    """The people of a request, parted by whether an agency was asked about them."""

    asked: list[tuple[str, str]]
    not_asked: list[str]
    searched: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """As questions and answers, for a page or a print, with the details that were given."""
        words = _("%(who)s. Details given: %(details)s")
        asked = [words % {"who": who, "details": given} for who, given in self.asked]
        lines = [
            (_("Asked about"), "\n".join(asked) or _("Nobody")),
            (_("Not asked about"), "\n".join(self.not_asked)),
            (_("What was searched"), self.searched),
        ]
        return [{"key": key, "value": value} for key, value in lines if value]

    @property
    def briefly(self) -> list[str]:
        """As sentences for a list, without the details."""
        asked = ", ".join(who for who, _given in self.asked)
        lines = [
            (_("Asked about: %s"), asked or _("Nobody")),
            (_("Not asked about: %s"), ", ".join(self.not_asked)),
        ]
        return [words % people for words, people in lines if people]


def about(agency_check: AgencyCheck, names: Names, *, searched: bool = True) -> About:
    """Whom a check asks about, of all whom its request names.

    What was ``searched`` is free text, and may name them to a reader of initials.
    """
    asked, not_asked = [], []
    for pk, who in names.items():
        if codes := agency_check.shown.get(pk):
            given = "; ".join(str(words) for code, words in DETAILS.items() if code in codes)
            asked.append((who, given))
        else:
            not_asked.append(who)
    return About(asked, not_asked, agency_check.searched if searched else "")


def names_of(people: Iterable[Subject]) -> dict[str, str]:
    """The names of these people, for those who read all of the request."""
    return {str(each.pk): _called(each, each.name) for each in people}


def people_for(actor: Actor, case: Any) -> QuerySet[Subject]:
    """The people of a request for somebody to whom a package was released.

    The requester named them. A colleague whom the front door named as a recipient is in reach of
    none of their names, and reads initials, as in the lists of packages (ISA-6.2).
    """
    theirs = SUBJECTS.scope(actor, Permission.SEND_REQUEST).filter(pk=OuterRef("pk"))
    rows = Subject.objects.filter(case=case, status=Subject.Status.CURRENT)
    return rows.annotate(may_be_named=Exists(theirs))


def in_order(people: Iterable[Subject]) -> list[Any]:
    """Children first, and always the same within a role."""
    order = list(PersonRole.values)
    return sorted(people, key=lambda each: (order.index(each.role), str(each.pk)))


def names_for(people: Iterable[Any]) -> dict[str, str]:
    """What the reader of ``people_for`` may call each of them."""
    return {
        str(each.pk): _called(each, each.name if each.may_be_named else each.initials)
        for each in people
    }


def _called(person: Subject, name: str) -> str:
    return f"{name} ({person.get_role_display()})"
