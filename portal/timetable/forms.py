"""What is asked when a session changes."""

from __future__ import annotations

from portal.web.fields import Form, TextareaField


class CancelSessionForm(Form):
    """Why a session did not take place."""

    because = TextareaField(
        "Why did it not take place?", called="The reason", max_length=500, rows=3,
        required="Say why the session did not take place",
    )  # fmt: skip
