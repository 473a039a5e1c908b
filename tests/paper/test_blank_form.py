"""The blank form asks what the application asks, in a file that can be read aloud."""

from __future__ import annotations

import pytest

from portal.applications.forms import ASKED, RefereeForm
from portal.applications.rules import Section
from portal.paper import forms, rules
from tests.documents import reading
from tests.factories import AreaFactory, SchemeFactory

FORBIDDEN = (
    "national insurance", "date of birth", "born", "diagnosis", "benefit", "bank", "religion", "married", "pregnan",
    "photo of you", "driving licence", "convicted", "offence", "orientation",
)  # fmt: skip


@pytest.fixture
def area(session):
    area = AreaFactory(scheme=SchemeFactory(phone="01632 960 001", email="hello@example.org"), name="Quayside")
    session.commit()
    return area


def address(area, ending=".pdf"):
    return f"/schemes/{area.scheme.slug}/{area.slug}/form{ending}"


def test_the_form_asks_every_question_of_the_application_and_no_other(app):
    with app.test_request_context():
        asked = [question.words for part in forms.parts_of(2) for question in part.questions]
        online = []
        for section, form in ASKED.items():
            if section is not Section.CHECKS:
                each = form(formdata=None, meta={"csrf": False})
                online += [each[name].label.text for name in each.order if name not in {"why", "skills"}]
        online.append("How did you hear about us?")
        people = RefereeForm(formdata=None, meta={"csrf": False})
        online += [each.label.text for each in people if each.name != "is_sure"] * 2
    assert sorted(asked) == sorted(online)


def test_the_file_holds_every_question_and_choice_and_says_what_to_do_with_it(browser, area, app):
    browser.get(address(area))
    assert browser.response.mimetype == "application/pdf"
    words = reading.text(browser.body)
    with app.test_request_context():
        parts = forms.parts_of(area.scheme.settings.references_needed)
    for part in parts:
        for question in part.questions:
            assert " ".join(question.words.split()) in words
            for choice in question.choices:
                assert choice in words
    assert "01632 960001" in words
    assert "hello@example.org" in words
    assert "Your signature" in words
    assert words.count("How do they know you?") == area.scheme.settings.references_needed
    assert rules.form_code(area.slug, area.id, parts) in words


@pytest.mark.parametrize("size", ["", "large"])
def test_nothing_is_asked_that_must_not_be_asked(browser, area, size):
    words = reading.text(browser.get(address(area), size=size).body).lower()
    assert [each for each in FORBIDDEN if each in words] == []


@pytest.mark.parametrize("size", ["", "large"])
def test_the_file_is_tagged_with_a_title_and_a_language_and_keeps_every_box_on_its_page(browser, area, size):
    pdf = reading.opened(browser.get(address(area), size=size).body)
    assert "Apply to be a peer mentor in Quayside" in pdf.metadata.title
    assert pdf.root_object["/Lang"] == "en-GB"
    tags = reading.tags(browser.body)
    assert tags.count("H1") == 1
    assert {"H2", "P", "LI", "LBody"} <= set(tags)
    assert len(pdf.pages) <= (8 if size else 4), "it no longer fits on two sheets, or on four in large print"


def test_large_print_is_sixteen_points_or_more(browser, area):
    sizes = set()
    for page in reading.opened(browser.get(address(area), size="large").body).pages:
        page.extract_text(visitor_text=lambda text, _cm, _tm, _font, size: sizes.add(size) if text.strip() else None)
    body = sorted(sizes)[len(sizes) // 2 :]
    assert any(size >= 15.9 for size in body)


def test_the_page_says_the_same_as_the_file(browser, area, app):
    browser.get(address(area, ""))
    with app.test_request_context():
        parts = forms.parts_of(area.scheme.settings.references_needed)
    for part in parts:
        assert browser.sees(part.title, *(question.words for question in part.questions))
    assert browser.sees(*rules.CHECKS, rules.SIGN, rules.form_code(area.slug, area.id, parts))
    browser.click("Form in large print (PDF)")
    assert browser.response.mimetype == "application/pdf"


def test_an_area_that_does_not_exist_has_no_form(browser, area):
    browser.get(f"/schemes/{area.scheme.slug}/nowhere/form.pdf", status=404)
    browser.get(f"/schemes/{area.scheme.slug}/nowhere/form", status=404)


def test_the_code_changes_with_the_area_and_with_every_question():
    question = rules.Question("Your name", rules.Answer.LINE)
    parts = [rules.Part("About you", (question,))]
    other = [rules.Part("About you", (rules.Question("Your names", rules.Answer.LINE),))]
    assert rules.form_code("darlington", 7, parts) != rules.form_code("darlington", 8, parts)
    assert rules.form_code("darlington", 7, parts) != rules.form_code("darlington", 7, other)
    assert rules.form_code("darlington", 7, parts) == rules.form_code("darlington", 7, parts)
    assert rules.form_code("1-2", 3, parts).startswith("X3-")


@pytest.mark.parametrize("size", ["", "large"])
def test_a_heading_stands_with_the_first_question_below_it(browser, area, size, app):
    pages = reading.opened(browser.get(address(area), size=size).body).pages
    words = [" ".join(page.extract_text().split()) for page in pages]
    with app.test_request_context():
        parts = forms.parts_of(area.scheme.settings.references_needed)
    for part in parts:
        first = " ".join(part.questions[0].words.split())
        assert any(part.title in page and first in page for page in words), part.title


def test_what_is_said_once_at_the_top_is_not_said_at_each_question(app):
    with app.test_request_context():
        parts = forms.parts_of(2)
    said = [words for part in parts for words in (*part.intro, *(question.hint for question in part.questions))]
    assert not [words for words in said if words.startswith("You can leave this empty.")]
    assert any("leave out" in sentence for sentence in rules.HOW_TO_FILL)


def test_on_paper_what_is_written_about_a_referee_comes_before_what_is_ticked(app):
    with app.test_request_context():
        *_, person = forms.parts_of(1)
    assert [question.answer for question in person.questions] == [
        *[rules.Answer.LINE] * 4, rules.Answer.ONE, rules.Answer.LINE, *[rules.Answer.ONE] * 2, rules.Answer.TICK
    ]  # fmt: skip
