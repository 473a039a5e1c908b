"""The questions of signing in, of invitations and of staff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms.validators import StopValidation

from portal.access import Role
from portal.accounts.rules import reasons_against_password
from portal.schemes.models import Area, Scheme
from portal.web.fields import EmailField, Form, PasswordField, SelectField, TextField

NEW_PASSWORD_HINT = "At least 12 characters. Three words that do not belong together work well."  # noqa: S105


class EmailForm(Form):
    """Which address."""

    email = EmailField("Email address", required="Enter your email address", autocomplete="username")


class PasswordForm(Form):
    """The password of an account."""

    password = PasswordField("Password", required="Enter your password")


class CodeForm(Form):
    """Six digits, from an e-mail or an app."""

    code = TextField(
        "Code", required="Enter the code", hint="6 digits", width=10, max_length=40, autocomplete="one-time-code",
        params={"inputmode": "numeric", "spellcheck": False},
    )  # fmt: skip


class RecoveryCodeForm(Form):
    """One of the codes kept for a lost phone."""

    code = TextField(
        "Recovery code", required="Enter a recovery code", hint="Like 1a2b-3c4d-5e6f", width=20, max_length=40,
        autocomplete="off", params={"spellcheck": False},
    )  # fmt: skip


class NewPasswordForm(Form):
    """A password to be; `about` is what others know of the person."""

    new_password = PasswordField(
        "New password", required="Enter a new password", hint=NEW_PASSWORD_HINT, autocomplete="new-password"
    )

    def __init__(self, *args: Any, about: Sequence[str] = (), **kwargs: Any) -> None:
        """Remember what must not be in the password."""
        super().__init__(*args, **kwargs)
        self.about = about

    def validate_new_password(self, field: PasswordField) -> None:
        """Say what is wrong with it."""
        for reason in reasons_against_password(field.data, about=self.about):
            raise StopValidation(reason)


class ChangePasswordForm(NewPasswordForm):
    """The old one first: a page left open is not enough to take an account over."""

    password = PasswordField("Your password now", required="Enter your password as it is now")


class InvitationForm(Form):
    """Whom to invite, and as what."""

    name = TextField("Name", required="Enter their name", autocomplete="off")
    email = EmailField("Email address", required="Enter their email address", autocomplete="off")
    role = SelectField(
        "Role",
        [("", "Choose a role"), *[(role.value, role.words) for role in Role if role is not Role.VOLUNTEER]],
        required="Choose a role",
    )
    place = SelectField(
        "Where", required="Choose where they hold this role", hint="Most staff work in the whole scheme."
    )

    def __init__(self, *args: Any, schemes: Sequence[Scheme], **kwargs: Any) -> None:
        """Offer the schemes this person looks after, and their areas."""
        super().__init__(*args, **kwargs)
        self.places: dict[str, tuple[Scheme, Area | None]] = {}
        for scheme in schemes:
            self.places[f"{scheme.id}"] = (scheme, None)
            self.places |= {f"{scheme.id}-{area.id}": (scheme, area) for area in scheme.areas}
        self.place.choices = [
            (key, area.name if area else f"All of {scheme.name}") for key, (scheme, area) in self.places.items()
        ]
