"""A first hello, and what staff write down about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wtforms.validators import StopValidation

from portal.enquiries.models import Outcome
from portal.enquiries.services import Hello
from portal.volunteers.forms import Checked
from portal.volunteers.models import Channel
from portal.web.fields import (
    CheckboxField,
    EmailField,
    Form,
    RadiosField,
    TelephoneField,
    TextareaField,
    TextField,
)
from portal.web.numbers import TimeField, VersionField

BY_PHONE = [(Channel.PHONE.value, "Ring me"), (Channel.TEXT.value, "Text me")]


class ContactField(EmailField, TelephoneField):
    """An e-mail address or a phone number in one box, as people write them; `email` or `phone` is the kept form."""

    email = phone = ""

    def __init__(self, label: str | None = None, **kwargs: Any) -> None:
        """A box of full width that suggests neither of the two keyboards."""
        super().__init__(label, **{"autocomplete": "email", "width": 30, **kwargs})
        self.gov_params["type"] = "text"

    def check(self) -> None:
        """What has an @ in it is meant to be an e-mail address."""
        if "@" in self.data:
            EmailField.check(self)
            self.email = self.data
            return
        try:
            TelephoneField.check(self)
        except StopValidation as error:
            raise StopValidation(
                "Enter an email address, like name@example.com, or a phone number, like 07700 900 982"
            ) from error
        self.phone = self.data


class HelloForm(Checked):
    """A name and one way to reach them. All else can be left out."""

    name = TextField(
        "What is your name?", required="Enter your name", called="Your name", hint="First name is fine.",
        autocomplete="name",
    )  # fmt: skip
    contact = ContactField(
        "Your email address or phone number", required="Enter an email address or a phone number",
        called="Email address or phone number", hint="One is enough.",
    )  # fmt: skip
    channel = RadiosField(
        "If it is a phone number, what do you like better?", BY_PHONE, called="Ring or text", default=BY_PHONE[0][0]
    )
    words = TextareaField(
        "Is there something you would like to say or ask?", rows=3, max_length=2000, called="What you say",
        hint="You can leave this empty. Please write nothing here about offences or your health.",
    )  # fmt: skip
    tell_when_open = CheckboxField("Tell me when you take new people here")
    may_leave_voicemail = CheckboxField("You may leave a voice message")
    hide_scheme_name = CheckboxField(
        "Do not name the scheme", hint="If somebody else may see your messages or answer your phone."
    )
    safe_from = TimeField("Reach me from", hint="Only if some hours are not safe or not good. Like 9am.")
    safe_until = TimeField("Reach me until", hint="Like 5pm.")
    leave_empty = TextField("Leave this box empty", autocomplete="off")
    """Seen by programs that fill in everything, and by nobody else."""

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Both times or none; an hour that never ends is no hour."""
        yield from super().reasons()
        start, end = self.safe_from.data, self.safe_until.data
        if (start is None) != (end is None):
            yield ("safe_from" if start is None else "safe_until"), "Give both times, or leave both empty"
        elif start is not None and start == end:
            yield "safe_until", "The two times must be different"

    @property
    def is_about_safety_open(self) -> bool:
        """Whether the questions that most people skip are shown: something was answered there, or is wrong."""
        asked = (self.may_leave_voicemail, self.hide_scheme_name, self.safe_from, self.safe_until)
        return any(field.data or field.errors for field in asked)

    def hello(self) -> Hello:
        """As the service takes it."""
        contact = self.contact
        return Hello(
            name=self.name.data, email=contact.email, phone=contact.phone, words=self.words.data,
            channel=Channel.EMAIL if contact.email else Channel(self.channel.data or Channel.PHONE.value),
            may_leave_voicemail=self.may_leave_voicemail.data, hide_scheme_name=self.hide_scheme_name.data,
            safe_from=self.safe_from.data, safe_until=self.safe_until.data, tell_when_open=self.tell_when_open.data,
        )  # fmt: skip


class AnswerForm(Form):
    """What became of it."""

    version = VersionField()
    outcome = RadiosField(
        "What became of it?",
        [(each.value, each.words) for each in Outcome if each is not Outcome.APPLYING],
        required="Choose what became of it",
    )
    note = TextareaField(
        "What to remember", rows=3, max_length=500, called="What to remember",
        hint="What you agreed. Nothing about offences or health.",
    )  # fmt: skip


class StartForm(Form):
    """A button, and the version of what it was pressed on."""

    version = VersionField()
