"""What must not be asked of somebody who applies is asked nowhere on the way (domain facts, section 5)."""

from __future__ import annotations

import re

import pytest

from portal.applications import forms
from portal.assisted.forms import HelpForm, StaffStartForm
from portal.returning.forms import LostForm
from portal.web.fields import Form, TelephoneField

FORBIDDEN = re.compile(
    r"\b(offen[cs]e|crime|criminal|caution|prison|sentence[sd]?|spent|diagnos\w*|illness|medical|health|disab\w*"
    r"|date of birth|born|birthday|how old|your age|national insurance|ni number|bank|sort code|benefits?"
    r"|universal credit|photo of you|religion|faith|marital|married|pregnan\w*|orientation|gender|ethnic\w*|nationality"
    r"|driving licence)\b",
    re.IGNORECASE,
)
MAY_SAY = {"Prison staff or a chaplain", "Only what you are happy to share", "A group leader, sponsor or faith leader"}
ASKED = [
    forms.StartForm, forms.CodeForm, *forms.ASKED.values(), forms.RefereeForm, HelpForm, StaffStartForm, LostForm
]  # fmt: skip


def words_of(form: Form) -> list[str]:
    """Everything that a form asks: labels, hints, choices, and the words above it."""
    said = [*getattr(form, "intro", ()), *getattr(form, "ideas", ())]
    for field in form:
        said += [field.label.text, str(getattr(field, "hint", "") or field.description or "")]
        choices = getattr(field, "choices", None) or ()
        said += [str(choice[1]) for choice in choices if not callable(choices)]
    return [words for words in said if words and words not in MAY_SAY]


@pytest.mark.parametrize("asked", ASKED, ids=lambda each: each.__name__)
def test_no_form_asks_for_what_must_not_be_asked(app, asked):
    with app.test_request_context():
        words = words_of(asked())
    assert words
    assert [said for said in words if FORBIDDEN.search(said)] == []


@pytest.mark.parametrize("said", ["Your date of birth", "National Insurance number", "Any diagnosis?", "Your religion"])
def test_the_search_finds_what_it_is_for(said):
    assert FORBIDDEN.search(said)


def test_convictions_are_spoken_of_only_to_say_not_to_write_of_them(app):
    with app.test_request_context():
        found = [words for asked in ASKED for words in words_of(asked()) if "conviction" in words.lower()]
    assert found == [
        "Please do not write about convictions here. If we need to ask about them, we ask later and in private."
    ]


class PhoneForm(Form):
    """A number and nothing else."""

    number = TelephoneField("Number")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("07700 900 123", "+447700900123"), ("+44 (0)7700 900123", "+447700900123"), ("07700-900-123", "+447700900123"),
        ("0191-498 0000 ext 2", "+441914980000 ext. 2"), ("(0191) 498 0000", "+441914980000"),
        ("00 44 7700 900123", "+447700900123"), ("+353 1 234 5678", "+35312345678"),
    ],
)  # fmt: skip
def test_a_number_is_taken_as_people_write_it(app, typed, kept):
    with app.test_request_context(method="POST", data={"number": typed}):
        form = PhoneForm(meta={"csrf": False})
        assert form.validate(), form.errors
        assert form.number.data == kept
