"""Forms about calls, letters and what is passed on."""

from __future__ import annotations

from portal.correspondence.models import Reached, Way
from portal.web.fields import Form, RadiosField, TextareaField
from portal.web.numbers import DateField

HAPPENED = [each for each in Reached if each is not Reached.LATER]
NOTE = "What you agreed. Nothing about checks, health or their past."


class ContactForm(Form):
    """I rang, wrote or met them."""

    way = RadiosField("How?", [(each.value, each.words) for each in Way], required="Choose how")
    reached = RadiosField(
        "What came of it?", [(each.value, each.words) for each in HAPPENED], required="Choose what came of it"
    )
    words = TextareaField("What was said", called="Your note", hint=NOTE, max_length=1000, rows=3)


class TellForm(Form):
    """They have been told, or not yet."""

    way = RadiosField(
        "How?", [(each.value, each.words) for each in (Way.CALL, Way.LETTER, Way.IN_PERSON)], required="Choose how"
    )
    reached = RadiosField(
        "What came of it?", [(each.value, each.words) for each in HAPPENED], required="Choose what came of it"
    )
    words = TextareaField("What was said", called="Your note", hint=NOTE, max_length=1000, rows=3)


class LaterForm(Form):
    """Nobody needs to be in touch before a day."""

    until = DateField("Until which day?", required="Enter the day", called="The day")
    words = TextareaField(
        "Why?", required="Say why nobody needs to be in touch before that day", max_length=500, rows=2
    )
