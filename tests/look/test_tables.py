"""The tags that draw a table: what a template says once stands in every cell."""

import pytest
from django.template import Context, Template, TemplateSyntaxError

PEOPLE = [{"name": "Ann <b>", "age": 41}, {"name": "Bo", "age": 7}]
TABLE = """
{% table row in rows caption=_("People") class="portal-table--even" %}
  {% column first %}{{ row.name }}{% endcolumn %}
  {% column _("Age") numeric=True class="portal-break" %}{{ row.age }}{% endcolumn %}
  {% column _("Change") if may_change and rows %}<a href="#">{{ row.name }}</a>{% endcolumn %}
{% empty %}
  Nobody
{% endtable %}
"""


def draw(text, **context):
    return Template(text).render(Context(context)).strip()


def test_each_cell_carries_its_heading_and_the_first_one_names_the_row():
    drawn = draw(TABLE, rows=PEOPLE, first="Name & job")
    assert drawn.startswith(
        '<table class="govuk-table portal-table portal-table--even">'
        '<caption class="govuk-table__caption govuk-table__caption--m">People</caption>'
    )
    assert '<th scope="col" class="govuk-table__header">Name &amp; job</th>' in drawn
    assert (
        '<tr class="govuk-table__row">'
        '<th scope="row" class="govuk-table__header" data-label="Name &amp; job">'
        "Ann &lt;b&gt;</th>"
        '<td class="govuk-table__cell govuk-table__cell--numeric portal-break" data-label="Age">'
        "41</td></tr>"
    ) in drawn
    assert drawn.count("govuk-table__header--numeric") == 1
    assert drawn.count("<tr") == 3


def test_a_column_is_there_if_its_condition_holds():
    assert "Change" not in draw(TABLE, rows=PEOPLE, first="Name & job")
    assert draw(TABLE, rows=PEOPLE, may_change=True).count('data-label="Change"') == 2


def test_without_rows_there_is_what_stands_after_empty_or_nothing():
    assert draw(TABLE, rows=[]) == "Nobody"
    assert draw(TABLE) == "Nobody"
    bare = '{% table row in rows hidden_caption="A" %}{% column "B" %}{% endcolumn %}{% endtable %}'
    assert not draw(bare, rows=[])


def test_a_caption_can_be_for_screen_readers_only():
    bare = '{% table row in rows hidden_caption="A" %}{% column "B" %}{% endcolumn %}{% endtable %}'
    assert '<caption class="govuk-table__caption govuk-visually-hidden">A<' in draw(bare, rows=[1])


def test_a_printed_table_has_no_classes_and_no_caption():
    printed = (
        "{% printed_table what, why in rows %}"
        '{% column "What" class="what" %}{{ what }}{% endcolumn %}'
        '{% column "Why" %}{{ why }}{% endcolumn %}{% endprinted_table %}'
    )
    assert draw(printed, rows=[("a", "b")]) == (
        '<table><thead><tr><th scope="col" class="what">What</th><th scope="col">Why</th></tr>'
        '</thead><tbody><tr><th scope="row" class="what">a</th><td>b</td></tr></tbody></table>'
    )


def test_the_name_of_a_row_is_gone_after_the_table():
    assert draw(TABLE + "{{ row.name }}", rows=PEOPLE).endswith("</table>")


@pytest.mark.parametrize(
    "text",
    [
        "{% table rows caption='a' %}{% endtable %}",
        "{% table row in rows %}{% endtable %}",
        "{% table row in rows caption='a' colour='b' %}{% endtable %}",
        "{% table row in rows caption='a' %}{% column 'b' wide %}{% endcolumn %}{% endtable %}",
        "{% table row in rows caption='a' %}<p></p>{% endtable %}",
        "{% printed_table row in rows caption='a' %}{% endprinted_table %}",
        "{% column 'a' %}{% endcolumn %}",
    ],
)
def test_what_cannot_be_drawn_is_refused_when_the_template_is_read(text):
    with pytest.raises(TemplateSyntaxError):
        Template(text)
