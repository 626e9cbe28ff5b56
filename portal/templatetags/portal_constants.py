"""Parts of a template that are the same on every page, drawn once in each process.

These tags are Django's own. Where what one says is written out in the template, without a variable,
it is kept from its first drawing on (docs/adr/0115).
"""

from typing import Any

from django.conf import settings
from django.template import Context, Library, Node
from django.template.base import FilterExpression, Parser, Token, TokenType, Variable
from django.template.defaulttags import url as django_url
from django.templatetags.i18n import do_block_translate, do_translate
from django.templatetags.static import do_static
from django.urls import get_script_prefix

register = Library()


class Constant(Node):
    """A node that is drawn the first time, and repeated after."""

    child_nodelists = ()

    def __init__(self, node: Any) -> None:
        self.node = node
        self.text: str | None = None

    def render(self, context: Context) -> str:
        """The same for whoever asks."""
        if self.text is None:
            self.text = self.node.render(context)
        return self.text


class Address(Constant):
    """The same, unless the server says that the portal lies below the root of its host."""

    def render(self, context: Context) -> str:
        """Where the page is."""
        lies_at_the_root = get_script_prefix() == "/"
        return super().render(context) if lies_at_the_root else str(self.node.render(context))


def is_literal(expression: FilterExpression) -> bool:
    """Whether an expression is a text or a number as it stands there."""
    what = expression.var
    is_text = what.lookups is None if isinstance(what, Variable) else True
    return is_text and not expression.filters


def _only_one_language() -> bool:
    return not settings.USE_I18N


@register.tag("translate")
def translate(parser: Parser, token: Token) -> Node:
    """A text in the page's language: the same everywhere where there is one language."""
    node: Any = do_translate(parser, token)
    says_the_same = _only_one_language() and is_literal(node.filter_expression)
    return Constant(node) if says_the_same and not (node.asvar or node.message_context) else node


@register.tag("blocktranslate")
def blocktranslate(parser: Parser, token: Token) -> Node:
    """A longer text, which may hold variables."""
    node: Any = do_block_translate(parser, token)
    varies = node.plural or node.asvar or node.message_context
    varies = varies or any(each.token_type == TokenType.VAR for each in node.singular)
    return node if varies or not _only_one_language() else Constant(node)


@register.tag("static")
def static(parser: Parser, token: Token) -> Node:
    """The address of a file that is served as it is."""
    node: Any = do_static(parser, token)
    return Constant(node) if is_literal(node.path) and node.varname is None else node


@register.tag("url")
def url(parser: Parser, token: Token) -> Node:
    """The address of a page."""
    node: Any = django_url(parser, token)
    is_one_page = is_literal(node.view_name) and not (node.args or node.kwargs)
    return Address(node) if is_one_page and node.asvar is None else node
