"""Printed records, each beside the page that it is a print of."""

from django.urls import URLPattern, path

from decisions.views import printed

urlpatterns: list[URLPattern] = [
    path("print/requests/<uuid:pk>/", printed.of_request, name="print_request"),
    path("print/released/<uuid:pk>/", printed.of_released, name="print_released"),
    path("print/checks/<uuid:pk>/", printed.of_check, name="print_check"),
]
