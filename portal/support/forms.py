"""What is asked about support, and about two people who must not share a group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from portal.accounts.models import User
from portal.support.models import LearnerPlan
from portal.support.services import Agreed
from portal.volunteers.models import Volunteer
from portal.web.fields import CheckboxField, Form, SelectField, TextareaField, TextField
from portal.web.formats import day
from portal.web.numbers import DateField, VersionField

NOT_WHY = "Write what helps, never why: no illness, no diagnosis, nothing about their past."


class PlanForm(Form):
    """What helps somebody to learn. `offer` puts in who may have gone through it with them."""

    version = VersionField()
    support_needs = TextareaField(
        "What helps in a session?", called="What helps", rows=4, max_length=2000, counted=True,
        hint=f"In the learner’s own words, like “Sit me near the door”. {NOT_WHY}",
    )  # fmt: skip
    adjustments = TextareaField(
        "What do we do differently when we teach and assess?", called="What we do differently", rows=3,
        max_length=2000, counted=True, hint="Like large print, more time, answers said aloud instead of written.",
    )  # fmt: skip
    access_arrangements = TextareaField(
        "What must the room, the journey or the screen have?", called="What the room must have", rows=3,
        max_length=2000, counted=True, hint="Like a step-free way in, an interpreter, captions.",
    )  # fmt: skip
    may_trainers_see = CheckboxField(
        "Their trainers may see this",
        hint="The learner decides. They can take it back on their own page at any time, and then it is so at once.",
    )
    agreed_on = DateField("When did you agree this with them?", called="The day you agreed it")
    agreed_with = SelectField("Who went through it with them?", coerce=int)
    review_on = DateField(
        "When will you look at it again?", called="The next look at the plan", hint="It is on your list from that day."
    )

    def offer(self, staff: Sequence[User], plan: LearnerPlan | None) -> None:
        """Put in who there is to choose from; whoever agreed it before stays, though they may have left."""
        people = {user.id: user.name for user in staff}
        if plan is not None and plan.agreed_with is not None:
            people.setdefault(plan.agreed_with.id, plan.agreed_with.name)
        self.agreed_with.choices = [("", "Choose a name"), *people.items()]

    def agreed(self) -> Agreed:
        """As the service takes it."""
        return Agreed(
            support_needs=self.support_needs.data, adjustments=self.adjustments.data,
            access_arrangements=self.access_arrangements.data, may_trainers_see=bool(self.may_trainers_see.data),
            agreed_on=self.agreed_on.data, agreed_with_id=self.agreed_with.data, review_on=self.review_on.data,
        )  # fmt: skip

    def refuse(self, at: Iterable[tuple[str, str]]) -> None:
        """Say each reason at its field."""
        for name, words in at:
            self[name].errors = [*self[name].errors, words]

    def differences(self, plan: LearnerPlan | None, volunteer: Volunteer) -> list[tuple[str, str, str]]:
        """Where what is saved and what was typed differ: (question, saved, typed), in words."""
        saved = shown(plan, volunteer)
        names: dict[Any, str] = {choice.value: choice.label for choice in self.agreed_with.iter_choices()}
        rows = []
        for name, value in saved.items():
            if name == "version":
                continue
            was, typed = (_said(each, names if name == "agreed_with" else {}) for each in (value, self[name].data))
            if was != typed:
                rows.append((self[name].label.text, was, typed))
        return rows


def _said(value: Any, names: dict[Any, str]) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if value in names:
        return names[value]
    return day(value) if hasattr(value, "year") else str(value or "")


def shown(plan: LearnerPlan | None, volunteer: Volunteer) -> dict[str, Any]:
    """What `PlanForm` shows: the plan, or what the applicant told us where there is none yet."""
    if plan is None:
        return {
            "version": 0, "support_needs": volunteer.access_needs or "", "adjustments": "", "access_arrangements": "",
            "may_trainers_see": volunteer.may_share_access_needs, "agreed_on": None, "agreed_with": None,
            "review_on": None,
        }  # fmt: skip
    return {
        "version": plan.version, "support_needs": plan.support_needs, "adjustments": plan.adjustments,
        "access_arrangements": plan.access_arrangements, "may_trainers_see": plan.may_trainers_see,
        "agreed_on": plan.agreed_on, "agreed_with": plan.agreed_with_id, "review_on": plan.review_on,
    }  # fmt: skip


class CommentForm(Form):
    """What the learner says about their own plan."""

    comment = TextareaField(
        "What would you like to say about it?", called="What you say", rows=4, max_length=2000, counted=True,
        hint="What works, what does not. You do not need to say why you need it.",
    )  # fmt: skip
    asks_for_change = CheckboxField("I would like the plan to change", hint="Your coordinator will talk to you.")


class SearchForm(Form):
    """Whom somebody must not share a group with. Read from the address, so it carries no token."""

    class Meta(Form.Meta):
        """A GET form."""

        csrf = False

    search = TextField("Name or reference of the other person", called="The name", autocomplete="off")


class KeepApartForm(Form):
    """Why two people must not share a group."""

    because = TextareaField(
        "Why must they not share a group?", called="The reason", required="Say why they must not share a group",
        max_length=2000, rows=4,
        hint="Only the safeguarding lead can read this, and only for a purpose that is written down.",
    )  # fmt: skip


class OpenForm(Form):
    """What somebody needs to read it for."""

    purpose = TextField(
        "What do you need to read it for?", called="Your purpose", required="Say what you need to read it for",
        max_length=300,
        hint="Your name, the time and this purpose are kept for good. Write nothing here about what it says.",
    )  # fmt: skip
