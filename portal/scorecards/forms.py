"""One scorer's own sheet, and who scores beside the interviewer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from portal.accounts.models import User
from portal.interviews.forms import score_field
from portal.interviews.rules import ScoreArea
from portal.volunteers.forms import Checked
from portal.web.fields import Form, RadiosField, SelectField, TextareaField, TextField


class SheetForm(Form):
    """What one scorer heard, in the six areas."""

    motivation = score_field(ScoreArea.MOTIVATION)
    listening = score_field(ScoreArea.LISTENING)
    boundaries = score_field(ScoreArea.BOUNDARIES)
    safeguarding = score_field(ScoreArea.SAFEGUARDING)
    readiness = score_field(ScoreArea.READINESS)
    reliability = score_field(ScoreArea.RELIABILITY)
    notes = TextareaField(
        "Notes", hint="What was said that explains the scores. No diagnosis, no offence, no detail of their past."
    )
    strengths = TextareaField(
        "What are they good at?", called="Their strengths", max_length=1000, rows=3,
        hint="In words they would be glad to read. With their yes it can go into the evidence for their CV.",
    )  # fmt: skip

    def scores(self) -> dict[str, int]:
        """The score of each area."""
        return {area.value: int(self[area.value].data) for area in ScoreArea}


class StrengthsForm(Form):
    """Whether what others saw may stand in one's CV evidence."""

    may_use = RadiosField(
        "May this stand in the evidence for your CV?", [("yes", "Yes"), ("no", "No")],
        required="Choose yes or no", hint="You can change your mind at any time.",
    )  # fmt: skip


class SecondForm(Checked):
    """Who scores beside the interviewer from now on."""

    second = SelectField("Who is the second scorer?", coerce=int)
    because = TextField("Why?", required="Say why", max_length=150, hint="For the record. Nothing about health.")

    def offer(self, people: Iterable[User], *, now: int | None) -> None:
        """Put in who can be chosen; who is named now stands there first."""
        self.now = now
        self.second.choices = [("", "Nobody: one scorer only"), *((each.id, each.name) for each in people)]

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Something changes."""
        if (self.second.data or None) == self.now:
            yield "second", "Choose somebody else, or nobody" if self.now else "Choose somebody"
