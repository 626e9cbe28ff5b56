"""Whether somebody can sign in must follow from what they accepted, which the ledger holds.

Pages make a person active when they accept their first invitation, and nobody inactive after that.
The column itself is in no leaf (docs/adr/0107).
"""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from agencies.models import Membership, User
from agencies.people.transitions import BELONGS
from audit.ledger.findings import Beside

SOME = 500  # rows at a time


def people_unlike_their_memberships() -> Iterator[Beside]:
    """Who is inactive and should not be, or the other way round; ids only.

    Of somebody who never belonged to an agency nothing is recorded that would say.
    """
    theirs = Membership._base_manager.filter(user=OuterRef("pk"))
    past = Membership.history.model._base_manager.filter(user=OuterRef("pk"), status__in=BELONGS)
    people = User._base_manager.annotate(
        is_member=Exists(theirs), has_accepted=Exists(past)
    ).filter(is_member=True)
    for is_active, said in (
        (False, "is inactive, and has accepted an invitation"),
        (True, "is active, and has accepted no invitation"),
    ):
        wrong = people.filter(is_active=is_active, has_accepted=not is_active)
        for pk in wrong.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=SOME):
            yield Beside(f"Person {pk} {said}. No step made it so.", (said,))
