"""What staff are asked about a form on paper; and what the blank one asks, taken from the application's own forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from portal import clock
from portal.applications import services as applications
from portal.applications.forms import ASKED, RefereeForm, StartForm
from portal.applications.models import Application
from portal.applications.rules import Section
from portal.database import session as database
from portal.files.forms import UploadField
from portal.files.rules import JPEG, PDF, PNG
from portal.paper.rules import Answer, Part, Question, about_them, reasons_not_received_on
from portal.refusals import Refused
from portal.schemes.rules import Route
from portal.volunteers.forms import Checked, OutwardCodeField
from portal.volunteers.rules import likeness
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
from portal.web.own import form_errors

KINDS = (PDF, JPEG, PNG)
# Words that belong to a screen: a pen has no "below", and nobody writes their first name twice.
SHORT = {"known_as", "romanised", "organisation", "practitioner_job", "practitioner_organisation"}
BEFORE = {"why", "skills"}
"""What somebody wrote before there were prompts: asked of nobody who begins today."""
ASKED_OF_PEOPLE = (
    "name", "organisation", "email", "phone", "relation", "years_known", "is_family", "shares_home",
    "is_of_recommender",
)  # fmt: skip
"""On paper what is written comes first, two to a line, and what is ticked after it."""
WHOLE, HALF, THIRD = 1.0, 1 / 2, 1 / 3
MAY_BE_EMPTY = "You can leave this empty."
"""Said once at the top of the paper, not at each question."""
ON_PAPER = {
    "email": "", "practitioner_email": "", "phone": "", "days": "", "times": "", "years_known": "Whole years.",
    "romanised": "Only if you write your name in other letters.",
    "postcode_area": "Like DL1.", "safe_from": "Like 9am, if some hours are not safe.",
}  # fmt: skip
"""What helps with a pen, where that is other than what helps on a screen."""


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
            intro = tuple(sentence for sentence in form.intro if sentence != MAY_BE_EMPTY)
            yield Part(section.title, (*asked, *more), intro, tuple(form.ideas))


def _people(needed: int) -> Iterator[Part]:
    form = RefereeForm(formdata=None, meta={"csrf": False})
    questions = tuple(
        replace(each, share=min(each.share, HALF)) if each.answer is Answer.LINE else each
        for each in _questions(form, ASKED_OF_PEOPLE)
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
    hint = ON_PAPER.get(name, field.description).replace(MAY_BE_EMPTY, "").strip()
    if isinstance(field, CheckboxField):
        return Question(field.label.text, Answer.TICK, share=HALF)
    if isinstance(field, CheckboxesField):
        return Question(field.label.text, Answer.SOME, hint, _choices(field))
    if isinstance(field, RadiosField | SelectField):
        choices = _choices(field)
        return Question(field.label.text, Answer.ONE, hint, choices, THIRD if len(choices) == 2 else WHOLE)
    if isinstance(field, TextareaField):
        return Question(field.label.text, Answer.BOX, hint)
    if isinstance(field, WholeNumberField):
        return Question(field.label.text, Answer.LINE, hint, share=THIRD)
    is_short = name in SHORT or isinstance(field, TimeField | OutwardCodeField | TelephoneField | EmailField)
    return Question(field.label.text, Answer.LINE, hint, share=HALF if is_short else WHOLE)


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


class WhoseForm(Checked):
    """Whose form it is: somebody who began an application before, or somebody new."""

    person = SelectField("Have they started an application before?", coerce=int)
    name = TextField("Their name", called="Their name", hint="As it stands on the form.", autocomplete="off")
    email = EmailField("Their email address", autocomplete="off")
    phone = TelephoneField("Their phone number", autocomplete="off")
    route = RadiosField("How did they hear about us?", [(route.value, route.words) for route in Route])

    def offer(self, people: list[tuple[int, str]]) -> None:
        """Those who began and have not sent theirs."""
        self.person.choices = [("", "No, or I do not find them here"), *people]

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Somebody new needs a name and one way to reach them."""
        yield from super().reasons()
        if self.person.data:
            return
        if not self.name.data:
            yield "name", "Enter their name, or choose somebody who started before"
        if not self.email.data and not self.phone.data and not self.phone.errors:
            yield "email", "Enter an email address or a phone number, so that we can reach them"
        if not self.route.data:
            yield "route", "Choose how they heard about us"


class TypingForm(Form):
    """The token of the long page, and the one thing only the paper shows."""

    has_signed = CheckboxField(
        "They signed the form, and so agreed to the points about checks and privacy",
        hint="Their signature is how they confirm that these are their own answers.",
    )


class Typing:
    """All that is typed from one form on paper, on one page: the application's own sections, and its referees.

    To `send` needs every answer that the next step needs; to save takes what there is.
    """

    def __init__(self, application: Application, *, is_sending: bool) -> None:
        """Read what was typed; a section that nobody touched shows what is saved."""
        self.application, self.is_sending = application, is_sending
        self.stale: list[Section] = []
        self.kept = 0
        self._shown = {section: asked.shown(application) for section, asked in _typed(application).items()}
        self.parts = {
            section: asked(
                prefix=f"{section.value}-", meta={"csrf": False},
                data={**self._shown[section], "version": likeness(self._shown[section].values())},
            )
            for section, asked in _typed(application).items()
        }  # fmt: skip
        needed = application.volunteer.scheme.settings.references_needed
        self.people = [
            RefereeForm(prefix=f"person-{number}-", meta={"csrf": False})
            for number in range(1, max(1, needed - len(application.referees)) + 1)
        ]
        for person in self.people:
            person.about, person.you = application, "them"
        for form in (*self.parts.values(), *self.people):
            _speak_of_them(form)

    def names(self, section: Section) -> list[str]:
        """The questions of a section that are shown."""
        return list(self.parts[section].names(self._shown[section]))

    def validate(self) -> bool:
        """Whether all that was touched is right; on sending, all that is needed too. What is wrong is marked."""
        self._wrong: list[Any] = []
        for section, form in self._to_save():
            form.later.data = "" if self.is_sending else "yes"
            version = likeness(self._shown[section].values())
            if form.version.data != version:
                form.version.raw_data, form.version.data = None, version
                form.form_errors = [
                    f"Someone else changed “{section.their_title}” meanwhile. Look at it, and save again"
                ]
                self.stale.append(section)
                self._wrong.append(form)
            elif not form.validate():
                self._wrong.append(form)
        self._wrong += [person for person in self._people() if not person.validate()]
        for form in self._wrong:
            for field in form:
                field.errors = [about_them(str(error)) for error in field.errors]
        return not self._wrong

    def save(self, *, by: Any) -> None:
        """Hand everything to the application's services. Raises `Refused`."""
        for _section, form in self._to_save():
            form.save(self.application, by=by)
        for person in self._people():
            applications.add_referee(self.application, **person.answers(), by=by)
        if self.is_sending:
            applications.save_checks(self.application, agrees_to_checks=True, by=by)

    def save_what_is_right(self, *, by: Any) -> None:
        """After `validate` found something wrong: keep every other section, so that five typed pages are not lost.

        What a service refuses is marked in its section too, and `kept` counts what is saved.
        """
        for section, form in self._to_save():
            if form in self._wrong or not self._is_touched(section):
                continue
            try:
                with database.begin_nested():
                    form.save(self.application, by=by)
            except Refused as refused:
                form.form_errors = [*form.form_errors, *refused.reasons]
            else:
                self.kept += 1
                shown = ASKED[section].shown(self.application)
                form.version.raw_data, form.version.data = None, likeness(shown.values())
        people = self._people()
        if people and not any(person in self._wrong for person in people):
            for person in people:  # one by one, the numbers of those left would no longer be those on the page
                applications.add_referee(self.application, **person.answers(), by=by)
            self.people, self.kept = [], self.kept + len(people)

    @property
    def errors(self) -> list[dict[str, str]]:
        """Every error of the page, in its order, each with a link to its field."""
        return [error for form in (*self.parts.values(), *self.people) for error in form_errors(form)]

    def _to_save(self) -> list[tuple[Section, Any]]:
        return [
            (section, form)
            for section, form in self.parts.items()
            if self._is_touched(section) or (self.is_sending and not section.is_optional and self._is_needed(section))
        ]

    def _is_needed(self, section: Section) -> bool:
        return section is not Section.PRACTITIONER or applications.needs_practitioner(self.application)

    def _is_touched(self, section: Section) -> bool:
        form, shown = self.parts[section], self._shown[section]
        return any((form[name].data or "") != (shown.get(name) or "") for name in form.order)

    def _people(self) -> list[RefereeForm]:
        return [person for person in self.people if any(field.data for field in person)]


def _speak_of_them(form: Any) -> None:
    """Staff type for somebody: the words are about that person, and the browser offers nothing of its owner's."""
    for field in form:
        words = about_them(field.label.text)
        if getattr(field, "called", None) == field.label.text.rstrip("?"):
            field.called = words.rstrip("?")
        field.label.text, field.description = words, about_them(field.description)
        if "autocomplete" in getattr(field, "gov_params", {}):
            field.gov_params["autocomplete"] = "off"


def _typed(application: Application) -> dict[Section, Any]:
    """The sections on the page; that of the checks is the signature."""
    return {section: asked for section, asked in ASKED.items() if section is not Section.CHECKS}
