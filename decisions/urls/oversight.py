"""Oversight of an agency, and its disclosure log (ISA-5.1, ISA-4.3-RECORD)."""

from django.urls import URLPattern, path

from decisions.views import disclosures, oversight, seen

urlpatterns: list[URLPattern] = [
    path("oversight/", oversight.oversight, name="oversight"),
    path("disclosures/", disclosures.disclosures, name="disclosures"),
    path("disclosures/export/", disclosures.export, name="export_disclosures"),
    path("seen/", seen.seen, name="seen"),
]
