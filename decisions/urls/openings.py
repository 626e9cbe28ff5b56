"""Reading a case that was opened for another reason (ISA-7.2)."""

from django.urls import URLPattern, path

from decisions.views import openings

urlpatterns: list[URLPattern] = [
    path("openings/<uuid:pk>/", openings.opened, name="opened"),
]
