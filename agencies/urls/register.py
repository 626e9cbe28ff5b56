"""The register: for those who keep it, and for those who look up there whom to call."""

from django.urls import URLPattern, path

from agencies.views import (
    register,
    register_calls,
    register_copies,
    register_ending,
    register_partnership,
)

ONE = "register/<uuid:pk>"

urlpatterns: list[URLPattern] = [
    path("register/", register.register, name="register"),
    path("register/add/", register.add, name="agency_add"),
    path("register/copies/", register_copies.copies, name="copies"),
    path("register/copies/import/", register_copies.bring, name="copies_bring"),
    path("register/copies/export/", register_copies.export, name="copies_export"),
    path(f"{ONE}/", register.agency, name="agency"),
    path(f"{ONE}/change/", register.change, name="agency_change"),
    path(f"{ONE}/posts/<slug:post>/", register.post, name="agency_post"),
    path(f"{ONE}/closures/add/", register.close, name="agency_close"),
    path(
        f"{ONE}/closures/<uuid:closure>/withdraw/",
        register.withdraw_closure,
        name="closure_withdraw",
    ),
    path(f"{ONE}/leave/", register_ending.leave, name="agency_leave"),
    path(f"{ONE}/merge/", register_ending.merge, name="agency_merge"),
    path("partnership/", register_partnership.partnership, name="partnership"),
    path("who-to-call/", register_calls.calls, name="calls"),
    path("who-to-call/<uuid:pk>/", register_calls.call, name="call"),
]
