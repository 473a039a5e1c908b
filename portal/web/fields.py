"""The fields our forms are made of: each says in words what is wrong and keeps what was typed.

`required` is the sentence shown when a field is left empty; without it the field is optional. `called` is how
error messages name the field when its label is a question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_wtf import FlaskForm
from flask_wtf.csrf import _FlaskFormCSRF
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Field as WTField
from wtforms import fields as wtf
from wtforms.fields.choices import Choice
from wtforms.validators import StopValidation, ValidationError

from portal.web import text, widgets
from portal.web.own import OurField

SUBMITTING = {"POST", "PUT", "PATCH", "DELETE"}
FORGED = "Your page was open for a long time. Check your answers and send them again."
Choices = Iterable[tuple[Any, str]]


class Form(FlaskForm):
    """The base of all our forms.

    `asked_first` names the fields that stand on the page before those of the form that this one builds on: the list of
    errors follows the page.
    """

    asked_first: tuple[str, ...] = ()

    class Meta(FlaskForm.Meta):
        """Plain words when the form is too old, and no surprises in what is read from the request."""

        class csrf_class(_FlaskFormCSRF):  # noqa: N801 - the name is WTForms'
            """The usual protection, with words for people."""

            def validate_csrf_token(self, form: FlaskForm, field: WTField) -> None:
                """Raise our words instead of "The CSRF token has expired."."""
                try:
                    super().validate_csrf_token(form, field)
                except ValidationError as error:
                    raise ValidationError(FORGED) from error

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            """Read fields and files of a submitted form, and never a JSON body."""
            if isinstance(formdata, CombinedMultiDict) or hasattr(formdata, "getlist") or formdata is None:
                return formdata
            if request.method in SUBMITTING:
                return CombinedMultiDict((request.files, request.form))
            return None

    def __iter__(self) -> Iterator[Any]:
        """The fields in the order of the page."""
        yield from (self._fields[name] for name in self.asked_first)
        yield from (field for name, field in self._fields.items() if name not in self.asked_first)


class TextField(OurField, wtf.StringField):
    """One line of text. `data` is tidied text, "" when nothing was typed."""

    widget = widgets.TextWidget()
    is_multiline = False
    max_length = 200

    def __init__(
        self,
        label: str | None = None,
        *,
        max_length: int | None = None,
        width: int | None = None,
        autocomplete: str | None = None,
        **kwargs: Any,
    ) -> None:
        """`width` is in characters: 2, 3, 4, 5, 10, 20 or 30."""
        super().__init__(label, **kwargs)
        self.max_length = max_length or self.max_length
        if width:
            self.gov_params.setdefault("classes", f"govuk-input--width-{width}")
        if autocomplete:
            self.gov_params["autocomplete"] = autocomplete

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first value posted; a file where text was meant, or nothing, is an empty answer."""
        typed = valuelist[0] if valuelist and isinstance(valuelist[0], str) else ""
        self.raw_data = [typed]
        self.data = text.tidy(typed)

    def pre_validate(self, form: FlaskForm) -> None:
        """Check what is true of all text before what this field asks for."""
        self.stop_if_empty(not self.data)
        if text.cannot_be_kept(self.data, lines=self.is_multiline):
            raise StopValidation(f"{self.called} has a character in it that we cannot keep. Type it again")
        if len(self.data) > self.max_length:
            raise StopValidation(f"{self.called} must be {self.max_length:,} characters or fewer")
        self.check()

    def check(self) -> None:
        """What this kind of text must be: `StopValidation` with words, or `data` in its kept form."""

    def _value(self) -> str:
        if self.raw_data:
            return text.showable(self.raw_data[0])
        return str(self.data) if self.data else ""


class TextareaField(TextField):
    """Several lines of text; `counted` shows how many characters are left."""

    widget = widgets.TextareaWidget()
    is_multiline = True
    max_length = 4000

    def __init__(self, label: str | None = None, *, rows: int = 5, counted: bool = False, **kwargs: Any) -> None:
        """`rows` is how tall the box is at first."""
        super().__init__(label, **kwargs)
        self.gov_params["rows"] = rows
        if counted:
            self.widget = widgets.CharacterCountWidget()
            self.gov_params |= {"maxlength": self.max_length, "threshold": 75}


class EmailField(TextField):
    """An e-mail address."""

    max_length = 254

    def __init__(self, label: str | None = None, **kwargs: Any) -> None:
        """Offers the person's own address unless `autocomplete` says otherwise."""
        super().__init__(label, **{"autocomplete": "email", **kwargs})
        self.gov_params |= {"type": "email", "spellcheck": False}

    def check(self) -> None:
        """Check the form of the address; nobody's server is asked."""
        try:
            self.data = validate_email(self.data, check_deliverability=False, allow_smtputf8=False).normalized
        except EmailNotValidError as error:
            raise StopValidation("Enter an email address in the correct format, like name@example.com") from error


class TelephoneField(TextField):
    """A telephone number; `data` is in the international form, +447700900123, and " ext. 2" where one was given."""

    max_length = 40

    def __init__(self, label: str | None = None, **kwargs: Any) -> None:
        """Offers the person's own number unless `autocomplete` says otherwise."""
        super().__init__(label, **{"autocomplete": "tel", "width": 20, **kwargs})
        self.gov_params["type"] = "tel"

    def _value(self) -> str:
        return super()._value() if self.raw_data else text.phone(self.data)

    def check(self) -> None:
        """Numbers without a country's code are British; only length is judged, as ranges change."""
        try:
            number = phonenumbers.parse(self.data, "GB")
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise StopValidation("Enter a phone number, like 01632 960 001, 07700 900 982 or +44 808 157 0192")
        inside = f" ext. {number.extension}" if number.extension else ""  # an office's switchboard: who to ask for
        self.data = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + inside


class PasswordField(TextField):
    """A password: taken as typed, never sent back."""

    widget = widgets.PasswordWidget()
    max_length = 128

    def __init__(self, label: str | None = None, **kwargs: Any) -> None:
        """Say `autocomplete="new-password"` where one is chosen."""
        super().__init__(label, **{"autocomplete": "current-password", **kwargs})

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Keep spaces: they are part of it."""
        super().process_formdata(valuelist)
        self.data = (self.raw_data or [""])[0]

    def _value(self) -> str:
        return ""


class _Choice(OurField):
    """One answer from a list; `data` is None when nothing was chosen."""

    hints: Mapping[Any, str] = {}

    def __init__(
        self,
        label: str | None = None,
        choices: Choices | Callable[[], Choices] | None = None,
        *,
        hints: Mapping[Any, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """`hints` maps a choice's value to the words under it."""
        super().__init__(label, **kwargs)
        self.choices = list(choices) if isinstance(choices, Iterable) else choices
        self.hints = hints or {}

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the answer; what is no answer is told apart from no answer in `pre_validate`."""
        self.data = None
        if valuelist and valuelist[0] != "":
            try:
                self.data = self.coerce(valuelist[0])  # type: ignore[attr-defined]
            except (ValueError, TypeError, KeyError):
                self.data = None

    def iter_choices(self) -> list[Choice]:
        """The answers; the empty one stands for none, whatever kind the others are of."""
        offered = self._choices_from_input(self.choices) or []  # type: ignore[attr-defined]
        return [Choice(each.value, each.label, self._is_chosen(each.value), each.render_kw) for each in offered]

    def _is_chosen(self, value: Any) -> bool:
        if value == "":
            return self.data is None
        return bool(self.coerce(value) == self.data)  # type: ignore[attr-defined]

    def pre_validate(self, form: FlaskForm) -> None:
        """Only what is on the list is an answer."""
        typed = [value for value in (getattr(self, "raw_data", None) or []) if value != ""]
        self.stop_if_empty(self.data is None and not typed)
        if self.data is None or not any(choice.selected for choice in self.iter_choices()):
            raise StopValidation("Choose one of the answers on the list")


class RadiosField(_Choice, wtf.RadioField):
    """One answer of a few, all of them seen at once."""

    widget = widgets.RadiosWidget()


class SelectField(_Choice, wtf.SelectField):
    """One answer of many; give an empty first choice so that nothing is chosen by accident."""

    widget = widgets.SelectWidget()


class CheckboxesField(OurField, wtf.SelectMultipleField):
    """Any answers of a few; `data` is a list."""

    widget = widgets.CheckboxesWidget()

    def __init__(
        self,
        label: str | None = None,
        choices: Choices | Callable[[], Choices] | None = None,
        *,
        hints: Mapping[Any, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """`hints` maps a choice's value to the words under it."""
        super().__init__(label, **kwargs)
        self.choices = list(choices) if isinstance(choices, Iterable) else choices
        self.hints = hints or {}

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take each answer once."""
        try:
            self.data = list(dict.fromkeys(self.coerce(value) for value in valuelist))
        except (ValueError, TypeError, KeyError):
            self.data = [None]  # on no list, so that the check below says so

    def pre_validate(self, form: FlaskForm) -> None:
        """Only what is on the list is an answer."""
        self.stop_if_empty(not self.data)
        offered = [self.coerce(choice[0]) for choice in self.iter_choices()]
        if any(value not in offered for value in self.data):
            raise StopValidation("Choose only from the answers on the list")


class CheckboxField(OurField, wtf.BooleanField):
    """One box to tick; `required` is what is said when it must be ticked and is not."""

    widget = widgets.CheckboxWidget()

    def pre_validate(self, form: FlaskForm) -> None:
        """An empty box is an answer, unless it must be ticked."""
        if self.required and not self.data:
            raise StopValidation(self.required)

    def _value(self) -> str:
        return "y"
