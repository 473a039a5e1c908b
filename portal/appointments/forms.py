"""What is asked to offer times, and what an applicant answers about theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from portal import clock
from portal.accounts.models import User
from portal.appointments.rules import FURTHEST, run_of
from portal.appointments.services import LONGEST_SUPPORTER, LONGEST_WISH, WISH
from portal.interviews.forms import PLACES
from portal.interviews.models import Setting
from portal.interviews.rules import LEAST_MINUTES, MOST_MINUTES, TWICE
from portal.schemes.models import Area
from portal.volunteers.forms import Checked
from portal.web.fields import Form, RadiosField, SelectField, TextareaField, TextField
from portal.web.numbers import DateField, TimeField, WholeNumberField


class SlotsForm(Checked):
    """One time, or a run of them on one day."""

    area = SelectField("Which area?", coerce=int, required="Choose the area")
    day = DateField("Which day?", required="Enter the day", called="The day", hint="For example, 27 3 2027")
    begins = TimeField("From what time?", required="Enter the time", called="The time", hint="For example, 2:30pm")
    until = TimeField("Until what time?", called="The last time", hint="Leave it empty for one talk only.")
    minutes = WholeNumberField(
        "How long is each talk?", required="Enter how long a talk takes", called="The time it takes",
        least=LEAST_MINUTES, most=MOST_MINUTES, unit="minutes",
    )  # fmt: skip
    every = WholeNumberField(
        "How often does one begin?", called="How often one begins", least=LEAST_MINUTES, most=MOST_MINUTES,
        unit="minutes", hint="For a run only: 60 leaves a quarter of an hour after each talk of 45 minutes.",
    )  # fmt: skip
    setting = RadiosField(
        "How will you talk?", [(each.value, each.words) for each in Setting], required="Choose how you will talk"
    )
    place = TextField(
        "Where, or which link?", called="Where", max_length=300,
        hint="The place and how to get there, or the link of the video call. Leave it empty for the phone.",
    )  # fmt: skip
    interviewer = SelectField("Who will talk with them?", coerce=int, required="Choose who will talk with them")
    second = SelectField("Who is the second scorer?", coerce=int, hint="Two people hear more than one.")

    def offer(self, areas: Iterable[Area], people: Iterable[User]) -> None:
        """Put in what can be chosen."""
        self.area.choices = [(each.id, each.name) for each in areas]
        names = [(each.id, each.name) for each in people]
        self.interviewer.choices = [("", "Choose"), *names]
        self.second.choices = [("", "Nobody yet"), *names]

    def reasons(self) -> Iterator[tuple[str, str]]:
        """A talk face to face needs a place, a video call a link, a run its end after its beginning."""
        if not self.place.data and (words := PLACES.get(self.setting.data)):
            yield "place", words
        if self.day.data and self.begins.data:
            if self.day.data < clock.today():
                yield "day", "The day must be today or later"
            elif self.day.data > clock.today() + FURTHEST:
                yield "day", "Offer times in the next six months"
        if self.second.data and self.second.data == self.interviewer.data:
            yield "second", TWICE
        if self.until.data and self.begins.data and self.until.data <= self.begins.data:
            yield "until", "The last time must be after the first"

    def starts(self) -> list[datetime]:
        """When each talk begins."""
        return run_of(
            self.day.data, begins=self.begins.data, until=self.until.data, minutes=self.minutes.data,
            every=self.between,
        )  # fmt: skip

    @property
    def between(self) -> int:
        """The minutes from one beginning to the next."""
        return int(self.every.data or self.minutes.data)


class ComeForm(Form):
    """I come, and perhaps somebody comes with me."""

    supporter = TextField(
        "Will somebody come with you?", called="The name", max_length=LONGEST_SUPPORTER,
        hint="A friend, a relative, a key worker. Their name, or “somebody”. You do not have to say.",
    )  # fmt: skip


class CannotForm(Checked):
    """I cannot come then: call it off, or ask for another time."""

    what = RadiosField(
        "What would you like?",
        [("cancel", "Call this talk off. I will choose another time"), ("ask", "Ask you for another time")],
        required="Choose what you would like",
    )
    words = TextareaField(
        "Why, or which time would suit you better?",
        called="What you write",
        rows=3,
        max_length=LONGEST_WISH,
        hint="Only the people you talk with and the coordinator read it. You do not have to say why.",
    )

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Another time can be found only when they say which would do."""
        if self.what.data == "ask" and not (self.words.data or "").strip():
            yield "words", WISH
