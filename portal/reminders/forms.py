"""What is asked when an address did not work."""

from __future__ import annotations

from collections.abc import Iterator

from portal.volunteers.forms import Checked
from portal.web.fields import EmailField, Form, TelephoneField


class EmptyForm(Form):
    """A button: nothing is asked, only the token is checked."""


class AddressForm(Checked):
    """Another way to reach a referee; `dead` is the address that did not work."""

    dead = ""
    email = EmailField("Their email address", autocomplete="off", hint="Or give a phone number below.")
    phone = TelephoneField("Their phone number", autocomplete="off")

    def reasons(self) -> Iterator[tuple[str, str]]:
        """One way is enough, but not the one that failed."""
        if not self.email.data and not self.phone.data and not self.phone.errors:
            yield "email", "Enter an email address or a phone number"
        elif self.email.data and self.email.data.casefold() == self.dead.casefold():
            yield "email", "This is the address that did not work. Give another one, or a phone number"
