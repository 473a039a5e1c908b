"""What is asked about a session that was made up for."""

from __future__ import annotations

from collections.abc import Sequence

from portal.accounts.models import User
from portal.web.fields import Form, SelectField, TextareaField
from portal.web.numbers import DateField, WholeNumberField


class CatchUpForm(Form):
    """How a missed session was made up."""

    done_on = DateField("When was it?", called="The day of the catch-up", required="Enter the day of the catch-up")
    minutes = WholeNumberField(
        "How long did it last?", called="The minutes", least=1, most=600, unit="minutes",
        required="Enter how many minutes it lasted",
    )  # fmt: skip
    tutor = SelectField("Who was the tutor?", required="Choose who the tutor was", coerce=int)
    evidence = TextareaField(
        "What was done?", called="What was done", max_length=2000, required="Say what was done",
        hint="For example: went through the handout together, three questions answered aloud",
    )  # fmt: skip

    def offer(self, tutors: Sequence[User]) -> None:
        """Put in who may have been the tutor."""
        self.tutor.choices = [(user.id, user.name) for user in tutors]
