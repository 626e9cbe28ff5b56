"""The addresses of this room, by what they are about."""

from agencies.urls import people, register

app_name = "agencies"
urlpatterns = [*register.urlpatterns, *people.urlpatterns]
