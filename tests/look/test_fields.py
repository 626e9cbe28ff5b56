"""What the fields take, what they make of it, and in which words they refuse."""

import datetime as dt
import uuid

import pytest
import time_machine
from django import forms
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from portal.templatetags.portal_text import clock, day, moment
from requests_app.details import said
from workflow.fields import (
    CleanText,
    DateField,
    IdempotencyKeyField,
    RadioChoice,
    TickChoices,
)
from workflow.files import FilesField
from workflow.pages import show
from workflow.times import TimeField


def refusal(field, value):
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    return caught.value.messages


def test_text_is_stripped_and_its_line_breaks_are_one_kind():
    assert CleanText(max_length=20).clean("  one\r\ntwo\rthree \n") == "one\ntwo\nthree"


@pytest.mark.parametrize("mark", [chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))])
def test_marks_that_turn_text_round_are_left_out(mark):
    assert CleanText(max_length=20).clean(f"exe.{mark}fdp") == "exe.fdp"


def test_marks_that_names_need_and_all_that_can_be_seen_stay():
    text = "Zoë O\u2019Neil \u200e\u05d0\u200f \U0001f468\u200d\U0001f469\u200d\U0001f467 a\u0301"
    assert CleanText(max_length=60).clean(text) == text


def test_what_word_processors_leave_behind_goes():
    assert CleanText(max_length=20).clean("a\x0bb\x07c") == "a\nbc"


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "\udfff"])
def test_characters_that_cannot_be_kept_are_refused(text):
    assert refusal(CleanText(max_length=20), text) == [
        "The text contains a character that cannot be kept. Type it again."
    ]


def test_a_megabyte_is_refused_in_words_and_not_cut():
    field = CleanText(max_length=2000, name_in_errors="the reasons")
    assert refusal(field, "x" * 1_000_000) == ["The reasons must be 2,000 characters or less"]


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("First name", "Enter first name"),
        ("NHS number", "Enter NHS number"),
        ("Why?", "Enter an answer"),
    ],
)
def test_the_label_names_the_field_where_nothing_else_does(label, message):
    assert refusal(CleanText(label=label, max_length=9), "") == [message]


def test_a_label_changed_in_one_form_changes_its_words_there_alone():
    class Ask(forms.Form):
        answer = CleanText(label="Answer", max_length=9)

    one, other = Ask({}), Ask({})
    one.fields["answer"].name_in_errors = "the school"
    assert one.errors["answer"] == ["Enter the school"]
    assert other.errors["answer"] == ["Enter answer"]


def test_own_messages_win():
    field = CleanText(max_length=1, error_messages={"required": "Say why", "max_length": "Less"})
    assert refusal(field, "") == ["Say why"]
    assert refusal(field, "ab") == ["Less"]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (["", "", ""], "Enter the date of birth"),
        (["3", "", "2016"], "The date of birth must include a month"),
        (["", "", "2016"], "The date of birth must include a day and month"),
        (["31", "2", "2016"], "The date of birth must be a real date"),
        (["x", "2", "2016"], "The date of birth must be a real date"),
        (["1", "13", "2016"], "The date of birth must be a real date"),
        (["1", "1", "16"], "The year of the date of birth must have 4 numbers"),
        (["1", "1", "٢٠١٦"], "The year of the date of birth must have 4 numbers"),
        (["1", "1", "0000"], "The date of birth must be a real date"),
        (["2", "1", "2026"], "The date of birth must be today or in the past"),
    ],
)
@time_machine.travel("2026-01-01 12:00Z")
def test_what_is_wrong_with_a_date_is_said(parts, message):
    assert refusal(DateField(past=True, name_in_errors="the date of birth"), parts) == [message]


@pytest.mark.parametrize("month", ["3", "03", "March", "mar", " MAR "])
def test_months_can_be_numbers_or_names(month):
    assert DateField().clean(["7", month, "2016"]) == dt.date(2016, 3, 7)


@time_machine.travel("2026-07-01 23:30Z")
def test_today_is_londons_today():
    assert DateField(past=True).clean(["2", "7", "2026"]) == dt.date(2026, 7, 2)
    with pytest.raises(ValidationError):
        DateField(future=True).clean(["1", "7", "2026"])


def test_all_that_is_wrong_with_a_date_is_said_at_once():
    field = DateField(name_in_errors="the date of birth")
    assert refusal(field, ["", "3", "16"]) == [
        "The date of birth must include a day",
        "The year of the date of birth must have 4 numbers",
    ]


def test_an_optional_date_may_be_empty_but_not_half():
    assert DateField(required=False).clean(["", "", ""]) is None
    assert refusal(DateField(required=False, label="Date"), ["1", "", ""])


@pytest.mark.parametrize(
    ("typed", "hour", "minute"),
    [
        ("9:30", 9, 30),
        (" 09.30 ", 9, 30),
        ("00:00", 0, 0),
        ("23:59", 23, 59),
        ("9am", 9, 0),
        ("9:05 PM", 21, 5),
        ("12am", 0, 0),
        ("12:15pm", 12, 15),
    ],
)
def test_a_time_is_taken_as_people_write_it(typed, hour, minute):
    assert TimeField(label="Time").clean(typed) == dt.time(hour, minute)


@pytest.mark.parametrize(
    "typed", ["9", "24:00", "9:60", "13pm", "0am", "9:3", "noon", "9:30:00", "٩:٣٠", "-9:30"]
)
def test_what_is_no_time_is_said(typed):
    assert refusal(TimeField(label="Time"), typed) == ["Time must be a time, such as 9:30 or 14:05"]


def test_an_optional_time_may_be_empty():
    assert TimeField(required=False).clean(" ") is None
    assert refusal(TimeField(label="Time"), "") == ["Enter time"]
    assert refusal(TimeField(label="Time"), "9" * 5000)


@pytest.mark.parametrize("number", ["9" * 10, "9" * 30, "-" + "9" * 20, "9" * 5000])
def test_a_very_long_number_is_a_wrong_date_and_no_fault(number):
    for parts in ([number, "1", "2016"], ["1", number, "2016"]):
        assert refusal(DateField(label="Date"), parts) == ["Date must be a real date"]


def test_choices():
    pick = RadioChoice(label="Rating", choices=[("a", "A", "hint")], name_in_errors="a rating")
    assert refusal(pick, "") == ["Select a rating"]
    assert refusal(pick, "b") == ["Select a rating from the list"]
    ticks = TickChoices(label="Purposes", choices=[("a", "A")], name_in_errors="a purpose")
    assert ticks.clean(["a"]) == ["a"]
    assert refusal(ticks, []) == ["Select a purpose"]


def test_the_token_of_a_doubled_post():
    token = uuid.uuid4()
    assert IdempotencyKeyField().clean(str(token)) == token
    assert isinstance(IdempotencyKeyField().clean("nonsense"), uuid.UUID)


def test_no_files_are_an_empty_list_unless_asked_for():
    assert FilesField(required=False).clean([]) == []
    assert refusal(FilesField(name_in_errors="a file"), []) == ["Select a file"]
    assert refusal(FilesField(most=2, required=False), [None] * 3) == ["Choose 2 files at the most"]


def test_a_page_with_errors_is_answered_422(monkeypatch):
    class Ask(forms.Form):
        answer = CleanText(label="Answer", max_length=9)

    monkeypatch.setattr("workflow.pages.render", lambda *_a, status=None, **_k: status or 200)
    request = RequestFactory().get("/")
    assert show(request, "x.html", form=Ask()) == 200
    assert show(request, "x.html", form=Ask({"answer": "yes"})) == 200
    assert show(request, "x.html", form=Ask({})) == 422
    assert show(request, "x.html", form=Ask({}), status=409) == 409


def test_days_times_and_numbers_as_they_are_written():
    summer = dt.datetime(2026, 7, 1, 11, 0, tzinfo=dt.UTC)
    assert day(dt.date(2016, 3, 7)) == "7 March 2016"
    assert moment(summer) == "1 July 2026 at midday"
    assert clock(summer.replace(minute=5)) == "12:05pm"
    assert clock(summer.replace(hour=23)) == "midnight"
    assert clock(summer.replace(hour=8)) == "9am"
    assert (day(None), moment(None), clock(None)) == ("", "", "")
    # With plain spaces, so that it is found again wherever it is pasted.
    assert said("nhs_number", "9991234567") == said("nhs_number", "999 1234567") == "999 123 4567"
    assert said("nhs_number", "12") == "12"
