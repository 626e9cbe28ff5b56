"""The addresses of this app, each with the view of its feature."""

from django.urls import URLPattern, path

from agencies.access_review import views as access_review
from agencies.guidance import views as guidance
from agencies.invitations import views as invitations
from agencies.merging import views as merging
from agencies.partnership import views as partnership
from agencies.people import views as people
from agencies.register import views as register
from agencies.register_files import views as register_files
from agencies.second_person import views as second_person
from agencies.vetting import views as vetting
from agencies.who_to_call import views as who_to_call

app_name = "agencies"
ENTRY = "register/<uuid:pk>"
AGENCY, PERSON = "people/agencies/<uuid:pk>", "people/<uuid:pk>"

urlpatterns: list[URLPattern] = [
    # The register: for those who keep it, and for those who look up there whom to call.
    path("register/", register.register, name="register"),
    path("register/add/", register.add, name="agency_add"),
    path("register/copies/", register_files.import_or_export, name="register_files"),
    path("register/copies/import/", register_files.bring, name="register_import"),
    path("register/copies/export/", register_files.export, name="register_export"),
    path(f"{ENTRY}/", register.agency, name="agency"),
    path(f"{ENTRY}/change/", register.change, name="agency_change"),
    path(f"{ENTRY}/posts/<slug:post>/", register.post, name="agency_post"),
    path(f"{ENTRY}/closures/add/", register.close, name="agency_close"),
    path(
        f"{ENTRY}/closures/<uuid:closure>/withdraw/",
        register.withdraw_closure,
        name="closure_withdraw",
    ),
    path(f"{ENTRY}/leave/", merging.leave, name="agency_leave"),
    path(f"{ENTRY}/merge/", merging.merge, name="agency_merge"),
    path("partnership/", partnership.partnership, name="partnership"),
    path("who-to-call/", who_to_call.calls, name="calls"),
    path("who-to-call/<uuid:pk>/", who_to_call.call, name="call"),
    # People: invited, checked, reviewed; the guidance; one's own page.
    path("people/", people.people, name="people"),
    path("people/me/", people.me, name="me"),
    path("people/agencies/", people.agencies, name="people_agencies"),
    path("people/second-person/", second_person.proposals, name="proposals"),
    path(f"{AGENCY}/", people.people_of, name="people_of"),
    path(f"{AGENCY}/invite/", invitations.invite, name="invite"),
    path(f"{AGENCY}/review/", access_review.review, name="access_review"),
    path(f"{PERSON}/", people.member, name="member"),
    path(f"{PERSON}/roles/", people.roles, name="member_roles"),
    path(f"{PERSON}/suspend/", people.suspend, name="member_suspend"),
    path(f"{PERSON}/lift/", people.lift, name="member_lift"),
    path(f"{PERSON}/leave/", people.leave, name="member_leave"),
    path(f"{PERSON}/checks/add/", vetting.add, name="check_add"),
    path(f"{PERSON}/checks/<uuid:check>/withdraw/", vetting.withdraw, name="check_withdraw"),
    path(f"{PERSON}/invitation/withdraw/", invitations.take_back, name="invitation_take_back"),
    path(
        f"{PERSON}/invitation/<uuid:invitation>/send/",
        invitations.send_anew,
        name="invitation_send_anew",
    ),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("guidance/", guidance.guidance, name="guidance"),
    path("guidance/versions/", guidance.versions, name="guidance_versions"),
    path("guidance/draft/", guidance.draft, name="guidance_draft"),
    path("guidance/<uuid:pk>/", guidance.version, name="guidance_version"),
    path("guidance/<uuid:pk>/change/", guidance.change, name="guidance_change"),
    path("guidance/<uuid:pk>/acknowledge/", guidance.acknowledge, name="guidance_acknowledge"),
]
