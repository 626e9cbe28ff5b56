"""Who reaches which rows of a decision."""

from django.db.models import Q

from agencies.models import Membership
from agencies.paths import AtPartnerOtherThan, InPerson
from agencies.permissions import Permission
from decisions.models import AdviceRequest, Answer, Decision, DecisionItem, Point, Scrutiny
from requests_app.policies import OPENED
from workflow.policy import AtAgency, Path, Policy

RECORDED = Decision.Status.RECORDED

# The agency that decides, and the colleague it was handed to; once recorded, the front door
# sees the record, and the partners see a refusal that was neither their agency's nor their own.
# Whoever opened the case for another reason reads what was recorded, of their own agency too.
DECISIONS = Policy(
    Decision,
    reach={
        Permission.ANSWER: (
            AtAgency("agency_check__holder"),
            InPerson("agency_check__taken_by", "agency_check__holder"),
        ),
        Permission.OVERSEE: (AtAgency("agency_check__holder"),),
        Permission.TRIAGE: (AtAgency("case__desk"),),
        Permission.SCRUTINISE: (AtPartnerOtherThan("agency_check__holder", nor_by="decided_by"),),
        Permission.ADVISE: (AtAgency("agency_check__holder"),),
    }
    | OPENED,
    only={
        Permission.TRIAGE: Q(status=RECORDED),
        Permission.BREAK_GLASS: Q(status=RECORDED),
        Permission.SCRUTINISE: Q(status=RECORDED, outcome=Decision.End.NO_SHARE),
        # An adviser moves it on when the advice is given; no page opens it to them.
        Permission.ADVISE: Q(status=Decision.Status.WAITING),
    },
)

OF_THE_DECISION: dict[Permission, tuple[Path, ...]] = {
    Permission.ANSWER: (
        AtAgency("decision__agency_check__holder"),
        InPerson("decision__agency_check__taken_by", "decision__agency_check__holder"),
    ),
    Permission.OVERSEE: (AtAgency("decision__agency_check__holder"),),
}
ANSWERS = Policy(Answer, reach=OF_THE_DECISION)
WEIGHED = Policy(DecisionItem, reach=OF_THE_DECISION)
POINTS = Policy(Point, reach=OF_THE_DECISION)

ADVICE = Policy(
    AdviceRequest,
    reach=OF_THE_DECISION | {Permission.ADVISE: (AtAgency("decision__agency_check__holder"),)},
)

# How the agency's people stand, and nothing else of them (ISA-5.1).
STAFF = Policy(Membership, reach={Permission.OVERSEE: (AtAgency("agency"),)})

SCRUTINIES = Policy(
    Scrutiny,
    reach=OF_THE_DECISION
    | {
        Permission.SCRUTINISE: (
            AtPartnerOtherThan("decision__agency_check__holder", nor_by="decision__decided_by"),
        )
    },
)
