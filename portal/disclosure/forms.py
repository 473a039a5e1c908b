"""Forms about what somebody tells us in confidence."""

from __future__ import annotations

from collections.abc import Iterator

from portal.disclosure.rules import NOTHING
from portal.volunteers.forms import Checked
from portal.web.fields import Form, RadiosField, TextareaField, TextField
from portal.web.numbers import VersionField


class DisclosureForm(Checked):
    """Something, or nothing; both are an answer."""

    choice = RadiosField(
        "What would you like to do?",
        [("tell", "I would like to tell you something"), ("nothing", "I have nothing to tell you")],
        required="Choose whether there is something you would like to tell us",
    )  # fmt: skip
    statement = TextareaField(
        "What would you like us to know?", called="What you write", max_length=8000, rows=8, counted=True,
        hint="Only if there is something. In your own words, as much or as little as you like: "
        "what happened, when, and what is different now.",
    )  # fmt: skip

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Something needs words; and words are not thrown away by the other answer."""
        if self.choice.data == "tell" and not self.statement.data:
            yield "statement", "Write what you would like us to know"
        if self.choice.data == "nothing" and self.statement.data:
            yield "choice", "You wrote something below. Choose to tell us, or clear the box"

    def told(self) -> str:
        """What is kept; the same wall stands in front of nothing."""
        return self.statement.data if self.choice.data == "tell" else NOTHING


class OpenForm(Form):
    """What somebody needs to read it for."""

    purpose = TextField(
        "What do you need to read it for?", called="Your purpose", required="Say what you need to read it for",
        max_length=300,
        hint="Your name, the time and this purpose are kept for good. Write nothing here about what it says.",
    )  # fmt: skip


class ConsiderForm(Form):
    """It has been weighed."""

    version = VersionField()
