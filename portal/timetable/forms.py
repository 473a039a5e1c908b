"""What is asked when a session changes."""

from __future__ import annotations

from typing import Any

from wtforms.fields import HiddenField

from portal.cohorts.forms import MeetingLinkField
from portal.web.fields import CheckboxField, Form, RadiosField, TextareaField, TextField
from portal.web.numbers import DateField, TimeField

ONLY, LATER = "only", "later"


class _PlaceForm(Form):
    """Where a session is held."""

    venue = TextField("Where it is held", max_length=300, hint="Leave it empty when the session is online only")
    meeting_link = MeetingLinkField("Link to the online meeting", hint="Like https://meet.example.org/abc. Optional.")
    seen = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """A place, a link, or both."""
        is_valid: bool = super().validate(extra_validators)
        if not self.venue.data and not self.meeting_link.data and not self.meeting_link.errors:
            self.venue.errors = ["Enter where it is held, or the link to the online meeting"]
            is_valid = False
        return is_valid


class MoveForm(_PlaceForm):
    """When and where a session is to be held; `how` and `is_sure` are asked once the effects are shown."""

    on = DateField("New day", required="Enter the new day")
    at = TimeField("Starts at", called="The start", required="Enter the time it starts, like 18:00")
    how = RadiosField("Move later ones too?", [(ONLY, "No, only this one"), (LATER, "Yes, move the later ones too")])
    is_sure = CheckboxField("Move it all the same: it was held or marked already, and its marks stay with it")


class PlaceForm(_PlaceForm):
    """Another room or link, for one session or for all that come after it too."""

    how = RadiosField(
        "For which sessions?", [(ONLY, "Only this one"), (LATER, "This one and every later one")],
        required="Choose for which sessions",
    )  # fmt: skip


class CancelSessionForm(Form):
    """Why a session does not take place."""

    because = TextareaField(
        "Why did it not take place?", called="The reason", max_length=500, rows=3,
        required="Say why the session did not take place", hint="Only staff see this. People are told that it is off.",
    )  # fmt: skip


class ReplaceForm(Form):
    """When a cancelled session is held after all."""

    on = DateField("New day", required="Enter the new day")
    at = TimeField("Starts at", called="The start", required="Enter the time it starts, like 18:00")
