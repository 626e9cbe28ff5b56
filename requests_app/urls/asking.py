"""Addresses; each names its view."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
