"""Decisions, and advice on them, for the agency that holds the information."""

from django.urls import URLPattern, path

from decisions.views import advice, deciding, due, history, receipts, recording

urlpatterns: list[URLPattern] = [
    path("checks/<uuid:pk>/decisions/", deciding.of_check, name="of_check"),
    path("checks/<uuid:pk>/decisions/begin/", deciding.begin, name="begin"),
    path("checks/<uuid:pk>/decisions/finish/", deciding.finish, name="finish"),
    path("decisions/<uuid:pk>/", deciding.decision, name="decision"),
    path("decisions/<uuid:pk>/split/", deciding.split, name="split"),
    path("decisions/<uuid:pk>/anew/", deciding.anew, name="anew"),
    path("decisions/<uuid:pk>/questions/<slug:name>/", deciding.step, name="step"),
    path("decisions/<uuid:pk>/questions/<slug:name>/advice/", advice.seek, name="seek_advice"),
    path("decisions/<uuid:pk>/advice/<uuid:asked>/", advice.note, name="note_advice"),
    path("decisions/<uuid:pk>/basis/", due.basis, name="basis"),
    path("decisions/<uuid:pk>/information/<uuid:item>/", due.content, name="content"),
    path("decisions/<uuid:pk>/how/", due.how, name="how"),
    path("decisions/<uuid:pk>/caldicott/", due.caldicott, name="caldicott"),
    path("decisions/<uuid:pk>/told/", due.told, name="told"),
    path("decisions/<uuid:pk>/why-not/", due.why_not, name="why_not"),
    path("decisions/<uuid:pk>/receipt/", receipts.receipt, name="receipt"),
    path("decisions/<uuid:pk>/record/", recording.record, name="record"),
    path("versions/decisions/<uuid:pk>/", history.of_decision, name="history"),
    path("advice/", advice.advice_list, name="advice_list"),
    path("advice/<uuid:pk>/", advice.advice, name="advice"),
]
