"""A learner's plan, and pairs of people who must not share a group."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.database import Base, EncryptedText
from portal.volunteers.models import Volunteer


class LearnerPlan(Base):
    """What somebody needs to learn well, agreed with them. Trainers of their groups see it when they have agreed."""

    __tablename__ = "learner_plan"
    __table_args__ = (CheckConstraint("(agreed_on IS NULL) = (agreed_with_id IS NULL)", name="agreed_whole"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"), unique=True)
    support_needs: Mapped[str] = mapped_column(EncryptedText, default="")
    """What helps them in a session, in their own words."""
    adjustments: Mapped[str] = mapped_column(EncryptedText, default="")
    """Reasonable adjustments to how they are taught and assessed: large print, more time, answers aloud."""
    access_arrangements: Mapped[str] = mapped_column(EncryptedText, default="")
    """What the room, the journey or the screen must have: step-free, an interpreter, captions."""
    may_trainers_see: Mapped[bool] = mapped_column(default=False)
    agreed_on: Mapped[date | None]
    agreed_with_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """The member of staff who went through it with them."""
    review_on: Mapped[date | None]
    comment: Mapped[str] = mapped_column(EncryptedText, default="")
    """What the learner says about it."""
    change_asked_at: Mapped[datetime | None]
    """When the learner asked for it to be changed; saving the plan answers that."""
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    volunteer: Mapped[Volunteer] = relationship()
    agreed_with: Mapped[User | None] = relationship(foreign_keys=[agreed_with_id])
    changed_by: Mapped[User] = relationship(foreign_keys=[changed_by_id])

    __mapper_args__ = {"version_id_col": version}


class KeptApart(Base):
    """Two people who must not share a group. Why is encrypted: who enrols is warned without the reason."""

    __tablename__ = "kept_apart"
    __table_args__ = (
        CheckConstraint("one_id < other_id", name="in_order"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_whole"),
        Index(None, "one_id"),
        Index(None, "other_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    one_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"))
    because: Mapped[str] = mapped_column(EncryptedText)
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    one: Mapped[Volunteer] = relationship(foreign_keys=[one_id])
    other: Mapped[Volunteer] = relationship(foreign_keys=[other_id])
    set_by: Mapped[User] = relationship(foreign_keys=[set_by_id])
    ended_by: Mapped[User | None] = relationship(foreign_keys=[ended_by_id])
