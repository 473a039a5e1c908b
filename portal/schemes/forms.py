"""What a scheme says of itself, what it settles, and its areas."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from wtforms.validators import StopValidation

from portal.schemes.models import AREA_TEXTS, Area, Doors, Scheme
from portal.schemes.rules import BOUNDS, GATE_TITLES, ReferencesAsked, SchemeSettings, reasons_against_slug, titles_of
from portal.web.fields import (
    CheckboxesField,
    CheckboxField,
    EmailField,
    Form,
    RadiosField,
    TelephoneField,
    TextareaField,
    TextField,
)
from portal.web.numbers import VersionField, WholeNumberField

AS_ELSEWHERE = "Leave it empty where the scheme’s own words hold here too."
PLAIN = "Short words, short sentences: about reading age 9."


def _figure(name: str, label: str, called: str, unit: str, hint: str = "") -> WholeNumberField:
    least, most = BOUNDS[name]
    return WholeNumberField(
        label, least=least, most=most, unit=unit, called=called, hint=hint, required=f"Enter a number: {called.lower()}"
    )


class TextsForm(Form):
    """The words of a scheme's public page."""

    version = VersionField()
    name = TextField("Name of the scheme", required="Enter the name of the scheme", max_length=120)
    strapline = TextField("One line under the name")
    about = TextareaField("What the scheme does", hint=PLAIN)
    about_role = TextareaField("What a peer mentor does", hint=PLAIN)
    about_time = TextareaField("How much time it takes", hint="The course, and after it. In hours a week.")
    about_convictions = TextareaField(
        "What you say about convictions", hint="People decide by this whether to apply. Say that a past is no bar."
    )
    about_independence = TextareaField("How the scheme is independent", hint="For example of the police and of courts.")
    phone = TelephoneField("Phone", autocomplete="off")
    email = EmailField("Email address", autocomplete="off")

    def texts(self) -> dict[str, str]:
        """The words as they are kept."""
        return {field.name: field.data for field in self if field.name not in {"version", "csrf_token"}}


class QuestionsForm(Form):
    """What everybody is asked at an interview."""

    version = VersionField()
    questions = TextareaField(
        "What do you ask everybody?", called="The questions", rows=12, required="Enter at least one question",
        hint="One question on each line. They are sent before the talk, so that nobody is surprised. "
        "Do not ask about health, offences or benefits.",
    )  # fmt: skip

    def lines(self) -> tuple[str, ...]:
        """Each question, without empty lines."""
        return tuple(words for line in self.questions.data.splitlines() if (words := " ".join(line.split())))


class SettingsForm(Form):
    """Everything a scheme settles, in one page."""

    version = VersionField()
    references_needed = _figure(
        "references_needed", "How many references do you ask for?", "References needed", "references"
    )
    reference_link_days = _figure(
        "reference_link_days", "How long does a referee’s link work?", "Days of a referee’s link", "days"
    )
    reply_within_days = _figure(
        "reply_within_days", "How soon do you reply to an application?", "Days to reply", "days",
        "Applicants are told this when they apply.",
    )  # fmt: skip
    gates_to_train = CheckboxesField(
        "What must be in place before somebody starts the course?", GATE_TITLES.items(), called="Before the course"
    )
    references_asked = RadiosField(
        "When are references asked for?", [(each.value, each.words) for each in ReferencesAsked],
        required="Choose when references are asked for", called="References asked for",
    )  # fmt: skip
    gates_to_approve = CheckboxesField(
        "What must be in place before somebody is approved to be active?", GATE_TITLES.items(), called="Before approval"
    )
    four_eyes = CheckboxField(
        "Whoever approves somebody must not have assessed them", hint="Two people look at every decision."
    )
    blind_shortlisting = CheckboxField(
        "Hide name and address until it is decided whether to invite somebody",
        hint="Applications are then read by their reference.",
    )
    interview_pass_mark = _figure(
        "interview_pass_mark", "From how many points of 24 may a place be offered?", "Points to offer a place", "points"
    )
    promise_days = _figure(
        "promise_days", "After how many days without a word does somebody turn red?", "Days without a word", "days",
        "They then stand in the list of people to get in touch with.",
    )  # fmt: skip
    withdrawal_undo_days = _figure(
        "withdrawal_undo_days", "How long can a withdrawal be undone?", "Days to undo a withdrawal", "days"
    )
    register_locks_after_days = _figure(
        "register_locks_after_days", "When does a register lock?", "Days until a register locks", "days",
        "After that a change needs a reason.",
    )  # fmt: skip
    late_after_minutes = _figure(
        "late_after_minutes", "When is somebody who checks in late?", "Minutes until somebody is late", "minutes",
        "Whoever checks in after more minutes than this is marked as late.",
    )  # fmt: skip
    dbs_overdue_after_days = _figure(
        "dbs_overdue_after_days", "When is a DBS check overdue?", "Days until a DBS check is overdue", "days"
    )
    dbs_recheck_after_months = _figure(
        "dbs_recheck_after_months", "When is a DBS check renewed?", "Months until a DBS check is renewed", "months"
    )
    iqa_sample_percent = _figure(
        "iqa_sample_percent", "How much assessment does the IQA sample?", "Share the IQA samples", "percent"
    )

    def settings(self, before: SchemeSettings) -> SchemeSettings:
        """What was chosen; what this page does not ask stays as it was. Gates keep the order of the journey."""
        typed: dict[str, Any] = {
            name: self[name].data for name in (*BOUNDS, "four_eyes", "blind_shortlisting", "references_asked")
        }
        for name in ("gates_to_train", "gates_to_approve"):
            chosen = self[name].data or []
            typed[name] = tuple(key for key in GATE_TITLES if key in chosen)
        return SchemeSettings.from_json(before.to_json() | typed)


class AreaForm(Form):
    """An area that is there."""

    version = VersionField()
    name = TextField("Name of the area", required="Enter the name of the area", max_length=120)
    about = TextareaField("What people should know about it", hint=PLAIN)
    about_role = TextareaField("What a peer mentor does here", hint=AS_ELSEWHERE)
    about_time = TextareaField("How much time it takes here", hint=AS_ELSEWHERE)
    about_convictions = TextareaField("What you say about convictions here", hint=AS_ELSEWHERE)
    doors = RadiosField(
        "Can people apply?", [(each.value, each.words) for each in Doors], required="Choose whether people can apply"
    )


class NewAreaForm(Form):
    """An area that is to be."""

    taken: Collection[str] = ()

    name = TextField("Name of the area", required="Enter the name of the area", max_length=120)
    slug = TextField(
        "Its part of the web address", required="Enter its part of the web address", max_length=60, width=20,
        called="Web address", hint="Small letters and hyphens, like bishop-auckland. It cannot be changed later.",
        params={"spellcheck": False},
    )  # fmt: skip
    about = TextareaField("What people should know about it", hint=PLAIN)

    def validate_slug(self, field: TextField) -> None:
        """Say what an address may be made of."""
        for reason in reasons_against_slug(field.data):
            raise StopValidation(reason)
        if field.data in self.taken:
            raise StopValidation("Another area of this scheme has this web address already")


def shown_texts(scheme: Scheme) -> dict[str, Any]:
    """What `TextsForm` shows of a scheme."""
    names = (
        "version", "name", "strapline", "about", "about_role", "about_time", "about_convictions", "about_independence",
        "phone", "email",
    )  # fmt: skip
    return {name: getattr(scheme, name) for name in names}


def shown_settings(scheme: Scheme) -> dict[str, Any]:
    """What `SettingsForm` shows of a scheme."""
    return {"version": scheme.version} | scheme.settings.to_json()


def shown_area(area: Area) -> dict[str, Any]:
    """What `AreaForm` shows of an area."""
    words = {name: getattr(area, name) for name in ("version", "name", *AREA_TEXTS)}
    return words | {"doors": area.doors.value}


def differences(form: Form, saved: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Where a form and what is saved now differ: (question, saved, typed), in words."""
    pairs = [(field.label.text, _said(field, saved.get(field.name)), _said(field, field.data)) for field in form]
    hidden = (
        {form.version.label.text, form.csrf_token.label.text} if "csrf_token" in form else {form.version.label.text}
    )
    return [pair for pair in pairs if pair[1] != pair[2] and pair[0] not in hidden]


def _said(field: Any, value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(field, CheckboxesField):
        return titles_of(value or ())
    if isinstance(field, RadiosField):
        words: dict[str, str] = dict(field.choices)  # type: ignore[arg-type]
        return words.get(value, "") if value else ""
    return "" if value is None else str(value)
