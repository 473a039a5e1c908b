"""Forms about checks and places."""

from __future__ import annotations

from collections.abc import Iterator

from portal.checks.models import Level, Outcome, Suitability, Workforce
from portal.checks.rules import TRAINEE, FreeTest
from portal.volunteers.forms import Checked
from portal.web.fields import (
    CheckboxesField,
    Form,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
)
from portal.web.numbers import DateField, VersionField

YES_NO = [("no", "No"), ("yes", "Yes")]


class EligibilityForm(Form):
    """Which check a role may have, and why."""

    scheme = SelectField("Scheme", coerce=int, required="Choose the scheme")
    role_title = TextField("Role", required="Enter the role", max_length=120, hint="For example, peer mentor")
    level = RadiosField("Level of check", [(each.value, each.words) for each in Level], required="Choose the level")
    workforce = RadiosField(
        "Workforce", [(each.value, each.words) for each in Workforce], required="Choose the workforce"
    )
    relied_on = TextareaField(
        "Which wording of the rules makes it eligible?", called="The wording", max_length=2000,
        required="Say which wording of the rules makes this role eligible",
        hint="Asking for a check that the role may not have is against the law. Ask your registered body if in doubt.",
    )  # fmt: skip


class ApplyForm(Checked):
    """A check was applied for."""

    eligibility = RadiosField("Which role is it for?", coerce=int, required="Choose the role")
    applied_on = DateField("When was it applied for?", required="Enter the day", called="The day")
    application_reference = TextField("Reference of the application", max_length=30, width=20, hint="If there is one.")
    is_free = RadiosField("Is it a free check, for a volunteer?", YES_NO, required="Choose whether it is free")
    statements = CheckboxesField(
        "For a free check, confirm each of these", [(each.value, each.words) for each in FreeTest], called="Confirm"
    )
    is_trainee = RadiosField(
        "For a free check: are they working towards a qualification that needs this post?", YES_NO, called="Your answer"
    )
    despite_training = TextareaField(
        "If they are: what did the registered body say?", called="What it said", max_length=1000, rows=3
    )

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Everything that a free check asks for."""
        if self.is_free.data != "yes":
            return
        if len(self.statements.data or []) < len(FreeTest):
            yield "statements", "Confirm every statement, or do not claim a free check"
        if self.is_trainee.data is None:
            yield "is_trainee", "Choose whether they are working towards a qualification that needs this post"
        elif self.is_trainee.data == "yes" and not self.despite_training.data:
            yield "despite_training", TRAINEE


class CertificateForm(Form):
    """A certificate was seen: never a copy, never what it says."""

    version = VersionField()
    number = TextField(
        "Certificate number", required="Enter the certificate number", max_length=30, width=20,
        hint="12 digits, with the noughts at the beginning. Only the last four are shown afterwards.",
        params={"inputmode": "numeric", "autocomplete": "off"},
    )  # fmt: skip
    issued_on = DateField("Date of issue", required="Enter the date of issue")
    seen_on = DateField("When did you see the original?", required="Enter the day you saw it", called="The day")
    outcome = RadiosField(
        "What does it show?", [(each.value, each.words) for each in Outcome], required="Choose what it shows",
        hint="Do not write down what it says, here or anywhere.",
    )  # fmt: skip


class DecideForm(Checked):
    """Whether somebody is suitable."""

    version = VersionField()
    decision = RadiosField(
        "What do you decide?", [(each.value, each.words) for each in Suitability], required="Choose what you decide"
    )
    because = TextareaField(
        "Why?", called="The reason", required="Say why", max_length=2000,
        hint="What you weighed: the role, the time since, what has changed. Do not write down offences.",
    )  # fmt: skip
    conditions = TextareaField(
        "Conditions", max_length=1000, rows=3,
        hint="Only for “suitable with conditions”. Coordinators see them: for example, in pairs only.",
    )  # fmt: skip

    def reasons(self) -> Iterator[tuple[str, str]]:
        """Conditions need words."""
        if self.decision.data == Suitability.SUITABLE_WITH_CONDITIONS.value and not self.conditions.data:
            yield "conditions", "Say what the conditions are"


class CloseForm(Form):
    """Why a check ends without a decision."""

    version = VersionField()
    because = TextField(
        "Why is it closed?", required="Say why it is closed", max_length=300,
        hint="For example: the DBS sent it back, a name was missing.",
    )  # fmt: skip
