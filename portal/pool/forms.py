"""Forms about approving, breaks, leaving, and what is shown of the board and the pool."""

from __future__ import annotations

from portal.pool.rules import ON_THE_BOARD
from portal.volunteers.rules import FREE
from portal.web.fields import Form, RadiosField, SelectField, TextareaField
from portal.web.numbers import VersionField


class ApproveForm(Form):
    """Somebody may start as a mentor."""

    because = TextareaField(
        "Why do you approve them?", required="Say why you approve them", called="The reason", max_length=2000,
        hint="What you looked at, and what you make of it. It is kept for years.",
    )  # fmt: skip
    conditions = TextareaField(
        "Conditions", max_length=1000, rows=3,
        hint="If there are any, like “in pairs for the first three months”. Shown in the pool. Leave it empty if none.",
    )  # fmt: skip
    version = VersionField()


class RestForm(Form):
    """A break from mentoring."""

    because = TextareaField(
        "What did you agree?", required="Say what you agreed", called="What you agreed", max_length=1000, rows=3,
        hint="Like how long, and when you will talk again. Leave out anything about health.",
    )  # fmt: skip
    version = VersionField()


class WelcomeBackForm(Form):
    """The end of a break."""

    because = TextareaField(
        "What did you agree about coming back?", required="Say what you agreed about coming back",
        called="What you agreed", max_length=1000, rows=3,
    )  # fmt: skip
    version = VersionField()


class LeaveForm(Form):
    """Leaving the scheme."""

    because = TextareaField(
        "Why are they leaving?", required="Say why they are leaving", called="The reason", max_length=1000, rows=3,
    )  # fmt: skip
    referral_considered = RadiosField(
        "Did you think about a referral to the DBS?", [("yes", "Yes"), ("no", "No")],
        required="Say whether you thought about a referral to the DBS",
        hint="It must be made when somebody is taken away from this work because they harmed a person, or might.",
    )  # fmt: skip
    referral_because = TextareaField(
        "Why was it needed, or not?", required="Say why a referral to the DBS was or was not needed",
        called="The reason about a referral", max_length=1000, rows=3,
        hint="One sentence. What happened belongs with the safeguarding lead, not here.",
    )  # fmt: skip
    version = VersionField()


class _Filter(Form):
    """Read from the address, so it carries no token."""

    class Meta(Form.Meta):
        """A GET form."""

        csrf = False


class BoardFilter(_Filter):
    """Which part of the readiness board is shown."""

    stage = SelectField("Stage", [("", "All stages"), *((each.value, each.words.in_report) for each in ON_THE_BOARD)])
    area = SelectField("Area")


class PoolFilter(_Filter):
    """Which mentors of the pool are shown."""

    area = SelectField("Area")
    free = SelectField("Free on", [("", "Any time"), *FREE.items()])
