"""Agency checks, for those who answer them; what is decided about them is in the room above."""

from django.urls import URLPattern, path

from requests_app.views import checks, items

urlpatterns: list[URLPattern] = [
    path("checks/", checks.checks, name="checks"),
    path("checks/<uuid:pk>/", checks.check, name="check"),
    path("checks/<uuid:pk>/take/", checks.take, name="take_check"),
    path("checks/<uuid:pk>/hand/", checks.hand, name="hand_check"),
    path("checks/<uuid:pk>/not-known/", checks.not_known, name="not_known"),
    path("checks/<uuid:pk>/held/add/", items.add, name="add_item"),
    path("checks/<uuid:pk>/held/<uuid:item>/", items.change, name="change_item"),
    path("checks/<uuid:pk>/held/<uuid:item>/remove/", items.remove, name="remove_item"),
]
