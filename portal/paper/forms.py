"""What staff are asked about a form on paper; and what the blank one asks, taken from the application's own forms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wtforms import HiddenField

from portal import clock
from portal.applications.forms import ASKED, RefereeForm, StartForm
from portal.applications.rules import Section
from portal.files.forms import UploadField
from portal.files.rules import JPEG, PDF, PNG
from portal.paper.rules import Answer, Part, Question, reasons_not_received_on
from portal.volunteers.forms import Checked, OutwardCodeField
from portal.web.fields import (
    CheckboxesField,
    CheckboxField,
    EmailField,
    Form,
    RadiosField,
    SelectField,
    TelephoneField,
    TextareaField,
    TextField,
)
from portal.web.numbers import DateField, TimeField, VersionField, WholeNumberField

KINDS = (PDF, JPEG, PNG)
# Words that belong to a screen: a pen has no "below", and nobody writes their first name twice.
SHORT = {"known_as", "romanised", "organisation", "practitioner_job", "practitioner_organisation"}
BEFORE = {"why", "skills"}
"""What somebody wrote before there were prompts: asked of nobody who begins today."""
ON_SCREEN = {"email": "", "phone": "", "days": "", "times": ""}


def parts_of(references_needed: int) -> tuple[Part, ...]:
    """The blank form: every question of the application, in its order, and never one more."""
    return tuple(_parts(references_needed))


def _parts(references_needed: int) -> Iterator[Part]:
    heard = _questions(StartForm(formdata=None, meta={"csrf": False}), ("route",))
    for section in Section:
        if section is Section.REFEREES:
            yield from _people(references_needed)
        elif section is not Section.CHECKS:
            form = ASKED[section](formdata=None, meta={"csrf": False})
            asked = _questions(form, [name for name in form.order if name not in BEFORE])
            more = heard if section is Section.ABOUT_YOU else ()
            yield Part(section.title, (*asked, *more), tuple(form.intro), tuple(form.ideas))


def _people(needed: int) -> Iterator[Part]:
    form = RefereeForm(formdata=None, meta={"csrf": False})
    questions = _questions(
        form, [each.name for each in form if each.name != "is_sure" and not isinstance(each, HiddenField)]
    )
    for number in range(1, max(needed, 1) + 1):
        intro = (
            ("Not family, not somebody you live with, and somebody who has known you for a year or more.",)
            if number == 1
            else ()
        )
        yield Part(f"{Section.REFEREES.title}: person {number}", questions, intro)


def _questions(form: Any, order: Any) -> tuple[Question, ...]:
    return tuple(_question(form[name]) for name in order)


def _question(field: Any) -> Question:
    name = field.short_name
    hint = ON_SCREEN.get(name, field.description)
    if isinstance(field, CheckboxField):
        return Question(field.label.text, Answer.TICK)
    if isinstance(field, CheckboxesField):
        return Question(field.label.text, Answer.SOME, hint, _choices(field))
    if isinstance(field, RadiosField | SelectField):
        choices = _choices(field)
        return Question(field.label.text, Answer.ONE, hint, choices, is_short=len(choices) == 2)
    if isinstance(field, TextareaField):
        return Question(field.label.text, Answer.BOX, hint)
    is_short = name in SHORT or isinstance(
        field, TimeField | WholeNumberField | OutwardCodeField | TelephoneField | EmailField
    )
    return Question(field.label.text, Answer.LINE, hint, is_short=is_short)


def _choices(field: Any) -> tuple[str, ...]:
    return tuple(str(choice.label) for choice in field.iter_choices() if choice.value != "")


class KeepForm(Checked):
    """A form that somebody handed in: where, when, and its pages."""

    area = SelectField("Which area is it for?", required="Choose the area", coerce=int)
    received_on = DateField("When did it come?", required="Enter the day on which it came", called="The day it came")
    first = UploadField(
        "The filled-in form", kinds=KINDS, required="Choose the scan, or a photo of the first page",
        hint="A PDF of all pages, or a photo (JPEG or PNG) of the first page. Up to 20 MB.",
    )  # fmt: skip
    second = UploadField("Page 2", kinds=KINDS, hint="Only if each page is a photo of its own.")
    third = UploadField("Page 3", kinds=KINDS, hint="")
    fourth = UploadField("Page 4", kinds=KINDS, hint="")

    def offer(self, areas: list[tuple[int, str]]) -> None:
        """The areas whose forms this person may keep."""
        self.area.choices = [("", "Choose an area"), *areas] if len(areas) > 1 else areas

    def reasons(self) -> Iterator[tuple[str, str]]:
        """No form comes tomorrow."""
        yield from super().reasons()
        if self.received_on.data:
            for reason in reasons_not_received_on(self.received_on.data, clock.today()):
                yield "received_on", reason

    @property
    def pages(self) -> list[Any]:
        """The pages that were chosen, looked at, in their order."""
        return [field.data for field in (self.first, self.second, self.third, self.fourth) if field.data]


class SetAsideForm(Form):
    """Why a form leads to no application."""

    because = TextField(
        "Why?", required="Say why, in a few words", max_length=300,
        hint="Like: handed in twice, or not a form of ours. Write nothing about the person here.",
    )  # fmt: skip
    version = VersionField()
