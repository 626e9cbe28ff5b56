"""Resets of second factors."""

from django.urls import path

from authentication.mfa_reset import views as resets

app_name = "resets"
urlpatterns = [
    path("people/resets/", resets.people, name="people"),
    path("people/resets/ask/<uuid:pk>/", resets.ask, name="ask"),
    path("people/resets/<uuid:pk>/", resets.reset, name="reset"),
    path("people/resets/<uuid:pk>/approve/", resets.approve, name="approve"),
    path("people/resets/<uuid:pk>/refuse/", resets.refuse, name="refuse"),
    path("people/resets/<uuid:pk>/withdraw/", resets.withdraw, name="withdraw"),
]
