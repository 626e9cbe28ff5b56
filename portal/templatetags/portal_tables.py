"""Tables: a column says once what it is called and what stands in its cells (docs/adr/0111).

{% table row in rows caption=_("People") %}
  {% column _("Name") %}{{ row.name }}{% endcolumn %}
  {% column _("Invited") numeric=True if can_invite %}{{ row.invited }}{% endcolumn %}
{% empty %}
  <p class="govuk-body">{% translate "Nobody yet" %}</p>
{% endtable %}

The first column names its row, or the one with `header=True`. A heading with `href` leads to the
list sorted by it; `order` says so of the one that is. Without rows there is what stands after
`empty`, or nothing.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.template import Context, Library, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, TextNode, Token, token_kwargs
from django.template.defaulttags import TemplateIfParser, TemplateLiteral
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = Library()

NOTHING = SafeString("")
FIRST_CELL = '<th scope="row"{}{}>', "__header", SafeString("</th>")
CELL = "<td{}{}>", "__cell", SafeString("</td>")
TABLE_OPTIONS = {"caption", "hidden_caption", "class"}
COLUMN_OPTIONS = {"numeric", "class", "header", "href", "order"}


class Options(dict[str, FilterExpression]):
    """What a tag says by name."""

    def said(self, context: Context) -> dict[str, object]:
        """The same with its values."""
        return {name: each.resolve(context) for name, each in self.items()}


class Column(NamedTuple):
    """A column as the template says it."""

    heading: FilterExpression
    options: Options
    condition: TemplateLiteral | None
    cell: NodeList


class Drawn(NamedTuple):
    """A column with all that is the same in each row: its heading, how its cells begin and end."""

    heading: SafeString
    begins: SafeString
    cell: NodeList
    ends: SafeString


class Table(Node):
    """Rows on a page, which turn into cards on a phone; on paper the same without our classes."""

    def __init__(
        self,
        names: list[str],
        rows: FilterExpression,
        options: Options,
        columns: list[Column],
        empty: NodeList,
        *,
        is_printed: bool,
    ) -> None:
        self.names, self.rows, self.options = names, rows, options
        self.columns, self.empty, self.is_printed = columns, empty, is_printed

    def render(self, context: Context) -> SafeString:
        """The whole table, or what stands there without rows."""
        rows = list(self.rows.resolve(context, ignore_failures=True) or ())
        if not rows:
            return self.empty.render(context)
        columns = self.drawn(context)
        row = self.classes("__row")
        return format_html(
            "{}<thead{}><tr{}>{}</tr></thead><tbody{}>{}</tbody></table>",
            self.beginning(**self.options.said(context)),
            self.classes("__head"),
            row,
            format_html_join("", "{}", ((column.heading,) for column in columns)),
            self.classes("__body"),
            format_html_join(
                "", "<tr{}>{}</tr>", ((row, cells) for cells in self.lines(rows, columns, context))
            ),
        )

    def beginning(self, **said: object) -> SafeString:
        """The table's own tag and its caption; on paper a heading stands above instead."""
        if self.is_printed:
            return format_html("<table{}>", self.classes("", said.get("class")))
        hidden = said.get("hidden_caption")
        return format_html(
            "<table{}><caption{}>{}</caption>",
            self.classes("", "portal-table", said.get("class")),
            self.classes(
                "__caption", "govuk-visually-hidden" if hidden else "govuk-table__caption--m"
            ),
            hidden or said["caption"],
        )

    def drawn(self, context: Context) -> list[Drawn]:
        """The columns that are wanted."""
        wanted = [
            (column, column.options.said(context))
            for column in self.columns
            if not column.condition or column.condition.eval(context)  # type: ignore[arg-type]
        ]
        names_row = next((at for at, (_, said) in enumerate(wanted) if said.get("header")), 0)
        columns: list[Drawn] = []
        for at, (column, said) in enumerate(wanted):
            heading = column.heading.resolve(context)
            label = NOTHING if self.is_printed else format_html(' data-label="{}"', heading)
            begins, part, ends = FIRST_CELL if at == names_row else CELL
            columns.append(
                Drawn(
                    self.heading(heading, said),
                    format_html(begins, self.kind(part, said), label),
                    column.cell,
                    ends,
                )
            )
        return columns

    def heading(self, heading: object, said: dict[str, object]) -> SafeString:
        """The head of a column, which may lead to the list sorted by it."""
        order, href = said.get("order"), said.get("href")
        return format_html(
            '<th scope="col"{}{}>{}</th>',
            self.kind("__header", said),
            format_html(' aria-sort="{}"', order) if order else "",
            format_html('<a class="portal-sort" href="{}">{}</a>', href, heading)
            if href
            else heading,
        )

    def lines(
        self, rows: list[object], columns: list[Drawn], context: Context
    ) -> Iterator[SafeString]:
        """The rows, each as one list of nodes."""
        cells = NodeList()
        for column in columns:
            cells += [TextNode(column.begins), *column.cell, TextNode(column.ends)]
        with context.push():
            for row in rows:
                values = row if len(self.names) > 1 and isinstance(row, tuple) else (row,)
                for name, value in zip(self.names, values, strict=True):
                    context[name] = value
                yield cells.render(context)

    def kind(self, part: str, said: dict[str, object]) -> SafeString:
        """The classes of a heading or a cell."""
        return self.classes(
            part, f"govuk-table{part}--numeric" if said.get("numeric") else "", said.get("class")
        )

    def classes(self, part: str, *more: object) -> SafeString:
        """The class attribute of a part of the table."""
        own = "" if self.is_printed else f"govuk-table{part}"
        names = " ".join(str(name) for name in (own, *more) if name)
        return format_html(' class="{}"', names) if names else NOTHING


@register.tag
@register.tag("printed_table")
def table(parser: Parser, token: Token) -> Table:
    """A table on a page; `printed_table` is one on paper, without a caption."""
    tag, *bits = token.split_contents()
    if "in" not in bits[1:-1]:
        raise TemplateSyntaxError(f"Say what a row is called, as in a for: {tag} row in rows")
    at, is_printed = bits.index("in"), tag == "printed_table"
    options = _options(bits[at + 2 :], parser, {"class"} if is_printed else TABLE_OPTIONS)
    if not is_printed and not options.keys() & {"caption", "hidden_caption"}:
        raise TemplateSyntaxError("A table needs a caption or a hidden_caption.")
    ends = ("column", "empty", f"end{tag}")
    columns, between = [], parser.parse(ends)
    while (here := parser.next_token()).split_contents()[0] == "column":
        columns.append(_column(parser, here))
        between.extend(parser.parse(ends))
    if not all(isinstance(node, TextNode) and not node.s.strip() for node in between):
        raise TemplateSyntaxError(f"Between {tag} and end{tag} stand columns only.")
    empty = NodeList()
    if here.contents == "empty":
        empty = parser.parse((f"end{tag}",))
        parser.delete_first_token()
    names = " ".join(bits[:at]).replace(",", " ").split()
    rows = parser.compile_filter(bits[at + 1])
    return Table(names, rows, options, columns, empty, is_printed=is_printed)


def _column(parser: Parser, token: Token) -> Column:
    _, heading, *bits = token.split_contents()
    cell = parser.parse(("endcolumn",))
    parser.delete_first_token()
    condition = None
    if "if" in bits:
        at = bits.index("if")
        bits, condition = bits[:at], TemplateIfParser(parser, bits[at + 1 :]).parse()
    options = _options(bits, parser, COLUMN_OPTIONS)
    return Column(parser.compile_filter(heading), options, condition, cell)


def _options(bits: list[str], parser: Parser, known: set[str]) -> Options:
    options = Options(token_kwargs(bits, parser))  # it takes from bits what it can read
    if unknown := bits or sorted(options.keys() - known):
        raise TemplateSyntaxError(f"A table knows {sorted(known)} here, not {unknown}.")
    return options
