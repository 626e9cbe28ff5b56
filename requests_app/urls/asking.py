"""What a requester works with; also what was released, and who looked."""

from django.urls import URLPattern, path

from requests_app.views import asking, files, looks, parts, people, released

urlpatterns: list[URLPattern] = [
    path("requests/", asking.mine, name="mine"),
    path("oversight/requests/", asking.oversight, name="oversight"),
    path("requests/start/", asking.start, name="start"),
    path("requests/<uuid:pk>/", asking.case, name="case"),
    path("requests/<uuid:pk>/review/", asking.review, name="review"),
    path("requests/<uuid:pk>/send/", asking.send, name="send"),
    path("requests/<uuid:pk>/discard/", asking.discard, name="discard"),
    path("requests/<uuid:pk>/child/", people.child, name="child"),
    path("requests/<uuid:pk>/people/", people.others, name="others"),
    path("requests/<uuid:pk>/people/add/<str:role>/", people.person_add, name="person_add"),
    path("requests/<uuid:pk>/people/<uuid:person>/", people.person_change, name="person_change"),
    path(
        "requests/<uuid:pk>/people/<uuid:person>/remove/",
        people.person_remove,
        name="person_remove",
    ),
    path("requests/<uuid:pk>/purpose/", parts.purpose, name="purpose"),
    path("requests/<uuid:pk>/needs/", parts.needs, name="needs"),
    path("requests/<uuid:pk>/needs/add/", parts.need_add, name="need_add"),
    path("requests/<uuid:pk>/needs/<uuid:need>/", parts.need_change, name="need_change"),
    path("requests/<uuid:pk>/needs/<uuid:need>/remove/", parts.need_remove, name="need_remove"),
    path("requests/<uuid:pk>/rating/", parts.rating, name="rating"),
    path("requests/<uuid:pk>/consent/", parts.consent, name="consent"),
    path("requests/<uuid:pk>/consent/<str:answer>/", parts.consent_details, name="consent_details"),
    path("requests/<uuid:pk>/parents/", parts.parents, name="parents"),
    path("requests/<uuid:pk>/files/", files.files, name="files"),
    path("requests/<uuid:pk>/files/<uuid:file>/", files.download, name="file"),
    path("requests/<uuid:pk>/files/<uuid:file>/remove/", files.file_remove, name="file_remove"),
    path("requests/<uuid:pk>/questions/", parts.questions, name="questions"),
    path("requests/<uuid:pk>/questions/<uuid:question>/", parts.question, name="question"),
    path("released/<uuid:pk>/", released.released, name="released"),
    path("released/<uuid:pk>/acknowledge/", released.acknowledge, name="acknowledge"),
    path("who-has-looked/requests/<uuid:pk>/", looks.looks, name="looks"),
    path("who-has-looked/checks/<uuid:pk>/", looks.check_looks, name="check_looks"),
    path(
        "who-has-looked/requests/<uuid:pk>/children/<uuid:person>/",
        looks.child_looks,
        name="child_looks",
    ),
]
