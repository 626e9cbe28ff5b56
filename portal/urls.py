"""Every address of the portal."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from portal import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
]

# Temporary, until both rooms are there.
urlpatterns += [
    path("", include(room))
    for room in ("requests_app.urls", "decisions.urls")
    if find_spec(room.partition(".")[0]) and find_spec(room)
]
