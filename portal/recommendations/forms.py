"""Forms for practitioners, and for the staff who name, ring and read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import request
from wtforms.validators import StopValidation

from portal import clock
from portal.recommendations.rules import (
    ANSWER,
    CANNOT_WHY,
    HOW_KNOWN,
    HOW_LONG,
    KINDS,
    LONG,
    LOOK_AGAIN,
    NO_OFFENCES,
    SHORT,
    SPEAK_FIRST,
    SUPPORT,
    YET_WORDS,
    Answer,
    Answers,
    Cannot,
    NotYet,
    reasons_not_that_day,
)
from portal.volunteers.forms import Checked
from portal.web.fields import (
    CheckboxesField,
    EmailField,
    Form,
    RadiosField,
    TelephoneField,
    TextareaField,
    TextField,
)
from portal.web.numbers import DateField, VersionField

YES_NO = [("no", "No"), ("yes", "Yes")]
ANSWERS = [(each.value, each.words) for each in Answer]


class EmptyForm(Form):
    """A button: nothing is asked, only the token is checked."""


class ChooseForm(Form):
    """The first question: the others follow from it."""

    answer = RadiosField(ANSWER, ANSWERS, required="Choose one of the three answers")


def _how_known(required: str = "") -> TextareaField:
    return TextareaField(HOW_KNOWN, called="Your answer", required=required or None, max_length=LONG, rows=3)


def _how_long(required: str = "") -> TextField:
    return TextField(
        HOW_LONG, called="Your answer", required=required or None, max_length=SHORT, width=20,
        hint="For example, 8 months",
    )  # fmt: skip


def _support() -> TextareaField:
    return TextareaField(
        SUPPORT, called="Your answer", max_length=LONG, rows=3,
        hint="For example, a quiet room, a call the day before, somebody to come with. You can leave this empty.",
    )  # fmt: skip


def _speak_first() -> RadiosField:
    return RadiosField(SPEAK_FIRST, YES_NO, required="Choose yes or no", hint=NO_OFFENCES)


def _kinds() -> CheckboxesField:
    return CheckboxesField(KINDS, [(each.value, each.words) for each in NotYet], called="Your answer")


def _words() -> TextareaField:
    return TextareaField(
        YET_WORDS, called="Your answer", max_length=LONG, rows=3,
        hint="You can leave this empty. It is not shown to them. Please give no details of offences or of health.",
    )  # fmt: skip


def _look_again(required: str = "") -> DateField:
    return DateField(
        LOOK_AGAIN, called="The day", required=required or None,
        hint="We write to you on that day with a new link. They are told the month only.",
    )  # fmt: skip


class AnswersForm(Checked):
    """What all the forms of an answer share."""

    answer_is: Answer | None = None

    def chosen(self) -> Answer:
        """Which of the three answers this is."""
        assert self.answer_is is not None
        return self.answer_is

    def answers(self, *, by_phone_to: str = "") -> Answers:
        """What was said; of questions that belong to another answer nothing is kept."""
        chosen = self.chosen()
        is_yet, is_cannot = chosen is Answer.NOT_YET, chosen is Answer.CANNOT
        why = self._of("cannot_why") if is_cannot else None
        return Answers(
            answer=chosen, how_known="" if is_cannot else self._of("how_known"),
            how_long="" if is_cannot else self._of("how_long"), support="" if is_cannot else self._of("support"),
            speak_first=self._of("speak_first") == "yes",
            kinds=tuple(NotYet(each) for each in self._of("kinds") or ()) if is_yet else (),
            words=self._of("words") if is_yet else "", look_again_on=self._of("look_again_on") if is_yet else None,
            cannot_why=Cannot(why) if why else None, by_phone_to=by_phone_to,
        )  # fmt: skip

    def _of(self, name: str) -> Any:
        return self[name].data if name in self else ""

    def is_change(self) -> bool:
        """Whether they came back from the page that asks whether all is right, to put something right."""
        return "change" in request.form

    def typed(self) -> list[tuple[str, str]]:
        """Every answer as it was typed, to carry it over the page that asks whether all is right."""
        pairs = []
        for field in self:
            if field.name == "csrf_token":
                continue
            if isinstance(field, DateField):
                pairs += [(field.name, each) for each in (field.raw_data or ["", "", ""])]
            elif isinstance(field.data, list):
                pairs += [(field.name, str(each)) for each in field.data]
            else:
                pairs.append((field.name, str(field.data or "")))
        return pairs


class RecommendForm(AnswersForm):
    """They recommend them."""

    answer_is = Answer.RECOMMEND
    how_known = _how_known("Tell us how you know them")
    how_long = _how_long("Tell us how long you have known them")
    support = _support()
    speak_first = _speak_first()


class NotYetForm(AnswersForm):
    """It is too early."""

    answer_is = Answer.NOT_YET
    look_again_on = _look_again("Enter the day when we should ask you again")
    kinds = _kinds()
    words = _words()
    how_known = _how_known("Tell us how you know them")
    how_long = _how_long("Tell us how long you have known them")
    support = _support()
    speak_first = _speak_first()

    def validate_look_again_on(self, field: DateField) -> None:
        """A day that can come."""
        _refuse_day(field)


class CannotForm(AnswersForm):
    """They cannot answer; nothing has to be explained."""

    answer_is = Answer.CANNOT
    cannot_why = RadiosField(
        CANNOT_WHY, [(each.value, each.words) for each in Cannot], called="Your answer", hint="You do not have to."
    )
    speak_first = _speak_first()


FORM_OF = {form.answer_is: form for form in (RecommendForm, NotYetForm, CannotForm)}


class ByPhoneForm(AnswersForm):
    """The same questions on one page, asked on the phone."""

    asked_first = (
        "spoke_to", "answer", "how_known", "how_long", "support", "look_again_on", "kinds", "words", "cannot_why",
    )  # fmt: skip
    version = VersionField()
    spoke_to = TextField(
        "Who did you speak to?", required="Enter whom you spoke to", hint="Their name, as they gave it"
    )
    answer = RadiosField(ANSWER, ANSWERS, required="Choose one of the three answers")
    look_again_on = _look_again()
    kinds = _kinds()
    words = _words()
    cannot_why = RadiosField(
        CANNOT_WHY, [("", "They did not say"), *((each.value, each.words) for each in Cannot)], called="Their answer"
    )
    how_known = _how_known()
    how_long = _how_long()
    support = _support()
    speak_first = _speak_first()

    def chosen(self) -> Answer:
        """Which of the three answers they gave."""
        return Answer(self.answer.data)

    def reasons(self) -> Iterator[tuple[str, str]]:
        """What belongs to the answer that was given."""
        if self.answer.data in {Answer.RECOMMEND.value, Answer.NOT_YET.value}:
            if not self.how_known.data:
                yield "how_known", "Ask how they know the applicant"
            if not self.how_long.data:
                yield "how_long", "Ask how long they have known the applicant"
        if self.answer.data == Answer.NOT_YET.value:
            if self.look_again_on.data is None:
                yield "look_again_on", "Ask on which day we should ask again"
            else:
                for reason in reasons_not_that_day(self.look_again_on.data, today=clock.today()):
                    yield "look_again_on", reason


class PractitionerForm(Checked):
    """Whom to ask."""

    name = TextField("Their name", required="Enter their name", called="Their name", autocomplete="off")
    job = TextField("What they do", hint="Like probation practitioner, or support worker. You can leave this empty.")
    organisation = TextField("Where they work", hint="You can leave this empty.")
    email = EmailField("Their email address", autocomplete="off")
    phone = TelephoneField("Their phone number", autocomplete="off")

    def reasons(self) -> Iterator[tuple[str, str]]:
        """One way to reach them is enough."""
        if not self.email.data and not self.phone.data:
            yield "email", "Enter an email address or a phone number"


class SendAgainForm(Checked):
    """Where the new link goes."""

    version = VersionField()
    email = EmailField("Their email address", autocomplete="off")
    phone = TelephoneField("Their phone number", autocomplete="off")

    def reasons(self) -> Iterator[tuple[str, str]]:
        """One way to reach them is enough."""
        if not self.email.data and not self.phone.data:
            yield "email", "Enter an email address or a phone number"


class CallForm(Form):
    """They were rung, as they asked."""

    version = VersionField()
    goes_on = RadiosField(
        "Can we go on with the application?",
        [("yes", "Yes"), ("no", "No, something has to be talked over first")],
        required="Choose whether we can go on",
    )
    words = TextareaField(
        "What did you agree?", called="Your answer", required="Say what you agreed", max_length=LONG, rows=3,
        hint="What we do, or what helps. Write down no offences: those belong to the safeguarding lead.",
    )  # fmt: skip


def _refuse_day(field: DateField) -> None:
    for reason in reasons_not_that_day(field.data, today=clock.today()) if field.data else ():
        raise StopValidation(reason)
