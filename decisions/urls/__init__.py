"""The addresses of this room, by who works there."""

from decisions.urls import deciding, scrutiny

app_name = "decisions"
urlpatterns = [*deciding.urlpatterns, *scrutiny.urlpatterns]
