"""No word comes back that screens and e-mails gave up for one of the field."""

import pytest

from scripts import screen_words


@pytest.fixture
def app(tmp_path, monkeypatch):
    """A checkout of one app and its templates, in which nothing is wrong."""
    monkeypatch.setattr(screen_words, "ROOT", tmp_path)
    for folder in ("farm", "farm/migrations", "templates"):
        (tmp_path / folder).mkdir()
    for package in ("farm", "farm/migrations"):
        (tmp_path / package / "__init__.py").touch()
    # Nobody reads names, comments, and what was said before.
    (tmp_path / "farm" / "views.py").write_text('"""Look at letters anew."""\nsay("anew")\n')
    (tmp_path / "farm" / "migrations" / "0001_barn.py").write_text('_("anew")\n')
    (tmp_path / "templates" / "page.html").write_text(
        '{# look at it anew #}{% translate "12 letters and numbers" %} letter'
    )
    return tmp_path


def test_names_comments_and_migrations_may_say_them(app):
    assert screen_words.faults() == []


def test_a_text_of_the_code_is_found_with_what_to_say(app):
    (app / "farm" / "forms.py").write_text('a = 1\nb = _(\n    "Sign it "\n    "anew"\n)\n')
    assert screen_words.faults() == ["farm/forms.py:3: again, or reconsider, not “anew”"]


@pytest.mark.parametrize(
    "text",
    [
        '\n{% translate "You get a letter" %}',
        '\n{% include "x.html" with text=_("You get a letter") only %}',
        "\n{% blocktranslate trimmed %}\n You get a letter {{ now }}\n{% endblocktranslate %}",
        "\n{% blocktranslate count n=n %}A {{ n }}{% plural %}The letters{% endblocktranslate %}",
    ],
)
def test_so_is_one_of_a_template(app, text):
    (app / "templates" / "mail.txt").write_text(text)
    [fault] = screen_words.faults()
    assert fault.startswith("templates/mail.txt:2: e-mail, not “letter")


def test_nothing_of_the_portal_has_one():
    assert screen_words.faults() == []
