"""The sign-in library's pages about second factors, where ours do more than it.

They are its own views with its own forms; what is changed here is what follows from them.
"""

from http import HTTPStatus
from typing import Any

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from authentication.mfa import ceremonies, factors
from authentication.mfa.qr_code import drawn, in_fours
from sessions.actions import was_chosen_by_email


class Yours(base.IndexView):  # type: ignore[misc]
    """Which ways one has to prove who one is."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        ways = factors.factor_types(self.request.user) & set(factors.BY_ITSELF)
        must = settings.SECOND_FACTOR_REQUIRED and not ways
        context["must_set_up"] = must
        context["needs_letter"] = must and not was_chosen_by_email(self.request)
        return context


class SetUpApp(totp.ActivateTOTPView):  # type: ignore[misc]
    """Set up an authenticator app."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["picture"] = drawn(context["totp_url"])
        context["secret"] = in_fours(context["form"].secret)
        return context

    @factors.whole
    def form_valid(self, form: Any) -> HttpResponse:
        if factors.has_app_by_now(self.request.user):
            return redirect("mfa_index")
        factors.clear_the_way(self.request.user)
        answer: HttpResponse = super().form_valid(form)
        factors.added(self.request, factors.Type.TOTP)
        return answer


class RemoveApp(totp.DeactivateTOTPView):  # type: ignore[misc]
    """Use the authenticator app no more."""

    def form_valid(self, form: Any) -> HttpResponse:
        return removed(self, self.authenticator)


class AddPasskey(webauthn.AddWebAuthnView):  # type: ignore[misc]
    """Add a passkey; each can sign in by itself, so the device asks who its user is."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.setdefault("form", kwargs.get("form") or self.get_form())
        options = auth.begin_registration(self.request.user, passwordless=True)
        ceremonies.begun(ceremonies.ADD)
        context["js_data"] = {"creation_options": options}
        return context

    @factors.whole
    def form_valid(self, form: Any) -> HttpResponse:
        factors.clear_the_way(self.request.user)
        answer: HttpResponse = super().form_valid(form)
        factors.added(self.request, factors.Type.WEBAUTHN)
        return answer


class RemovePasskey(webauthn.RemoveWebAuthnView):  # type: ignore[misc]
    """Use a passkey no more."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["is_last"] = not factors.may_go(self.object)
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        return removed(self, self.get_object())


class NewCodes(codes.GenerateRecoveryCodesView):  # type: ignore[misc]
    """Make new recovery codes."""

    @factors.whole
    def form_valid(self, form: Any) -> HttpResponse:
        factors.clear_the_way(self.request.user)
        answer: HttpResponse = super().form_valid(form)
        factors.codes_made(self.request)
        return answer


class ProveByPasskey(webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Prove again by a passkey who one is."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again with what went wrong, where the library goes to the start."""
        again: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return again

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        ceremonies.begun(ceremonies.PROVE)
        context["form"] = kwargs.get("form") or self.get_form()
        return context


class SignInByPasskey(webauthn.LoginWebAuthnView):  # type: ignore[misc]
    """Sign in by a passkey alone."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The challenge, for the browser's own page."""
        answer: HttpResponse = super().get(request, *args, **kwargs)
        if answer.status_code == HTTPStatus.OK:
            ceremonies.begun(ceremonies.SIGN_IN)
        return answer


class AfterPassword(base.AuthenticateView):  # type: ignore[misc]
    """The second step: a code, or a passkey."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        ceremonies.begun(ceremonies.SECOND)
        return context


def removed(view: Any, factor: Any) -> HttpResponse:
    """Take it away, or say why it stays."""
    form = view.get_form()
    try:
        factors.remove(view.request, factor)
    except factors.LastFactor:
        form.full_clean()
        form.add_error(None, _("This is the last one. Add another sign-in method first."))
        again: HttpResponse = view.render_to_response(view.get_context_data(form=form))
        return again
    return redirect("mfa_index")
