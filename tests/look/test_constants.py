"""What a template says without a variable is drawn once, and only that."""

import pytest
from django.template import Context, NodeList, Template, engines
from django.test import override_settings
from django.urls import reverse, set_script_prefix

from portal.templatetags.portal_constants import Constant


def constants(text):
    return NodeList(Template(text).nodelist).get_nodes_by_type(Constant)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ('{% translate "Tom & 100%" %}', "Tom & 100%"),
        ("{% blocktranslate trimmed %}  Tom\n & 100%  {% endblocktranslate %}", "Tom & 100%"),
        ('{% url "home" %}', "/"),
        ('{% static "portal/favicon.svg" %}', "/static/portal/favicon.svg"),
    ],
)
def test_what_stands_there_in_full_is_drawn_once(text, drawn):
    template = Template(text)
    assert template.render(Context({})) == drawn
    [constant] = NodeList(template.nodelist).get_nodes_by_type(Constant)
    constant.node = None  # nobody asks it again
    assert template.render(Context({"x": 1})) == drawn


@pytest.mark.parametrize(
    "text",
    [
        "{% translate name %}",
        '{% translate "a word"|upper %}',
        '{% translate "a word" as word %}{{ word }}',
        "{% blocktranslate %}Dear {{ name }}{% endblocktranslate %}",
        "{% blocktranslate count n=n %}one{% plural %}more{% endblocktranslate %}",
        "{% url where %}",
        '{% url "requests:case" pk %}',
        '{% url "home" as there %}{{ there }}',
        "{% static name %}",
        '{% static "portal/favicon.svg" as file %}{{ file }}',
    ],
)
def test_what_can_change_is_not(text):
    assert not constants(text)


def test_an_address_below_another_is_not_kept_for_everybody():
    template = Template('{% url "help" %}')
    set_script_prefix("/elsewhere/")
    try:
        assert template.render(Context({})) == "/elsewhere/help/"
    finally:
        set_script_prefix("/")
    assert template.render(Context({})) == "/help/"


def test_a_variable_is_drawn_for_each_page():
    template = Template("{% url where %}")
    for name in ("home", "help"):
        assert template.render(Context({"where": name})) == reverse(name)


@override_settings(USE_I18N=True)
def test_with_another_language_no_text_is():
    assert not constants('{% translate "Word" %}{% blocktranslate %}Word{% endblocktranslate %}')
    assert constants('{% url "home" %}')


def test_every_template_of_ours_draws_its_words_so():
    page = engines["django"].get_template("base.html").template
    assert page.nodelist.get_nodes_by_type(Constant)
