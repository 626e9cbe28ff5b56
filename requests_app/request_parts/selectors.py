"""What the pages of a request's parts begin with, and lead back to."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from requests_app.choices import ConsentAnswer, NotSoughtReason, Rating
from requests_app.models import InformationRequest
from requests_app.request_fields import said_on
from requests_app.selectors import needs_of


def back_to_needs(case: InformationRequest) -> str:
    """To the facts that are needed; to the request's parts while there are none.

    An empty list leads straight to its first form, which would lead back to itself.
    """
    return reverse("requests:needs" if needs_of(case) else "requests:case", args=[case.pk])


def consent_so_far(case: InformationRequest, answer: str = "") -> tuple[dict[str, Any], bool]:
    """What the form about consent begins with, and whether that is only suggested.

    In an emergency consent is not sought, because the delay could harm a child: that is
    suggested where nothing has been said yet (P-TIMELY).
    """
    consent = getattr(case, "consent", None)
    if consent is not None:
        same = answer in ("", consent.answer)
        return (said_on("consent", consent) if same else {}), False
    if case.rating == Rating.RED and answer in ("", ConsentAnswer.NOT_SOUGHT):
        return {"answer": ConsentAnswer.NOT_SOUGHT, "why_not": NotSoughtReason.DELAY}, True
    return {}, False


CONSENT_TITLES = {
    ConsentAnswer.GIVEN: gettext_lazy("Consent was given"),
    ConsentAnswer.REFUSED: gettext_lazy("Consent was refused"),
    ConsentAnswer.WITHDRAWN: gettext_lazy("Consent was given, and later withdrawn"),
    ConsentAnswer.NOT_SOUGHT: gettext_lazy("Consent was not sought"),
    ConsentAnswer.NOT_ABLE: gettext_lazy("The person is not able to give consent"),
}


def consent_title(answer: str) -> str:
    """The answer as a heading."""
    return str(CONSENT_TITLES[ConsentAnswer(answer)])
