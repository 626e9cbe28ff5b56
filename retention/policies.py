"""Who reaches which rows of retention."""

from django.db.models import F, Q

from agencies.paths import InPerson, OnTheRegister
from agencies.permissions import Permission
from agencies.register.policies import GONE
from retention.models import (
    Disposal,
    DisposalList,
    DisposalStatement,
    Hold,
    PurposeServed,
    Schedule,
)
from workflow.policy import AtAgency, Policy

# The office keeps the schedules; an agency's manager and SPoC read their own.
SCHEDULES = Policy(
    Schedule,
    reach={Permission.ADMINISTER: (OnTheRegister(),), Permission.OVERSEE: (AtAgency("agency"),)},
)

# The requester says it, or whoever keeps oversight there once the requester has gone.
PURPOSES = Policy(
    PurposeServed,
    reach={
        Permission.SEND_REQUEST: (
            InPerson("case__requested_by", agency="case__agency", holding=True),
        ),
        Permission.OVERSEE: (AtAgency("case__agency"),),
        Permission.TRIAGE: (AtAgency("case__desk"),),
    },
)

# A hold is its own agency's, and the front door reads all that are on its cases.
HOLDS = Policy(
    Hold,
    reach={Permission.TRIAGE: (AtAgency("case__desk"),), Permission.OVERSEE: (AtAgency("agency"),)},
)
# For placing and lifting: by the agency whose hold it is, on a case in which it has a part. Of an
# agency that has gone nobody could lift it, and nothing would ever be disposed of: the front door.
OWN_HOLDS = Policy(
    Hold,
    reach={Permission.TRIAGE: (AtAgency("case__desk"),), Permission.OVERSEE: (AtAgency("agency"),)},
    only={
        Permission.TRIAGE: Q(case__desk=F("agency")) | Q(agency__status__in=GONE),
        Permission.OVERSEE: Q(case__agency=F("agency"))
        | Q(case__agency_checks__holder=F("agency")),
    },
    many=True,
)

# Officers of the front door list; its information governance lead approves, and reads no case.
LISTS = Policy(
    DisposalList,
    reach={Permission.TRIAGE: (AtAgency("desk"),), Permission.REVIEW_OPENINGS: (AtAgency("desk"),)},
)
DISPOSALS = Policy(
    Disposal,
    reach={
        Permission.TRIAGE: (AtAgency("list__desk"),),
        Permission.REVIEW_OPENINGS: (AtAgency("list__desk"),),
    },
)

STATEMENTS = Policy(
    DisposalStatement,
    reach={Permission.OVERSEE: (AtAgency("agency"),), Permission.TRIAGE: (AtAgency("case__desk"),)},
)
