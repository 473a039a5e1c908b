"""The six digits, typed."""

from __future__ import annotations

from wtforms.validators import StopValidation

from portal.checkin import rules
from portal.web.fields import Form, TextField


class CodeField(TextField):
    """Six digits, with or without a space."""

    max_length = 20

    def check(self) -> None:
        """Nothing but digits, and six of them."""
        self.data = rules.tidied(self.data)
        if not (self.data.isascii() and self.data.isdecimal() and len(self.data) == rules.DIGITS):
            raise StopValidation("The code is six digits, like 123 456")


class CodeForm(Form):
    """The code on the trainer's screen."""

    code = CodeField(
        "The six digits on the screen", called="The code", required="Enter the six digits on the screen", width=10,
        autocomplete="one-time-code", hint="They change every half minute.",
        params={"inputmode": "numeric", "spellcheck": False},
    )  # fmt: skip


class HereForm(Form):
    """One button."""
