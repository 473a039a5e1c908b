"""Forms about agreements."""

from __future__ import annotations

from portal.web.fields import CheckboxField, Form, SelectField, TextareaField, TextField


class AgreementForm(Form):
    """A new version of the agreement."""

    scheme = SelectField("Scheme", coerce=int, required="Choose the scheme")
    title = TextField("Title", required="Enter the title", max_length=120)
    text = TextareaField(
        "What you expect of each other", called="The text", required="Enter the text", max_length=20_000, rows=15,
        hint="What the scheme offers and what it hopes for. Avoid “contract”, “job”, “payment” and “must”.",
    )  # fmt: skip


class AcknowledgeForm(Form):
    """I have read it."""

    agrees = CheckboxField("I have read it, and I would like to take part in this way", required="Tick the box")
    typed_name = TextField("Your name", required="Type your name", autocomplete="name")


class PaperForm(Form):
    """They acknowledged it on paper."""

    agrees = CheckboxField("I have the paper, with their name on this version", required="Tick the box")
    typed_name = TextField("Their name, as they wrote it", required="Enter their name", autocomplete="off")
