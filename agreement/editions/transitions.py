"""The lives of an edition, and of what the partners say to it."""

from django.utils.translation import gettext_lazy as _

from agencies.permissions import Permission
from agreement import policies
from agreement.models import AgreementEdition, PartnerAgreement
from workflow.transition import Transition
from workflow.transitions import NEW, SAME, Transitions

Status = AgreementEdition.Status
Said = PartnerAgreement.Status

EDITION = Transitions(
    "agreementedition",
    policies.EDITIONS,
    {
        "draft": Transition(
            start=(NEW,),
            end=Status.DRAFT,
            permissions=(Permission.ADMINISTER,),
            label=_("edition drafted"),
        ),
        "draft_after_review": Transition(
            start=(NEW,),
            end=Status.DRAFT,
            permissions=(Permission.AGREE,),
            label=_("edition drafted after a review"),
            notifies=("edition.drafted",),
        ),
        "change": Transition(
            start=(Status.DRAFT,),
            end=SAME,
            permissions=(Permission.ADMINISTER,),
            label=_("draft changed"),
        ),
        "propose": Transition(
            start=(Status.DRAFT,),
            end=Status.PROPOSED,
            permissions=(Permission.ADMINISTER,),
            label=_("edition proposed to the statutory partners"),
            notifies=("edition.proposed",),
        ),
        "discard": Transition(
            start=(Status.DRAFT,),
            end=Status.WITHDRAWN,
            permissions=(Permission.ADMINISTER,),
            label=_("draft given up"),
        ),
        "withdraw": Transition(
            start=(Status.PROPOSED,),
            end=Status.WITHDRAWN,
            permissions=(Permission.ADMINISTER,),
            label=_("edition withdrawn"),
            notifies=("edition.withdrawn",),
        ),
        "come_into_force": Transition(
            start=(Status.PROPOSED,),
            end=Status.IN_FORCE,
            permissions=(Permission.AGREE,),
            label=_("edition came into force"),
            notifies=("edition.in_force",),
        ),
        "supersede": Transition(
            start=(Status.IN_FORCE,),
            end=Status.SUPERSEDED,
            permissions=(Permission.AGREE,),
            label=_("replaced by a later edition"),
        ),
        "be_reviewed": Transition(
            start=(Status.IN_FORCE,),
            end=SAME,
            permissions=(Permission.AGREE, Permission.ADMINISTER),
            label=_("yearly review recorded"),
        ),
    },
    formerly={"note_review": "be_reviewed"},
)

PARTNER_AGREEMENT = Transitions(
    "partneragreement",
    policies.PARTNER_AGREEMENTS,
    {
        "agree": Transition(
            start=(NEW, Said.DISAGREED),
            end=Said.AGREED,
            permissions=(Permission.AGREE,),
            requires={"edition": (Status.PROPOSED,)},
            label=_("agreed"),
        ),
        "disagree": Transition(
            start=(NEW, Said.AGREED),
            end=Said.DISAGREED,
            permissions=(Permission.AGREE,),
            requires={"edition": (Status.PROPOSED,)},
            label=_("did not agree"),
            notifies=("edition.disagreed",),
        ),
        "void": Transition(
            start=(Said.AGREED, Said.DISAGREED),
            end=Said.VOID,
            permissions=(Permission.ADMINISTER,),
            requires={"edition": (Status.WITHDRAWN,)},
            label=_("void, because the edition was withdrawn"),
        ),
    },
)
