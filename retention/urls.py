"""The addresses of this app, each with the view of its feature."""

from django.urls import URLPattern, path

from retention.disposal import views as disposals
from retention.retention_status import views as retention_status
from retention.schedules import views as schedules
from retention.statements import views as statements

app_name = "retention"
urlpatterns: list[URLPattern] = [
    path("kept/requests/<uuid:pk>/", retention_status.of_request, name="of_request"),
    path("kept/requests/<uuid:pk>/served/", retention_status.serve, name="serve"),
    path("kept/requests/<uuid:pk>/hold/", retention_status.hold_request, name="hold_request"),
    path("kept/served/<uuid:pk>/take-back/", retention_status.take_back, name="take_back"),
    path("kept/checks/<uuid:pk>/", retention_status.of_check, name="of_check"),
    path("kept/checks/<uuid:pk>/hold/", retention_status.hold_check, name="hold_check"),
    path("kept/holds/<uuid:pk>/lift/", retention_status.lift, name="lift"),
    path("disposals/", disposals.lists, name="lists"),
    path("disposals/due/", disposals.due, name="due"),
    path("disposals/<uuid:pk>/", disposals.one_list, name="list"),
    path("disposals/<uuid:pk>/approve/", disposals.approve, name="approve"),
    path("disposals/<uuid:pk>/refuse/", disposals.refuse, name="refuse"),
    path("disposals/<uuid:pk>/cancel/", disposals.cancel, name="cancel"),
    path("disposals/certificates/<uuid:pk>/", disposals.certificate, name="certificate"),
    path("retention/", schedules.schedules, name="schedules"),
    path("retention/agencies/<uuid:pk>/", schedules.of_agency, name="agency"),
    path("statements/", statements.statements, name="statements"),
    path("statements/<uuid:pk>/", statements.statement, name="statement"),
]
