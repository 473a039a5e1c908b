"""Forms of the page that says where somebody is."""

from __future__ import annotations

from portal.web.fields import Form, TextField


class LostLinkForm(Form):
    """The contact that they gave us."""

    contact = TextField(
        "Your email address or phone number", called="What you typed",
        required="Enter your email address or phone number",
        hint="The one that you gave us when you got in touch.", max_length=254,
    )  # fmt: skip
