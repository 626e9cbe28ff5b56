"""The front door: the inbox, triage, agency checks, what comes back, what goes out."""

from django.urls import URLPattern, path

from requests_app.views import checks_put, inbox, matching, receiving, releasing, triage

ITEM = "inbox/checks/<uuid:pk>/information/<uuid:item>"

urlpatterns: list[URLPattern] = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<uuid:pk>/", triage.case, name="triage_case"),
    path("inbox/<uuid:pk>/checks/", triage.checks, name="triage_checks"),
    path("inbox/<uuid:pk>/accept/", triage.accept, name="triage_accept"),
    path("inbox/<uuid:pk>/return/", triage.give_back, name="triage_return"),
    path("inbox/<uuid:pk>/take-back/", triage.take_back, name="triage_take_back"),
    path("inbox/<uuid:pk>/decline/", triage.decline, name="triage_decline"),
    path("inbox/<uuid:pk>/rating/", triage.rate, name="triage_rate"),
    path("inbox/<uuid:pk>/matches/", matching.matches, name="matches"),
    path("inbox/<uuid:pk>/put/", checks_put.put, name="put_check"),
    path("inbox/<uuid:pk>/release/", releasing.release, name="release"),
    path("inbox/checks/<uuid:pk>/", receiving.check, name="check_for_desk"),
    path(f"{ITEM}/accept/", receiving.accept, name="accept_item"),
    path(f"{ITEM}/refuse/", receiving.refuse, name="refuse_item"),
]
