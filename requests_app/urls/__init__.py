"""The addresses of this room, by who works there."""

from requests_app.urls import answering, asking, history, openings, triage

app_name = "requests"
urlpatterns = [
    *asking.urlpatterns,
    *triage.urlpatterns,
    *answering.urlpatterns,
    *openings.urlpatterns,
    *history.urlpatterns,
]
