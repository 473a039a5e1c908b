"""Fields keep what was typed, say in words what is wrong, and never fail whatever is posted."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.web import fields, numbers
from tests.markup import elements
from tests.web.small_app import with_form


class AboutYou(fields.Form):
    full_name = fields.TextField("Full name", required="Enter your full name", autocomplete="name")
    email = fields.EmailField("Email address", required="Enter your email address")
    phone = fields.TelephoneField("Phone number")
    born_on = numbers.DateField("Date of birth", required="Enter your date of birth", is_birthday=True)
    area = fields.SelectField("Area", [("", "Choose an area"), (1, "Darlington"), (2, "Durham City")], coerce=int)
    lived = fields.RadiosField(
        "Have you been through it yourself?",
        [("yes", "Yes"), ("no", "No")],
        required="Select yes if you have",
        called="Your answer",
        hints={"yes": "You do not have to say more"},
    )
    days = fields.CheckboxesField("Which days?", [("mon", "Monday"), ("tue", "Tuesday")])
    agrees = fields.CheckboxField("I agree", required="Tick the box if you agree")
    why = fields.TextareaField("Why do you want to help?", called="Your reason", counted=True)
    password = fields.PasswordField("Password")
    places = numbers.WholeNumberField("Places", least=1, most=40, unit="people")
    starts = numbers.TimeField("Start time")
    version = numbers.VersionField()


RIGHT: dict[str, Any] = {
    "Full name": "Siân Ŵyn-Jones",
    "Email address": "sian@example.com",
    "Date of birth": date(1985, 3, 27),
    "Have you been through it yourself?": "Yes",
    "I agree": True,
}


def saved_with(**answers: Any) -> dict[str, Any]:
    browser, saved = with_form(AboutYou)
    browser.fill(RIGHT | {question.replace("_", " "): answer for question, answer in answers.items()})
    browser.submit("Save", status=200)
    return dict(saved[0])


def errors_with(answers: dict[str, Any]) -> list[str]:
    browser, saved = with_form(AboutYou)
    browser.fill(RIGHT | answers).submit("Save", status=422)
    assert not saved
    return browser.errors


def test_a_right_form_is_saved_as_the_kinds_it_means() -> None:
    browser, saved = with_form(AboutYou)
    more = {"Phone number": "07700 900 982", "Area": "Durham City", "Which days?": ["Monday", "Tuesday"]}
    more |= {"Why do you want to help?": "Two\nlines", "Places": "12", "Start time": "6.30pm"}
    browser.fill(RIGHT | more).submit("Save", status=200)
    kept = saved[0]
    assert kept["born_on"] == date(1985, 3, 27)
    assert (kept["phone"], kept["area"], kept["days"]) == ("+447700900982", 2, ["mon", "tue"])
    assert (kept["why"], kept["places"], kept["starts"]) == ("Two\nlines", 12, time(18, 30))


def test_an_empty_form_says_every_thing_that_is_missing_in_the_order_of_its_fields() -> None:
    browser, saved = with_form(AboutYou)
    browser.submit("Save", status=422)
    assert browser.errors == [
        "Enter your full name",
        "Enter your email address",
        "Enter your date of birth",
        "Select yes if you have",
        "Tick the box if you agree",
    ]
    assert browser.title.startswith("Error: About you")
    assert not saved


def test_an_error_leads_to_the_field_that_is_wrong() -> None:
    browser, _ = with_form(AboutYou)
    browser.fill({"Date of birth": ("27", "", "1985")}).submit("Save")
    links = browser.links()
    assert links["Enter your full name"] == "#full_name"
    assert links["Date of birth must include a month"] == "#born_on-month"
    assert links["Select yes if you have"] == "#lived"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("27", "3", "85"), "Date of birth must have a year of 4 numbers, like 1985"),
        (("31", "2", "1985"), "Date of birth must be a real date, like 27 3 1985"),
        (("27", "13", "1985"), "Date of birth must be a real date, like 27 3 1985"),
        (("x", "y", "z"), "Date of birth must be a real date, like 27 3 1985"),
        (("27", "", ""), "Date of birth must include a month and year"),
        (("27", "3", "9999"), "Date of birth must be between 1900 and 2100"),
        (("-1", "3", "1985"), "Date of birth must be a real date, like 27 3 1985"),
        (("9" * 10_000, "3", "1985"), "Date of birth must be a real date, like 27 3 1985"),
    ],
)
def test_a_date_that_is_none_is_told_in_our_words(typed: tuple[str, str, str], words: str) -> None:
    assert errors_with({"Date of birth": typed}) == [words]


def test_a_date_may_be_written_with_the_months_name_or_in_urdu_digits() -> None:
    assert saved_with(Date_of_birth=("27", "mar", "1985"))["born_on"] == date(1985, 3, 27)
    assert saved_with(Date_of_birth=("۲۷", "۳", "۱۹۸۵"))["born_on"] == date(1985, 3, 27)


@pytest.mark.parametrize("posted", [{}, {"born_on": "1"}, {"born_on": ["1", "2"]}, {"born_on": list("12345")}])
def test_a_date_posted_in_any_number_of_parts_is_an_error_at_the_field(posted: dict[str, Any]) -> None:
    browser, saved = with_form(AboutYou)
    browser.post("/", posted, status=422)
    assert any("date of birth" in error.lower() for error in browser.errors)
    assert not saved


def test_what_was_typed_in_a_date_is_kept_and_only_the_wrong_box_is_red() -> None:
    browser, _ = with_form(AboutYou)
    browser.fill({"Date of birth": ("27", "13", "1985")}).submit("Save")
    boxes = [e for e in elements(browser._page()) if e.get("name") == "born_on"]
    assert [box.get("value") for box in boxes] == ["27", "13", "1985"]
    assert ["govuk-input--error" in (box.get("class") or "") for box in boxes] == [False, True, False]
    assert [box.get("autocomplete") for box in boxes] == ["bday-day", "bday-month", "bday-year"]


def test_no_element_is_required_by_the_browser_because_the_server_says_it_in_words() -> None:
    browser, _ = with_form(AboutYou)
    assert [e.tag for e in elements(browser._page()) if e.get("required") is not None] == []


def test_a_hint_that_says_nothing_is_not_drawn() -> None:
    browser, _ = with_form(AboutYou)
    hints = [e for e in browser._with_class("govuk-hint") if not (e.text or "").strip()]
    assert hints == []


def test_a_choice_shows_its_hint() -> None:
    browser, _ = with_form(AboutYou)
    assert browser.sees("You do not have to say more")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Zoë  ", "Zoë"),
        ("Zoe\u0308", "Zoë"),
        ("محمد علی", "محمد علی"),
        ("Łukasz 👩🏽‍🦱", "Łukasz 👩🏽‍🦱"),
        ("O’Brien & <b>Sons</b>", "O’Brien & <b>Sons</b>"),
    ],
)
def test_a_name_is_kept_as_people_write_it(typed: str, kept: str) -> None:
    assert saved_with(Full_name=typed)["full_name"] == kept


@pytest.mark.parametrize("nothing", ["", "   ", "\u200b", "\u200f\u202e", "\ufeff", "\0"])
def test_a_name_that_cannot_be_seen_is_no_name(nothing: str) -> None:
    assert errors_with({"Full name": nothing}) == ["Enter your full name"]


@pytest.mark.parametrize("damaged", ["A\0B", "A\x07B", "A\nB", "A\u0085B", "A\ufffdB", "A\ufdd0B", "A\U0001ffffB"])
def test_a_character_no_page_can_show_is_refused_and_the_rest_is_kept(damaged: str) -> None:
    browser, saved = with_form(AboutYou)
    browser.fill(RIGHT | {"Full name": damaged}).submit("Save", status=422)
    assert browser.errors == ["Full name has a character in it that we cannot keep. Type it again"]
    assert browser.value("Full name").startswith("A")
    assert not saved


def test_bytes_that_are_not_utf_8_are_refused_at_the_field() -> None:
    browser, saved = with_form(AboutYou)
    token = next(e.get("value") for e in elements(browser._page()) if e.get("name") == "csrf_token")
    body = f"csrf_token={token}&full_name=Si%E2n".encode()
    browser._open("POST", "/", status=422, data=body, content_type="application/x-www-form-urlencoded")
    assert "Full name has a character in it that we cannot keep. Type it again" in browser.errors
    assert not saved


def test_text_that_is_too_long_is_refused_and_kept() -> None:
    browser, _ = with_form(AboutYou)
    browser.fill(RIGHT | {"Full name": "x" * 10_000, "Why do you want to help?": "y" * 4001})
    browser.submit("Save", status=422)
    assert browser.errors == [
        "Full name must be 200 characters or fewer",
        "Your reason must be 4,000 characters or fewer",
    ]
    assert browser.value("Full name") == "x" * 10_000


def test_the_line_ends_of_a_browser_count_once() -> None:
    assert saved_with(**{"Why_do_you_want_to_help?": "a\r\n" * 1999 + "bc"})["why"].count("\n") == 1999


@pytest.mark.parametrize("typed", ["sian", "sian@", "@example.com", "a@b", "sian@exa mple.com", "x" * 250 + "@e.com"])
def test_an_address_in_a_wrong_form_is_refused(typed: str) -> None:
    words = "Enter an email address in the correct format, like name@example.com"
    assert errors_with({"Email address": typed}) in ([words], ["Email address must be 254 characters or fewer"])


@pytest.mark.parametrize("typed", ["12", "phone", "+999 1", "07700 900 982 007 700 900"])
def test_a_number_nobody_can_ring_is_refused(typed: str) -> None:
    assert errors_with({"Phone number": typed})[0].startswith("Enter a phone number, like")


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({"area": "99"}, "Choose one of the answers on the list"),
        ({"area": "x"}, "Choose one of the answers on the list"),
        ({"area": "9" * 5000}, "Choose one of the answers on the list"),
        ({"lived": "perhaps"}, "Choose one of the answers on the list"),
        ({"days": ["mon", "sun"]}, "Choose only from the answers on the list"),
    ],
)
def test_an_answer_that_was_not_offered_is_refused(posted: dict[str, Any], words: str) -> None:
    browser, saved = with_form(AboutYou)
    browser.post("/", posted, status=422)
    assert words in browser.errors
    assert not saved


def test_a_field_left_out_of_the_post_does_not_fall_back_on_what_was_there() -> None:
    browser, saved = with_form(AboutYou, data={"full_name": "Amara", "lived": "yes", "born_on": date(1990, 1, 1)})
    assert browser.value("Full name") == "Amara"
    browser.post("/", {}, status=422)
    assert {"Enter your full name", "Select yes if you have", "Enter your date of birth"} <= set(browser.errors)
    assert not saved


def test_a_password_is_taken_as_typed_and_never_sent_back() -> None:
    assert saved_with(Password="  two words ")["password"] == "  two words "
    browser, _ = with_form(AboutYou)
    browser.fill({"Password": "kept secret"}).submit("Save", status=422)
    assert "kept secret" not in browser.html


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("18:00", time(18)),
        ("6pm", time(18)),
        ("6.30 pm", time(18, 30)),
        ("1830", time(18, 30)),
        ("midday", time(12)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("9:05 a.m.", time(9, 5)),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, means: time) -> None:
    assert saved_with(Start_time=typed)["starts"] == means


@pytest.mark.parametrize("typed", ["6", "25:00", "13pm", "0am", "18:60", "soon", "１８:００"])
def test_a_time_that_is_none_is_told(typed: str) -> None:
    assert errors_with({"Start time": typed}) == ["Start time must be a time, like 6pm or 18:30"]


@pytest.mark.parametrize("typed", ["0", "41", "-5", "99999999999999999999", "1.5", "ten", "²"])
def test_a_number_out_of_bounds_or_none_at_all_is_told(typed: str) -> None:
    assert errors_with({"Places": typed})[0].startswith("Places must be ")


def test_a_forged_form_is_refused_in_plain_words() -> None:
    browser, saved = with_form(AboutYou)
    browser.root = None
    browser.post("/", {"full_name": "Amara"}, status=400)
    assert browser.heading == "We could not be sure it was you"
    assert not saved


def test_a_version_that_is_rubbish_is_one_that_never_was() -> None:
    browser, saved = with_form(AboutYou, version=3)
    browser.fill(RIGHT | {"version": "; DROP"}).submit("Save")
    assert saved[0]["version"] == numbers.VersionField.NEVER


RUBBISH = st.dictionaries(
    st.sampled_from([name for name in vars(AboutYou) if not name.startswith("_")]),
    st.lists(st.text(max_size=40) | st.text(alphabet="0123456789-/:.", max_size=20), max_size=5),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(RUBBISH)
def test_rubbish_is_answered_and_never_fails(posted: dict[str, list[str]]) -> None:
    browser, _ = with_form(AboutYou)
    browser.post("/", posted)
    assert browser.status in {200, 422}
