"""Every address of the portal."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from portal import health, metrics, views

handler500 = "portal.unavailable.fault"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path(".well-known/security.txt", health.security, name="security"),
    path("", views.home, name="home"),
    path("acting/", views.acting, name="acting"),
    path("status/", views.status, name="status"),
    path("kept/", views.kept, name="kept"),
    path("unsent/keep/", views.keep_unsent, name="keep_unsent"),
    path("unsent/clear/", views.clear_unsent, name="clear_unsent"),
    path("help/", views.helping, name="help"),
    path("contact/", views.contact, name="contact"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("accounts/", include("portal.account_urls")),
    path("accounts/second-factor/", include("authentication.mfa.urls")),
    path("", include("authentication.sso.urls")),
    path("", include("authentication.mfa_reset.urls")),
    path("", include("authentication.sessions.urls")),
    path("", include("agencies.urls")),
    path("", include("agreement.urls")),
    path("", include("requests_app.urls")),
    path("", include("decisions.urls")),
    path("", include("retention.urls")),
]

if settings.DEMONSTRATION:
    urlpatterns += [path("", include("demo.urls"))]
