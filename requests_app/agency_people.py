"""Which agencies can be asked, and who there may be given a part in a case by name."""

from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Q, QuerySet, TextChoices, Value, When
from django.utils.translation import gettext_lazy as _

from agencies.grants import agencies_where_somebody_may, people_who
from agencies.models import Agency, User
from agencies.permissions import Permission
from agencies.register.selectors import takes_part
from workflow.compiled import Compiled

Status = Agency.Status


class CannotBeAsked(TextChoices):
    """Why no check can be put to an agency, and what to do about it."""

    LISTED = (
        "listed",
        _(
            "Has not signed the agreement yet. "
            "Its responsible manager signs it on the page “The agreement”."
        ),
    )
    LAPSED = (
        "lapsed",
        _(
            "Has not signed the edition of the agreement that is in force. "
            "Its responsible manager signs it on the page “The agreement”."
        ),
    )
    SUSPENDED = "suspended", _("Is suspended for the time being. Ask an administrator.")
    NOBODY = (
        "nobody",
        _("Nobody there answers checks. Ask an administrator to add a single point of contact."),
    )
    OFFICE = "office", _("Keeps the register, and answers no checks.")
    FRONT_DOOR = "front_door", _("Is the front door itself. Look in your own records.")


def agencies_by_whether_asked() -> QuerySet[Any]:
    """Every agency that has not left the register: ``cannot`` is why it cannot be asked, or ""."""
    nobody_answers = ~Q(pk__in=agencies_where_somebody_may(Permission.ANSWER).values("pk"))
    reasons = (
        (Q(is_front_door=True), CannotBeAsked.FRONT_DOOR),
        (Q(keeps_register=True) & nobody_answers, CannotBeAsked.OFFICE),
        (Q(status=Status.LISTED), CannotBeAsked.LISTED),
        (Q(status=Status.SUSPENDED), CannotBeAsked.SUSPENDED),
        (~takes_part(), CannotBeAsked.LAPSED),
        (nobody_answers, CannotBeAsked.NOBODY),
    )
    whens = [When(is_so, then=Value(reason.value)) for is_so, reason in reasons]
    cannot = Case(*whens, default=Value(""), output_field=CharField())
    return Agency.objects.exclude(status__in=(Status.LEFT, Status.MERGED)).annotate(cannot=cannot)


def who_can_be_asked() -> QuerySet[Agency]:
    """The agencies to which a check can be put: they take part, and somebody answers there."""
    return agencies_by_whether_asked().filter(cannot="")


def who_may_be_named(agency: Agency | UUID) -> QuerySet[User]:
    """Those who ask or answer for ``agency``: a check is handed to them, a package released.

    Never an adviser, who must not know whom a question is about (F-ADVICE), nor somebody
    who only keeps the register.
    """
    advisers = people_who(Permission.ADVISE, agency).values("pk")
    return people_who(Permission.SEND_REQUEST, agency).exclude(pk__in=advisers)


def people_to_name(agency: UUID) -> list[User]:
    """The same, in the order of their names."""
    return list(_NAMED(agency=agency))


_NAMED = Compiled(lambda agency: who_may_be_named(agency).order_by("last_name", "first_name"))
