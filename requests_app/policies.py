"""Who reaches which rows of a request."""

from django.db.models import Q

from agencies.paths import AtPartnerOtherThan, InPerson
from agencies.permissions import Permission
from requests_app.models import (
    AgencyCheck,
    Attachment,
    Clarification,
    Consent,
    InboxPlace,
    InformationRequest,
    Item,
    MatchVerdict,
    Need,
    Opening,
    OpeningNote,
    Pause,
    Question,
    Receipt,
    Recipient,
    Release,
    ReleasedAnswer,
    ReleasedItem,
    ShiftNote,
    Subject,
    TriageCheck,
)
from requests_app.paths import AnyCase, OwnOpening, ThroughOpening
from workflow.policy import AtAgency, Path, Policy

NOT_SENT = ("draft", "discarded")
NOT_SHARED = ("part", "no_share")

THE_REQUESTER = InPerson("case__requested_by", agency="case__agency", holding=True)
THE_DESK = AtAgency("case__desk")
SENT = ~Q(case__status__in=NOT_SENT)

# The request itself: its requester, the front door once it is sent, those who keep oversight of
# the requesting agency, and whoever has opened it for another reason (ISA-7.2).
REQUESTS = Policy(
    InformationRequest,
    reach={
        Permission.SEND_REQUEST: (InPerson("requested_by", agency="agency", holding=True),),
        Permission.TRIAGE: (AtAgency("desk"),),
        Permission.OVERSEE: (AtAgency("agency"),),
        Permission.BREAK_GLASS: (ThroughOpening("pk"),),
    },
    only={
        Permission.TRIAGE: ~Q(status__in=NOT_SENT),
        Permission.OVERSEE: ~Q(status__in=NOT_SENT),
        Permission.BREAK_GLASS: ~Q(status__in=NOT_SENT),
    },
)

# What the request is made of goes the same way.
OF_THE_REQUEST: dict[Permission, tuple[Path, ...]] = {
    Permission.SEND_REQUEST: (THE_REQUESTER,),
    Permission.TRIAGE: (THE_DESK,),
    Permission.OVERSEE: (AtAgency("case__agency"),),
}
OPENED: dict[Permission, tuple[Path, ...]] = {Permission.BREAK_GLASS: (ThroughOpening("case"),)}
ONCE_SENT = {Permission.TRIAGE: SENT, Permission.OVERSEE: SENT, Permission.BREAK_GLASS: SENT}

SUBJECTS = Policy(Subject, reach=OF_THE_REQUEST | OPENED, only=ONCE_SENT)
NEEDS = Policy(Need, reach=OF_THE_REQUEST | OPENED, only=ONCE_SENT)
CONSENTS = Policy(Consent, reach=OF_THE_REQUEST | OPENED, only=ONCE_SENT)
# A file that was taken out would outlast the hour for which a case is opened.
ATTACHMENTS = Policy(Attachment, reach=OF_THE_REQUEST, only=ONCE_SENT)
CLARIFICATIONS = Policy(Clarification, reach=OF_THE_REQUEST | OPENED, only=ONCE_SENT)
CHECKS = Policy(TriageCheck, reach={Permission.TRIAGE: (THE_DESK,)}, only={Permission.TRIAGE: SENT})

# What it says of possible matches.
MATCH_VERDICTS = Policy(
    MatchVerdict, reach={Permission.TRIAGE: (THE_DESK,)}, only={Permission.TRIAGE: SENT}
)

# Where each request stands at the front door whose it is; counts of them are for oversight too.
PLACES = Policy(
    InboxPlace,
    reach={Permission.TRIAGE: (AtAgency("desk"),), Permission.OVERSEE: (AtAgency("desk"),)},
)

# What it hands over at the end of a shift; that something waits is for oversight too, and no note.
SHIFT_NOTES = Policy(
    ShiftNote,
    reach={Permission.TRIAGE: (AtAgency("desk"),), Permission.OVERSEE: (AtAgency("desk"),)},
)

# An agency check: the front door, the agency that holds, the colleague it was handed to; a
# named recipient once it is released; the partners where something was not shared.
AGENCY_CHECKS = Policy(
    AgencyCheck,
    reach={
        Permission.TRIAGE: (THE_DESK,),
        Permission.ANSWER: (AtAgency("holder"), InPerson("taken_by", agency="holder")),
        Permission.OVERSEE: (AtAgency("holder"),),
        Permission.SEND_REQUEST: (InPerson("releases__recipients__person", agency="case__agency"),),
        Permission.SCRUTINISE: (AtPartnerOtherThan("holder"),),
    }
    | OPENED,
    only={Permission.SCRUTINISE: Q(outcome__in=NOT_SHARED)},
    many=True,
)

OF_THE_AGENCY_CHECK: dict[Permission, tuple[Path, ...]] = {
    Permission.TRIAGE: (THE_DESK,),
    Permission.ANSWER: (
        AtAgency("agency_check__holder"),
        InPerson("agency_check__taken_by", "agency_check__holder"),
    ),
    Permission.OVERSEE: (AtAgency("agency_check__holder"),),
}
# An agency whose check was withdrawn reads no more of what was asked than its own records name.
STILL_ASKED = ~Q(agency_check__status=AgencyCheck.Status.WITHDRAWN) | Q(
    items__status__in=(Item.Status.OFFERED, Item.Status.WITHHELD)
)
QUESTIONS = Policy(
    Question,
    reach=OF_THE_AGENCY_CHECK | OPENED,
    only={Permission.ANSWER: STILL_ASKED, Permission.OVERSEE: STILL_ASKED},
    many=True,
)
PAUSES = Policy(
    Pause,
    reach=OF_THE_AGENCY_CHECK
    | {
        Permission.SEND_REQUEST: (THE_REQUESTER,),
        Permission.ADVISE: (AtAgency("agency_check__holder"),),
        Permission.SCRUTINISE: (AtPartnerOtherThan("agency_check__holder"),),
    },
)

# The front door sees what is offered, until it refuses it; the partners see what was not
# shared (ISA-3.7, ISA-5.4); a named recipient sees what was released to them, and whoever opened
# the case for another reason what was released to anybody.
ITEMS = Policy(
    Item,
    reach=OF_THE_AGENCY_CHECK
    | {
        Permission.SEND_REQUEST: (InPerson("releases__recipients__person", agency="case__agency"),),
        Permission.SCRUTINISE: (AtPartnerOtherThan("agency_check__holder"),),
    }
    | OPENED,
    only={
        Permission.TRIAGE: Q(status=Item.Status.OFFERED)
        & ~Q(receipt__status=Receipt.Status.REFUSED),
        Permission.SEND_REQUEST: Q(receipt__status=Receipt.Status.ACCEPTED),
        Permission.SCRUTINISE: Q(status=Item.Status.WITHHELD),
        Permission.BREAK_GLASS: Q(releases__isnull=False),
    },
    many=True,
)
# For giving a verdict, never for showing: whoever comes second with one is told of the first in
# words, where ITEMS would say that there is no such thing.
OFFERED = Policy(
    Item,
    reach={Permission.TRIAGE: (THE_DESK,)},
    only={Permission.TRIAGE: Q(status=Item.Status.OFFERED)},
)
RECEIPTS = Policy(
    Receipt,
    reach={
        Permission.TRIAGE: (THE_DESK,),
        Permission.ANSWER: (
            AtAgency("item__agency_check__holder"),
            InPerson("item__agency_check__taken_by", "item__agency_check__holder"),
        ),
        Permission.OVERSEE: (AtAgency("item__agency_check__holder"),),
    },
)

RELEASES = Policy(
    Release,
    reach=OPENED
    | {
        Permission.TRIAGE: (THE_DESK,),
        Permission.SEND_REQUEST: (InPerson("recipients__person", agency="case__agency"),),
    },
    many=True,
)
# A named recipient reads which of the needs each item answers, until the item is refused.
RELEASED_ITEMS = Policy(
    ReleasedItem,
    reach={
        Permission.TRIAGE: (THE_DESK,),
        Permission.SEND_REQUEST: (InPerson("release__recipients__person", agency="case__agency"),),
    },
    only={Permission.SEND_REQUEST: Q(item__receipt__status=Receipt.Status.ACCEPTED)},
    many=True,
)
RELEASED_ANSWERS = Policy(ReleasedAnswer, reach={Permission.TRIAGE: (THE_DESK,)})
RECIPIENTS = Policy(
    Recipient,
    reach=OPENED
    | {
        Permission.TRIAGE: (THE_DESK,),
        Permission.SEND_REQUEST: (InPerson("person", agency="case__agency"),),
    },
)

# For finding what is to be opened, never for showing: a request that was never sent is not there.
OPENABLE = Policy(
    InformationRequest,
    reach={Permission.BREAK_GLASS: (AnyCase(),)},
    only={Permission.BREAK_GLASS: ~Q(status__in=NOT_SENT)},
)
# The opening itself: whoever made it, the front door whose case it is, and information governance
# leads, there and at the agency whose person it was.
OPENINGS = Policy(
    Opening,
    reach={
        Permission.BREAK_GLASS: (OwnOpening(),),
        Permission.TRIAGE: (THE_DESK,),
        Permission.REVIEW_OPENINGS: (THE_DESK, AtAgency("agency")),
    },
)
OPENING_NOTES = Policy(
    OpeningNote,
    reach={
        Permission.REVIEW_OPENINGS: (AtAgency("opening__case__desk"), AtAgency("opening__agency"))
    },
)
