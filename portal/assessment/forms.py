"""What is asked to decide criteria, and to decide a sample of the quality check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from courses.syllabus import Unit
from portal.assessment.models import CriterionDecision, CriterionState, EvidenceType, IqaDecision
from portal.web.fields import CheckboxesField, CheckboxField, Form, RadiosField, SelectField, TextareaField
from portal.web.numbers import VersionField

DECIDED = [(each.value, each.words) for each in (CriterionState.MET, CriterionState.NOT_YET_MET)]
KINDS = [("", "Choose the kind of evidence"), *((each.value, each.words) for each in EvidenceType)]


class Evidence(Form):
    """The evidence and the feedback, for one criterion or for several at once."""

    evidence_type = SelectField("Kind of evidence", KINDS)
    evidence = TextareaField(
        "Where is the evidence?", called="The evidence", rows=3, hint="Like “portfolio page 12”, or what you saw"
    )
    feedback = TextareaField(
        "Feedback for the learner", required="Write feedback for the learner", rows=4,
        hint="They will read this. Say what they did well, and what to do next.",
    )  # fmt: skip
    because = TextareaField(
        "Why are you opening this unit again?", called="The reason", rows=3, max_length=400,
        hint="The IQA has agreed it, and will look at it again",
    )  # fmt: skip

    def kind(self) -> EvidenceType | None:
        """The kind of evidence; None when none was chosen."""
        return EvidenceType(self.evidence_type.data) if self.evidence_type.data else None

    def needs_evidence(self) -> bool:
        """Whether anything is to be met: that needs evidence."""
        return False

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field first; then whether there is evidence for what is met."""
        is_right = bool(super().validate(extra_validators))
        if self.needs_evidence():
            for field, words in (
                (self.evidence_type, "Choose the kind of evidence"),
                (self.evidence, "Say where the evidence is"),
            ):
                if not field.data and not field.errors:
                    field.errors = [words]
                    is_right = False
        return is_right


class DecideForm(Evidence):
    """One criterion."""

    asked_first = ("state",)
    state = RadiosField("Decision", DECIDED, required="Choose “met” or “not yet met”")
    version = VersionField()

    def saw(self, version: int) -> None:
        """The page is drawn again, from this version."""
        self.version.raw_data, self.version.data = None, version

    def needs_evidence(self) -> bool:
        """Only what is met needs evidence."""
        return bool(self.state.data == CriterionState.MET.value)


class UnitForm(Evidence):
    """Several criteria of one unit, with one piece of evidence and one feedback. Made by `unit_form`."""

    names: Mapping[str, str] = {}

    def chosen(self) -> dict[str, CriterionState]:
        """What was decided, by criterion; those left as they are, are left out."""
        picked = {key: self[f"state_{name}"].data for key, name in self.names.items()}
        return {key: CriterionState(value) for key, value in picked.items() if value}

    def seen(self, key: str) -> int:
        """The version of a criterion's decision this page was drawn from."""
        return int(self[f"version_{self.names[key]}"].data or 0)

    def saw(self, versions: Mapping[str, int]) -> None:
        """The page is drawn again, from these versions."""
        for key, name in self.names.items():
            self[f"version_{name}"].raw_data, self[f"version_{name}"].data = None, versions.get(key, 0)

    def needs_evidence(self) -> bool:
        """Only what is met needs evidence."""
        return any(self[f"state_{name}"].data == CriterionState.MET.value for name in self.names.values())

    def validate(self, extra_validators: Any = None) -> bool:
        """At least one criterion is decided."""
        is_right = super().validate(extra_validators)
        fields = [self[f"state_{name}"] for name in self.names.values()]
        if fields and not any(field.data or field.errors for field in fields):
            fields[0].errors = ["Decide at least one criterion"]
            is_right = False
        return is_right


def unit_form(unit: Unit, decisions: Mapping[str, CriterionDecision]) -> UnitForm:
    """The form for one unit, with a question for each of its criteria."""
    names = {each.key: each.key.replace(".", "_") for each in unit.criteria}
    parts: dict[str, Any] = {"names": names}
    data: dict[str, int] = {}
    for each in unit.criteria:
        now = decisions.get(each.key)
        words = f"{each.key}: {each.text}"
        hint = f"Now: {now.state.words.lower()}" if now else "Not decided yet"
        parts[f"state_{names[each.key]}"] = RadiosField(
            words, DECIDED, hint=hint, called=each.key, params={"classes": "govuk-radios--inline govuk-radios--small"}
        )
        parts[f"version_{names[each.key]}"] = VersionField()
        data[f"version_{names[each.key]}"] = now.version if now else 0
    made: UnitForm = type("FormOfUnit", (UnitForm,), parts)(data=data)
    return made


class PlanForm(Form):
    """Which units of which learners are chosen for the quality check."""

    chosen = CheckboxesField("Choose what to sample", required="Choose at least one unit of one learner")


class SampleForm(Form):
    """What an IQA found."""

    is_valid = CheckboxField("Valid: it shows what the criterion asks for")
    is_authentic = CheckboxField("Authentic: it is the learner’s own")
    is_current = CheckboxField("Current: it shows what they can do now")
    is_sufficient = CheckboxField("Sufficient: there is enough of it")
    decision = RadiosField("Decision", [(each.value, each.words) for each in IqaDecision], required="Choose a decision")
    feedback = TextareaField("Feedback for the assessor", required="Write feedback for the assessor", rows=4)
    version = VersionField()
