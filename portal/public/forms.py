"""The questions of “Could I do this?”. Never about offences, health or money, and never kept."""

from __future__ import annotations

from portal.public.rules import KINDS, Answer, Answers
from portal.web.fields import CheckboxesField, Form, RadiosField

THREE = ((Answer.YES.value, "Yes"), (Answer.NOT_SURE.value, "I am not sure"), (Answer.NO.value, "No"))


class CouldIForm(Form):
    """Five questions. It carries no token: a token needs a cookie, and this page leaves nothing behind.

    Nobody can do harm by sending it for somebody else, as it changes nothing.
    """

    class Meta(Form.Meta):
        """Without a token."""

        csrf = False

    is_adult = RadiosField(
        "Are you 18 or over?", [("yes", "Yes"), ("no", "No, not yet")], required="Choose whether you are 18 or over",
        called="Your age",
    )  # fmt: skip
    time = RadiosField(
        "Could you find about 4 hours a week for 12 weeks?", THREE, called="Your time",
        hint="That is how long the course mostly is. After it, you give the hours that fit your life.",
    )  # fmt: skip
    settled = RadiosField(
        "Are things settled enough for you to be there for somebody else?", THREE, called="How things are",
        hint="Only you can say. You do not need to have it all worked out.",
    )  # fmt: skip
    checks = RadiosField(
        "Are you all right with a DBS check and two people telling us about you?", THREE, called="The checks",
        hint="A DBS check looks at a person’s record. A past does not rule you out.",
    )  # fmt: skip
    kinds = CheckboxesField("What would you like to do?", KINDS.items(), hint="Choose all that you like.")

    def answers(self) -> Answers:
        """What was answered, for as long as the page is drawn."""
        return Answers(
            is_adult=self.is_adult.data == "yes", time=_answer(self.time.data), settled=_answer(self.settled.data),
            checks=_answer(self.checks.data), kinds=tuple(self.kinds.data or ()),
        )  # fmt: skip


def _answer(value: str | None) -> Answer | None:
    return Answer(value) if value else None
