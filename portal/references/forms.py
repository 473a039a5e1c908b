"""Forms for referees, and for the staff who read and check what they said."""

from __future__ import annotations

from collections.abc import Iterator

from flask import request

from portal import clock
from portal.applications.models import LADDER, Application
from portal.applications.rules import Contact, Naming, doubts_about_referee
from portal.applications.services import around_referee
from portal.files.forms import UploadField
from portal.files.rules import JPEG, PDF, PNG
from portal.references.rules import (
    BOUNDARIES,
    CONCERN,
    CONCERN_WORDS,
    HONEST,
    HOW_KNOWN,
    HOW_LONG,
    LONG,
    MORE,
    RECOMMENDS,
    RELIABLE,
    SHORT,
    Answers,
    Grade,
    Recommends,
)
from portal.volunteers.forms import Checked
from portal.web.fields import (
    CheckboxField,
    EmailField,
    Form,
    RadiosField,
    SelectField,
    TelephoneField,
    TextareaField,
    TextField,
)
from portal.web.numbers import DateField, VersionField, WholeNumberField

GRADES = [(grade.value, grade.words) for grade in Grade]


class AnswersForm(Checked):
    """What every referee is asked."""

    how_known = TextareaField(
        HOW_KNOWN, called="Your answer", required="Tell us how you know them", max_length=LONG, rows=3
    )
    how_long = TextField(
        HOW_LONG, called="Your answer", required="Tell us how long you have known them", max_length=SHORT,
        hint="For example, 3 years", width=20,
    )  # fmt: skip
    reliable = RadiosField(RELIABLE, GRADES, required="Choose whether they do what they say they will do")
    honest = RadiosField(HONEST, GRADES, required="Choose whether they are honest")
    boundaries = RadiosField(
        BOUNDARIES, GRADES, required="Choose whether they respect other people’s boundaries",
        hint="For example, knowing what is private, and when to stop.",
    )  # fmt: skip
    has_concern = RadiosField(
        CONCERN, [("no", "No"), ("yes", "Yes")], required="Choose yes or no",
        hint="Mentors work with people who may be unwell, afraid or alone.",
    )  # fmt: skip
    concern = TextareaField(
        CONCERN_WORDS,
        called="Your concern",
        max_length=LONG,
        hint="Only if you answered yes. You may also ring us.",
        rows=3,
    )
    recommends = RadiosField(
        RECOMMENDS,
        [(each.value, each.words) for each in Recommends],
        required="Choose whether you would recommend them",
    )
    more = TextareaField(MORE, called="Your answer", max_length=LONG, hint="You can leave this empty.", rows=3)

    may_be_shown = RadiosField(
        "May they read these answers, if they ask us?", [("yes", "Yes"), ("no", "No, keep them between us")],
        required="Choose whether they may read these answers", hint="Never before we have decided.",
    )  # fmt: skip

    def reasons(self) -> Iterator[tuple[str, str]]:
        """A concern needs words; and words about one are never dropped because “no” was left standing."""
        if self.has_concern.data == "yes" and not self.concern.data:
            yield "concern", "Tell us what your concern is"
        if self.has_concern.data == "no" and self.concern.data:
            yield "has_concern", "You wrote about a concern. Choose “yes”, or take out what you wrote"

    def answers(self, *, by_phone_to: str = "") -> Answers:
        """What was said; words about a concern count only when there is one."""
        has_concern = self.has_concern.data == "yes"
        return Answers(
            how_known=self.how_known.data, how_long=self.how_long.data, reliable=Grade(self.reliable.data),
            honest=Grade(self.honest.data), boundaries=Grade(self.boundaries.data), has_concern=has_concern,
            concern=self.concern.data if has_concern else "", recommends=Recommends(self.recommends.data),
            more=self.more.data, by_phone_to=by_phone_to,
        )  # fmt: skip

    def is_change(self) -> bool:
        """Whether they came back from the page that asks whether all is right, to put something right."""
        return "change" in request.form

    def typed(self) -> dict[str, str]:
        """Every answer as it was typed, to carry it over the page that asks whether all is right."""
        return {name: self[name].data or "" for name in ANSWERS}


ANSWERS = (
    "how_known", "how_long", "reliable", "honest", "boundaries", "has_concern", "concern", "recommends", "more",
    "may_be_shown",
)  # fmt: skip


class ToldForm(AnswersForm):
    """The same questions, answered to a worker who writes them down."""

    version = VersionField()
    said_on = DateField("On which day?", called="The day", required="Enter the day")

    asked_first = ("spoke_to", "said_on")

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Nobody has answered tomorrow."""
        yield from super().reasons()
        if self.said_on.data and self.said_on.data > clock.today():
            yield "said_on", "The day must be today or earlier"


class ByPhoneForm(ToldForm):
    """The questions, asked on the phone."""

    spoke_to = TextField(
        "Who did you speak to?", required="Enter whom you spoke to", hint="Their name, as they gave it"
    )


class ByLetterForm(ToldForm):
    """The questions, answered in a letter."""

    spoke_to = TextField("Who signed the letter?", required="Enter who signed it")
    file = UploadField("A scan or photo of the letter", kinds=(PDF, PNG, JPEG))


class StartForm(Form):
    """Before the questions: links are passed on, so whoever opens one says that it is theirs."""

    is_me = CheckboxField(
        "Yes, that is me", required="Tick the box if this is you. If not, please do not answer for them"
    )


class EmptyForm(Form):
    """A button: nothing is asked, only the token is checked."""


class VerifyForm(Form):
    """How somebody made sure."""

    version = VersionField()
    how = TextareaField(
        "How did you check it?", called="Your answer", required="Say how you checked who gave it", max_length=1000,
        hint="For example: rang the office on their website’s number, and she confirmed it. "
        "After a concern: what you found.",
    )  # fmt: skip


class ConcernForm(Form):
    """What is worrying about a reference."""

    version = VersionField()
    how = TextareaField(
        "What is the concern?", called="Your answer", required="Say what the concern is", max_length=1000,
        hint="This reference will not count until somebody has looked into it.",
    )  # fmt: skip


class SendAgainForm(Form):
    """Where the new link goes."""

    version = VersionField()
    email = EmailField("Their email address", required="Enter their email address", autocomplete="off")


class RefereeForm(Checked):
    """Somebody else to ask."""

    name = TextField("Their name", required="Enter their name", called="Their name")
    relation = SelectField(
        "How do they know the person?", [("", "Choose"), *((each.value, each.words) for each in LADDER)],
        required="Choose how they know the person",
    )  # fmt: skip
    organisation = TextField("Where they work or volunteer", hint="You can leave this empty.")
    email = EmailField("Their email address", autocomplete="off")
    phone = TelephoneField("Their phone number", autocomplete="off")
    years_known = WholeNumberField(
        "How many years have they known the person?", called="Years", required="Enter how many years", least=1, most=80
    )
    is_sure = CheckboxField("Yes, I have asked and it is right")
    doubts: tuple[str, ...] = ()
    about: Application | None = None

    def reasons(self) -> Iterator[tuple[str, str]]:
        """One way to reach them is enough."""
        if not self.email.data and not self.phone.data:
            yield "email", "Enter an email address or a phone number"
        if self.about is None or any(self[name].errors for name in ("name", "email", "phone", "years_known")):
            return
        who = Contact(self.name.data, self.email.data, self.phone.data, self.organisation.data)
        self.doubts = tuple(
            doubts_about_referee(Naming(who, self.years_known.data), around_referee(self.about, you="them"))
        )
        if self.doubts and not self.is_sure.data:
            yield "is_sure", " ".join(self.doubts)
