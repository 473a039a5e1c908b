"""What somebody who helps is asked, what the person says, and what staff record of a signed print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from portal.assisted.rules import Answer
from portal.files.forms import UploadField
from portal.files.rules import JPEG, PDF, PNG
from portal.schemes.models import Area
from portal.schemes.rules import Route
from portal.volunteers.forms import Checked
from portal.web.fields import (
    CheckboxField,
    EmailField,
    RadiosField,
    SelectField,
    TelephoneField,
    TextareaField,
    TextField,
)
from portal.web.numbers import DateField, VersionField

ROUTES = {
    Route.OPEN_WEB: "They found it themselves",
    Route.FORMER_CLIENT: "The scheme supported them before",
    Route.JOB_CENTRE: "Through the Job Centre",
    Route.PRACTITIONER: "A probation practitioner or key worker told them about it",
}


class TheirsForm(Checked):
    """Whom an application is typed for."""

    name = TextField(
        "Their name", required="Enter their name", called="Their name", hint="As they write it. One name is fine.",
        autocomplete="off",
    )  # fmt: skip
    email = EmailField(
        "Their own email address", autocomplete="off",
        hint="One that only they read. Leave it empty if they have none.",
    )  # fmt: skip
    phone = TelephoneField("Their own phone number", autocomplete="off", hint="Leave it empty if they have none.")
    route = RadiosField(
        "How did they hear about us?", [(route.value, words) for route, words in ROUTES.items()],
        required="Choose how they heard about us",
    )  # fmt: skip
    agreed = CheckboxField(
        "They asked me to type this for them", required="Tick the box if they asked you. If not, ask them first"
    )


class HelpForm(TheirsForm):
    """Somebody without an account who helps."""

    asked_first = ("helper", "organisation", "helper_email", "helper_phone")
    helper = TextField(
        "Your name",
        required="Enter your name",
        called="Your name",
        autocomplete="name",
        hint="You are the one who types.",
    )
    organisation = TextField(
        "Where you work or help", called="Where you work", autocomplete="organization", hint="You can leave this empty."
    )
    helper_email = EmailField("Your email address", hint="We send you a link, so that you can stop and come back.")
    helper_phone = TelephoneField("Your phone number", hint="If you have no email.")

    def reasons(self) -> Iterator[tuple[str, str]]:
        """One way to reach the helper; nobody's own address is the other's."""
        yield from super().reasons()
        if not self.helper_email.data and not self.helper_phone.data and not self.helper_phone.errors:
            yield "helper_email", "Enter your email address or your phone number"
        if self.email.data and self.email.data.casefold() == (self.helper_email.data or "").casefold():
            yield "email", "Enter an email address of their own, or leave it empty: this one is yours"
        if self.phone.data and self.phone.data == self.helper_phone.data:
            yield "phone", "Enter a phone number of their own, or leave it empty: this one is yours"


class StaffStartForm(TheirsForm):
    """A member of staff who types for somebody."""

    area_id = SelectField("Area", required="Choose the area")

    def offer(self, areas: Sequence[Area]) -> None:
        """The areas of whoever types."""
        self.area_id.choices = [("", "Choose an area"), *((str(area.id), area.name) for area in areas)]


class AnswerForm(Checked):
    """What the person says of it."""

    answer = RadiosField(
        "Is this yours?", [(answer.value, answer.words) for answer in Answer], required="Choose one of these",
    )  # fmt: skip
    typed_name = TextField(
        "Your name", called="Your name", hint="If it is yours: type your name, as you would sign.", autocomplete="name"
    )
    words = TextareaField(
        "What is wrong?", max_length=1000, rows=3, called="What is wrong", hint="If something is wrong."
    )
    version = VersionField()

    def reasons(self) -> Iterator[tuple[str, str]]:
        """A name for yes, words for what is wrong."""
        yield from super().reasons()
        if self.answer.data == Answer.YES.value and not self.typed_name.data:
            yield "typed_name", "Type your name, to show that it is you"
        if self.answer.data == Answer.WRONG.value and not self.words.data:
            yield "words", "Tell us what is wrong, so that it can be put right"


class SignedPrintForm(Checked):
    """The print that they signed."""

    scan = UploadField("A scan or a photo of the signed page", kinds=(PDF, JPEG, PNG), required="Choose the scan")
    typed_name = TextField(
        "The name they signed with", required="Enter the name they signed with", called="The name", autocomplete="off"
    )
    signed_on = DateField("The day they signed", required="Enter the day they signed", called="The day they signed")
    version = VersionField()
