"""System checks: what is wrong with the providers of single sign-on is named at the start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register
def providers_are_right(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """One error for each mistake; a provider with one in it is not offered."""
    hint = "docs/sign-on.md says what each setting means."
    return [Error(each, hint=hint, id="signin.E101") for each in settings.SSO.problems]
