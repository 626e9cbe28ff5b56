"""Addresses that only the demonstration has."""

from django.urls import URLPattern, path

from demo.views import sent_mail

urlpatterns: list[URLPattern] = [path("sent-mail/", sent_mail, name="sent_mail")]
