"""The addresses about one's own sessions."""

from django.urls import path

from authentication.sessions import views

urlpatterns = [
    path("account/sessions/", views.yours, name="your_sessions"),
    path("account/sessions/end-others/", views.end_others, name="end_other_sessions"),
    path("account/sessions/left/", views.left, name="session_left"),
    path("account/sessions/stay/", views.stay, name="stay_signed_in"),
    path("account/sessions/<uuid:number>/end/", views.end, name="end_session"),
]
