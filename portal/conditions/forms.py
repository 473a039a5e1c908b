"""Forms about what a place hangs on."""

from __future__ import annotations

from portal.web.fields import Form


class EmptyForm(Form):
    """A button: nothing is asked, only the token is checked."""
