"""What staff are asked when two records may be of one person."""

from __future__ import annotations

from portal.web.fields import CheckboxesField, Form, RadiosField, TextareaField


class JoinForm(Form):
    """Which record goes on, and what it takes from the other."""

    kept = RadiosField("Which record goes on?", required="Choose which record goes on", coerce=int)
    carry = CheckboxesField(
        "What shall it take from the other?", hint="Leave a box empty to keep what the record says now."
    )
    referees = CheckboxesField("People who can speak for them, to take over as well", coerce=int)
    because = TextareaField(
        "How do you know that they are one person?", required="Say how you know that they are one person",
        max_length=1000, rows=3, hint="Like: rang them, and they said so.",
    )  # fmt: skip


class DifferentForm(Form):
    """They are two people."""

    because = TextareaField("How do you know?", max_length=1000, rows=2, hint="You can leave this empty.")
