"""The addresses of single sign-on, two of them under the names that allauth looks for.

Not all that it brings: nobody makes an account for themselves, and what is linked has a page
of ours.
"""

from django.urls import path

from authentication.sso import views

urlpatterns = [
    path("sso/<slug:provider_id>/login/", views.sign_in, name="openid_connect_login"),
    path("sso/<slug:provider_id>/callback/", views.come_back, name="openid_connect_callback"),
    path("account/sign-in/", views.yours, name="sso_yours"),
    path("account/sign-in/<slug:provider_id>/link/", views.link, name="sso_link"),
    path("account/sign-in/<slug:provider_id>/unlink/", views.unlink, name="sso_unlink"),
]
