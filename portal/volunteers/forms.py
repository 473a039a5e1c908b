"""Forms about the person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wtforms.validators import StopValidation

from portal.volunteers.models import Channel, Volunteer
from portal.volunteers.rules import FREE_DAYS, FREE_TIMES, has_only_latin_letters, outward_code
from portal.volunteers.services import Details, Reaching
from portal.web.fields import (
    CheckboxesField,
    CheckboxField,
    EmailField,
    Form,
    RadiosField,
    SelectField,
    TelephoneField,
    TextareaField,
    TextField,
)
from portal.web.numbers import TimeField, VersionField

CHANNELS = [(channel.value, channel.words) for channel in (Channel.EMAIL, Channel.TEXT, Channel.PHONE)]


class OutwardCodeField(TextField):
    """The first half of a postcode; a whole one is cut, because we do not need to know the street."""

    def check(self) -> None:
        """Keep the first half only."""
        code = outward_code(self.data)
        if code is None:
            raise StopValidation("Enter the first half of a postcode, like DL1")
        self.data = code


class Checked(Form):
    """A form whose answers are also looked at together; what is wrong is said at the field.

    `order` names the questions in the order they are shown.
    """

    order: tuple[str, ...] = ()

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Field and words, for whatever does not fit together."""
        yield from ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field first, then all of them together."""
        is_right = bool(super().validate(extra_validators))
        for name, words in self.reasons():
            if not self[name].errors:
                self[name].errors = [words]
                is_right = False
        return is_right

    def refuse(self, reasons: list[str]) -> None:
        """Show above the form what a service said no to."""
        self.form_errors.extend(reasons)

    def differences_from(self, saved: Checked) -> list[tuple[str, str, str]]:
        """Question, what is saved now, what was typed here: for every answer that differs."""
        return [
            (self[name].label.text, _in_words(saved[name]), _in_words(self[name]))
            for name in self.order
            if (self[name].data or "") != (saved[name].data or "")
        ]


def _in_words(field: Any) -> str:
    if hasattr(field, "iter_choices"):
        chosen = field.data if isinstance(field.data, list) else [field.data]
        return ", ".join(str(choice[1]) for choice in field.iter_choices() if choice[0] in chosen)
    if isinstance(field.data, bool):
        return "Yes" if field.data else "No"
    return str(field.data or "")


class NameFields(Checked):
    """How somebody is called."""

    name = TextField(
        "Your name", required="Enter your name", hint="As you write it. One name is fine.", called="Your name",
        autocomplete="name",
    )  # fmt: skip
    known_as = TextField("What do you like to be called?", hint="If it is different. You can leave this empty.")
    romanised = TextField(
        "Your name in English letters", hint="So that everybody at the scheme can say it, and for printed lists."
    )

    def reasons(self) -> Iterator[tuple[str, str]]:
        """English letters are asked only of those whose name is in other letters."""
        yield from super().reasons()
        if not self.romanised.data and not has_only_latin_letters(self.name.data or ""):
            yield "romanised", "Write your name in English letters too, so that everybody can say it"

    @property
    def asks_romanised(self) -> bool:
        """Whether the question is shown."""
        return bool(self.romanised.data) or not has_only_latin_letters(self.name.data or "")


class ReachFields(Checked):
    """How and when it is safe to reach somebody."""

    channel = RadiosField(
        "How would you like us to reach you?", CHANNELS, required="Choose how you would like us to reach you"
    )
    may_leave_voicemail = CheckboxField("You may leave a voice message")
    hide_scheme_name = CheckboxField(
        "Do not name the scheme", hint="If somebody else may see your messages or answer your phone."
    )
    safe_from = TimeField("Ring me from", hint="Only if some hours are not safe or not good. Like 9am.")
    safe_until = TimeField("Ring me until", hint="Like 5pm.")
    notes = TextField("Anything else about reaching you?", max_length=500, hint="You can leave this empty.")

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Both times or none; an hour that never ends is no hour; a way to reach somebody needs its number."""
        yield from super().reasons()
        start, end = self.safe_from.data, self.safe_until.data
        if (start is None) != (end is None):
            yield ("safe_from" if start is None else "safe_until"), "Give both times, or leave both empty"
        elif start is not None and start == end:
            yield "safe_until", "The two times must be different"
        email, phone = self.get("email"), self.get("phone")
        if email is not None and self.channel.data == Channel.EMAIL.value and not email.data:
            yield "email", "Give an email address, or choose another way to be reached"
        if phone is not None and self.channel.data in {"text", "phone"} and not phone.data:
            yield "phone", "Give a phone number, or choose another way to be reached"

    def get(self, name: str) -> Any:
        """A field that only some of these forms have."""
        return self._fields.get(name)

    def reaching(self) -> Reaching:
        """As the service takes it."""
        return Reaching(
            channel=Channel(self.channel.data), may_leave_voicemail=self.may_leave_voicemail.data,
            hide_scheme_name=self.hide_scheme_name.data, safe_from=self.safe_from.data,
            safe_until=self.safe_until.data, notes=self.notes.data,
        )  # fmt: skip


def shown_reaching(volunteer: Volunteer) -> dict[str, Any]:
    """What the contact questions show at first."""
    contact = volunteer.contact
    return {
        "channel": contact.channel.value, "may_leave_voicemail": contact.may_leave_voicemail,
        "hide_scheme_name": contact.hide_scheme_name, "safe_from": contact.safe_from,
        "safe_until": contact.safe_until, "notes": contact.notes,
    }  # fmt: skip


class FreeFields(Checked):
    """When somebody is free."""

    days = CheckboxesField("Which days are you often free?", FREE_DAYS.items(), hint="Choose all that fit.")
    times = CheckboxesField("Which times of day?", FREE_TIMES.items(), hint="Choose all that fit.")

    def availability(self) -> list[str]:
        """As the column keeps it."""
        return [*(self.days.data or []), *(self.times.data or [])]


def shown_availability(volunteer: Volunteer) -> dict[str, Any]:
    """What the questions about free time show at first."""
    chosen = set(volunteer.availability or [])
    return {"days": [key for key in FREE_DAYS if key in chosen], "times": [k for k in FREE_TIMES if k in chosen]}


class MyDetailsForm(NameFields, ReachFields, FreeFields):
    """A volunteer's own details. Their email is how they sign in, so the scheme changes it with them."""

    phone = TelephoneField("Your phone number")
    postcode_area = OutwardCodeField("The first half of your postcode", width=5, hint="Like DL1.")
    access_needs = TextareaField("Is there anything that would make it easier for you to take part?")
    may_share_access_needs = CheckboxField("You may tell the trainers about this")
    emergency_contact = TextareaField("Who should we ring in an emergency?", rows=2, hint="A name and a number.")
    version = VersionField()
    order = (
        "name", "known_as", "romanised", "phone", "channel", "may_leave_voicemail", "hide_scheme_name", "safe_from",
        "safe_until", "notes", "postcode_area", "days", "times", "access_needs", "may_share_access_needs",
        "emergency_contact",
    )  # fmt: skip

    def details(self) -> Details:
        """As the service takes it."""
        return Details(
            name=self.name.data, known_as=self.known_as.data, romanised=self.romanised.data, phone=self.phone.data,
            postcode_area=self.postcode_area.data, availability=self.availability(),
            access_needs=self.access_needs.data, may_share_access_needs=self.may_share_access_needs.data,
            emergency_contact=self.emergency_contact.data,
        )  # fmt: skip


class VolunteerForm(NameFields, ReachFields, FreeFields):
    """Somebody's details, as staff change them. What was told about health and home stays with the person."""

    name = TextField("Name", required="Enter their name", hint="As they write it.", called="Name", autocomplete="off")
    known_as = TextField("Likes to be called", autocomplete="off")
    romanised = TextField("Name in English letters", hint="Only if the name is written in other letters.")
    email = EmailField("Email address", autocomplete="off")
    phone = TelephoneField("Phone number", autocomplete="off")
    postcode_area = OutwardCodeField("First half of the postcode", width=5, hint="Like DL1.")
    channel = RadiosField("Likes to be reached by", CHANNELS, required="Choose how they like to be reached")
    safe_from = TimeField("Ring from", hint="Only if some hours are not safe or not good. Like 9am.")
    safe_until = TimeField("Ring until", hint="Like 5pm.")
    notes = TextField("Anything else about reaching them", max_length=500)
    days = CheckboxesField("Days often free", FREE_DAYS.items())
    times = CheckboxesField("Times of day", FREE_TIMES.items())
    version = VersionField()
    order = (
        "name", "known_as", "romanised", "email", "phone", "channel", "may_leave_voicemail", "hide_scheme_name",
        "safe_from", "safe_until", "notes", "postcode_area", "days", "times",
    )  # fmt: skip

    @property
    def asks_romanised(self) -> bool:
        """Always: staff may know it, and may leave it empty."""
        return True

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Some way to reach them must stay; nothing else that only the person could know is asked."""
        if not self.email.data and not self.phone.data:
            yield "email", "Give an email address or a phone number"
        yield from ((name, words) for name, words in super().reasons() if name != "romanised")

    def details(self) -> Details:
        """As the service takes it."""
        return Details(
            name=self.name.data, known_as=self.known_as.data, romanised=self.romanised.data, email=self.email.data,
            phone=self.phone.data, postcode_area=self.postcode_area.data, availability=self.availability(),
        )  # fmt: skip


class PeopleFilter(Form):
    """Which people are shown. Read from the address, so it carries no token."""

    class Meta(Form.Meta):
        """A GET form."""

        csrf = False

    search = TextField("Name or reference", hint="The beginning of any part of a name.", autocomplete="off")
    stage = SelectField("Stage")
    area = SelectField("Area")


class RevealForm(Form):
    """Why somebody must know who a hidden applicant is."""

    because = TextField(
        "Why must you know who this is?", required="Say why you must know", max_length=150,
        hint="For an emergency. It is kept in the record with your name.",
    )  # fmt: skip
