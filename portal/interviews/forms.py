"""Forms about interviews."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from portal import clock
from portal.accounts.models import User
from portal.clock import LONDON
from portal.interviews.models import Setting
from portal.interviews.rules import LEAST_MINUTES, MOST_MINUTES, PAST, SCORE_WORDS, TWICE, ScoreArea
from portal.volunteers.forms import Checked
from portal.web.fields import CheckboxField, Form, RadiosField, SelectField, TextareaField, TextField
from portal.web.numbers import DateField, TimeField, VersionField, WholeNumberField

PLACES = {
    Setting.IN_PERSON.value: "Enter where you will meet",
    Setting.VIDEO.value: "Enter the link for the video call",
}


class InviteForm(Checked):
    """When, how and where to talk, and who."""

    asked_first = ("day", "time", "setting", "place", "minutes")
    day = DateField("Which day?", required="Enter the day", called="The day", hint="For example, 27 3 2027")
    time = TimeField("What time?", required="Enter the time", called="The time", hint="For example, 2:30pm")
    setting = RadiosField(
        "How will you talk?", [(each.value, each.words) for each in Setting], required="Choose how you will talk"
    )
    place = TextField(
        "Where, or which number or link?",
        called="Where",
        max_length=300,
        hint="It goes into the letter. Leave it empty to ring the number they gave.",
    )
    interviewer = SelectField("Who will talk with them?", coerce=int, required="Choose who will talk with them")
    second = SelectField(
        "Who is the second scorer?", coerce=int, hint="Two people hear more than one. Each scores on their own."
    )
    minutes = WholeNumberField(
        "How long will it take?", called="The time it takes", least=LEAST_MINUTES, most=MOST_MINUTES, unit="minutes",
        required="Enter how long it takes",
    )  # fmt: skip

    def offer(self, people: Iterable[User]) -> None:
        """Put in who may be asked to interview."""
        names = [(each.id, each.name) for each in people]
        self.interviewer.choices = [("", "Choose"), *names]
        self.second.choices = [("", "Nobody yet"), *names]

    def reasons(self) -> Iterator[tuple[str, str]]:
        """A talk face to face needs a place, a video call a link; it is to come, and two people hear it."""
        if not self.place.data and (words := PLACES.get(self.setting.data)):
            yield "place", words
        if self.day.data and self.time.data and self.planned_at() <= clock.now():
            yield "day" if self.day.data < clock.today() else "time", PAST
        if self.second.data and self.second.data == self.interviewer.data:
            yield "second", TWICE

    def planned_at(self) -> datetime:
        """The day and the time, on a London clock."""
        return datetime.combine(self.day.data, self.time.data, tzinfo=LONDON)


def score_field(area: ScoreArea) -> RadiosField:
    """One area of the scorecard, with what to listen for."""
    return RadiosField(
        area.words,
        [(str(score), words) for score, words in SCORE_WORDS.items()],
        hint=area.asks,
        required=f"Score {area.words.lower()}",
    )


class ScorecardForm(Form):
    """What was heard, in the six areas."""

    asked_first = ("day", "time", "second_interviewer_name", "alone_because")
    version = VersionField()
    day = DateField("Which day did you talk?", required="Enter the day", called="The day")
    time = TimeField("At what time?", required="Enter the time", called="The time")
    second_interviewer_name = TextField(
        "Who else was there for us?", hint="Two people hear more than one. Leave it empty if you were alone."
    )
    motivation = score_field(ScoreArea.MOTIVATION)
    listening = score_field(ScoreArea.LISTENING)
    boundaries = score_field(ScoreArea.BOUNDARIES)
    safeguarding = score_field(ScoreArea.SAFEGUARDING)
    readiness = score_field(ScoreArea.READINESS)
    reliability = score_field(ScoreArea.RELIABILITY)
    agreed_because = TextareaField(
        "How did you come to agree?", called="How you agreed", max_length=1000, rows=3,
        hint="Only where an agreed score is another one than both of you gave.",
    )  # fmt: skip
    alone_because = TextField(
        "Why did one person score alone?", called="Why one person scored alone", max_length=500,
        hint="Only where there was no second scorer.",
    )  # fmt: skip
    strengths = TextareaField(
        "What are they good at?", called="Their strengths", max_length=1000, rows=3,
        hint="In words they would be glad to read. With their yes it goes into the evidence for their CV.",
    )  # fmt: skip
    may_use_strengths = CheckboxField(
        "I read them what they are good at, and they said yes to it in the evidence for their CV",
        hint="Leave it empty when you did not ask: they can say so themselves later.",
    )  # fmt: skip
    notes = TextareaField(
        "Notes",
        hint="What was said that explains the scores. No diagnosis, no offence, no detail of their past.",
        counted=True,
    )

    def held_at(self) -> datetime:
        """The day and the time, on a London clock."""
        return datetime.combine(self.day.data, self.time.data, tzinfo=LONDON)

    def scores(self) -> dict[str, int]:
        """The score of each area."""
        return {area.value: int(self[area.value].data) for area in ScoreArea}


class ChangeForm(InviteForm):
    """Another time, place or person for a talk that is planned."""

    version = VersionField()


class CancelForm(Form):
    """Why a talk is called off."""

    version = VersionField()
    whose = RadiosField(
        "Who called it off?", [("us", "We did"), ("them", "They did: they told us that they cannot come")],
        required="Choose who called it off",
    )  # fmt: skip
    because = TextField(
        "Why will it not take place?",
        required="Say why it is cancelled",
        max_length=500,
        hint="They and the interviewers read it. Nothing about checks, health or their past.",
    )
