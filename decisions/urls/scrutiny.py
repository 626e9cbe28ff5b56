"""Scrutiny of decisions not to share, by the partners that did not make them (ISA-5.4)."""

from django.urls import URLPattern, path

from decisions.views import scrutiny

urlpatterns: list[URLPattern] = [
    path("scrutiny/", scrutiny.scrutinies, name="scrutinies"),
    path("scrutiny/<uuid:pk>/", scrutiny.scrutiny, name="scrutiny"),
]
