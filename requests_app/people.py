"""Who, at an agency, may be given a part in a case by name."""

from django.db.models import QuerySet

from agencies.holding import agencies_where_somebody_may, people_who
from agencies.lists.participation import taking_part
from agencies.models import Agency, User
from agencies.permissions import May


def who_can_be_asked() -> QuerySet[Agency]:
    """The agencies to which a check can be put: somebody answers there."""
    return taking_part().filter(
        is_front_door=False, pk__in=agencies_where_somebody_may(May.ANSWER).values("pk")
    )


def who_may_be_named(agency: Agency) -> QuerySet[User]:
    """Those who ask or answer for ``agency``: a check is handed to them, a package released.

    Never an adviser, who must not know whom a question is about (F-ADVICE), nor somebody
    who only keeps the register.
    """
    advisers = people_who(May.ADVISE, agency).values("pk")
    return people_who(May.SEND_REQUEST, agency).exclude(pk__in=advisers)
