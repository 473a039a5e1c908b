"""The form of a message's words."""

from __future__ import annotations

from typing import Any

from wtforms.validators import StopValidation

from portal.carriers.rules import Carrier
from portal.messages.documents import Purpose
from portal.web.fields import Form, TelephoneField, TextareaField, TextField
from portal.web.numbers import VersionField
from portal.wordings import rules


class TrialPhoneField(TelephoneField):
    """The number a trial goes to: asked for, and looked at, only by whoever sends one."""

    def pre_validate(self, form: Any) -> None:
        """Leave an empty or a half-typed number alone when the words are saved."""
        if form.is_trial:
            super().pre_validate(form)

    def check(self) -> None:
        """A text reaches no extension."""
        super().check()
        if "ext." in self.data:
            raise StopValidation("A text message cannot go to an extension. Enter a mobile number")


class WordsForm(Form):
    """What the words of every message are checked for."""

    purpose: Purpose
    carrier: Carrier
    is_trial = False
    version = VersionField()

    def validate_body(self, field: Any) -> None:
        """Refuse what could not be sent, with the name of what is wrong."""
        if reasons := rules.reasons_against_body(self.purpose, self.carrier, field.data):
            raise StopValidation(". ".join(reasons))


class TextMessageForm(WordsForm):
    """The words of a text message, which are also said in a call."""

    carrier = Carrier.TEXT
    body = TextareaField(
        "What the text says", rows=6, max_length=rules.LONGEST_TEXT, counted=True, called="The text",
        required="Write what the text says, or go back to the portal's words",
    )  # fmt: skip
    phone = TrialPhoneField(
        "Mobile number for a trial", called="The number", required="Enter the mobile number that the trial goes to",
        hint="Yours, or of somebody who knows that it comes.",
    )  # fmt: skip


class LetterForm(WordsForm):
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
