"""What each field comes out as, empty and with its errors."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from tests.look.sampler import EveryField, HeadingForm


def drawn(field, data=None):
    form = EveryField(QueryDict(data)) if data is not None else EveryField()
    return " ".join(form[field].as_field_group().split())


def test_text():
    html = drawn("name")
    assert '<label class="govuk-label govuk-label--s" for="id_name"> First name </label>' in html
    assert 'class="govuk-input govuk-input--width-20" id="id_name"' in html
    assert "maxlength" not in html
    assert "required" not in html


def test_text_with_an_error():
    html = drawn("name", "name=")
    assert "govuk-form-group--error" in html
    assert '<div id="id_name_error">' in html
    assert 'aria-invalid="true" aria-describedby="id_name_error"' in html
    assert "govuk-input--error" in html
    assert "Enter the child&#x27;s first name" in html


def test_long_text_is_described_by_hint_error_and_count_in_that_order():
    html = drawn("why", "why=")
    assert 'aria-describedby="id_why_helptext id_why_error id_why-info"' in html
    assert 'data-module="govuk-character-count" data-maxlength="200"' in html
    assert "You can enter up to 200 characters" in html


def test_a_date_has_three_named_boxes_in_a_group():
    html = drawn("born")
    assert (
        '<fieldset class="govuk-fieldset" role="group" aria-describedby="id_born_helptext">' in html
    )
    for at, part in enumerate(("day", "month", "year")):
        assert f'id="id_born_{at}" name="born_{part}"' in html


def test_only_the_missing_box_of_a_date_is_marked():
    html = drawn("born", "born_day=3&born_year=2016")
    assert html.count("govuk-input--error") == 1
    assert html.index("govuk-input--error") < html.index('name="born_month"')
    assert 'value="3"' in html


def test_radios_with_hint_and_the_field_under_an_option():
    html = drawn("told", "told=no&why_not=Because")
    assert (
        'id="id_told_1" data-reveals="id_told_1-reveals" aria-describedby="id_told_1-hint" checked'
        in html
    )
    assert '<div id="id_told_1-hint" class="govuk-hint govuk-radios__hint">' in html
    assert 'name="why_not" value="Because"' in html
    assert "govuk-radios__conditional--hidden" not in html


def test_the_field_under_an_option_is_drawn_once_and_is_not_called_optional():
    html = str(EveryField())
    assert html.count('name="why_not"') == 1
    assert "Why not (optional)" not in " ".join(html.split())
    assert "Files (optional)" in " ".join(html.split())


def test_checkboxes():
    html = drawn("purposes", "purposes=b")
    assert html.count('type="checkbox"') == 2
    assert 'id="id_purposes_1" aria-describedby="id_purposes_1-hint" checked' in html


def test_errors_of_a_group_are_its_fieldsets_and_not_each_options():
    html = drawn("purposes", "")
    assert '<fieldset class="govuk-fieldset" aria-describedby="id_purposes_error">' in html
    assert html.count("id_purposes_error") == 2


def test_one_checkbox():
    html = drawn("sure", "")
    assert 'class="govuk-checkboxes__input" id="id_sure"' in html
    assert "Tick the box to confirm" in html


def test_select_begins_with_nothing_chosen():
    assert '<option value="" selected>Choose one</option>' in drawn("agency")


def test_file_and_password():
    assert 'type="file" name="files" multiple class="govuk-file-upload"' in drawn("files")
    html = drawn("password", "password=secret")
    assert "secret" not in html
    assert "govuk-js-password-input-toggle" in html


def test_a_heading_takes_the_place_of_the_pages_own():
    html = " ".join(str(HeadingForm()).split())
    assert '<h1 class="govuk-fieldset__heading"> Have you told the family? </h1>' in html


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        (
            "",
            [
                "name",
                "why",
                "born_0",
                "told_0",
                "urgent_0",
                "purposes_0",
                "agency",
                "sure",
                "password",
            ],
        ),
        ("born_day=3&born_month=2", ["born_2"]),
    ],
)
def test_every_error_points_at_a_control_that_is_there(data, ids):
    form = EveryField(QueryDict(data))
    html = str(form)
    pointed = [field.first_id for field in form if field.errors]
    assert set(map("id_{}".format, ids)) <= set(pointed)
    for each in pointed:
        assert f'id="{each}"' in html


def test_what_was_typed_comes_back_escaped_and_without_what_no_page_can_hold():
    form = EveryField({"why": "<b>\x00\ud800"})
    html = str(form)
    assert "&lt;b&gt;\ufffd\ufffd" in html
    html.encode()


def test_the_token_survives_errors_and_a_broken_one_is_replaced():
    form = EveryField({"idempotency_key": "4f1de35c-5c3f-4d0c-a3f2-1f4f1d4ad1c1"})
    assert "4f1de35c-5c3f-4d0c-a3f2-1f4f1d4ad1c1" in str(form)
    broken = EveryField({"idempotency_key": "<i>"})
    assert "&lt;i&gt;" not in str(broken)
    assert "idempotency_key" not in broken.errors


def test_djangos_own_fields_get_the_look_too():
    class Plain(forms.Form):
        number = forms.IntegerField()
        pick = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)

    html = str(Plain())
    assert 'class="govuk-input"' in html
    assert "govuk-radios__input" in html


def test_files_of_a_wrong_kind_are_named():
    files = [SimpleUploadedFile("a.exe", b"MZ"), SimpleUploadedFile("b.txt", b"hello")]
    form = EveryField({}, {"files": files})
    [message, of_the_others] = form.errors["files"]
    assert message.startswith("a.exe: The selected file must be one of")
    assert "None of the files was added." in of_the_others
    assert of_the_others.endswith(": b.txt")
