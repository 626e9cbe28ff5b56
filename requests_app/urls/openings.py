"""Cases opened without a part in them, and those who watch that (ISA-7.2)."""

from django.urls import URLPattern, path

from requests_app.views import openings, watching

urlpatterns: list[URLPattern] = [
    path("openings/", openings.openings, name="openings"),
    path("openings/open/", openings.open_case, name="open_case"),
    path("openings/<uuid:pk>/close/", openings.close, name="close_opening"),
    path("openings/watch/", watching.watch, name="watch"),
    path("openings/watch/<uuid:pk>/", watching.look, name="look_at_opening"),
]
