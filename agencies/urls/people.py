"""People: invited, checked, reviewed; the guidance; one's own page."""

from django.urls import URLPattern, path

from agencies.views import checks, guidance, invitations, people, proposals, reviews

AGENCY, ONE = "people/agencies/<uuid:pk>", "people/<uuid:pk>"

urlpatterns: list[URLPattern] = [
    path("people/", people.people, name="people"),
    path("people/me/", people.me, name="me"),
    path("people/agencies/", people.agencies, name="people_agencies"),
    path("people/second-person/", proposals.proposals, name="proposals"),
    path(f"{AGENCY}/", people.people_of, name="people_of"),
    path(f"{AGENCY}/invite/", invitations.invite, name="invite"),
    path(f"{AGENCY}/review/", reviews.review, name="access_review"),
    path(f"{ONE}/", people.member, name="member"),
    path(f"{ONE}/roles/", people.roles, name="member_roles"),
    path(f"{ONE}/suspend/", people.suspend, name="member_suspend"),
    path(f"{ONE}/lift/", people.lift, name="member_lift"),
    path(f"{ONE}/leave/", people.leave, name="member_leave"),
    path(f"{ONE}/checks/add/", checks.add, name="check_add"),
    path(f"{ONE}/checks/<uuid:check>/withdraw/", checks.withdraw, name="check_withdraw"),
    path(f"{ONE}/invitation/withdraw/", invitations.take_back, name="invitation_take_back"),
    path(
        f"{ONE}/invitation/<uuid:invitation>/send/",
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
