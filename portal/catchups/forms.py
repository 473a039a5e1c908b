"""What is asked to book, move or cancel a catch-up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from portal.accounts.models import User
from portal.clock import LONDON
from portal.cohorts.models import Enrolment
from portal.web.fields import CheckboxesField, Form, SelectField, TextareaField, TextField
from portal.web.numbers import DateField, TimeField, WholeNumberField


class _ForPeople(Form):
    """Who it is about."""

    people = CheckboxesField("Who is it for?", required="Choose at least one person", coerce=int)

    def offer_people(self, enrolments: Sequence[Enrolment]) -> None:
        """Put in who can be chosen."""
        self.people.choices = [(each.id, each.volunteer.name) for each in enrolments]


class BookForm(_ForPeople):
    """When, where and with whom."""

    on = DateField("Which day?", called="The day", required="Enter the day")
    at = TimeField("What time?", called="The time", required="Enter the time", hint="For example 17:00 or 5pm")
    minutes = WholeNumberField(
        "How long?", called="The minutes", least=1, most=600, unit="minutes", required="Enter how many minutes"
    )
    place = TextField(
        "Where, or how?", called="The place", max_length=300, required="Say where you meet, or how",
        hint="For example: the small room at The Hub, or by phone",
    )  # fmt: skip
    tutor = SelectField("With whom?", required="Choose who holds it", coerce=int)

    def offer(self, enrolments: Sequence[Enrolment], tutors: Sequence[User]) -> None:
        """Put in who can be chosen."""
        self.offer_people(enrolments)
        self.tutor.choices = [(user.id, user.name) for user in tutors]

    def starts_at(self) -> datetime:
        """The instant that was chosen, in London."""
        return datetime.combine(self.on.data, self.at.data, tzinfo=LONDON)


class CancelForm(_ForPeople):
    """Why it does not take place."""

    because = TextareaField(
        "Why is it cancelled?", called="The reason", max_length=500, rows=3, required="Say why it is cancelled",
        hint="It stays inside: nobody is sent the reason.",
    )  # fmt: skip
