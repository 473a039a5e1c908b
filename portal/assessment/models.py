"""What an assessor decided about a criterion, and what the IQA found when sampling it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.cohorts.models import Enrolment
from portal.database import Base, one_of


class CriterionState(Enum):
    """How far a criterion is."""

    NOT_STARTED = "not_started"
    SUBMITTED = "submitted"
    NOT_YET_MET = "not_yet_met"
    MET = "met"

    @property
    def words(self) -> str:
        """As a tag shows it."""
        return self.value.replace("_", " ").capitalize()


class EvidenceType(Enum):
    """What kind of evidence was judged."""

    OBSERVATION = "observation"
    WITNESS_STATEMENT = "witness_statement"
    WRITTEN = "written"
    ORAL_QUESTION = "oral_question"
    REFLECTIVE_LOG = "reflective_log"
    ROLE_PLAY = "role_play"
    PRODUCT = "product"
    RPL = "rpl"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return "Prior learning" if self is EvidenceType.RPL else self.value.replace("_", " ").capitalize()


class CriterionDecision(Base):
    """One criterion of one learner: the evidence, the decision and the feedback. `criterion` is like 'U1.2.1'."""

    __tablename__ = "criterion_decision"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "criterion"),
        CheckConstraint(
            "(state IN ('met', 'not_yet_met')) = (decided_at IS NOT NULL)"
            " AND (decided_at IS NULL) = (decided_by_id IS NULL)",
            name="decided_whole",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    criterion: Mapped[str] = mapped_column(String(20))
    state: Mapped[CriterionState] = mapped_column(one_of(CriterionState))
    evidence_type: Mapped[EvidenceType | None] = mapped_column(one_of(EvidenceType))
    evidence: Mapped[str] = mapped_column(Text, default="")
    feedback: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    enrolment: Mapped[Enrolment] = relationship()
    decided_by: Mapped[User | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class IqaDecision(Enum):
    """What an IQA decides about a sample."""

    AGREE = "agree"
    ACTION = "action"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {"agree": "Agree with the assessor", "action": "Ask for action first"}[self.value]


class IqaSample(Base):
    """One unit of one learner, chosen for sampling. An open action stops the certificate."""

    __tablename__ = "iqa_sample"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "unit"),
        CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (iqa_id IS NULL)",
            name="decided_whole",
        ),
        CheckConstraint("closed_at IS NULL OR decision = 'action'", name="closed_action"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    unit: Mapped[str] = mapped_column(String(20))
    planned_at: Mapped[datetime]
    planned_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    iqa_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    is_valid: Mapped[bool] = mapped_column(default=False)
    is_authentic: Mapped[bool] = mapped_column(default=False)
    is_current: Mapped[bool] = mapped_column(default=False)
    is_sufficient: Mapped[bool] = mapped_column(default=False)
    decision: Mapped[IqaDecision | None] = mapped_column(one_of(IqaDecision))
    feedback: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    enrolment: Mapped[Enrolment] = relationship()
    iqa: Mapped[User | None] = relationship(foreign_keys=[iqa_id])

    __mapper_args__ = {"version_id_col": version}
