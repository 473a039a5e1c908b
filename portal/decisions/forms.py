"""Forms about offers, declines, who else may help, and stopping for now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wtforms.validators import ValidationError

from portal.decisions.models import MightReturn, WhoDecided
from portal.decisions.rules import NO_REASON, TOLD_BY, WITHDRAW_WORDS, DeclineKind, WithdrawReason
from portal.volunteers.forms import Checked
from portal.web.fields import (
    CheckboxesField,
    CheckboxField,
    Form,
    RadiosField,
    SelectField,
    TelephoneField,
    TextareaField,
    TextField,
)
from portal.web.numbers import DateField, VersionField


class OfferForm(Form):
    """Why a place is offered, and what it hangs on besides what everybody needs."""

    version = VersionField()
    because = TextareaField(
        "Why do you offer a place?",
        required="Say why a place is offered",
        hint="For the record. It is not in the letter.",
    )
    conditions = TextareaField(
        "Is there anything else that must be done first?",
        called="Your conditions",
        hint="One on each line. They are in the letter, so write them for the reader: “You come to our open day”.",
        rows=3,
    )

    def own_conditions(self) -> list[str]:
        """Each line that says something."""
        return [line.strip() for line in (self.conditions.data or "").splitlines() if line.strip()]


class DeclineForm(Form):
    """A kind no: a sentence for the letter, words of one's own, who else may help, and the reason for the record."""

    version = VersionField()
    kind = RadiosField(
        "Why can you not offer a place?",
        [(each.value, each.words) for each in DeclineKind],
        hints={each.value: f"The letter says: {each.to_applicant}" for each in DeclineKind},
        required="Choose why you cannot offer a place",
    )
    words = TextareaField(
        "Would you like to add something to the letter?",
        called="Your words",
        max_length=1000,
        hint="Something kind and true: what they did well, when to try again. Nothing about checks or their past.",
    )
    signposts = CheckboxesField("Who else may help them?", coerce=int, hint="The letter says how to reach them.")
    apply_again_on = DateField(
        "From which day may they apply again?", called="The day", hint="Leave it empty to name no day."
    )
    remind = CheckboxField("They would like us to tell them on that day")
    told_by = RadiosField("How are they told?", list(TOLD_BY.items()), required="Choose how they are told")
    because = TextareaField(
        "What is the reason, for the record?",
        required="Say why, for the record",
        hint="Only staff who decide see this. It is not in the letter.",
        max_length=1000,
    )


class StopForm(Form):
    """Stopping for now, without having to say why."""

    reasons = CheckboxesField(
        "Would you like to tell us why?", [(each.value, words) for each, words in WITHDRAW_WORDS.items()],
        hint="You can leave this empty.",
    )  # fmt: skip
    because = TextareaField("Is there anything else you want to say?", called="Your words", max_length=1000, rows=3)

    def why(self) -> list[WithdrawReason]:
        """What was ticked."""
        return [WithdrawReason(each) for each in self.reasons.data or []]


class WithdrawalForm(Form):
    """Staff write down that somebody stops."""

    decided_by = RadiosField(
        "Who decided?", [(each.value, each.words) for each in WhoDecided], required="Choose who decided"
    )
    reasons = CheckboxesField("What did they say?", [(each.value, words) for each, words in WITHDRAW_WORDS.items()])
    their_words = TextareaField("Their words", max_length=1000, hint="If they said more, as they said it.", rows=3)
    our_words = TextareaField(
        "Our reason", max_length=1000, hint="For the record, needed when we decided too. They do not see it.", rows=3
    )
    might_return = RadiosField(
        "Might they come back?", [(each.value, each.words) for each in MightReturn], default=MightReturn.UNKNOWN.value,
        required="Choose whether they might come back",
    )  # fmt: skip

    def validate(self, extra_validators: Any = None) -> bool:
        """Where we decided too, the record says why."""
        is_right = bool(super().validate(extra_validators))
        if self.decided_by.data in {WhoDecided.SCHEME.value, WhoDecided.BOTH.value} and not self.our_words.data:
            self.our_words.errors = [*self.our_words.errors, NO_REASON]
            return False
        return is_right

    def why(self) -> list[WithdrawReason]:
        """What was ticked."""
        return [WithdrawReason(each) for each in self.reasons.data or []]


class SignpostForm(Checked):
    """Somebody else who may help."""

    version = VersionField()
    scheme = SelectField("Scheme", coerce=int, required="Choose the scheme")
    title = TextField("Who may help?", required="Enter who may help", called="The name", max_length=120)
    about = TextareaField("What they do", max_length=500, hint="One sentence, as the letter will say it.", rows=2)
    phone = TelephoneField("Phone number", autocomplete="off")
    web = TextField("Web address", max_length=300, hint="For example, https://example.org")

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Nobody can be sent to who cannot be reached."""
        if not (self.phone.data or self.web.data):
            yield "phone", "Give a phone number or a web address, so that they can be reached"

    def validate_web(self, field: TextField) -> None:
        """A letter must not carry what no browser opens."""
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError("Enter a web address that begins with https://")
