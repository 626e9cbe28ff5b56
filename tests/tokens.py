"""Random letters on a page, in which any short word turns up sooner or later."""

import re

TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=)"\w+"')


def without_tokens(page: str) -> str:
    """The page as it is but for the tokens of its forms."""
    return TOKEN.sub(r'\1""', page)
