"""The form of a message's words."""

from __future__ import annotations

from typing import Any

from wtforms.validators import StopValidation

from portal.carriers.rules import Carrier
from portal.messages.documents import Purpose
from portal.web.fields import Form, TextareaField, TextField
from portal.web.numbers import VersionField
from portal.wordings import rules


class TextMessageForm(Form):
    """The words of a text message, which are also said in a call."""

    purpose: Purpose
    carrier = Carrier.TEXT
    version = VersionField()
    body = TextareaField(
        "What the text says", rows=6, max_length=rules.LONGEST_TEXT, counted=True, called="The text",
        required="Write what the text says, or go back to the portal's words",
    )  # fmt: skip

    def validate_body(self, field: Any) -> None:
        """Refuse what could not be sent, with the name of what is wrong."""
        if reasons := rules.reasons_against_body(self.purpose, self.carrier, field.data):
            raise StopValidation(". ".join(reasons))


class LetterForm(TextMessageForm):
    """The words of an e-mail."""

    carrier = Carrier.EMAIL
    subject = TextField("Subject", max_length=150, required="Write a subject")
    body = TextareaField(
        "What the email says", rows=18, max_length=rules.LONGEST_LETTER, called="The email",
        required="Write what the email says, or go back to the portal's words",
    )  # fmt: skip

    def validate_subject(self, field: Any) -> None:
        """Refuse what could not be filled in."""
        if reasons := rules.reasons_against_subject(self.purpose, field.data):
            raise StopValidation(". ".join(reasons))
