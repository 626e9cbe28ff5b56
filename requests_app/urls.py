"""The addresses of this app, each with the view of its feature."""

from django.urls import URLPattern, path

from requests_app.access_log import views as access_log
from requests_app.agency_checks import chasing_views as chasing
from requests_app.agency_checks import sending_views as sending
from requests_app.agency_checks import several_views as several_checks
from requests_app.agency_checks import views as agency_checks
from requests_app.agency_checks import withdrawing_views as withdrawing
from requests_app.asking import views as asking
from requests_app.break_glass import views as break_glass
from requests_app.files import views as files
from requests_app.history import views as history
from requests_app.items import views as items
from requests_app.matching import views as matching
from requests_app.people import views as people
from requests_app.receiving import views as receiving
from requests_app.release import views as release
from requests_app.request_parts import views as request_parts
from requests_app.search import views as search
from requests_app.triage import hub_views as hubs
from requests_app.triage import owner_views as owners
from requests_app.triage import shift_views as shifts
from requests_app.triage import views as triage

app_name = "requests"
ITEM = "inbox/checks/<uuid:pk>/information/<uuid:item>"

urlpatterns: list[URLPattern] = [
    # What a requester works with; also what was released, and who looked.
    path("requests/", asking.mine, name="mine"),
    path("oversight/requests/", asking.oversight, name="oversight"),
    path("requests/start/", asking.start, name="start"),
    path("requests/<uuid:pk>/", asking.case, name="case"),
    path("requests/<uuid:pk>/review/", asking.review, name="review"),
    path("requests/<uuid:pk>/send/", asking.send, name="send"),
    path("requests/<uuid:pk>/discard/", asking.discard, name="discard"),
    path("requests/<uuid:pk>/child/", people.child, name="child"),
    path("requests/<uuid:pk>/people/", people.others, name="others"),
    path("requests/<uuid:pk>/people/add/<str:role>/", people.person_add, name="person_add"),
    path("requests/<uuid:pk>/people/<uuid:person>/", people.person_change, name="person_change"),
    path(
        "requests/<uuid:pk>/people/<uuid:person>/remove/",
        people.person_remove,
        name="person_remove",
    ),
    path("requests/<uuid:pk>/purpose/", request_parts.purpose, name="purpose"),
    path("requests/<uuid:pk>/needs/", request_parts.needs, name="needs"),
    path("requests/<uuid:pk>/needs/add/", request_parts.need_add, name="need_add"),
    path("requests/<uuid:pk>/needs/<uuid:need>/", request_parts.need_change, name="need_change"),
    path(
        "requests/<uuid:pk>/needs/<uuid:need>/remove/",
        request_parts.need_remove,
        name="need_remove",
    ),
    path("requests/<uuid:pk>/rating/", request_parts.rating, name="rating"),
    path("requests/<uuid:pk>/consent/", request_parts.consent, name="consent"),
    path(
        "requests/<uuid:pk>/consent/<str:answer>/",
        request_parts.consent_details,
        name="consent_details",
    ),
    path("requests/<uuid:pk>/parents/", request_parts.parents, name="parents"),
    path("requests/<uuid:pk>/files/", files.files, name="files"),
    path("requests/<uuid:pk>/files/<uuid:file>/", files.download, name="file"),
    path("requests/<uuid:pk>/files/<uuid:file>/remove/", files.file_remove, name="file_remove"),
    path("requests/<uuid:pk>/questions/", request_parts.questions, name="questions"),
    path("requests/<uuid:pk>/questions/<uuid:question>/", request_parts.question, name="question"),
    path("released/<uuid:pk>/", release.released, name="released"),
    path("released/<uuid:pk>/acknowledge/", release.acknowledge, name="acknowledge"),
    path("who-has-looked/requests/<uuid:pk>/", access_log.case_access_log, name="access_log"),
    path("who-has-looked/checks/<uuid:pk>/", access_log.check_access_log, name="check_access_log"),
    path(
        "who-has-looked/requests/<uuid:pk>/children/<uuid:person>/",
        access_log.child_access_log,
        name="child_access_log",
    ),
    # The front door: the inbox, triage, agency checks, what comes back, what goes out.
    path("inbox/", triage.inbox, name="inbox"),
    path("inbox/<uuid:pk>/", triage.case, name="triage_case"),
    path("inbox/<uuid:pk>/checks/", triage.checks, name="triage_checks"),
    path("inbox/<uuid:pk>/accept/", triage.accept, name="triage_accept"),
    path("inbox/<uuid:pk>/return/", triage.give_back, name="triage_return"),
    path("inbox/<uuid:pk>/take-back/", triage.take_back, name="triage_take_back"),
    path("inbox/<uuid:pk>/decline/", triage.decline, name="triage_decline"),
    path("inbox/<uuid:pk>/rating/", triage.rate, name="triage_rate"),
    path("inbox/hub/", hubs.hub, name="hub"),
    path("inbox/shift/", shifts.waiting, name="shifts"),
    path("inbox/shift/hand-over/", shifts.hand_over, name="shift_hand_over"),
    path("inbox/shift/<uuid:pk>/", shifts.shift, name="shift"),
    path("inbox/shift/<uuid:pk>/take-over/", shifts.take_over, name="shift_take_over"),
    path("inbox/shift/<uuid:pk>/take-back/", shifts.take_back, name="shift_take_back"),
    path("inbox/news/", triage.desk_news, name="desk_news"),
    path("inbox/claim/", owners.claim_several, name="claim_several"),
    path("inbox/hand-over/", owners.hand_over_several, name="hand_over_several"),
    path("inbox/<uuid:pk>/claim/", owners.claim, name="claim"),
    path("inbox/<uuid:pk>/hand-over/", owners.hand_over, name="hand_over"),
    path("inbox/<uuid:pk>/give-back/", owners.give_back, name="give_back"),
    path("inbox/<uuid:pk>/matches/", matching.matches, name="matches"),
    path("inbox/<uuid:pk>/ask/", sending.choose, name="choose_agencies"),
    path("inbox/<uuid:pk>/put/", sending.put, name="put_check"),
    path("inbox/matches/<uuid:mine>/<uuid:theirs>/", matching.match, name="match"),
    path("inbox/matches/<uuid:mine>/<uuid:theirs>/undo/", matching.match_undo, name="match_undo"),
    path("inbox/<uuid:pk>/release/", release.release, name="release"),
    path("find/", search.find, name="find"),
    path("find/<uuid:pk>/", search.found, name="found"),
    path("inbox/checks/<uuid:pk>/", receiving.check, name="check_for_desk"),
    path("inbox/checks/<uuid:pk>/remind/", chasing.remind, name="remind_check"),
    path("inbox/checks/<uuid:pk>/withdraw/", withdrawing.withdraw, name="withdraw_check"),
    path("inbox/checks/<uuid:pk>/questions/add/", chasing.add_question, name="add_question"),
    path(f"{ITEM}/accept/", receiving.accept, name="accept_item"),
    path(f"{ITEM}/refuse/", receiving.refuse, name="refuse_item"),
    # Agency checks, for those who answer them; what is decided about them is in the app above.
    path("checks/", agency_checks.checks, name="checks"),
    path("checks/next/", several_checks.next_check, name="next_check"),
    path("checks/take/", several_checks.take_several, name="take_several"),
    path("checks/not-known/", several_checks.not_known_several, name="not_known_several"),
    path("checks/<uuid:pk>/", agency_checks.check, name="check"),
    path("checks/<uuid:pk>/take/", agency_checks.take, name="take_check"),
    path("checks/<uuid:pk>/hand/", agency_checks.hand, name="hand_check"),
    path("checks/<uuid:pk>/not-known/", agency_checks.not_known, name="not_known"),
    path("checks/<uuid:pk>/held/add/", items.add, name="add_item"),
    path("checks/<uuid:pk>/held/<uuid:item>/", items.change, name="change_item"),
    path("checks/<uuid:pk>/held/<uuid:item>/remove/", items.remove, name="remove_item"),
    # Cases opened without a part in them, and the review of it (ISA-7.2).
    path("openings/", break_glass.openings, name="openings"),
    path("openings/open/", break_glass.open_case, name="open_case"),
    path("openings/<uuid:pk>/close/", break_glass.close, name="close_opening"),
    path("openings/watch/", break_glass.oversight, name="openings_oversight"),
    path("openings/watch/<uuid:pk>/", break_glass.review, name="review_opening"),
    # Every version of what the portal holds (P-RECORD).
    path("versions/requests/<uuid:pk>/", history.of_request, name="request_history"),
    path(
        "versions/requests/<uuid:pk>/people/<uuid:person>/",
        history.of_person,
        name="person_history",
    ),
    path("versions/checks/<uuid:pk>/", history.of_check, name="check_history"),
    path("versions/information/<uuid:pk>/", history.of_item, name="item_history"),
]
