"""Forms about agreements."""

from __future__ import annotations

from collections.abc import Collection

from wtforms.validators import StopValidation

from portal.agreements.models import AgreementKind
from portal.agreements.rules import NOT_THEIRS, is_name_of
from portal.files.forms import UploadField
from portal.files.rules import JPEG, MOST_BYTES, PDF, PNG, listed, size_words
from portal.web.fields import CheckboxField, Form, RadiosField, SelectField, TextareaField, TextField


class AgreementForm(Form):
    """A new version of one kind."""

    scheme = SelectField("Scheme", coerce=int, required="Choose the scheme")
    kind = SelectField(
        "What is it about?", [(each.value, each.words) for each in AgreementKind], required="Choose what it is about"
    )
    title = TextField("Title", required="Enter the title", max_length=120)
    text = TextareaField(
        "What you expect of each other", called="The text", required="Enter the text", max_length=20_000, rows=15,
        hint="What the scheme offers and what it hopes for. Avoid “contract”, “job”, “payment” and “must”.",
    )  # fmt: skip
    asks_again = RadiosField(
        "Does this change ask everybody again?",
        [
            ("yes", "Yes: everybody with a place is asked to read it"),
            ("no", "No: it only puts a mistake right. What was acknowledged before still counts"),
        ],
        required="Choose whether everybody is asked again",
    )

    def typed(self) -> list[tuple[str, str]]:
        """Every answer, to carry it over the page that shows what changes."""
        return [(each.name, str(each.data or "")) for each in self if each.name != "csrf_token"]


class AcknowledgeForm(Form):
    """I have read it."""

    agrees = CheckboxField("I have read it, and I would like to take part in this way", required="Tick the box")
    typed_name = TextField("Your name", required="Type your name", autocomplete="name")
    names: Collection[str] = ()

    def validate_typed_name(self, field: TextField) -> None:
        """A name of their own, said at its box."""
        if not is_name_of(field.data, self.names):
            raise StopValidation(NOT_THEIRS)


class PaperForm(Form):
    """They acknowledged it on paper."""

    agreement = RadiosField("Which one?", coerce=int, required="Choose which one")
    agrees = CheckboxField("I have the paper, with their name on this version", required="Tick the box")
    typed_name = TextField("Their name, as they wrote it", required="Enter their name", autocomplete="off")
    file = UploadField(
        "A scan or photo of the paper", kinds=(PDF, PNG, JPEG),
        hint=f"You can leave this empty. {listed((PDF, PNG, JPEG))}, up to {size_words(MOST_BYTES)}",
    )  # fmt: skip


class EmptyForm(Form):
    """A button: nothing is asked, only the token is checked."""
