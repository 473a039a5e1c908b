"""What is asked to make a cohort, to enrol, to take somebody off a course, and to cancel one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from wtforms.validators import StopValidation

from courses.syllabus import Course
from courses.timetable import WEEKDAYS, Slot, TimetableError
from portal import clock
from portal.accounts.models import User
from portal.cohorts import rules
from portal.courses.models import CourseVersion
from portal.schemes.models import Area
from portal.volunteers.models import Volunteer
from portal.web.fields import CheckboxesField, Form, SelectField, TextareaField, TextField
from portal.web.formats import day
from portal.web.numbers import MONTHS, DateField, TimeField, VersionField, WholeNumberField

NEW_VERSION = 0
DAYS = [("", "Choose a day"), *((str(n), day) for n, day in enumerate(WEEKDAYS))]
WRITTEN_DAY = re.compile(r"(\d{1,2})[\s/.-]+(\d{1,2}|[A-Za-z]{3,9})[\s/.-]+(\d{4})", re.ASCII)
MOST_DAYS_OFF = 100
AS_LONG = "Leave it empty for as long as the sessions of the course last"


class DaysField(TextareaField):
    """Dates, one on each line; `data` is a list of them, in order."""

    def check(self) -> None:
        """Read each line, and name the one that is no date."""
        lines = [line.strip() for line in self.data.split("\n") if line.strip()]
        if len(lines) > MOST_DAYS_OFF:
            raise StopValidation(f"Days off must be {MOST_DAYS_OFF} lines or fewer")
        self.data = sorted({self._read(line) for line in lines})

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """No text is left where dates are meant."""
        if not isinstance(self.data, list):
            self.data = []

    def _read(self, line: str) -> date:
        if found := WRITTEN_DAY.fullmatch(line):
            day, month, year = found.groups()
            named = [n for n, name in enumerate(MONTHS, start=1) if name.startswith(month.lower())]
            try:
                return date(int(year), int(month) if month.isdecimal() else named[0], int(day))
            except (ValueError, IndexError):
                pass
        raise StopValidation(f"“{line[:40]}” is not a date. Write each day off on its own line, like 24/12/2026")


class MeetingLinkField(TextField):
    """Where a group meets online: a whole address that begins with https://."""

    max_length = 500

    def __init__(self, label: str | None = None, **kwargs: Any) -> None:
        """Phones offer the keyboard for addresses."""
        super().__init__(label, **{"called": "The link", **kwargs})
        self.gov_params |= {"type": "url", "inputmode": "url", "spellcheck": False}

    def check(self) -> None:
        """Only what a browser opens safely, and that is not an address of one computer's own."""
        if not rules.is_meeting_link(self.data):
            raise StopValidation("The link must be a whole web address that starts with https://")


class CohortForm(Form):
    """A new cohort. Call `offer` first: it puts in the areas, courses and trainers to choose from."""

    area = SelectField("Area", required="Choose an area", coerce=int)
    course = SelectField("Course", required="Choose a course", coerce=int)
    name = TextField("Name of the group", max_length=120, required="Enter a name for the group", hint="Cohort 8")
    venue = TextField("Where it meets", max_length=300, hint="Leave it empty when the group meets online only")
    meeting_link = MeetingLinkField("Link to the online meeting", hint="Like https://meet.example.org/abc. Optional.")
    capacity = WholeNumberField(
        "Places", called="Places", least=1, most=rules.LARGEST_GROUP, required="Enter how many places there are"
    )
    starts_on = DateField("First day", required="Enter the first day", hint="The first session is on or after this day")
    first_day = SelectField("Day of the week", DAYS, required="Choose the day of the week")
    first_time = TimeField("Starts at", called="The start", required="Enter the time it starts, like 18:00")
    first_end = TimeField("Ends at", called="The end", hint=AS_LONG)
    second_day = SelectField("Second day of the week, if there is one", DAYS)
    second_time = TimeField("Second day starts at", called="The start of the second day")
    second_end = TimeField("Second day ends at", called="The end of the second day", hint=AS_LONG)
    trainers = CheckboxesField("Trainers", required="Choose at least one trainer", coerce=int)
    days_off = DaysField(
        "Days off",
        rows=4,
        hint="One date on each line, like 24/12/2026. Bank holidays are left out by themselves.",
    )

    def offer(self, areas: Sequence[Area], versions: Sequence[CourseVersion], trainers: Sequence[User]) -> None:
        """Put in what there is to choose from."""
        many = len({area.scheme_id for area in areas}) > 1
        self.area.choices = [(area.id, f"{area.name}, {area.scheme.name}" if many else area.name) for area in areas]
        # The latest of each course first: a version that a newer one has replaced is seldom meant for a new group.
        newest: dict[tuple[int, str], int] = {}
        for version in versions:
            key = (version.scheme_id, version.code)
            newest[key] = max(version.number, newest.get(key, 0))
        latest = [each for each in versions if each.number == newest[each.scheme_id, each.code]]
        older = [each for each in versions if each not in latest]
        self.course.choices = [
            *((each.id, f"{each.title}, version {each.number} (latest)") for each in latest),
            *((each.id, f"{each.title}, version {each.number}") for each in older),
            (NEW_VERSION, "Peer mentor training, Level 2, as it comes with Alongside"),
        ]
        self.trainers.choices = [(user.id, user.name) for user in trainers]

    def validate(self, extra_validators: Any = None) -> bool:
        """The second day is there whole or not at all."""
        is_valid: bool = super().validate(extra_validators)
        if bool(self.second_day.data) != bool(self.second_time.data) and not self.second_time.errors:
            field, words = (
                (self.second_time, "Enter the time the second day starts")
                if self.second_day.data
                else (self.second_day, "Choose the second day of the week")
            )
            field.errors = [words]
            is_valid = False
        if not self.venue.data and not self.meeting_link.data and not (self.venue.errors or self.meeting_link.errors):
            self.venue.errors = ["Enter where the group meets, or the link to the online meeting"]
            is_valid = False
        for start, end in ((self.first_time, self.first_end), (self.second_time, self.second_end)):
            if start.data and end.data and end.data <= start.data:
                end.errors = [f"{end.called} must be after the start, {start.data:%H:%M}"]
                is_valid = False
        if self.starts_on.data and not self.starts_on.errors and not _is_near(self.starts_on.data):
            self.starts_on.errors = ["The first day must be within two years of today"]
            is_valid = False
        return is_valid

    def slots(self, course: Course) -> list[Slot]:
        """The weekly slots; without an end as long as the longest session. `TimetableError` past midnight."""
        longest = max(session.minutes for session in course.sessions)
        chosen = [
            (self.first_day.data, self.first_time.data, self.first_end.data),
            (self.second_day.data, self.second_time.data, self.second_end.data),
        ]
        return [
            Slot.between(int(day), start, end) if end else Slot(int(day), start, longest)
            for day, start, end in chosen
            if day and start
        ]

    def plan(self, course: Course) -> rules.Plan | None:
        """The dates that follow from the answers; None when there are none, and the first day says why."""
        try:
            return rules.plan(
                [session.minutes for session in course.sessions],
                self.starts_on.data,
                self.slots(course),
                self.days_off.data,
            )
        except TimetableError as error:
            self.first_time.errors = [str(error)]
            return None


class EnrolForm(Form):
    """Who of those ready gets a place."""

    people = CheckboxesField("Who is ready for a course", required="Choose at least one person", coerce=int)
    although = TextareaField(
        "Why may they share this group all the same?", called="The reason", max_length=300, rows=3,
        hint="Your name and this reason are kept in the record. Or untick one of them.",
    )  # fmt: skip

    def offer(self, people: Sequence[Volunteer]) -> None:
        """Put in the people to choose from."""
        self.people.choices = [(each.id, each.name) for each in people]
        self.people.hints = {
            each.id: f"{each.area.name}, ready since {day(each.stage_since)}, {each.reference}" for each in people
        }


class ChangeCohortForm(Form):
    """What can be changed of a cohort that runs. Call `offer` first."""

    name = TextField("Name of the group", max_length=120, required="Enter a name for the group")
    capacity = WholeNumberField(
        "Places", called="Places", least=1, most=rules.LARGEST_GROUP, required="Enter how many places there are",
        hint="With more places, whoever waits longest gets one at once and is told",
    )  # fmt: skip
    trainers = CheckboxesField("Trainers", required="Choose at least one trainer", coerce=int)
    version = VersionField()

    def offer(self, trainers: Sequence[User]) -> None:
        """Put in whom to choose from."""
        self.trainers.choices = [(user.id, user.name) for user in trainers]


class PauseForm(Form):
    """From when until when somebody takes a break."""

    from_on = DateField("First day of the break", required="Enter the first day of the break")
    until_on = DateField("Last day of the break", hint="Leave it empty when nobody knows yet")
    because = TextareaField(
        "Why?",
        called="The reason",
        max_length=500,
        rows=3,
        hint="Only staff see this. Health details do not belong here.",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """The end is not before the start."""
        is_valid: bool = super().validate(extra_validators)
        if self.from_on.data and self.until_on.data and self.until_on.data < self.from_on.data:
            self.until_on.errors = ["The last day of the break must not be before its first day"]
            is_valid = False
        return is_valid


class BecauseForm(Form):
    """Why somebody is taken off a course, or a course is cancelled."""

    because = TextareaField("Why?", called="The reason", max_length=500, required="Enter the reason", rows=3)


def _is_near(day: date) -> bool:
    return abs(day - clock.today()) <= timedelta(days=731)
