"""How a view answers with a page: with the status that says whether the form was in order."""

from collections.abc import Mapping
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods


class Filled(Protocol):
    """A form, or several that a page has as one."""

    is_bound: bool

    def is_valid(self) -> bool:
        """Whether what was sent is in order."""


# A view that shows a form and takes it.
page = require_http_methods(["GET", "HEAD", "POST"])


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    form: Filled | None = None,
    status: int | None = None,
) -> HttpResponse:
    """The page, with ``form`` in it; 422 when what was sent has errors.

    The page itself then lists the errors and begins its title with "Error:". The status lets
    tests, logs and browsers tell a refused form from a page that was only asked for.
    """
    words = dict(context or {})
    if form is not None:
        words["form"] = form
        if status is None and form.is_bound and not form.is_valid():
            status = 422
    return render(request, template, words, status=status)
