"""What somebody told us in confidence about their past. Read only by POST, with a purpose, and logged."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, EncryptedText
from portal.volunteers.models import Volunteer


class Disclosure(Base):
    """Asked only after an offer. Whether there is anything in it is itself behind the wall."""

    __tablename__ = "disclosure"
    __table_args__ = (CheckConstraint("(answered_at IS NULL) = (statement IS NULL)", name="answered_whole"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"), unique=True)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None]
    statement: Mapped[str | None] = mapped_column(EncryptedText)
    considered_at: Mapped[datetime | None]
    considered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    volunteer: Mapped[Volunteer] = relationship()

    __mapper_args__ = {"version_id_col": version}
