"""The addresses of the portal as the demonstration has them."""

from django.urls import include, path

urlpatterns = [path("", include("portal.urls")), path("", include("demo.urls"))]
