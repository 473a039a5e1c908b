"""What is asked before a group moves to another version of its course."""

from __future__ import annotations

from wtforms import HiddenField

from portal.web.fields import Form, TextareaField


class MoveToVersionForm(Form):
    """Why, and what was decided on."""

    seen = HiddenField()
    because = TextareaField(
        "Why does the group move to this version?", called="The reason", max_length=400, rows=3,
        required="Say why the group moves to this version", hint="Your reason is kept with the change.",
    )  # fmt: skip
