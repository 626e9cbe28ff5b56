"""The addresses of this room, by who works there."""

from decisions.urls import deciding, openings, oversight, printed, scrutiny

app_name = "decisions"
urlpatterns = [
    *deciding.urlpatterns,
    *scrutiny.urlpatterns,
    *openings.urlpatterns,
    *oversight.urlpatterns,
    *printed.urlpatterns,
]
