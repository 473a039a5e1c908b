"""What somebody is asked who lost their way back."""

from __future__ import annotations

from portal.web.fields import Form, TextField


class LostForm(Form):
    """Where we can send it."""

    reached_at = TextField(
        "Your email address or phone number", required="Enter your email address or your phone number", max_length=254,
        called="Your email address or phone number", hint="The one you gave us when you started.",
    )  # fmt: skip
