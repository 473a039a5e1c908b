"""What is asked when a course is written: one thing for each page. `shown` is what a page begins with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import fields as wtf
from wtforms.validators import StopValidation

from courses.checks import LONGEST_SESSION
from courses.syllabus import Course, Outcome, PlanStep, Session, Thresholds, Unit, Week
from courses.wording import cuts, many_lines, one_line
from portal.schemes.models import Scheme
from portal.web.fields import CheckboxesField, CheckboxField, Form, SelectField, TextareaField, TextField
from portal.web.numbers import VersionField, WholeNumberField
from portal.web.own import OurField
from portal.web.widgets import FileWidget

STEP = re.compile(r"([0-9]{1,3}) +(.+)")
MARKDOWN = "**Bold** words stand between stars, a list has - before each line, a heading begins with ####."


class LineField(TextField):
    """One line of text, without the line ends that a few alphabets have besides the usual one."""

    def check(self) -> None:
        """Keep it as a course keeps it."""
        self.data = one_line(self.data)


class LinesField(TextareaField):
    """Several short texts, one on each line; `data` is a list of them."""

    max_length = 20_000
    most = 60

    def check(self) -> None:
        """Leave out empty lines."""
        self.data = [one_line(line) for line in self.data.splitlines() if line.strip()]
        if len(self.data) > self.most:
            raise StopValidation(f"{self.called} must be {self.most} lines or fewer")
        self.read()

    def read(self) -> None:
        """What each line must be."""
        for number, line in enumerate(self.data, start=1):
            if len(line) > 500:
                raise StopValidation(f"Line {number} must be 500 characters or fewer")

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """No text is left where lines are meant."""
        if not isinstance(self.data, list):
            self.data = []

    def _value(self) -> str:
        return super()._value() if self.raw_data else "\n".join(self.data or [])


class PlanField(LinesField):
    """The steps of a session, each on a line that begins with its minutes; `data` is a list of such lines."""

    def read(self) -> None:
        """Read each line, and name the one that says no minutes."""
        steps = []
        for number, line in enumerate(self.data, start=1):
            found = STEP.fullmatch(line)
            if not found:
                raise StopValidation(f"Line {number} must begin with its minutes and say what happens, like 20 Arrive")
            if not 1 <= int(found[1]) <= LONGEST_SESSION:
                raise StopValidation(f"The minutes of line {number} must be between 1 and {LONGEST_SESSION}")
            if len(line) > 2000:
                raise StopValidation(f"Line {number} must be 2,000 characters or fewer")
            steps.append(f"{int(found[1])} {found[2]}")
        self.data = steps


class WordsField(TextareaField):
    """A text in Markdown."""

    max_length = 60_000

    def check(self) -> None:
        """No line may look like the beginning of another part."""
        self.data = many_lines(self.data)
        if cuts(self.data):
            raise StopValidation("Headings must begin with ####, not ## or ###")


class FilesField(OurField, wtf.MultipleFileField):
    """Several files at once; `data` is a list of what was chosen, empty when nothing was."""

    widget = FileWidget(multiple=True)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Only files; text where files were meant is nothing."""
        self.data = [each for each in valuelist if isinstance(each, FileStorage) and each.filename]

    def pre_validate(self, form: Any) -> None:
        """Say that none was chosen."""
        self.stop_if_empty(not self.data)


class ImportForm(Form):
    """The files of a course."""

    scheme = SelectField("Scheme", coerce=int, required="Choose a scheme")
    files = FilesField(
        "One zip, or the files of the folder", called="Files", required="Choose a zip, or the files of a course folder",
        hint="A zip of the folder, or course.toml and all week_01.md, week_02.md and so on at once.",
    )  # fmt: skip

    def offer(self, schemes: Sequence[Scheme]) -> None:
        """Put in the schemes; one alone needs no asking."""
        _offer_schemes(self, schemes)


class StartForm(Form):
    """A course of which nothing is there yet."""

    scheme = SelectField("Scheme", coerce=int, required="Choose a scheme")
    title = LineField("What is the course called?", called="The name", max_length=150, required="Enter a name")

    def offer(self, schemes: Sequence[Scheme]) -> None:
        """Put in the schemes; one alone needs no asking."""
        _offer_schemes(self, schemes)


def _offer_schemes(form: Any, schemes: Sequence[Scheme]) -> None:
    form.scheme.choices = [(scheme.id, scheme.name) for scheme in schemes]
    if len(schemes) == 1:
        del form.scheme


class HeadingForm(Form):
    """What the course is called and is about."""

    version = VersionField()
    title = LineField("Name of the course", max_length=150, required="Enter the name of the course")
    summary = TextareaField("Summary", hint="One or two sentences for applicants.", max_length=2000)
    level = WholeNumberField("Level", least=1, most=8, required="Enter the level, such as 2")
    edition = LineField(
        "Name of the version", max_length=40, width=10, required="Enter a name for the version",
        hint="Yours to choose, like 1.1 or Autumn 2026. The portal also numbers each version that you publish.",
    )  # fmt: skip

    @staticmethod
    def shown(course: Course) -> dict[str, Any]:
        """What the page begins with."""
        return {"title": course.title, "summary": course.summary, "level": course.level, "edition": course.version}

    def changed(self, course: Course) -> Course:
        """The course with what was typed."""
        return replace(
            course, title=self.title.data, summary=self.summary.data, level=self.level.data, version=self.edition.data
        )


class PassingForm(Form):
    """What attendance is asked for."""

    version = VersionField()
    minimum_percent = WholeNumberField(
        "How much must be attended?", least=0, most=100, unit="%", called="Attendance", required="Enter a percentage"
    )
    max_unauthorised = WholeNumberField(
        "How often may somebody be away without telling us?",
        least=0,
        most=1000,
        unit="times",
        called="The number",
        required="Enter a number, such as 2",
    )
    catch_up_days = WholeNumberField(
        "How long can a missed session be caught up?",
        least=0,
        most=365,
        unit="days",
        called="The days",
        required="Enter a number of days",
    )
    late_limit_percent = WholeNumberField(
        "Missing more of a session than this is missing it",
        least=0,
        most=100,
        unit="%",
        called="The share",
        required="Enter a percentage",
    )
    mandatory_sessions = CheckboxesField("Which sessions must everybody do?", coerce=int)

    def offer(self, course: Course) -> None:
        """Put in the sessions to choose from."""
        self.mandatory_sessions.choices = [(each.number, f"{each.number}. {each.title}") for each in course.sessions]

    @staticmethod
    def shown(course: Course) -> dict[str, Any]:
        """What the page begins with."""
        return {**vars(course.thresholds), "mandatory_sessions": list(course.thresholds.mandatory_sessions)}

    def thresholds(self) -> Thresholds:
        """What was typed."""
        return Thresholds(
            self.minimum_percent.data, tuple(self.mandatory_sessions.data or ()), self.max_unauthorised.data,
            self.catch_up_days.data, self.late_limit_percent.data,
        )  # fmt: skip


class UnitForm(Form):
    """A unit without its outcomes."""

    version = VersionField()
    code = TextField(
        "Code", max_length=10, width=5, required="Enter a code, such as U1", hint="Capital letters and digits, like U1."
    )
    title = LineField("Title", max_length=200, required="Enter the title of the unit")
    level = WholeNumberField("Level", least=1, most=8, required="Enter the level, such as 2")
    credits = WholeNumberField("Credits", least=0, most=60, required="Enter the credits; 0 when there are none")
    glh = WholeNumberField("Guided learning", least=1, most=600, unit="hours", required="Enter the guided hours")
    tqt = WholeNumberField(
        "Total time, with study at home", least=1, most=2000, unit="hours", required="Enter the total hours"
    )
    taken: frozenset[str] = frozenset()

    def validate_code(self, field: TextField) -> None:
        """A code that no other unit has."""
        if not re.fullmatch(r"[A-Z][A-Z0-9]{0,9}", field.data):
            raise StopValidation("The code must be capital letters and digits, like U1")
        if field.data in self.taken:
            raise StopValidation("Another unit has this code")

    @staticmethod
    def shown(unit: Unit) -> dict[str, Any]:
        """What the page begins with."""
        return {name: getattr(unit, name) for name in ("code", "title", "level", "credits", "glh", "tqt")}

    def changed(self, unit: Unit) -> Unit:
        """The unit with what was typed."""
        return replace(unit, **{name: self[name].data for name in self.shown(unit)})


class OutcomeForm(Form):
    """A learning outcome and its criteria."""

    version = VersionField()
    title = LineField("Learning outcome", max_length=300, required="Enter the learning outcome")
    criteria = LinesField(
        "Criteria", rows=8, hint="One on each line, in their order. They are numbered by themselves, and a session "
        "that covers one still covers it when its words or its place change.",
    )  # fmt: skip

    @staticmethod
    def shown(outcome: Outcome) -> dict[str, Any]:
        """What the page begins with."""
        return {"title": outcome.title, "criteria": [each.text for each in outcome.criteria]}


class WeekForm(Form):
    """A week without its sessions."""

    version = VersionField()
    title = LineField("Title of the week", max_length=150, required="Enter a title for the week")
    introduction = WordsField("For the trainer, before the week begins", called="The introduction", hint=MARKDOWN)

    @staticmethod
    def shown(week: Week) -> dict[str, Any]:
        """What the page begins with."""
        return {"title": week.title, "introduction": week.introduction}

    def changed(self, week: Week) -> Week:
        """The week with what was typed."""
        return replace(week, title=self.title.data, introduction=self.introduction.data)


class FactsForm(Form):
    """What a session is called, how long it lasts, and what it counts for."""

    version = VersionField()
    title = LineField("Title of the session", max_length=150, required="Enter a title for the session")
    minutes = WholeNumberField(
        "How long is it?",
        least=5,
        most=LONGEST_SESSION,
        unit="minutes",
        called="The length",
        required="Enter the minutes, such as 120",
    )
    unit = SelectField("Unit its hours count for", called="Unit")
    mandatory = CheckboxField("Everybody must do this session to pass")
    label = LineField("A remark beside the title, if there is one", called="The remark", max_length=80)

    def offer(self, course: Course) -> None:
        """Put in the units to choose from."""
        self.unit.choices = [
            ("", "Not chosen yet"),
            *((each.code, f"{each.code}. {each.title}") for each in course.units),
        ]

    @staticmethod
    def shown(session: Session) -> dict[str, Any]:
        """What the page begins with."""
        shown = {name: getattr(session, name) for name in ("title", "minutes", "unit", "mandatory", "label")}
        return shown | {"unit": session.unit or None}

    def changed(self, session: Session) -> Session:
        """The session with what was typed."""
        return replace(
            session, title=self.title.data, minutes=self.minutes.data, unit=self.unit.data or "",
            mandatory=bool(self.mandatory.data), label=self.label.data,
        )  # fmt: skip


class CoversForm(Form):
    """Which criteria a session covers."""

    version = VersionField()
    covers = CheckboxesField("Criteria covered in this session")

    def offer(self, course: Course) -> None:
        """Put in the criteria to choose from."""
        self.covers.choices = [(each.key, f"{each.key} {each.text}") for each in course.criteria]


class AimsForm(Form):
    """What learners can do at the end."""

    version = VersionField()
    aims = LinesField("Aims", hint="One on each line. By the end, learners can…")


class MaterialsForm(Form):
    """What the trainer brings."""

    version = VersionField()
    materials = LinesField("Materials", hint="One on each line.")


class PlanForm(Form):
    """What happens, and how long."""

    version = VersionField()
    plan = PlanField("Plan", rows=14, hint="One step on each line, beginning with its minutes: 20 Arrive. Tea, names.")


class NotesForm(Form):
    """What only trainers read."""

    version = VersionField()
    notes = WordsField("Notes for trainers", rows=20, hint=MARKDOWN)


class HandoutForm(Form):
    """What learners take home."""

    version = VersionField()
    handout = WordsField("Handout", rows=20, hint="Short words, short sentences: about reading age 9. " + MARKDOWN)


PART_FORMS: dict[str, type[Form]] = {
    "facts": FactsForm, "covers": CoversForm, "aims": AimsForm, "materials": MaterialsForm, "plan": PlanForm,
    "notes": NotesForm, "handout": HandoutForm,
}  # fmt: skip


def shown_part(session: Session, part: str) -> dict[str, Any]:
    """What the page of a part of a session begins with."""
    if part == "facts":
        return FactsForm.shown(session)
    if part == "plan":
        return {"plan": [f"{step.minutes} {step.activity}" for step in session.plan]}
    value = getattr(session, part)
    return {part: list(value) if isinstance(value, tuple) else value}


def changed_part(form: Any, session: Session, part: str) -> Session:
    """The session with what was typed on the page of this part."""
    if part == "facts":
        changed: Session = form.changed(session)
        return changed
    typed = form[part].data
    if part == "plan":
        pairs = [step.split(" ", 1) for step in typed]
        return replace(session, plan=tuple(PlanStep(int(minutes), words) for minutes, words in pairs))
    changes: dict[str, Any] = {part: tuple(typed) if isinstance(typed, list) else typed}
    return replace(session, **changes)


class PublishForm(Form):
    """The last word before a draft becomes a version."""

    version = VersionField()
    note = TextareaField(
        "What is new in this version?",
        called="What is new",
        max_length=500,
        rows=3,
        required="Enter what is new, for those who teach it",
    )


class ConfirmForm(Form):
    """A page that asks only whether it is meant."""

    version = VersionField()


def differences(form: Form, saved: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Where a form and what is saved now differ: (question, saved, typed), in words."""
    pairs = [(field.label.text, _said(saved[field.name]), _said(field.data)) for field in form if field.name in saved]
    return [pair for pair in pairs if pair[1] != pair[2]]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return "; ".join(str(each) for each in value)
    return "" if value is None else str(value)
