"""Addresses that only the demonstration has."""

from django.urls import URLPattern, path

from portal.demo.views import sent_mail

urlpatterns: list[URLPattern] = [path("sent-mail/", sent_mail, name="sent_mail")]
