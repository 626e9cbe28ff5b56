"""Who reaches which rows of the agreement."""

from django.db.models import Q

from agencies.models import Agency
from agencies.paths import OnTheRegister
from agencies.permissions import Permission
from agreement.models import (
    AgreementEdition,
    PartnerAgreement,
    Signature,
    Suspension,
    YearlyReview,
)
from agreement.paths import AtAPartner, Everybody
from workflow.acting import IN_OWN_NAME
from workflow.policy import AtAgency, Path, Policy

Status = AgreementEdition.Status

OF_THE_OFFICE_AND_THE_PARTNERS: dict[Permission, tuple[Path, ...]] = {
    Permission.ADMINISTER: (OnTheRegister(),),
    Permission.AGREE: (AtAPartner(),),
}

# The office and the three partners work on editions.
EDITIONS = Policy(AgreementEdition, reach=OF_THE_OFFICE_AND_THE_PARTNERS)

# What was once in force, or is proposed, everybody reads.
PUBLISHED = Policy(
    AgreementEdition,
    reach=OF_THE_OFFICE_AND_THE_PARTNERS | {IN_OWN_NAME: (Everybody(),)},
    only={IN_OWN_NAME: Q(status__in=[Status.PROPOSED, Status.IN_FORCE, Status.SUPERSEDED])},
)

# Each partner says its own; the office sets them aside with the edition.
PARTNER_AGREEMENTS = Policy(
    PartnerAgreement,
    reach={Permission.ADMINISTER: (OnTheRegister(),), Permission.AGREE: (AtAPartner("agency"),)},
)

SIGNATURES = Policy(
    Signature,
    reach={Permission.ADMINISTER: (OnTheRegister(),), Permission.SIGN: (AtAgency("agency"),)},
)

# An agency as one that takes part or not: its manager signs for it, the office suspends it, and
# the partner whose agreement brings an edition into force sets it the time to sign.
TAKING_PART = Policy(
    Agency,
    reach={
        Permission.ADMINISTER: (OnTheRegister(),),
        Permission.SIGN: (AtAgency("pk"),),
        Permission.AGREE: (AtAPartner(),),
    },
)

SUSPENSIONS = Policy(Suspension, reach={Permission.ADMINISTER: (OnTheRegister(),)})

REVIEWS = Policy(YearlyReview, reach=OF_THE_OFFICE_AND_THE_PARTNERS)
