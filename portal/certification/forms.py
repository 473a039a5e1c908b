"""What is asked to issue, replace and withdraw certificates, to check one, and to choose CV evidence."""

from __future__ import annotations

from collections.abc import Sequence

from portal.certification.rules import Part
from portal.cohorts.models import Enrolment
from portal.web.fields import CheckboxesField, Form, TextareaField, TextField
from portal.web.numbers import VersionField


class IssueForm(Form):
    """Who of those ready gets a certificate now."""

    people = CheckboxesField("Who is ready", required="Choose at least one person", coerce=int)

    def offer(self, ready: Sequence[Enrolment]) -> None:
        """Put in the people to choose from; all are ticked at first."""
        self.people.choices = [(each.id, each.volunteer.name) for each in ready]
        if not self.is_submitted():
            self.people.data = [each.id for each in ready]


class BecauseForm(Form):
    """Why a certificate is replaced or withdrawn."""

    because = TextareaField("Why?", called="The reason", max_length=500, required="Enter the reason", rows=3)
    version = VersionField()


class CheckForm(Form):
    """A check code, typed from a certificate."""

    code = TextField(
        "Check code", max_length=100, required="Enter the check code", autocomplete="off",
        hint="The letters after /c/ on the certificate. Spaces, hyphens and small letters do not matter.",
    )  # fmt: skip


class CvForm(Form):
    """What a mentor shows."""

    shown = CheckboxesField("What shall it show?", [(part.value, part.words) for part in Part])
    own_words = TextareaField(
        "Your own words, if you want any", called="Your own words", max_length=1000, rows=5, counted=True,
        hint="What you are proud of, say. Please do not write about anybody you support.",
    )  # fmt: skip
    version = VersionField()
