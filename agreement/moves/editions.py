"""The lives of an edition, of what the partners say to it, and of its yearly review."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import May
from agreement import policies
from agreement.models import AgreementEdition, PartnerAgreement, YearlyReview
from workflow.moves import NEW, SAME, Move, Moves

Status = AgreementEdition.Status
Said = PartnerAgreement.Status

EDITION = Moves(
    policies.EDITIONS,
    {
        "draft": Move(
            start=(NEW,), end=Status.DRAFT, may=May.ADMINISTER, says=_("edition drafted")
        ),
        "draft_after_review": Move(
            start=(NEW,),
            end=Status.DRAFT,
            may=May.AGREE,
            says=_("edition drafted after a review"),
            tells=("edition.drafted",),
        ),
        "change": Move(
            start=(Status.DRAFT,), end=SAME, may=May.ADMINISTER, says=_("draft changed")
        ),
        "propose": Move(
            start=(Status.DRAFT,),
            end=Status.PROPOSED,
            may=May.ADMINISTER,
            says=_("edition proposed to the statutory partners"),
            tells=("edition.proposed",),
        ),
        "discard": Move(
            start=(Status.DRAFT,),
            end=Status.WITHDRAWN,
            may=May.ADMINISTER,
            says=_("draft given up"),
        ),
        "withdraw": Move(
            start=(Status.PROPOSED,),
            end=Status.WITHDRAWN,
            may=May.ADMINISTER,
            says=_("edition withdrawn"),
            tells=("edition.withdrawn",),
        ),
        "come_into_force": Move(
            start=(Status.PROPOSED,),
            end=Status.IN_FORCE,
            may=May.AGREE,
            says=_("edition came into force"),
            tells=("edition.in_force",),
        ),
        "supersede": Move(
            start=(Status.IN_FORCE,),
            end=Status.SUPERSEDED,
            may=May.AGREE,
            says=_("replaced by a later edition"),
        ),
        "be_reviewed": Move(
            start=(Status.IN_FORCE,), end=SAME, may=May.AGREE, says=_("yearly review recorded")
        ),
        "note_review": Move(
            start=(Status.IN_FORCE,), end=SAME, may=May.ADMINISTER, says=_("yearly review recorded")
        ),
    },
)

PARTNER_AGREEMENT = Moves(
    policies.PARTNER_AGREEMENTS,
    {
        "agree": Move(
            start=(NEW, Said.DISAGREED),
            end=Said.AGREED,
            may=May.AGREE,
            given={"edition": (Status.PROPOSED,)},
            says=_("agreed"),
        ),
        "disagree": Move(
            start=(NEW, Said.AGREED),
            end=Said.DISAGREED,
            may=May.AGREE,
            given={"edition": (Status.PROPOSED,)},
            says=_("did not agree"),
            tells=("edition.disagreed",),
        ),
        "void": Move(
            start=(Said.AGREED, Said.DISAGREED),
            end=Said.VOID,
            may=May.ADMINISTER,
            given={"edition": (Status.WITHDRAWN,)},
            says=_("void, because the edition was withdrawn"),
        ),
    },
)

REVIEW = Moves(
    policies.REVIEWS,
    {
        "record": Move(
            start=(NEW,),
            end=YearlyReview.Status.RECORDED,
            may=May.AGREE,
            given={"edition": (Status.IN_FORCE,)},
            says=_("yearly review recorded"),
        ),
        "note": Move(
            start=(NEW,),
            end=YearlyReview.Status.RECORDED,
            may=May.ADMINISTER,
            given={"edition": (Status.IN_FORCE,)},
            says=_("yearly review recorded by the office"),
        ),
    },
)
