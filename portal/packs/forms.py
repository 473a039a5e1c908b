"""What is asked to put a file to a session."""

from __future__ import annotations

from collections.abc import Sequence

from courses.syllabus import Session
from portal.courses.models import Audience
from portal.files.forms import UploadField
from portal.packs.rules import LONGEST_TITLE
from portal.web.fields import Form, RadiosField, SelectField, TextField


class AddFileForm(Form):
    """A file and who gets it. Call `offer` first: it puts in the sessions to choose from."""

    session = SelectField("Which session is it for?", required="Choose the session", coerce=int)
    title = TextField(
        "What is it?", called="The title", max_length=LONGEST_TITLE, required="Give the file a title",
        hint="Like “Slides” or “Role-play cards”. A file of the same title is replaced, and kept.",
    )  # fmt: skip
    audience = RadiosField(
        "Who is it for?", [(each.value, each.words) for each in Audience], required="Choose who it is for"
    )
    file = UploadField("The file", required="Choose the file")

    def offer(self, sessions: Sequence[Session]) -> None:
        """Put in what there is to choose from."""
        self.session.choices = [("", "Choose a session"), *((str(each.number), _words(each)) for each in sessions)]


def _words(session: Session) -> str:
    return f"{session.number}. {session.title}"
