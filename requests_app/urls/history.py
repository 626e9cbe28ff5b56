"""Every version of what the portal holds (P-RECORD)."""

from django.urls import URLPattern, path

from requests_app.views import history

urlpatterns: list[URLPattern] = [
    path("versions/requests/<uuid:pk>/", history.of_request, name="request_history"),
    path(
        "versions/requests/<uuid:pk>/people/<uuid:person>/",
        history.of_person,
        name="person_history",
    ),
    path("versions/checks/<uuid:pk>/", history.of_check, name="check_history"),
    path("versions/information/<uuid:pk>/", history.of_item, name="item_history"),
]
