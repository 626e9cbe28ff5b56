"""The pages about second factors: each chosen, as for the others of the sign-in library.

There is no page to trust a browser from now on, and none to sign up with a passkey.
"""

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from authentication.mfa import views as factors

urlpatterns = [
    path("", factors.Yours.as_view(), name="mfa_index"),
    path("code/", factors.AfterPassword.as_view(), name="mfa_authenticate"),
    path("prove/", base.reauthenticate, name="mfa_reauthenticate"),
    path("app/", factors.SetUpApp.as_view(), name="mfa_activate_totp"),
    path("app/remove/", factors.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", factors.NewCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/add/", factors.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("passkeys/sign-in/", factors.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("passkeys/prove/", factors.ProveByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/name/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", factors.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
]
