"""Forms about offers and declines."""

from __future__ import annotations

from portal.decisions.rules import DeclineKind
from portal.web.fields import Form, RadiosField, TextareaField
from portal.web.numbers import VersionField


class OfferForm(Form):
    """Why a place is offered."""

    version = VersionField()
    because = TextareaField(
        "Why do you offer a place?",
        required="Say why a place is offered",
        hint="For the record. It is not in the letter.",
    )


class DeclineForm(Form):
    """A kind no: a sentence for the letter, words of one's own, and the reason for the record."""

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
    because = TextareaField(
        "What is the reason, for the record?",
        required="Say why, for the record",
        hint="Only staff who decide see this. It is not in the letter.",
        max_length=1000,
    )
